/*
 * The launches. A process is the unit of replication: where its pages lie and what its address
 * space looks like is drawn once for all it measures, so ten launches tell more than ten times the
 * time in one. The program starts itself again (/proc/self/exe with the words it was started with),
 * launch after launch, the cases in another order each, and reads what they say (launched.c).
 *
 * A benchmark that ends the process (a signal, exit, its timeout) loses itself only: the parent
 * knows which one had begun, notes why it failed, and starts the rest of that launch again without
 * it. Failed and skipped ones are left out of the launches that follow. A child that says nothing
 * any more for its benchmark's timeout and some seconds is killed. What a launch leaves running (a
 * helper that a body forked) may hold the socket open: a launch is over when its process is. SIGINT
 * and SIGTERM end it between benchmarks: what the launches so far gave is reported.
 */
#include "program.h"

#include "stats/stats.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* What a launch may take beyond its benchmark's own timeout, and to begin and to end at all. */
static const double launches_grace_s = 10, launches_start_s = 120;

enum { LAUNCHES_NONE = -1, LAUNCHES_LOOK_MS = 50 };

struct launches {
    const struct pfl_lib_cases *cases;
    const struct pfl_lib_launch_plan *plan;
    struct pfl_lib_report *report;
    struct pfl_random random;
    uint32_t *order; /* of the launch at hand: what is still to run */
    size_t left;
    int launch;
    size_t steps_done;
    /* The process at hand. */
    struct pfl_lib_launch process;
    int running; /* index of the case that has begun, or LAUNCHES_NONE */
    bool greeted, heard, silent;
    char *buffer; /* of lines that are not complete */
    size_t len, room;
};

/* ---- listening ---- */

static void launches_send_order(struct launches *l)
{
    char *text = NULL;
    size_t len = 0, i;
    FILE *out = open_memstream(&text, &len);
    const char *at;
    ssize_t sent;

    if (!out)
        pfl_lib_no_memory();
    for (i = 0; i < l->left; i++)
        fprintf(out, "%u ", l->order[i]);
    fputc('\n', out);
    if (fclose(out) != 0)
        pfl_lib_no_memory();
    for (at = text; len > 0; at += sent, len -= (size_t)sent) {
        sent = send(l->process.fd, at, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            sent = 0;
        else if (sent < 0)
            break; /* it died: its end says so */
    }
    free(text);
}

static void launches_take_off(struct launches *l, size_t index)
{
    size_t i, kept = 0;

    for (i = 0; i < l->left; i++)
        if (l->order[i] != index)
            l->order[kept++] = l->order[i];
    l->steps_done += l->left - kept;
    l->left = kept;
}

static void launches_hear(struct launches *l, char *line)
{
    struct pfl_lib_said said;

    if (!pfl_lib_said_read(line, &said) || (said.kind != 'h' && said.index >= l->cases->n))
        return;
    switch (said.kind) {
    case 'h':
        l->greeted = said.index == l->cases->n && said.names == pfl_lib_cases_hash(l->cases);
        l->heard = true;
        if (l->greeted)
            launches_send_order(l);
        else
            shutdown(l->process.fd, SHUT_RDWR);
        break;
    case 'b':
        l->running = (int)said.index;
        *l->process.tail = 0;
        pfl_lib_progress_step(l->steps_done, l->cases->at[said.index].name);
        break;
    case 'w': pfl_lib_warn("%s", said.reason); break;
    case 'm':
    case 't': pfl_lib_report_metric(l->report, said.index, l->launch, &said.metric); break;
    case 'e':
        pfl_lib_report_status(l->report, said.index, said.status, said.reason);
        launches_take_off(l, said.index);
        l->running = LAUNCHES_NONE;
        break;
    default: break;
    }
}

static void launches_hear_all(struct launches *l)
{
    char *begin = l->buffer, *end;

    while ((end = memchr(begin, '\n', l->len - (size_t)(begin - l->buffer))) != NULL) {
        *end = 0;
        launches_hear(l, begin);
        begin = end + 1;
    }
    l->len -= (size_t)(begin - l->buffer);
    memmove(l->buffer, begin, l->len);
}

static double launches_patience(const struct launches *l)
{
    return l->running == LAUNCHES_NONE ? launches_start_s
                                       : l->cases->at[l->running].timeout_s + launches_grace_s;
}

/* false: the child has closed its end, or has said nothing that is not taken. */
static bool launches_receive(struct launches *l)
{
    ssize_t got;

    if (l->len == l->room) {
        l->room = l->room ? l->room * 2 : 4096;
        l->buffer = pfl_lib_realloc(l->buffer, l->room);
    }
    got = recv(l->process.fd, l->buffer + l->len, l->room - l->len, MSG_DONTWAIT);
    if (got <= 0)
        return got < 0 && errno == EINTR;
    l->len += (size_t)got;
    launches_hear_all(l);
    return true;
}

/* Milliseconds to wait: where no handle tells of its end, it is looked for now and then. */
static int launches_wait_ms(const struct launches *l, double left_s)
{
    double most = l->process.handle < 0 ? LAUNCHES_LOOK_MS : 1e9;

    return left_s > 0 ? (int)fmin(left_s * 1000 + 1, most) : 0;
}

/* Until the child closes its end or is over. One that is silent for too long is killed. What it
 * says is taken before what it prints, so that a last line is the running case's. */
static void launches_listen(struct launches *l)
{
    struct pollfd polled[] = {{.fd = l->process.fd, .events = POLLIN},
                              {.fd = l->process.output, .events = POLLIN},
                              {.fd = l->process.handle, .events = POLLIN}};
    int64_t heard_ns = pfl_lib_now_ns();

    for (;;) {
        double left = launches_patience(l) - (double)(pfl_lib_now_ns() - heard_ns) / 1e9;
        int ready = poll(polled, 3, launches_wait_ms(l, left));
        bool over = pfl_lib_launch_is_over();

        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 && !over && left <= 0) {
            l->silent = true;
            pfl_lib_launch_kill();
            return;
        }
        if (polled[0].revents) {
            if (!launches_receive(l))
                return;
            heard_ns = pfl_lib_now_ns();
        }
        if (polled[1].revents && !pfl_lib_launch_print(&l->process))
            polled[1].fd = -1;
        if (over) {
            while (launches_receive(l))
                ;
            return;
        }
    }
}

/* ---- judging how it ended ---- */

static const char *launches_signal_name(int number)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {{SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGFPE, "SIGFPE"},
                 {SIGILL, "SIGILL"},   {SIGBUS, "SIGBUS"},   {SIGKILL, "SIGKILL"},
                 {SIGTERM, "SIGTERM"}, {SIGTRAP, "SIGTRAP"}, {SIGALRM, "SIGALRM"},
                 {SIGXCPU, "SIGXCPU"}, {SIGPIPE, "SIGPIPE"}, {SIGSYS, "SIGSYS"}};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].number == number)
            return names[i].name;
    return "a signal";
}

/* A launch whose time is over ends itself with last words (session.c), or is killed. How long it
 * ran says nothing: a crash may come late in its time. */
static bool launches_timed_out(const struct launches *l, int status)
{
    return l->running != LAUNCHES_NONE &&
           (l->silent || (WIFEXITED(status) && WEXITSTATUS(status) == 1 &&
                          strstr(l->process.tail, " did not end within ")));
}

static char *launches_death(const struct launches *l, int status)
{
    const char *tail = l->running == LAUNCHES_NONE ? "" : l->process.tail;

    if (launches_timed_out(l, status))
        return pfl_lib_text("it did not end within %g s; PFL_TIMEOUT(seconds) gives it more",
                            l->cases->at[l->running].timeout_s);
    if (l->silent)
        return pfl_lib_text("it said nothing for %g s and was killed", launches_start_s);
    if (WIFSIGNALED(status))
        return pfl_lib_text("it ended the process by %s (%s)%s%s",
                            launches_signal_name(WTERMSIG(status)), strsignal(WTERMSIG(status)),
                            *tail ? ": " : "", tail);
    return pfl_lib_text("it ended the process with exit status %d%s%s", WEXITSTATUS(status),
                        *tail ? ": " : "", tail);
}

static void launches_trouble(struct launches *l, char *text)
{
    if (l->report->trouble)
        free(text);
    else
        l->report->trouble = text;
}

/* false: it is of no use to start another one. */
static bool launches_judge(struct launches *l, int status)
{
    bool clean = WIFEXITED(status) && WEXITSTATUS(status) == 0 && !l->silent;
    char *death;

    if (pfl_lib_launch_signal()) {
        l->report->interrupted = true;
        return false;
    }
    death = launches_death(l, status);
    if (l->running != LAUNCHES_NONE) {
        pfl_lib_report_status(l->report, (size_t)l->running, PFL_LIB_FAILED, death);
        launches_take_off(l, (size_t)l->running);
        free(death);
        return true;
    }
    if (l->left > 0 && l->heard && !l->greeted)
        launches_trouble(l, pfl_lib_text("a launch of the program has other benchmarks than this "
                                         "process; --launches 1 measures in this process"));
    else if (l->left > 0 && WIFEXITED(status) && WEXITSTATUS(status) == PFL_LIB_LAUNCH_LOST)
        launches_trouble(l, pfl_lib_text("a launch cannot be started: /proc/self/exe cannot be "
                                         "executed; --launches 1 measures in this process"));
    else if (l->left > 0)
        launches_trouble(l, pfl_lib_text("a launch ended before its benchmarks: %s", death));
    else if (!clean)
        launches_trouble(l, pfl_lib_text("a launch ended badly after its benchmarks: %s", death));
    free(death);
    return l->left == 0;
}

/* ---- launch after launch ---- */

static bool launches_start(struct launches *l)
{
    l->running = LAUNCHES_NONE;
    l->greeted = l->heard = l->silent = false;
    l->len = 0;
    if (pfl_lib_launch_start(&l->process, l->plan->argv))
        return true;
    launches_trouble(
        l, pfl_lib_text("a launch cannot be started: %s; --launches 1 measures in this process",
                        strerror(errno)));
    return false;
}

static void launches_draw(struct launches *l)
{
    size_t i;

    for (l->left = i = 0; i < l->cases->n; i++)
        if (l->report->results[i].status == PFL_LIB_OK)
            l->order[l->left++] = (uint32_t)i;
    pfl_random_shuffle(&l->random, l->order, l->left);
}

/* false: not another one. */
static bool launches_one(struct launches *l)
{
    size_t before;

    launches_draw(l);
    while (l->left > 0) {
        before = l->left;
        if (pfl_lib_launch_signal()) {
            l->report->interrupted = true;
            return false;
        }
        if (!launches_start(l))
            return false;
        launches_listen(l);
        if (!launches_judge(l, pfl_lib_launch_end(&l->process)) || l->left == before)
            return false;
    }
    return true;
}

/* ---- in this process ---- */

static size_t launches_index(const struct launches *l, const struct pfl_lib_case *c)
{
    size_t i;

    for (i = 0; i < l->cases->n && strcmp(l->cases->at[i].name, c->name) != 0; i++)
        ;
    return i;
}

static void launches_begin_inside(void *context, const struct pfl_lib_case *c, size_t index,
                                  size_t of)
{
    (void)context;
    (void)of;
    pfl_lib_progress_step(index, c->name);
}

static void launches_metric_inside(void *context, const struct pfl_lib_metric *metric)
{
    struct launches *l = context;

    pfl_lib_report_metric(l->report, (size_t)l->running, 0, metric);
}

static void launches_end_inside(void *context, const struct pfl_lib_outcome *outcome)
{
    struct launches *l = context;

    l->running = (int)launches_index(l, outcome->of);
    l->order[l->running] = 1;
    pfl_lib_outcome_metrics(outcome, launches_metric_inside, l);
    pfl_lib_report_status(l->report, (size_t)l->running, outcome->status, outcome->reason);
}

static void launches_inside(struct launches *l)
{
    const struct pfl_lib_listener listener = {launches_begin_inside, launches_end_inside, l};
    size_t i;

    memset(l->order, 0, l->cases->n * sizeof *l->order);
    pfl_lib_session_run(l->cases, &l->plan->how, &listener);
    for (i = 0; i < l->cases->n; i++)
        l->report->interrupted |= l->order[i] == 0;
    l->report->launched = 1;
}

int pfl_lib_launches_run(const struct pfl_lib_cases *cases, const struct pfl_lib_launch_plan *plan,
                         struct pfl_lib_report *report)
{
    struct launches l = {.cases = cases, .plan = plan, .report = report};
    l.order = pfl_lib_alloc((cases->n + 1) * sizeof *l.order);
    pfl_lib_progress_begin(cases->n * (size_t)report->launches, plan->quiet);
    if (plan->inside) {
        launches_inside(&l);
    } else {
        pfl_random_seed(&l.random, report->seed);
        pfl_lib_launch_catch(true);
        for (l.launch = 0; l.launch < report->launches && launches_one(&l); l.launch++)
            report->launched++;
        pfl_lib_launch_catch(false);
    }
    pfl_lib_progress_end();
    free(l.order);
    free(l.buffer);
    return report->trouble && report->launched == 0 ? 3 : 0;
}
