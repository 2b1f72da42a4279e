/* Locks between processes: a file that is locked as long as a descriptor of it is open. They end
 * with the process, however it ends. */
#ifndef PFL_SYS_LOCK_H
#define PFL_SYS_LOCK_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum pfl_lock_kind { PFL_LOCK_SHARED, PFL_LOCK_EXCLUSIVE };

/* Makes the file when it is absent and locks it without waiting; *fd is -1 (and PFL_OK) when
 * somebody's lock excludes ours, also one of this process. */
int pfl_lock_try(const char *path, enum pfl_lock_kind kind, int *fd, struct pfl_err *err);

/* An exclusive lock becomes a shared one. */
int pfl_lock_share(int fd, struct pfl_err *err);

/* The file's time becomes now: when it was used last. */
void pfl_lock_touch(int fd);

/* Takes the file away (an exclusive lock is held) and gives up the lock. */
void pfl_lock_remove(const char *path, int fd);
void pfl_lock_close(int fd); /* -1 is fine */

/* Sleeps; a signal ends it early. */
void pfl_lock_pause(int64_t ns);

#endif
