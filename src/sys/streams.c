/*
 * The three standard descriptors, at the start of the process.
 *
 * A program started with `>&-` finds descriptor 1 free, and the next open(2) gets it: the report
 * would then be written into whatever that is. So the gaps are filled first, lowest first (open
 * takes the lowest free one), each opened in the direction it is not meant for, so that using it is
 * still the error it was.
 */
#include "sys/tty.h"

#include <fcntl.h>
#include <unistd.h>

void pfl_streams_keep(void)
{
    int fd;

    for (fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            return; /* no /dev/null: nothing to be done about it, and no worse than before */
}
