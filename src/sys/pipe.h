/* Pipes from a child, and what is kept of them. */
#ifndef PFL_SYS_PIPE_H
#define PFL_SYS_PIPE_H

#include "base/buf.h"
#include "base/err.h"

enum { PFL_PIPE_CHUNK = 64 * 1024, PFL_PIPE_TAIL = 4096 };

/* Both ends are close-on-exec and above 2; the read end does not block. -1: closed, or never
 * opened. */
struct pfl_pipe {
    int read_fd, write_fd;
};
#define PFL_PIPE_NONE                                                                              \
    {                                                                                              \
        -1, -1                                                                                     \
    }

int pfl_pipe_open(struct pfl_pipe *ends, struct pfl_err *err);
void pfl_pipe_close_write(struct pfl_pipe *ends);
void pfl_pipe_close(struct pfl_pipe *ends);

/* Bytes read; 0: nothing there now; -1: nothing will come any more (the end, or an error). */
long pfl_pipe_read(const struct pfl_pipe *ends, char *bytes, size_t size);

/* The last PFL_PIPE_TAIL bytes of a stream. Zeroed storage is an empty tail. */
struct pfl_tail {
    char bytes[2 * PFL_PIPE_TAIL];
    size_t len;
};
void pfl_tail_add(struct pfl_tail *tail, const char *bytes, size_t len);
void pfl_tail_get(const struct pfl_tail *tail, const char **bytes, size_t *len);

/* Appends as much as the buffer's maximum leaves room for; true: something was dropped. */
bool pfl_pipe_keep(struct pfl_buf *buf, const char *bytes, size_t len);

/* Moves a descriptor to `least` or above, close-on-exec; the old one is closed, also on failure
 * (-1, errno). */
int pfl_pipe_move_up(int fd, int least);

#endif
