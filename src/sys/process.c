/*
 * Programs that are not measured: git, probes, hooks. posix_spawnp looks the program up along PATH,
 * reports what execve said, and makes the child a session of its own with default signals; we then
 * poll its output and its pidfd until it has ended. The end of the program is the end, even when a
 * grandchild still holds the pipes open.
 */
#include "sys/spawn.h"

#include "base/alloc.h"
#include "sys/clock.h"
#include "sys/pipe.h"
#include "sys/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    DEFAULT_TIMEOUT_S = 60,
    TICK_NS = 20000000,
    LAST_WORDS_MAX = 1 << 20,
    GRACE_NS = 1500000000
};

struct process {
    const struct pfl_process_params *params;
    struct pfl_pipe output, errors;
    pid_t pid;
    int pid_fd; /* -1: this kernel has none, and we look every TICK_NS */
    int64_t deadline_ns;
    bool output_cut;
    sigset_t usual_signals;
};

static int64_t now_ns(void)
{
    const struct pfl_clock *clock = pfl_clock_system();

    return clock->monotonic_ns(clock->context);
}

/* ---- starting ---- */

static int describe_child(const struct process *process, posix_spawn_file_actions_t *actions,
                          posix_spawnattr_t *attributes)
{
    const struct pfl_pipe *pipes[] = {&process->output, &process->errors};
    sigset_t all, none;
    size_t i;
    int failed;

    failed = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (i = 0; i < PFL_COUNT(pipes) && !failed; i++)
        failed =
            pipes[i]->write_fd >= 0
                ? posix_spawn_file_actions_adddup2(actions, pipes[i]->write_fd, (int)i + 1)
                : posix_spawn_file_actions_addopen(actions, (int)i + 1, "/dev/null", O_WRONLY, 0);
    if (!failed && process->params->cwd)
        failed = posix_spawn_file_actions_addchdir_np(actions, process->params->cwd);
    sigfillset(&all);
    sigemptyset(&none);
    if (!failed)
        failed = posix_spawnattr_setsigdefault(attributes, &all);
    if (!failed)
        failed = posix_spawnattr_setsigmask(attributes, &none);
    if (!failed)
        failed = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF |
                                                          POSIX_SPAWN_SETSIGMASK);
    return failed;
}

static int start(struct process *process, struct pfl_err *err)
{
    const struct pfl_process_params *params = process->params;
    char *const *envp = params->envp ? params->envp : environ;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed;

    if (pfl_fault_io())
        return pfl_err_set_os(err, PFL_ESYSTEM, EIO, "starting '%s'", params->argv[0]);
    failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return pfl_err_set_os(err, PFL_ESYSTEM, failed, "starting '%s'", params->argv[0]);
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        failed = describe_child(process, &actions, &attributes);
        if (!failed)
            failed = posix_spawnp(&process->pid, params->argv[0], &actions, &attributes,
                                  params->argv, envp);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT && params->cwd)
        return pfl_err_set_os(err, PFL_ENOENT, failed, "starting '%s' in '%s'", params->argv[0],
                              params->cwd);
    if (failed)
        return pfl_err_set_os(err, failed == ENOENT ? PFL_ENOENT : PFL_ESYSTEM, failed,
                              "starting '%s'", params->argv[0]);
    process->pid_fd = (int)syscall(SYS_pidfd_open, process->pid, 0);
    return PFL_OK;
}

/* ---- while it runs ---- */

static long serve(struct process *process, struct pfl_pipe *ends)
{
    const struct pfl_process_params *params = process->params;
    char chunk[16 * 1024];
    long n = pfl_pipe_read(ends, chunk, sizeof chunk);

    if (n < 0)
        pfl_pipe_close(ends);
    else if (n > 0 && ends == &process->output)
        process->output_cut |= pfl_pipe_keep(params->output, chunk, (size_t)n);
    else if (n > 0)
        pfl_pipe_keep(params->errors, chunk, (size_t)n);
    return n;
}

static void drain(struct process *process, struct pfl_pipe *ends)
{
    long n, total = 0;

    while (ends->read_fd >= 0 && total < LAST_WORDS_MAX && (n = serve(process, ends)) > 0)
        total += n;
}

static int give_up(const struct process *process, bool interrupted, struct pfl_err *err)
{
    const struct pfl_process_params *params = process->params;
    int64_t seconds = params->timeout_ns / 1000000000;

    if (interrupted)
        return pfl_err_set(err, PFL_EINTERRUPTED, "'%s' was interrupted", params->argv[0]);
    if (params->timeout_ns <= 0)
        seconds = DEFAULT_TIMEOUT_S;
    if (seconds > 0)
        return pfl_err_set(err, PFL_ESYSTEM, "'%s' did not end within %lld s and was killed",
                           params->argv[0], (long long)seconds);
    return pfl_err_set(err, PFL_ESYSTEM, "'%s' did not end within %lld ms and was killed",
                       params->argv[0], (long long)(params->timeout_ns / 1000000));
}

static bool has_ended(const struct process *process)
{
    siginfo_t info;

    memset(&info, 0, sizeof info);
    return waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == process->pid;
}

/* Returns when the program has ended (it is not reaped yet), or should not be waited for any
 * longer. */
static int attend(struct process *process, struct pfl_err *err)
{
    const struct pfl_process_params *params = process->params;
    struct timespec rest;
    int64_t left;

    for (;;) {
        struct pollfd polled[] = {{process->output.read_fd, POLLIN, 0},
                                  {process->errors.read_fd, POLLIN, 0},
                                  {process->pid_fd, POLLIN, 0}};

        if (params->interrupted && params->interrupted(params->context))
            return give_up(process, true, err);
        left = process->deadline_ns - now_ns();
        if (left <= 0)
            return give_up(process, false, err);
        if (process->pid_fd < 0 && left > TICK_NS)
            left = TICK_NS;
        rest = (struct timespec){(time_t)(left / 1000000000), (long)(left % 1000000000)};
        if (pfl_fault_io())
            return pfl_err_set_os(err, PFL_ESYSTEM, EIO, "waiting for '%s'", params->argv[0]);
        if (ppoll(polled, PFL_COUNT(polled), &rest, &process->usual_signals) < 0 && errno != EINTR)
            return pfl_err_set_os(err, PFL_ESYSTEM, errno, "waiting for '%s'", params->argv[0]);
        if (polled[0].revents)
            serve(process, &process->output);
        if (polled[1].revents)
            serve(process, &process->errors);
        if (has_ended(process))
            return PFL_OK;
    }
}

static int finish(struct process *process, int *status, struct pfl_err *err)
{
    const struct pfl_process_params *params = process->params;
    int waited = 0, code = attend(process, err);

    if (params->whole_session)
        pfl_session_end(process->pid, code == PFL_OK ? 0 : GRACE_NS);
    if (code != PFL_OK)
        kill(-process->pid, SIGKILL);
    while (waitpid(process->pid, &waited, 0) < 0 && errno == EINTR)
        ;
    if (process->pid_fd >= 0)
        close(process->pid_fd);
    if (code != PFL_OK)
        return code;
    drain(process, &process->output);
    drain(process, &process->errors);
    if (process->output_cut)
        return pfl_err_set(err, PFL_ELIMIT, "'%s' printed more than %zu bytes", params->argv[0],
                           params->output->max);
    if (params->output)
        code = pfl_buf_check(params->output, err, "keeping a program's output");
    if (code == PFL_OK && params->errors)
        code = pfl_buf_check(params->errors, err, "keeping a program's errors");
    if (code == PFL_OK)
        *status = WIFSIGNALED(waited) ? -WTERMSIG(waited) : WEXITSTATUS(waited);
    return code;
}

int pfl_process_run(const struct pfl_process_params *params, int *status, struct pfl_err *err)
{
    struct process process = {
        .params = params, .output = PFL_PIPE_NONE, .errors = PFL_PIPE_NONE, .pid_fd = -1};
    int code = PFL_OK;
    sigset_t stoppers;

    process.deadline_ns =
        now_ns() +
        (params->timeout_ns > 0 ? params->timeout_ns : DEFAULT_TIMEOUT_S * INT64_C(1000000000));
    if (params->output)
        code = pfl_pipe_open(&process.output, err);
    if (code == PFL_OK && params->errors)
        code = pfl_pipe_open(&process.errors, err);
    sigemptyset(&stoppers);
    if (params->interrupted) {
        sigaddset(&stoppers, SIGINT);
        sigaddset(&stoppers, SIGTERM);
        sigaddset(&stoppers, SIGHUP);
    }
    pthread_sigmask(SIG_BLOCK, &stoppers, &process.usual_signals);
    if (code == PFL_OK)
        code = start(&process, err);
    pfl_pipe_close_write(&process.output);
    pfl_pipe_close_write(&process.errors);
    if (code == PFL_OK)
        code = finish(&process, status, err);
    pthread_sigmask(SIG_SETMASK, &process.usual_signals, NULL);
    pfl_pipe_close(&process.output);
    pfl_pipe_close(&process.errors);
    return code;
}
