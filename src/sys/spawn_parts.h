/* The parts of the launcher's client that are files of their own. Only src/sys/spawn*.c includes
 * this. */
#ifndef PFL_SYS_SPAWN_PARTS_H
#define PFL_SYS_SPAWN_PARTS_H

#include "sys/launcher/protocol.h"
#include "sys/spawn.h"

/* Starts the embedded launcher with these two descriptors; *pid is then a child to be waited for.
 */
int pfl_spawn_start(int socket, int shared_fd, int *pid, struct pfl_err *err);

/* A request as the launcher reads it: head and body. Descriptors are not part of it. */
int pfl_spawn_encode(const struct pfl_launch_request *request, struct pfl_launcher_request *head,
                     struct pfl_buf *body, struct pfl_err *err);

#endif
