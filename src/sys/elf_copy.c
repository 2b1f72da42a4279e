/*
 * A program's file once more, in memory of its own: whoever runs it lies elsewhere in physical
 * memory than whoever runs the file.
 *
 * The pages of a file stay where they are for as long as the kernel keeps them, and where that is
 * makes one of two identical files some tenths of a per cent faster (caches are indexed by physical
 * addresses). A copy in memory (memfd_create) needs no folder, is not written to a disk beside the
 * measurement, and is gone when the last process that has it ends, however that ends.
 *
 * Only what does not see where it is run from: a program that looks for libraries beside itself
 * ($ORIGIN), a script, and one with rights of its own run from their files.
 */
#include "sys/elf_copy.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

enum { MOST_BYTES = 64 << 20 };

static bool holds(const char *text, size_t size, const char *word)
{
    return memmem(text, size, word, strlen(word)) != NULL;
}

static bool asks_where_it_is(Elf *file)
{
    Elf_Scn *section = NULL;
    GElf_Shdr header;

    while ((section = elf_nextscn(file, section))) {
        const Elf_Data *names;

        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNAMIC)
            continue;
        names = elf_rawdata(elf_getscn(file, header.sh_link), NULL);
        if (!names || !names->d_buf || holds(names->d_buf, names->d_size, "$ORIGIN") ||
            holds(names->d_buf, names->d_size, "${ORIGIN}"))
            return true;
    }
    return false;
}

static const char *why_not(int fd, int64_t *size)
{
    struct stat st;
    const char *why = NULL;
    Elf *file;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return "it is no file";
    *size = st.st_size;
    if (st.st_size > MOST_BYTES)
        return "it is larger than 64 MiB";
    if ((st.st_mode & (S_ISUID | S_ISGID)) || fgetxattr(fd, "security.capability", NULL, 0) > 0)
        return "it has rights of its own";
    elf_version(EV_CURRENT);
    file = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    if (!file || elf_kind(file) != ELF_K_ELF)
        why = "it is a script";
    else if (asks_where_it_is(file))
        why = "it looks for libraries beside itself ($ORIGIN)";
    elf_end(file);
    return why;
}

static bool fill(int to, int from, int64_t size)
{
    off_t at = 0;

    while (at < size)
        if (sendfile(to, from, &at, (size_t)(size - at)) <= 0)
            return false;
    return true;
}

bool pfl_elf_copy(const char *path, struct pfl_elf_copy *copy)
{
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), fd;
    int64_t size = 0;

    *copy = (struct pfl_elf_copy){.why_not = "it cannot be read"};
    if (from < 0)
        return false;
    copy->why_not = why_not(from, &size);
    if (!copy->why_not) {
        fd = memfd_create("copy", MFD_CLOEXEC | MFD_EXEC);
        if (fd < 0)
            fd = memfd_create("copy", MFD_CLOEXEC);
        copy->fd_plus_one = fd + 1;
        snprintf(copy->path, sizeof copy->path, "/proc/%d/fd/%d", (int)getpid(), fd);
        if (fd < 0 || fchmod(fd, 0500) != 0 || !fill(fd, from, size) ||
            access(copy->path, X_OK) != 0) {
            pfl_elf_copy_release(copy);
            copy->why_not = "programs in memory cannot be run here";
        }
    }
    close(from);
    return copy->why_not == NULL;
}

bool pfl_elf_copy_runs(const struct pfl_elf_copy *copy, int pid)
{
    struct stat ours, theirs;
    char path[48];

    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    return copy->fd_plus_one && fstat(copy->fd_plus_one - 1, &ours) == 0 &&
           stat(path, &theirs) == 0 && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

void pfl_elf_copy_release(struct pfl_elf_copy *copy)
{
    if (copy->fd_plus_one)
        close(copy->fd_plus_one - 1);
    *copy = (struct pfl_elf_copy){0};
}
