/*
 * perfledger's side of the launcher: opens the descriptors of a launch, sends the request, waits
 * (spawn_attend.c) and takes the result.
 *
 * The launcher holds the pipes' write ends until it has read the clock: their hang-up cannot wake
 * us in the middle of the child's exit. The end of a launch is the launcher's result, never the end
 * of a pipe, which a grandchild might hold open.
 *
 * Launches at the same moment: each launcher is told a moment a little ahead, by which it is warm,
 * and stays awake until then. One that is not warm in time begins at once; from then on it is told
 * earlier.
 *
 * Nothing here decides when a command has taken too long or has to be killed: the launcher does,
 * and goes on doing so when perfledger is dead.
 */
#include "sys/spawn.h"

#include "base/alloc.h"
#include "sys/clock.h"
#include "sys/spawn_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LEAD_NS = 2000000,      /* three warm starts take 1.2 ms */
    LEAD_MOST_NS = 4000000, /* where others want the CPUs nothing would be enough */
    LATE_NS = 50000,
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
    made->lead_ns = LEAD_NS;
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

static int send_head(struct pfl_spawn_launch *launch, struct pfl_err *err)
{
    size_t fds_size = (size_t)(launch->head.has_control ? PFL_LAUNCHER_FDS
                               : launch->head.has_wire  ? PFL_LAUNCHER_FD_CONTROL
                                                        : PFL_LAUNCHER_FD_WIRE) *
                      sizeof(int);
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof launch->ends.fds)];
    } control;
    struct iovec part = {&launch->head, sizeof launch->head};
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
    if (n !=
        (ssize_t)sizeof launch->head) /* an idle stream takes a few bytes whole, or is broken */
        return system_error(err, n < 0 ? errno : EIO, "sending a command to the launcher");
    return PFL_OK;
}

static int send_body(struct pfl_spawn_launch *launch, struct pfl_err *err)
{
    const struct pfl_buf *body = &launch->body;
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

/* ---- the result ---- */

static int explain_failed_step(const struct pfl_spawn_launch *launch,
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

static void count_events(struct pfl_spawn_launch *launch)
{
    const struct pfl_counts *before = &launch->before;
    struct pfl_launch_result *result = &launch->result;
    struct pfl_counts after;

    result->instructions = result->cycles = -1;
    if (launch->launcher->counters.instructions_fd < 0 || result->exec_errno)
        return;
    pfl_counters_read(&launch->launcher->counters, &after);
    result->instructions = pfl_counters_difference(before->instructions, after.instructions);
    result->cycles = pfl_counters_difference(before->cycles, after.cycles);
}

static int keep_texts(struct pfl_spawn_launch *launch, struct pfl_err *err)
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

static void give_up(struct pfl_spawn_launch *launch)
{
    pfl_buf_release(&launch->body);
    pfl_spawn_ends_close(&launch->ends, launch->request);
    pfl_launch_result_release(&launch->result);
}

/* Everything that can go wrong without the launcher's having heard of it. */
static int make_ready(struct pfl_spawn_launch *launch, struct pfl_launch_together *part,
                      struct pfl_err *err)
{
    struct pfl_launcher *launcher = part->launcher;
    int status;

    *launch = (struct pfl_spawn_launch){
        .launcher = launcher, .request = part->request, .ends = PFL_SPAWN_ENDS_NONE};
    pfl_buf_init(&launch->body, 0);
    pfl_buf_init(&launch->result.stderr_tail, PFL_PIPE_TAIL);
    pfl_buf_init(&launch->result.output, part->request->capture_max);
    if (launcher->line.socket < 0)
        return pfl_err_set(err, PFL_ESYSTEM,
                           "the launcher process that runs the measured commands is gone");
    launcher->errors.len = 0;
    status = pfl_spawn_encode(launch->request, &launch->head, &launch->body, err);
    if (status == PFL_OK)
        status = pfl_spawn_ends_open(&launch->ends, launch->request, err);
    if (status != PFL_OK)
        return status;
    launcher->number += launcher->number == UINT32_MAX ? 2 : 1;
    launch->head.number = launcher->number;
    pfl_counters_read(&launcher->counters, &launch->before);
    return PFL_OK;
}

static int send_request(struct pfl_spawn_launch *launch, struct pfl_err *err)
{
    int status = send_head(launch, err);

    pfl_spawn_ends_sent(&launch->ends, launch->request);
    return status == PFL_OK ? send_body(launch, err) : status;
}

/* From the first byte sent to the launchers' answers. A failure in between leaves no launcher to
 * talk to. */
static int converse(struct pfl_spawn_launch *launches, size_t count,
                    struct pfl_launcher_result *answers, size_t *failed, struct pfl_err *err)
{
    int status = PFL_OK;
    size_t i;

    *failed = 0;
    for (i = 0; i < count && status == PFL_OK; i++) {
        *failed = i;
        status = send_request(&launches[i], err);
    }
    if (status == PFL_OK)
        status = pfl_spawn_attend(launches, count, err);
    for (i = 0; i < count && status == PFL_OK; i++) {
        *failed = i;
        status = receive_result(launches[i].launcher, &answers[i], err);
    }
    for (i = 0; i < count && status != PFL_OK; i++)
        let_go(launches[i].launcher);
    return status;
}

static int conclude(struct pfl_spawn_launch *launch, const struct pfl_launcher_result *answer,
                    struct pfl_err *err)
{
    int status = explain_failed_step(launch, answer, err);

    if (status != PFL_OK)
        return status;
    pfl_spawn_drain(launch);
    take_answer(&launch->result, answer);
    count_events(launch);
    return keep_texts(launch, err);
}

static int64_t now_ns(void)
{
    const struct pfl_clock *clock = pfl_clock_system();

    return clock->monotonic_ns(clock->context);
}

/* The moment that all launchers can keep, and each one's own. */
static void appoint(struct pfl_spawn_launch *launches, const struct pfl_launch_together *parts,
                    size_t count)
{
    int64_t lead_ns = 0, moment_ns;
    size_t i;

    for (i = 0; i < count; i++)
        if (launches[i].launcher->lead_ns > lead_ns)
            lead_ns = launches[i].launcher->lead_ns;
    moment_ns = now_ns() + lead_ns;
    for (i = 0; i < count; i++)
        launches[i].head.begin_ns = moment_ns + parts[i].delay_ns;
}

/* One that was not warm in time is told earlier from now on, as long as that helps: waiting is
 * done awake and costs the race's time. */
static void learn_lead(struct pfl_spawn_launch *launch)
{
    struct pfl_launcher *launcher = launch->launcher;
    bool late = launch->result.started_ns > launch->head.begin_ns + LATE_NS;

    if (!launch->head.begin_ns)
        return;
    if (late && launcher->lead_ns < LEAD_MOST_NS)
        launcher->lead_ns += launcher->lead_ns / 2;
    else if (!late && launcher->lead_ns > LEAD_NS)
        launcher->lead_ns -= launcher->lead_ns / 16;
}

int pfl_launcher_run_together(struct pfl_launch_together *parts, size_t count, size_t *failed,
                              struct pfl_err *err)
{
    struct pfl_launcher_result answers[PFL_TOGETHER_MAX];
    struct pfl_spawn_launch launches[PFL_TOGETHER_MAX];
    size_t made, i;
    int status = PFL_OK;

    for (made = 0; made < count && status == PFL_OK; made++) {
        *failed = made;
        status = make_ready(&launches[made], &parts[made], err);
    }
    if (status == PFL_OK && count > 1 && !launches[0].head.has_control)
        appoint(launches, parts, count);
    if (status == PFL_OK)
        status = converse(launches, count, answers, failed, err);
    for (i = 0; i < count && status == PFL_OK; i++) {
        *failed = i;
        status = conclude(&launches[i], &answers[i], err);
    }
    for (i = 0; i < made; i++) {
        if (status == PFL_OK) {
            learn_lead(&launches[i]);
            parts[i].result = launches[i].result;
            launches[i].result = (struct pfl_launch_result){0};
        }
        give_up(&launches[i]);
    }
    return status;
}

int pfl_launcher_run(struct pfl_launcher *launcher, const struct pfl_launch_request *request,
                     struct pfl_launch_result *result, struct pfl_err *err)
{
    struct pfl_launch_together part = {.launcher = launcher, .request = request};
    size_t failed;
    int status = pfl_launcher_run_together(&part, 1, &failed, err);

    if (status == PFL_OK)
        *result = part.result;
    return status;
}

void pfl_launch_result_release(struct pfl_launch_result *result)
{
    if (!result)
        return;
    pfl_buf_release(&result->stderr_tail);
    pfl_buf_release(&result->output);
}
