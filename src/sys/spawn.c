/*
 * perfledger's side of the launcher: opens the descriptors of a launch, sends the request, then
 * sleeps in ppoll() until the result is there, serving the wire and the output meanwhile.
 *
 * The quiet matters. What perfledger does while a command runs shows in that command's time, so
 * between the request's last byte and the result nothing wakes it but the command's own output, a
 * poll that was asked for, or a signal. The launcher holds the pipes' write ends until it has read
 * the clock: their hang-up cannot wake us in the middle of the child's exit. The end of a launch is
 * the launcher's result, never the end of a pipe, which a grandchild might hold open.
 *
 * Nothing here decides when a command has taken too long or has to be killed: the launcher does,
 * and goes on doing so when perfledger is dead.
 */
#include "sys/spawn.h"

#include "base/alloc.h"
#include "sys/clock.h"
#include "sys/counters.h"
#include "sys/pipe.h"
#include "sys/spawn_parts.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LAST_WORDS_MAX = 1 << 20 }; /* read at most after the end, should a writer have survived */

struct pfl_launcher {
    struct pfl_spawn_line line; /* socket -1: the launcher is gone */
    uint32_t number;            /* of the latest launch */
    struct pfl_counters counters;
    struct pfl_tail errors;
    char chunk[PFL_PIPE_CHUNK];
};

/* One launch under way. */
struct launch {
    struct pfl_launcher *launcher;
    const struct pfl_launch_request *request;
    struct pfl_spawn_ends ends;
    struct pfl_launch_result result;
};

static int system_error(struct pfl_err *err, int os_errno, const char *doing)
{
    return pfl_err_set_os(err, PFL_ESYSTEM, os_errno, "%s", doing);
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- opening and closing ---- */

/* Ends the process at the other end, with whatever it runs. */
static void let_go(struct pfl_launcher *launcher)
{
    if (launcher->line.pid > 0) {
        kill(launcher->line.pid, SIGTERM);
        close_fd(&launcher->line.socket);
        while (waitpid(launcher->line.pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close_fd(&launcher->line.socket);
    launcher->line.pid = 0;
    pfl_counters_close(&launcher->counters);
}

static int receive_result(struct pfl_launcher *launcher, struct pfl_launcher_result *answer,
                          struct pfl_err *err)
{
    char *bytes = (char *)answer;
    size_t done = 0;
    ssize_t n;

    while (done < sizeof *answer) {
        if (pfl_fault_io()) {
            n = -1;
            errno = EIO;
        } else {
            n = recv(launcher->line.socket, bytes + done, sizeof *answer - done, 0);
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? system_error(err, errno, "reading the launcher's answer")
                         : pfl_err_set(err, PFL_ESYSTEM,
                                       "the launcher process that runs the measured commands "
                                       "ended unexpectedly; was it killed? Start again");
        done += (size_t)n;
    }
    if (answer->magic != PFL_LAUNCHER_MAGIC)
        return pfl_err_set(err, PFL_ESYSTEM, "the launcher's answer is not one");
    return PFL_OK;
}

int pfl_launcher_open(struct pfl_launcher **launcher, struct pfl_err *err)
{
    struct pfl_launcher *made = pfl_alloc_zeroed(1, sizeof *made);
    struct pfl_launcher_result ready;
    int status;

    if (!made)
        return pfl_err_no_memory(err);
    made->line.socket = -1;
    made->counters = (struct pfl_counters)PFL_COUNTERS_NONE;
    status = pfl_spawn_start(&made->line, err);
    if (status == PFL_OK)
        status = receive_result(made, &ready, err);
    if (status != PFL_OK) {
        pfl_launcher_close(made);
        return status;
    }
    pfl_counters_open(&made->counters, made->line.pid);
    *launcher = made;
    return PFL_OK;
}

void pfl_launcher_close(struct pfl_launcher *launcher)
{
    if (!launcher)
        return;
    let_go(launcher);
    if (launcher->line.shared)
        munmap(launcher->line.shared, sizeof *launcher->line.shared);
    pfl_free(launcher);
}

int pfl_launcher_pid(const struct pfl_launcher *launcher)
{
    return launcher->line.pid;
}

/* ---- the request ---- */

static int send_head(struct launch *launch, struct pfl_launcher_request *head, struct pfl_err *err)
{
    size_t fds_size =
        (size_t)(launch->request->wire ? PFL_LAUNCHER_FDS : PFL_LAUNCHER_FD_WIRE) * sizeof(int);
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof launch->ends.fds)];
    } control;
    struct iovec part = {head, sizeof *head};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    struct cmsghdr *cmsg;
    ssize_t n;

    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(fds_size);
    cmsg = CMSG_FIRSTHDR(&message);
    cmsg->cmsg_level = SOL_SOCKET;
    cmsg->cmsg_type = SCM_RIGHTS;
    cmsg->cmsg_len = CMSG_LEN(fds_size);
    memcpy(CMSG_DATA(cmsg), launch->ends.fds, fds_size);
    if (pfl_fault_io())
        return system_error(err, EIO, "sending a command to the launcher");
    do
        n = sendmsg(launch->launcher->line.socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof *head) /* an idle stream takes a few bytes whole, or is broken */
        return system_error(err, n < 0 ? errno : EIO, "sending a command to the launcher");
    return PFL_OK;
}

static int send_body(struct launch *launch, const struct pfl_buf *body, struct pfl_err *err)
{
    size_t done = 0;
    ssize_t n;

    while (done < body->len) {
        if (pfl_fault_io())
            return system_error(err, EIO, "sending a command to the launcher");
        n = send(launch->launcher->line.socket, body->data + done, body->len - done, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return system_error(err, errno, "sending a command to the launcher");
        done += n > 0 ? (size_t)n : 0;
    }
    return PFL_OK;
}

/* ---- while it runs ---- */

static int64_t now_ns(void)
{
    const struct pfl_clock *clock = pfl_clock_system();

    return clock->monotonic_ns(clock->context);
}

static int child_pid(const struct launch *launch)
{
    return atomic_load(&launch->launcher->line.shared->child);
}

/* One read from one of the three pipes; what it gave, or -1 and the pipe is closed. */
static long serve_pipe(struct launch *launch, struct pfl_pipe *ends)
{
    const struct pfl_launch_request *request = launch->request;
    char *chunk = launch->launcher->chunk;
    long n = pfl_pipe_read(ends, chunk, PFL_PIPE_CHUNK);

    if (n < 0)
        pfl_pipe_close(ends);
    if (n <= 0)
        return n;
    if (ends == &launch->ends.errors)
        pfl_tail_add(&launch->launcher->errors, chunk, (size_t)n);
    else if (ends == &launch->ends.output)
        launch->result.output_cut |= pfl_pipe_keep(&launch->result.output, chunk, (size_t)n);
    else if (request->on_wire)
        request->on_wire(request->context, chunk, (size_t)n, now_ns(), child_pid(launch));
    return n;
}

static void look_for_interrupt(struct launch *launch)
{
    const struct pfl_launch_request *request = launch->request;

    if (!request->interrupted || launch->result.interrupted ||
        !request->interrupted(request->context))
        return;
    launch->result.interrupted = true;
    atomic_store(&launch->launcher->line.shared->stop, launch->launcher->number);
    kill(launch->launcher->line.pid, PFL_LAUNCHER_STOP);
}

/* Time until the next poll that the caller wants, which is held when it is due; NULL: for ever. */
static const struct timespec *until_poll(struct launch *launch, int64_t *next_ns,
                                         struct timespec *rest)
{
    const struct pfl_launch_request *request = launch->request;
    int64_t now, left;
    int pid;

    if (!request->on_poll || request->poll_ns <= 0)
        return NULL;
    now = now_ns();
    if (now >= *next_ns) {
        pid = child_pid(launch);
        if (*next_ns != 0 && pid > 0)
            request->on_poll(request->context, pid);
        now = now_ns();
        *next_ns = now + request->poll_ns;
    }
    left = *next_ns - now;
    rest->tv_sec = (time_t)(left / 1000000000);
    rest->tv_nsec = (long)(left % 1000000000);
    return rest;
}

/* Sleeps until a descriptor has something, a poll is due or a signal came: ppoll's result, with
 * errno. Signals are blocked between the look at `interrupted` and the sleep, so that none is lost
 * there; callbacks run with signals as usual. */
static int sleep_until_news(struct launch *launch, struct pollfd *polled, size_t count,
                            const struct timespec *limit)
{
    sigset_t stoppers, usual;
    int ready, kept_errno;

    sigemptyset(&stoppers);
    sigaddset(&stoppers, SIGINT);
    sigaddset(&stoppers, SIGTERM);
    sigaddset(&stoppers, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &stoppers, &usual);
    look_for_interrupt(launch);
    ready = ppoll(polled, count, limit, &usual);
    kept_errno = errno;
    pthread_sigmask(SIG_SETMASK, &usual, NULL);
    errno = kept_errno;
    return ready;
}

/* Returns when the launcher has something to say. */
static int attend(struct launch *launch, struct pfl_err *err)
{
    struct pfl_pipe *const pipes[] = {&launch->ends.wire, &launch->ends.errors,
                                      &launch->ends.output};
    struct pollfd polled[1 + PFL_COUNT(pipes)];
    const struct timespec *limit;
    struct timespec rest;
    int64_t next_ns = 0;
    size_t i;

    for (;;) {
        polled[0] = (struct pollfd){launch->launcher->line.socket, POLLIN, 0};
        for (i = 0; i < PFL_COUNT(pipes); i++)
            polled[i + 1] = (struct pollfd){pipes[i]->read_fd, POLLIN, 0};
        limit = until_poll(launch, &next_ns, &rest);
        if (pfl_fault_io())
            return system_error(err, EIO, "waiting for a measured command");
        if (sleep_until_news(launch, polled, PFL_COUNT(polled), limit) < 0) {
            if (errno != EINTR)
                return system_error(err, errno, "waiting for a measured command");
            continue;
        }
        for (i = 0; i < PFL_COUNT(pipes); i++)
            if (polled[i + 1].revents)
                serve_pipe(launch, pipes[i]);
        if (polled[0].revents)
            return PFL_OK;
    }
}

/* What was written before the end and not read yet. */
static void drain(struct launch *launch)
{
    struct pfl_pipe *const pipes[] = {&launch->ends.wire, &launch->ends.errors,
                                      &launch->ends.output};
    long n, total;
    size_t i;

    for (i = 0; i < PFL_COUNT(pipes); i++) {
        total = 0;
        while (pipes[i]->read_fd >= 0 && total < LAST_WORDS_MAX &&
               (n = serve_pipe(launch, pipes[i])) > 0)
            total += n;
    }
}

/* ---- the result ---- */

static int explain_failed_step(const struct launch *launch,
                               const struct pfl_launcher_result *answer, struct pfl_err *err)
{
    const struct pfl_launch_request *request = launch->request;
    const char *folder = request->cwd ? request->cwd : ".";

    switch (answer->failed_step) {
    case PFL_LAUNCHER_NONE: return PFL_OK;
    case PFL_LAUNCHER_FOLDER:
        return pfl_err_set_os(err, PFL_EIO, answer->failed_errno,
                              "going to the working folder '%s'", folder);
    case PFL_LAUNCHER_CPUS:
        return pfl_err_set_os(err, PFL_ESYSTEM, answer->failed_errno,
                              "pinning '%s' to the CPUs %s (does this machine have them, and may "
                              "perfledger use them?)",
                              request->argv[0], request->cpus);
    case PFL_LAUNCHER_FORK:
        return pfl_err_set_os(err, PFL_ESYSTEM, answer->failed_errno, "making a process for '%s'",
                              request->argv[0]);
    default:
        return pfl_err_set_os(err, PFL_ESYSTEM, answer->failed_errno,
                              "giving '%s' its input and output", request->argv[0]);
    }
}

static void take_answer(struct pfl_launch_result *result, const struct pfl_launcher_result *answer)
{
    result->left_behind = answer->left_behind;
    result->exec_errno = answer->exec_errno;
    result->started_ns = answer->started_ns;
    result->exit_code = -1;
    if (answer->exec_errno) /* what was timed is our own attempt */
        return;
    result->wall_ns = answer->wall_ns;
    result->boot_gap_ns = answer->boot_gap_ns;
    result->user_ns = answer->user_ns;
    result->sys_ns = answer->sys_ns;
    result->peak_rss_bytes = answer->peak_rss_bytes;
    result->minor_faults = answer->minor_faults;
    result->major_faults = answer->major_faults;
    result->voluntary_switches = answer->voluntary_switches;
    result->involuntary_switches = answer->involuntary_switches;
    result->timed_out = answer->timed_out;
    if (WIFSIGNALED(answer->wait_status))
        result->signal = WTERMSIG(answer->wait_status);
    else
        result->exit_code = WEXITSTATUS(answer->wait_status);
}

static void count(struct launch *launch, const struct pfl_counts *before)
{
    struct pfl_launch_result *result = &launch->result;
    struct pfl_counts after;

    result->instructions = result->cycles = -1;
    if (launch->launcher->counters.instructions_fd < 0 || result->exec_errno)
        return;
    pfl_counters_read(&launch->launcher->counters, &after);
    result->instructions = pfl_counters_difference(before->instructions, after.instructions);
    result->cycles = pfl_counters_difference(before->cycles, after.cycles);
}

static int keep_texts(struct launch *launch, struct pfl_err *err)
{
    struct pfl_launch_result *result = &launch->result;
    const char *bytes;
    size_t len;
    int status;

    pfl_tail_get(&launch->launcher->errors, &bytes, &len);
    if (len > 0)
        pfl_buf_add(&result->stderr_tail, bytes, len);
    status = pfl_buf_check(&result->stderr_tail, err, "keeping what a command wrote to stderr");
    if (status == PFL_OK)
        status = pfl_buf_check(&result->output, err, "keeping a command's output");
    return status;
}

/* From the first byte sent to the launcher's answer. A failure in between leaves no launcher to
 * talk to. */
static int converse(struct launch *launch, struct pfl_launcher_request *head, struct pfl_buf *body,
                    struct pfl_launcher_result *answer, struct pfl_err *err)
{
    int status = send_head(launch, head, err);

    pfl_spawn_ends_sent(&launch->ends, launch->request);
    if (status == PFL_OK)
        status = send_body(launch, body, err);
    if (status == PFL_OK)
        status = attend(launch, err);
    if (status == PFL_OK)
        status = receive_result(launch->launcher, answer, err);
    if (status != PFL_OK)
        let_go(launch->launcher);
    return status;
}

static int perform(struct launch *launch, struct pfl_err *err)
{
    struct pfl_launcher_request head;
    struct pfl_launcher_result answer;
    struct pfl_counts before;
    struct pfl_buf body;
    int status = pfl_spawn_encode(launch->request, &head, &body, err);

    if (status != PFL_OK)
        return status;
    status = pfl_spawn_ends_open(&launch->ends, launch->request, err);
    if (status != PFL_OK) {
        pfl_buf_release(&body);
        return status;
    }
    launch->launcher->number += launch->launcher->number == UINT32_MAX ? 2 : 1;
    head.number = launch->launcher->number;
    pfl_counters_read(&launch->launcher->counters, &before);
    status = converse(launch, &head, &body, &answer, err);
    pfl_buf_release(&body);
    if (status == PFL_OK)
        status = explain_failed_step(launch, &answer, err);
    if (status == PFL_OK) {
        drain(launch);
        take_answer(&launch->result, &answer);
        count(launch, &before);
        status = keep_texts(launch, err);
    }
    return status;
}

int pfl_launcher_run(struct pfl_launcher *launcher, const struct pfl_launch_request *request,
                     struct pfl_launch_result *result, struct pfl_err *err)
{
    struct launch launch = {.launcher = launcher, .request = request, .ends = PFL_SPAWN_ENDS_NONE};
    int status;

    if (launcher->line.socket < 0)
        return pfl_err_set(err, PFL_ESYSTEM,
                           "the launcher process that runs the measured commands is gone");
    launcher->errors.len = 0;
    pfl_buf_init(&launch.result.stderr_tail, PFL_PIPE_TAIL);
    pfl_buf_init(&launch.result.output, request->capture_max);
    status = perform(&launch, err);
    pfl_spawn_ends_close(&launch.ends, request);
    if (status != PFL_OK)
        pfl_launch_result_release(&launch.result);
    else
        *result = launch.result;
    return status;
}

void pfl_launch_result_release(struct pfl_launch_result *result)
{
    if (!result)
        return;
    pfl_buf_release(&result->stderr_tail);
    pfl_buf_release(&result->output);
}
