/*
 * What perfledger (src/sys/spawn.c) and its launcher (src/sys/launcher/) say to each other over a
 * stream socket: one request, one result, never anything in between. Both ends are always of the
 * same build and the same machine, so the structs travel as they are.
 *
 *   request   struct pfl_launcher_request with the descriptors of enum pfl_launcher_fd as
 * SCM_RIGHTS, then `cpu_words` 64-bit words of the CPU mask, then `text_bytes` bytes of NUL-ended
 * strings: program, argc × argv, envc × envp result    struct pfl_launcher_result; the first one is
 * sent unasked when the launcher is ready
 *
 * To end a running launch, its number is written to the shared page and PFL_LAUNCHER_STOP is sent
 * to wake the launcher: the number tells a word that came too late from one for the next launch.
 * Closing the socket ends the launcher. The shared page also carries the pid of the running child,
 * so that nobody has to be woken to be told.
 */
#ifndef PFL_SYS_LAUNCHER_PROTOCOL_H
#define PFL_SYS_LAUNCHER_PROTOCOL_H

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>

enum {
    PFL_LAUNCHER_MAGIC = 0x4C464C50,
    PFL_LAUNCHER_SOCKET = 4, /* descriptors the launcher is started with, besides 0, 1 and 2 */
    PFL_LAUNCHER_SHARED = 5,
    PFL_LAUNCHER_IMAGE = 6,   /* the launcher's own program */
    PFL_LAUNCHER_WIRE = 3,    /* what the child finds the wire at */
    PFL_LAUNCHER_CONTROL = 7, /* … and the control channel */
    PFL_LAUNCHER_STOP = SIGUSR1,
    PFL_LAUNCHER_CPU_WORDS_MAX = 128, /* 8192 CPUs, the kernel's own limit on x86 */
};

/* The descriptors of a request, in this order; the wire is there only when `has_wire`, control only
 * when `has_control`, which needs a wire. */
enum pfl_launcher_fd {
    PFL_LAUNCHER_FD_INPUT,
    PFL_LAUNCHER_FD_OUTPUT,
    PFL_LAUNCHER_FD_ERRORS,
    PFL_LAUNCHER_FD_FOLDER,
    PFL_LAUNCHER_FD_WIRE,
    PFL_LAUNCHER_FD_CONTROL,
    PFL_LAUNCHER_FDS
};

struct pfl_launcher_request {
    uint32_t magic;
    uint32_t number; /* of this launch; never 0 */
    uint32_t has_wire;
    uint32_t argc, envc;
    uint32_t cpu_words; /* 0: not pinned */
    uint32_t text_bytes;
    uint32_t has_control;
    int64_t timeout_ns; /* 0: none */
    int64_t begin_ns;   /* monotonic: not before this moment; 0: at once */
};

/* What could not be prepared; failed_errno says why. Nothing was started then. */
enum pfl_launcher_step {
    PFL_LAUNCHER_NONE,
    PFL_LAUNCHER_FOLDER,
    PFL_LAUNCHER_DESCRIPTORS,
    PFL_LAUNCHER_CPUS,
    PFL_LAUNCHER_FORK
};

struct pfl_launcher_result {
    uint32_t magic;
    int32_t failed_step, failed_errno;
    int32_t exec_errno;
    int32_t wait_status;
    int32_t timed_out;
    int32_t left_behind;
    int32_t padding;
    int64_t started_ns, wall_ns, boot_gap_ns;
    int64_t user_ns, sys_ns, peak_rss_bytes;
    int64_t minor_faults, major_faults, voluntary_switches, involuntary_switches;
};

struct pfl_launcher_shared {
    atomic_int child; /* pid of the running child; 0: none */
    atomic_uint stop; /* number of the launch that is to end */
};

#endif
