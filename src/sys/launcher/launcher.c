/*
 * The launcher: starts, times and ends measured commands for perfledger (contract: src/sys/spawn.h;
 * words: protocol.h).
 *
 * What it decides is where the clock stands. Everything a command needs is made ready in the
 * launcher itself, before the clock is read: descriptors 0–3, working folder, CPU set and pending
 * signals are simply inherited. Between the two readings lie only vfork, three system calls that
 * must happen in the child (own process group, death with the launcher, an empty signal mask),
 * execve, and the wait. Nothing is subtracted afterwards.
 *
 * Signals are never handled, only waited for: all are blocked, and one rt_sigtimedwait is at once
 * the wait for the child, the time limit, perfledger's word to stop (PFL_LAUNCHER_STOP) and the
 * news that perfledger is dead (SIGUSR2 as parent-death signal). A command that has to end gets
 * SIGKILL for its whole group at once, not SIGTERM first: a measurement that was cut off has no
 * result worth a clean exit, and a grace period would have to be waited out by every benchmark that
 * ignores SIGTERM.
 *
 * The launcher is a session of its own: the terminal's Ctrl-C, Ctrl-Z and hang-up reach perfledger,
 * which decides, and a command that reads the terminal gets an error instead of being stopped in
 * the background for ever.
 */
#include "sys/launcher/leftovers.h"
#include "sys/launcher/protocol.h"
#include "sys/launcher/spin.h"
#include "sys/launcher/system.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

enum {
    PARENT_DIED = SIGUSR2,
    KEEP_BYTES = 256 * 1024,
    SUSPEND_NS = 1000000,
    WARM_STARTS = 3,
    AWAIT_MOST_NS = 100000000
};

struct launch {
    struct pfl_launcher_request request;
    int fds[PFL_LAUNCHER_FDS]; /* as received; -1: none */
    char *memory;              /* cpu words, strings, then argv and envp */
    size_t memory_size;
    const char *program;
    char **argv, **envp;
};

static struct {
    struct pfl_launcher_shared *shared;
    uint64_t cpus[PFL_LAUNCHER_CPU_WORDS_MAX]; /* the launcher's own CPU set, to go back to */
    long cpus_size;
    long parent;
    int null_fd;
    uint32_t number; /* of the launch that is running */
    int leaving;     /* the parent is dead or we were told to end */
} self;

static void leave(int status) __attribute__((noreturn));
static void leave(int status)
{
    for (;;)
        SYS(exit_group, status);
}

static int64_t now_ns(long which)
{
    struct timespec now;

    SYS(clock_gettime, which, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void send_result(struct pfl_launcher_result *result)
{
    const char *bytes = (const char *)result;
    size_t done = 0;
    long n;

    result->magic = PFL_LAUNCHER_MAGIC;
    while (done < sizeof *result) {
        n = SYS(sendto, PFL_LAUNCHER_SOCKET, bytes + done, sizeof *result - done, MSG_NOSIGNAL,
                NULL, 0);
        if (n < 0 && n != -EINTR)
            leave(1);
        done += n > 0 ? (size_t)n : 0;
    }
}

static void receive(void *into, size_t size)
{
    size_t done = 0;
    long n;

    while (done < size) {
        n = SYS(read, PFL_LAUNCHER_SOCKET, (char *)into + done, size - done);
        if (n == 0 || (n < 0 && n != -EINTR))
            leave(0); /* perfledger closed its end */
        done += n > 0 ? (size_t)n : 0;
    }
}

/* The head of a request with its descriptors; what a stream splits is read on. */
static void receive_head(struct launch *launch)
{
    struct pfl_launcher_request *request = &launch->request;
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof launch->fds)];
    } control;
    struct iovec part = {request, sizeof *request};
    struct msghdr message = {0};
    struct cmsghdr *cmsg;
    size_t i, count = 0;
    long n;

    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    do
        n = SYS(recvmsg, PFL_LAUNCHER_SOCKET, &message, MSG_CMSG_CLOEXEC);
    while (n == -EINTR);
    if (n <= 0)
        leave(0);
    cmsg = CMSG_FIRSTHDR(&message);
    if (cmsg && cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS)
        count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (i = 0; i < PFL_LAUNCHER_FDS; i++)
        launch->fds[i] = i < count ? ((const int *)(const void *)CMSG_DATA(cmsg))[i] : -1;
    receive((char *)request + n, sizeof *request - (size_t)n);
    if (request->magic != PFL_LAUNCHER_MAGIC || request->cpu_words > PFL_LAUNCHER_CPU_WORDS_MAX)
        leave(2);
}

/* The strings of a request and the pointer arrays made of them, in one piece of memory. -errno, or
 * 0. */
static long receive_text(struct launch *launch)
{
    const struct pfl_launcher_request *request = &launch->request;
    size_t text_at = request->cpu_words * sizeof(uint64_t);
    size_t body = (text_at + request->text_bytes + sizeof(char *) - 1) & ~(sizeof(char *) - 1);
    size_t size = body + ((size_t)request->argc + request->envc + 2) * sizeof(char *);
    char *text;
    size_t i;

    if (size > launch->memory_size) {
        long at;

        if (launch->memory)
            SYS(munmap, launch->memory, launch->memory_size);
        launch->memory = NULL;
        launch->memory_size = 0;
        size = (size + 4095) & ~(size_t)4095;
        at = SYS(mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (at < 0 && at > -4096)
            return at;
        launch->memory = (char *)at;
        launch->memory_size = size;
    }
    receive(launch->memory, text_at + request->text_bytes);

    launch->argv = (char **)(void *)(launch->memory + body);
    launch->envp = launch->argv + request->argc + 1;
    text = launch->memory + text_at;
    launch->program = text;
    for (i = 0; i < (size_t)request->argc + request->envc; i++) {
        while (*text++)
            ;
        if (i < request->argc)
            launch->argv[i] = text;
        else
            launch->envp[i - request->argc] = text;
    }
    launch->argv[request->argc] = NULL;
    launch->envp[request->envc] = NULL;
    return 0;
}

static void close_received(struct launch *launch)
{
    int i;

    for (i = 0; i < PFL_LAUNCHER_FDS; i++) {
        if (launch->fds[i] >= 0)
            SYS(close, launch->fds[i]);
        launch->fds[i] = -1;
    }
}

/* Descriptor `fd` becomes /dev/null again, so that 0–3 and 7 are never free for a received
 * descriptor to land on. */
static void park(int fd)
{
    SYS(dup3, self.null_fd, fd, fd >= PFL_LAUNCHER_WIRE ? O_CLOEXEC : 0);
}

/* Makes the launcher what the child has to be. Returns what failed, with *error. */
static enum pfl_launcher_step put_on(struct launch *launch, long *error)
{
    int i;

    *error = SYS(fchdir, launch->fds[PFL_LAUNCHER_FD_FOLDER]);
    if (*error < 0)
        return PFL_LAUNCHER_FOLDER;
    for (i = PFL_LAUNCHER_FD_INPUT; i <= PFL_LAUNCHER_FD_ERRORS && *error >= 0; i++)
        *error = SYS(dup3, launch->fds[i], i, 0);
    if (*error >= 0 && launch->request.has_wire)
        *error = SYS(dup3, launch->fds[PFL_LAUNCHER_FD_WIRE], PFL_LAUNCHER_WIRE, 0);
    if (*error >= 0 && launch->request.has_control)
        *error = SYS(dup3, launch->fds[PFL_LAUNCHER_FD_CONTROL], PFL_LAUNCHER_CONTROL, 0);
    if (*error < 0)
        return PFL_LAUNCHER_DESCRIPTORS;
    close_received(launch);
    if (launch->request.cpu_words > 0) {
        *error =
            SYS(sched_setaffinity, 0, launch->request.cpu_words * sizeof(uint64_t), launch->memory);
        if (*error < 0)
            return PFL_LAUNCHER_CPUS;
    }
    return PFL_LAUNCHER_NONE;
}

static void take_off(struct launch *launch)
{
    int i;

    close_received(launch);
    for (i = 0; i <= PFL_LAUNCHER_WIRE; i++)
        park(i);
    park(PFL_LAUNCHER_CONTROL);
    if (launch->request.cpu_words > 0 && self.cpus_size > 0)
        SYS(sched_setaffinity, 0, self.cpus_size, self.cpus);
    if (launch->memory_size > KEEP_BYTES) {
        SYS(munmap, launch->memory, launch->memory_size);
        launch->memory = NULL;
        launch->memory_size = 0;
    }
}

static void end_child(int child)
{
    SYS(kill, -child, SIGKILL);
    SYS(kill, child, SIGKILL); /* it may have joined another group */
}

static int told_to_stop(void)
{
    return atomic_load(&self.shared->stop) == self.number;
}

/* One signal: does it end the launch? */
static int ends_launch(long which)
{
    switch (which) {
    case PFL_LAUNCHER_STOP: return told_to_stop();
    case PARENT_DIED: /* also sent when only a thread of the parent ended */
        if (SYS(getppid, 0) == self.parent)
            return 0;
        self.leaving = 1;
        return 1;
    case SIGTERM:
    case SIGINT:
    case SIGQUIT: self.leaving = 1; return 1;
    default: return 0;
    }
}

/* Signals of the time before the child: those of limbering up, and words that are read again where
 * they stand. */
static void forget_signals(void)
{
    static const struct timespec at_once = {0, 0};
    const uint64_t all = ~UINT64_C(0);
    long which;

    while ((which = SYS(rt_sigtimedwait, &all, NULL, &at_once, sizeof all)) != -EAGAIN)
        ends_launch(which);
    if (self.leaving)
        leave(0);
}

/* Sleeps until the child has ended, ending it when the time is up or somebody says so: true then.
 */
static int await_child(int child, int64_t deadline_ns, struct pfl_launcher_result *result,
                       struct rusage *usage)
{
    const uint64_t all = ~UINT64_C(0);
    struct timespec rest = {0}, *limit = deadline_ns ? &rest : NULL;
    int ended = told_to_stop();
    long which;

    if (ended) /* before there was a child to end; from here on the signal wakes us */
        end_child(child);
    for (;;) {
        if (limit) {
            int64_t left = deadline_ns - now_ns(CLOCK_MONOTONIC);

            left = left > 0 ? left : 0;
            rest.tv_sec = (time_t)(left / 1000000000);
            rest.tv_nsec = (long)(left % 1000000000);
        }
        which = SYS(rt_sigtimedwait, &all, NULL, limit, sizeof all);
        if (SYS(wait4, child, &result->wait_status, WNOHANG, usage) == child)
            return ended;
        if (which == -EAGAIN) {
            result->timed_out = 1;
            limit = NULL;
        } else if (!ends_launch(which)) {
            continue;
        }
        end_child(child);
        ended = 1;
    }
}

static void in_child(const struct launch *launch, volatile int *exec_errno)
    __attribute__((noreturn));
static void in_child(const struct launch *launch, volatile int *exec_errno)
{
    static const uint64_t no_signals = 0;

    SYS(setpgid, 0, 0);
    SYS(prctl, PR_SET_PDEATHSIG, SIGKILL);
    SYS(rt_sigprocmask, SIG_SETMASK, &no_signals, NULL, sizeof no_signals);
    *exec_errno = (int)-SYS(execve, launch->program, launch->argv, launch->envp);
    leave(127);
}

static int64_t time_ns(const struct timeval *time)
{
    return (int64_t)time->tv_sec * 1000000000 + (int64_t)time->tv_usec * 1000;
}

static void keep_usage(struct pfl_launcher_result *result, const struct rusage *usage)
{
    result->user_ns = time_ns(&usage->ru_utime);
    result->sys_ns = time_ns(&usage->ru_stime);
    result->peak_rss_bytes = (int64_t)usage->ru_maxrss * 1024;
    result->minor_faults = usage->ru_minflt;
    result->major_faults = usage->ru_majflt;
    result->voluntary_switches = usage->ru_nvcsw;
    result->involuntary_switches = usage->ru_nivcsw;
}

/*
 * Between two launches perfledger computes, processes sleep and the CPU runs other things: a
 * command started then finds the kernel's paths of process creation cold and takes 5–8 % longer
 * than it would in a loop of bare launches (`true`: 450 µs instead of 420), by an amount that
 * depends on what perfledger did. So the launcher first starts the smallest program at hand, its
 * own image, which ends at once without its socket: before the clock is read, and nothing is taken
 * off afterwards. It also gives perfledger the time to fall asleep. Three times is where more
 * stopped helping; only a warm start of program starting, never of the measured program, is what is
 * bought. (bench/bench_spawn.c has the figures.)
 */
static void limber_up(void)
{
    static char *const argv[] = {(char *)"perfledger-launcher", NULL};
    static char *const envp[] = {NULL};
    int pid;
    long child = launcher_vfork(&pid);

    if (child == 0) {
        SYS(execveat, PFL_LAUNCHER_IMAGE, "", argv, envp, AT_EMPTY_PATH);
        leave(0);
    }
    if (child > 0)
        SYS(wait4, child, NULL, 0, NULL);
}

/* Commands that are to begin at the same moment have launchers on CPUs of their own: each is warm
 * at its own time and stays awake from then on. One that comes too late begins at once, and its
 * started_ns shows it. */
static void await_moment(int64_t begin_ns)
{
    int64_t left;

    do
        left = begin_ns - now_ns(CLOCK_MONOTONIC);
    while (left > 0 && left <= AWAIT_MOST_NS);
}

static void run(const struct launch *launch, struct pfl_launcher_result *result)
{
    struct rusage usage = {0};
    volatile int exec_errno = 0;
    int64_t boot_ns, timeout_ns = launch->request.timeout_ns;
    int pid, ended, left;
    long child;

    boot_ns = now_ns(CLOCK_BOOTTIME);
    result->started_ns = now_ns(CLOCK_MONOTONIC);
    child = launcher_vfork((int *)&self.shared->child);
    if (child == 0)
        in_child(launch, &exec_errno);
    if (child < 0) {
        result->failed_step = PFL_LAUNCHER_FORK;
        result->failed_errno = (int)-child;
        return;
    }
    pid = (int)child;
    ended = await_child(pid, timeout_ns > 0 ? result->started_ns + timeout_ns : 0, result, &usage);
    result->wall_ns = now_ns(CLOCK_MONOTONIC) - result->started_ns;
    boot_ns = now_ns(CLOCK_BOOTTIME) - boot_ns - result->wall_ns;
    result->boot_gap_ns =
        boot_ns >= SUSPEND_NS ? boot_ns : 0; /* less is the time between readings */
    result->exec_errno = exec_errno;
    keep_usage(result, &usage);
    left = launcher_end_leftovers(pid);
    result->left_behind =
        ended ? 0 : left; /* a group that we ended ourselves was not left behind */
    atomic_store(&self.shared->child, 0);
}

static void serve(struct launch *launch)
{
    struct pfl_launcher_result result = {0};
    long error;
    int i;

    receive_head(launch);
    self.number = launch->request.number;
    error = receive_text(launch);
    if (error < 0)
        leave(3); /* the strings could not be taken off the stream: it cannot go on */
    result.failed_step = put_on(launch, &error);
    if (result.failed_step == PFL_LAUNCHER_NONE) {
        for (i = 0; i < WARM_STARTS; i++)
            limber_up();
        forget_signals();
        if (launch->request.begin_ns)
            await_moment(launch->request.begin_ns);
        run(launch, &result);
    } else {
        result.failed_errno = (int)-error;
    }
    take_off(launch);
    if (self.leaving)
        leave(0);
    send_result(&result);
}

/* A state that depends on nothing perfledger was started with: signals at their defaults and
 * blocked, no descriptor but ours. */
static void settle_in(void)
{
    static const uint64_t default_action[4] = {0};
    const uint64_t all = ~UINT64_C(0);
    long at;
    int i;

    SYS(rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
    for (i = 1; i <= 64; i++)
        SYS(rt_sigaction, i, default_action, NULL, sizeof all);
    SYS(setsid, 0);
    self.parent = SYS(getppid, 0);
    SYS(prctl, PR_SET_PDEATHSIG, PARENT_DIED);
    SYS(prctl, PR_SET_CHILD_SUBREAPER, 1);
    SYS(prctl, PR_SET_NAME, "perfledger-run");
    if (SYS(close_range, PFL_LAUNCHER_IMAGE + 1, ~0U, 0) < 0)
        for (i = PFL_LAUNCHER_IMAGE + 1; i < 1024; i++)
            SYS(close, i);
    SYS(fcntl, PFL_LAUNCHER_SOCKET, F_SETFD, FD_CLOEXEC);
    SYS(fcntl, PFL_LAUNCHER_IMAGE, F_SETFD, FD_CLOEXEC);
    at = SYS(mmap, NULL, sizeof *self.shared, PROT_READ | PROT_WRITE, MAP_SHARED,
             PFL_LAUNCHER_SHARED, 0);
    if (at < 0 && at > -4096)
        leave(4);
    self.shared = (struct pfl_launcher_shared *)at;
    SYS(close, PFL_LAUNCHER_SHARED);
    at = SYS(openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
    self.null_fd = (int)SYS(fcntl, at, F_DUPFD_CLOEXEC, PFL_LAUNCHER_CONTROL + 1);
    if (self.null_fd < 0)
        leave(5);
    SYS(close, at);
    for (i = 0; i <= PFL_LAUNCHER_WIRE; i++)
        park(i);
    park(PFL_LAUNCHER_CONTROL);
    self.cpus_size = SYS(sched_getaffinity, 0, sizeof self.cpus, self.cpus);
}

void launcher_main(char **argv)
{
    static struct launch launch;
    struct pfl_launcher_result ready = {0};
    int i;

    if (SYS(fcntl, PFL_LAUNCHER_SOCKET, F_GETFD) < 0) {
        launcher_spin(argv); /* a launch of sys/spinner.c; limber_up() gives no count */
        leave(0);
    }
    settle_in();
    for (i = 0; i < PFL_LAUNCHER_FDS; i++)
        launch.fds[i] = -1;
    send_result(&ready);
    for (;;)
        serve(&launch);
}
