/* Files: whole reads and durable writes. Every call is a place where fault tests can fail
 * (pfl_fault_io). */
#ifndef PFL_SYS_FILE_H
#define PFL_SYS_FILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* The whole file into buf (whose max is the limit). PFL_ENOENT when it is not there. "-" is
 * standard input. */
int pfl_file_read(const char *path, struct pfl_buf *buf, struct pfl_err *err);

/* Atomically and durably: a temporary file beside it, fsync, rename, fsync of the folder.
 * exclusive: PFL_EBUSY when it exists. */
int pfl_file_write(const char *path, const void *bytes, size_t len, bool exclusive,
                   struct pfl_err *err);

/* The same for what is made piece by piece and need not all be in memory: fill puts it, and when it
 * fails, with a code of its own too, what was there before is untouched. */
struct pfl_file_output {
    const char *path;
    int fd, os_errno; /* private */
};
typedef int pfl_file_fill_fn(void *context, struct pfl_file_output *output, struct pfl_err *err);
int pfl_file_put(struct pfl_file_output *output, const void *bytes, size_t len,
                 struct pfl_err *err);
int pfl_file_write_filled(const char *path, pfl_file_fill_fn *fill, void *context,
                          struct pfl_err *err);

/* Behind what is there; made when absent. For files that others write too (a CI's step summary). */
int pfl_file_append(const char *path, const void *bytes, size_t len, struct pfl_err *err);

/* A streaming reader for pfl_json_reader_init: context is a struct pfl_file *. */
struct pfl_file {
    int fd;
    const char *path; /* borrowed */
};
int pfl_file_open(const char *path, struct pfl_file *file, struct pfl_err *err);
/* What lies in a folder: PFL_EINVAL for what is no regular file, without waiting for a pipe's other
 * end. */
int pfl_file_open_regular(const char *path, struct pfl_file *file, struct pfl_err *err);
void pfl_file_close(struct pfl_file *file);
long pfl_file_read_some(void *file, char *bytes, size_t size, struct pfl_err *err);

/* Everything to an open descriptor (1, 2), retrying; EPIPE is PFL_EIO with os_errno EPIPE. */
int pfl_file_write_fd(int fd, const void *bytes, size_t len, struct pfl_err *err);

bool pfl_file_exists(const char *path);
bool pfl_file_is_folder(const char *path);
bool pfl_file_is_regular(const char *path); /* or a link to one: reading it cannot hang */
bool pfl_file_same_device(const char *path, const char *other); /* one file system */
bool pfl_file_is_link(const char *path);                        /* a symbolic one */
/* Where the path leads without any link in it; NULL: nowhere (or no memory). */
const char *pfl_file_real(const char *path, struct pfl_arena *arena);
/* "a pipe", "a socket", "a device"; NULL: a file, a folder, or not there. */
const char *pfl_file_special(const char *path);
bool pfl_file_writable(
    const char *path); /* by this user, here and now: rights, and no read-only mount */
int pfl_file_stat(const char *path, int64_t *size, int64_t *modified_ns, struct pfl_err *err);
/* Bytes that this user may still write where the path lies. */
int pfl_file_room(const char *path, int64_t *bytes, struct pfl_err *err);
int pfl_file_make_folders(const char *path, struct pfl_err *err); /* mkdir -p */
int pfl_file_hash(const char *path, char hex[65], int64_t *size,
                  struct pfl_err *err); /* SHA-256, streaming */

/* Names in a folder, sorted, without . and ..; PFL_ENOENT when it is not there. */
int pfl_file_list(const char *folder, struct pfl_arena *arena, const char ***names, size_t *n,
                  struct pfl_err *err);

/* Absolute, normalised path of `path` relative to `base` (NULL: the working folder); need not
 * exist. NULL: no memory. */
const char *pfl_file_absolute(const char *base, const char *path, struct pfl_arena *arena);
/* "a/b" + "c"; an absolute second part wins. NULL: no memory. */
const char *pfl_file_join(const char *folder, const char *name, struct pfl_arena *arena);
const char *pfl_file_folder_of(const char *path, struct pfl_arena *arena); /* dirname */
/* The nearest folder at or above `from` that holds `name`; NULL when there is none. */
const char *pfl_file_find_up(const char *from, const char *name, struct pfl_arena *arena);
/* What a command word resolves to along PATH (a word with a slash: itself, relative to cwd); NULL
 * when nothing executable. */
const char *pfl_file_which(const char *word, const char *cwd, struct pfl_arena *arena);

#endif
