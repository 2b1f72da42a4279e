/*
 * The launcher: a tiny process of its own (a static program embedded in perfledger and started from
 * memory) that vforks, execs, waits and times the measured commands. Because it is tiny, a child
 * inherits no high-water mark of memory, and a launch costs what a bare vfork+exec+wait4 costs,
 * however big perfledger itself has grown.
 *
 * One launch at a time per launcher. While a launch runs,
 * perfledger sleeps in poll() and serves the wire and the captured output.
 */
#ifndef PFL_SYS_SPAWN_H
#define PFL_SYS_SPAWN_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct pfl_launcher; /* opaque */

/* The launcher, its command and whatever that left behind end with perfledger, also when perfledger
 * is killed. */
int pfl_launcher_open(struct pfl_launcher **launcher, struct pfl_err *err);
void pfl_launcher_close(struct pfl_launcher *launcher);
int pfl_launcher_pid(const struct pfl_launcher *launcher);

struct pfl_launch_request {
    char *const *argv;   /* argv[0] looked up along PATH of envp beforehand: see program */
    char *const *envp;   /* NULL: ours */
    const char *program; /* path to execute, relative to cwd; NULL: argv[0] */
    const char *cwd;     /* NULL: perfledger's */
    const char *input;   /* file, relative to cwd; NULL: /dev/null */
    const char *output;  /* PFL_OUTPUT_FILE: file, relative to cwd, truncated; NULL: /dev/null */
    enum { PFL_OUTPUT_NULL, PFL_OUTPUT_INHERIT, PFL_OUTPUT_FILE, PFL_OUTPUT_CAPTURE } output_mode;
    bool inherit_stderr; /* else its last bytes are kept in the result */
    bool wire;           /* gives the child PERFLEDGER_FD (added to envp by the launcher side) */
    struct pfl_control *control; /* what the running child can be asked through, see below; needs
                                    wire. NULL: nothing */
    const char *cpus;            /* CPU list to pin to; NULL: not */
    int64_t timeout_ns;          /* 0: none */
    /* Called for each chunk of the wire as it arrives, with its arrival time (monotonic ns) and the
     * child's pid (0: it has ended). */
    void (*on_wire)(void *context, const char *bytes, size_t len, int64_t at_ns, int pid);
    /* Called about every poll_ns (0: never) while the child runs: memory of the tree is sampled
     * here. */
    void (*on_poll)(void *context, int pid);
    int64_t poll_ns;
    /* With control: the child has ended; what it wrote last may not have been read yet. */
    void (*on_ended)(void *context);
    bool (*interrupted)(void *context); /* asked after each signal: true ends the launch */
    void *context;
    size_t capture_max; /* bytes of output kept with PFL_OUTPUT_CAPTURE */
};

/*
 * The way to a running child: it finds the other end as PERFLEDGER_CONTROL_FD, and the end of the
 * file there when perfledger closes it or is dead. To be used from the launch's own callbacks.
 * Zeroed storage is one that is not open.
 */
struct pfl_control {
    int fd_plus_one; /* private; 0: not open */
};
/* Never waits. false: not open, the child is gone, or it does not read what it is told. */
bool pfl_control_say(struct pfl_control *control, const char *bytes, size_t len);
void pfl_control_close(
    struct pfl_control *control); /* the child sees the end; more than once is fine */

struct pfl_launch_result {
    int64_t started_ns, wall_ns; /* monotonic; from before vfork to after wait4 */
    int64_t user_ns, sys_ns;     /* of the child and its waited-for descendants */
    int64_t peak_rss_bytes;      /* largest single process among them */
    int64_t minor_faults, major_faults, voluntary_switches, involuntary_switches;
    int64_t boot_gap_ns;          /* time the machine was suspended meanwhile */
    int64_t instructions, cycles; /* user space; -1 where the machine cannot count */
    int exit_code;                /* -1: ended by signal */
    int signal;                   /* 0: none */
    int exec_errno;               /* the program could not be started: nothing was measured */
    bool timed_out, interrupted;
    int left_behind;            /* processes that outlived the child and had to be ended */
    struct pfl_buf stderr_tail; /* last 4 KiB; release with pfl_launch_result_release */
    struct pfl_buf output;      /* PFL_OUTPUT_CAPTURE */
    bool output_cut;
};
void pfl_launch_result_release(struct pfl_launch_result *result);

/* PFL_OK when the child was started and reaped, or could not be executed (exec_errno), whatever
 * became of it. A launch that is ended (timeout, interrupted) gets SIGKILL for its whole process
 * group. On an error of reading or sending the launcher is gone and every later run fails too;
 * errors of the request (folder, files, CPUs) leave it usable. */
int pfl_launcher_run(struct pfl_launcher *launcher, const struct pfl_launch_request *request,
                     struct pfl_launch_result *result, struct pfl_err *err);

/* Launches at the same moment, each through a launcher of its own (pin them to CPUs of their own by
 * `cpus`). All launchers are warm and awake when the moment comes, so that the commands begin
 * within some microseconds of when they should. Those that have a control channel are told whose
 * turn it is: they begin one after the other, as they come, and may share a CPU. */
enum { PFL_TOGETHER_MAX = 2 };
struct pfl_launch_together {
    struct pfl_launcher *launcher;
    const struct pfl_launch_request *request;
    int64_t delay_ns; /* begins so much after the common moment */
    struct pfl_launch_result result;
};
/* Returns when all have ended. PFL_OK: as pfl_launcher_run() for each; release all results. An
 * error is that of parts[*failed]; then there is no result of any. One that cannot be prepared
 * keeps the others from beginning. */
int pfl_launcher_run_together(struct pfl_launch_together *parts, size_t count, size_t *failed,
                              struct pfl_err *err);

/* For everything that is not measured (git, probes): runs a program, captures its output (bounded).
 * status: exit code, or -signal. */
struct pfl_process_params {
    char *const *argv; /* argv[0] looked up along PATH */
    char *const *envp; /* NULL: ours */
    const char *cwd;
    int64_t timeout_ns;     /* 0: 60 s */
    struct pfl_buf *output; /* stdout; NULL: dropped */
    struct pfl_buf *errors; /* stderr, cut at its maximum; NULL: dropped */
    bool (*interrupted)(
        void *context); /* asked after each signal: true ends the program; NULL: never */
    void *context;
    /* All processes of its session end with it, also those that it left behind. One that is ended
     * (timeout, interrupted) gets SIGTERM first, and 1.5 s to follow it. */
    bool whole_session;
};
/* The program gets /dev/null as input and a session of its own: the terminal's Ctrl-C does not
 * reach it (see interrupted), and no question of it can hang on the terminal. PFL_OK when it ended
 * by itself. PFL_ENOENT: no such program; PFL_ESYSTEM: it took longer than the timeout (its group
 * is then killed); PFL_ELIMIT: it printed more than `output` takes; PFL_EINTERRUPTED. */
int pfl_process_run(const struct pfl_process_params *params, int *status, struct pfl_err *err);

#endif
