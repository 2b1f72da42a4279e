/*
 * A file's pages: dropped, found and loaded.
 *
 * The pages of a file stay where they once came to lie for as long as the kernel keeps them. How
 * they came there decides how large the pieces are (a file that was written in one go lies in large
 * folios, one that was written by 4 KiB in small ones), and with the physical addresses how well
 * caches and TLBs serve it: of two identical executables of 7 MB one can be 5 % faster for hours.
 * Dropping and loading both in the same way takes the first away, and doing so again and again the
 * second: then it is chance, in both directions.
 *
 * sync_file_range() and not fsync(): only the pages have to be clean, no journal is waited for.
 */
#include "sys/page_cache.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 18 };

static int open_file(const char *path, int64_t *size)
{
    struct stat st;
    int fd =
        pfl_fault_io() ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);

    if (fd < 0)
        return -1;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return -1;
    }
    *size = st.st_size;
    return fd;
}

void pfl_page_cache_begin_writing(const char *path)
{
    int64_t size;
    int fd = open_file(path, &size);

    if (fd < 0)
        return;
    (void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    close(fd);
}

bool pfl_page_cache_drop(const char *path)
{
    int64_t size;
    int fd = open_file(path, &size);
    bool ok;

    if (fd < 0)
        return false;
    (void)sync_file_range(fd, 0, 0, /* may be refused: then dirty pages stay */
                          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                              SYNC_FILE_RANGE_WAIT_AFTER);
    ok = posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0;
    close(fd);
    return ok;
}

static bool add_part(struct pfl_file_parts *parts, int64_t at, int64_t len)
{
    struct pfl_file_part *last = parts->n ? &parts->at[parts->n - 1] : NULL;
    struct pfl_file_part part = {at, len};

    if (last && last->at + last->len == at) {
        last->len += len;
        return true;
    }
    return pfl_vec_push(parts, &part);
}

static bool find_parts(void *map, int64_t size, struct pfl_file_parts *parts)
{
    int64_t page = sysconf(_SC_PAGESIZE), at;
    unsigned char *there = pfl_alloc((size_t)((size + page - 1) / page));
    bool ok = there && mincore(map, (size_t)size, there) == 0;

    for (at = 0; ok && at < size; at += page)
        if (there[at / page] & 1)
            ok = add_part(parts, at, size - at < page ? size - at : page);
    pfl_free(there);
    return ok;
}

bool pfl_page_cache_parts(const char *path, struct pfl_file_parts *parts)
{
    int64_t size;
    int fd = open_file(path, &size);
    bool ok = fd >= 0;
    void *map;

    parts->n = 0;
    if (ok && size > 0) {
        map = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
        ok = map != MAP_FAILED && find_parts(map, size, parts);
        if (map != MAP_FAILED)
            munmap(map, (size_t)size);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool load_part(int fd, const struct pfl_file_part *part, char *piece)
{
    int64_t at = part->at, end = part->at + part->len;
    ssize_t n = 1;

    while (at < end && n > 0) {
        n = pread(fd, piece, (size_t)(end - at < PIECE ? end - at : PIECE), at);
        if (n < 0 && errno == EINTR)
            n = 1; /* once more; nothing is added */
        else
            at += n;
    }
    return n >= 0;
}

bool pfl_page_cache_load(const char *path, const struct pfl_file_parts *parts)
{
    int64_t size;
    int fd = open_file(path, &size);
    char *piece = pfl_alloc(PIECE);
    bool ok = fd >= 0 && piece;
    size_t i;

    for (i = 0; ok && i < parts->n; i++)
        ok = load_part(fd, &parts->at[i], piece);
    pfl_free(piece);
    if (fd >= 0)
        close(fd);
    return ok;
}
