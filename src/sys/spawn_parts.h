/* The parts of the launcher's client that are files of their own. Only src/sys/spawn*.c includes
 * this. */
#ifndef PFL_SYS_SPAWN_PARTS_H
#define PFL_SYS_SPAWN_PARTS_H

#include "sys/counters.h"
#include "sys/launcher/protocol.h"
#include "sys/pipe.h"
#include "sys/spawn.h"

/* What joins us and a running launcher. */
struct pfl_spawn_line {
    int socket;
    int pid; /* a child of ours, to be waited for */
    struct pfl_launcher_shared *shared;
};
/* Starts the embedded launcher. What was made before a failure stays in *line for the caller to
 * give back. */
int pfl_spawn_start(struct pfl_spawn_line *line, struct pfl_err *err);

/* The descriptors of one launch, ours and the child's. */
struct pfl_spawn_ends {
    struct pfl_pipe wire, errors, output;
    int fds[PFL_LAUNCHER_FDS]; /* what the launcher is sent; -1: none */
};
#define PFL_SPAWN_ENDS_NONE                                                                        \
    {                                                                                              \
        PFL_PIPE_NONE, PFL_PIPE_NONE, PFL_PIPE_NONE,                                               \
        {                                                                                          \
            -1, -1, -1, -1, -1, -1                                                                 \
        }                                                                                          \
    }
int pfl_spawn_ends_open(struct pfl_spawn_ends *ends, const struct pfl_launch_request *request,
                        struct pfl_err *err);
/* The child's are sent: ours are only in the way. */
void pfl_spawn_ends_sent(struct pfl_spawn_ends *ends, const struct pfl_launch_request *request);
void pfl_spawn_ends_close(struct pfl_spawn_ends *ends, const struct pfl_launch_request *request);

/* A request as the launcher reads it: head and body. Descriptors are not part of it. */
int pfl_spawn_encode(const struct pfl_launch_request *request, struct pfl_launcher_request *head,
                     struct pfl_buf *body, struct pfl_err *err);

struct pfl_launcher {
    struct pfl_spawn_line line; /* socket -1: the launcher is gone */
    uint32_t number;            /* of the latest launch */
    struct pfl_counters counters;
    struct pfl_tail errors;
    int64_t lead_ns; /* how long before a common moment it has to be told */
    char chunk[PFL_PIPE_CHUNK];
};

/* One launch under way. */
struct pfl_spawn_launch {
    struct pfl_launcher *launcher;
    const struct pfl_launch_request *request;
    struct pfl_launcher_request head;
    struct pfl_buf body;
    struct pfl_spawn_ends ends;
    struct pfl_counts before;
    struct pfl_launch_result result;
    int64_t next_poll_ns; /* 0: not asked yet */
    bool answered;
};

/* While they run: returns when every launcher has something to say. Wire and output are served
 * meanwhile. */
int pfl_spawn_attend(struct pfl_spawn_launch *launches, size_t count, struct pfl_err *err);
/* What was written before the end and not read yet. */
void pfl_spawn_drain(struct pfl_spawn_launch *launch);

#endif
