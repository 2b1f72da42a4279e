/*
 * Time budgets.
 *
 * Every open budget has a POSIX timer of its own (CLOCK_MONOTONIC, absolute: a suspended process or
 * a late start counts), whose signal goes to the thread that opened it and nowhere else
 * (SIGEV_THREAD_ID). So a nested budget never disturbs the outer one's, and the program's alarm(),
 * its itimers and its handlers stay what they are. The signal is a real-time one that nobody uses:
 * default handler, and preferably not blocked (a blocked one is somebody's sigwait or signalfd).
 *
 * The handler does not trust what the signal carries, for one of a timer that is gone can still
 * arrive: it walks the thread's own list and marks the budgets whose deadline is over, then raises
 * the thread's flag. The list is changed by its own thread only, by single stores in an order that
 * is right at every moment, so no signal needs to be blocked for it. When the last budget of the
 * thread ends, the signal is let through once more (a pending one would kill the process under the
 * default handler) before the mask is as it was; the process' last one sets the handler back.
 *
 * The flag: 0 no · 1 yes · −1 ask the clock. The last one is for what has no timer: no signal was
 * free, timer_create() failed, or the process is the child of a fork, which inherits no timers; and
 * for ThreadSanitizer, under which signals come late.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

enum { BUDGET_SECONDS_MAX = 1000000000, BUDGET_STATUS = 124 };
enum { BUDGET_NAME_MAX = 200 };

/* One open budget. */
struct budget_state {
    struct budget_state *volatile outer;
    int64_t begin_ns, deadline_ns;
    double seconds;
    volatile sig_atomic_t fired;
    bool hard, has_timer;
    timer_t timer;
    pid_t process;                  /* whose timer it is */
    char name[BUDGET_NAME_MAX + 1]; /* fit for a terminal */
    char *line;                     /* for the wire; NULL: there is none */
    size_t line_len;
};

static _Thread_local struct budget_state *volatile budget_open; /* innermost */
static _Thread_local volatile sig_atomic_t budget_flag;
static _Thread_local int budget_overran, budget_was_blocked;

static struct budget_state budget_disabled; /* its address only */

static struct {
    struct pfl_lib_lock lock;
    int threads; /* with open budgets */
    int signal;  /* 0: none yet; −1: none is free */
    struct sigaction before;
    bool installed, told;
} budget_shared;

/* ---- the report ---- */

static size_t budget_put(char *to, size_t at, const char *text)
{
    while (*text)
        to[at++] = *text++;
    return at;
}

/* 12.345, by hand: snprintf() does not belong into a signal handler. */
static size_t budget_put_seconds(char *to, size_t at, int64_t ns)
{
    int64_t ms = (ns + 500000) / 1000000;
    char digits[24];
    int n = 0;

    for (; n < 4 || ms > 0; ms /= 10) {
        digits[n++] = (char)('0' + ms % 10);
        if (n == 3)
            digits[n++] = '.';
    }
    if (digits[n - 1] == '.')
        digits[n++] = '0';
    while (n > 0)
        to[at++] = digits[--n];
    return at;
}

/* Async-signal-safe. */
static void budget_report(const struct budget_state *state, int64_t now)
{
    char text[BUDGET_NAME_MAX + 80];
    size_t len = budget_put(text, 0, "budget exceeded: ");

    len = budget_put(text, len, state->name);
    len = budget_put(text, len, " after ");
    len = budget_put_seconds(text, len, now - state->begin_ns);
    len = budget_put(text, len, " s\n");
    while (write(STDERR_FILENO, text, len) < 0 && errno == EINTR)
        ;
    if (state->line)
        pfl_lib_wire_line(state->line, state->line_len);
}

/* ---- the signal ---- */

static void budget_rings(int signal, siginfo_t *info, void *context)
{
    const int saved = errno;
    const int64_t now = pfl_lib_now_ns();
    struct budget_state *state;

    (void)signal;
    (void)info;
    (void)context;
    for (state = budget_open; state; state = state->outer) {
        if (now < state->deadline_ns)
            continue;
        if (state->hard && state->process == pfl_lib_process()) {
            budget_report(state, now);
            _exit(BUDGET_STATUS);
        }
        state->fired = 1;
        budget_flag = 1;
    }
    errno = saved;
}

bool pfl_lib_signal_is_free(int signal, bool blocked_too)
{
    struct sigaction now;
    sigset_t mask;

    if (sigaction(signal, NULL, &now) < 0 || (now.sa_flags & SA_SIGINFO) ||
        now.sa_handler != SIG_DFL)
        return false;
    return blocked_too ||
           (pthread_sigmask(SIG_BLOCK, NULL, &mask) == 0 && !sigismember(&mask, signal));
}

static int budget_find_signal(void)
{
    int signal, blocked_too;

    if (budget_shared.signal > 0 && pfl_lib_signal_is_free(budget_shared.signal, true))
        return budget_shared.signal;
    for (blocked_too = 0; blocked_too <= 1; blocked_too++)
        for (signal = SIGRTMIN + 1; signal <= SIGRTMAX; signal++)
            if (pfl_lib_signal_is_free(signal, blocked_too))
                return signal;
    return -1;
}

static void budget_install(void)
{
    struct sigaction ours = {.sa_sigaction = budget_rings,
                             .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};

    budget_shared.signal = budget_find_signal();
    if (budget_shared.signal < 0)
        return;
    sigfillset(&ours.sa_mask);
    budget_shared.installed = sigaction(budget_shared.signal, &ours, &budget_shared.before) == 0;
}

static void budget_uninstall(void)
{
    struct sigaction now;

    if (!budget_shared.installed)
        return;
    budget_shared.installed = false;
    if (sigaction(budget_shared.signal, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) &&
        now.sa_sigaction == budget_rings)
        sigaction(budget_shared.signal, &budget_shared.before, NULL);
}

static void budget_mask(int how, sigset_t *before)
{
    sigset_t one;

    sigemptyset(&one);
    sigaddset(&one, budget_shared.signal);
    pthread_sigmask(how, &one, before);
}

/* ---- threads and processes ---- */

/* In the child of a fork only this thread is left, and no timer. */
static void budget_forked(void)
{
    budget_shared.threads = budget_open != NULL;
    if (budget_open && !budget_flag)
        budget_flag = -1;
}

static void budget_at_first(void)
{
    pthread_atfork(NULL, NULL, budget_forked);
}

static void budget_count(int change)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sigset_t all, before;

    pthread_once(&once, budget_at_first);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before); /* no handler while the lock is held */
    pfl_lib_lock_take(&budget_shared.lock);
    budget_shared.threads += change;
    if (change > 0 && budget_shared.threads == 1 && !budget_shared.installed)
        budget_install();
    if (budget_shared.threads == 0)
        budget_uninstall();
    pfl_lib_lock_give(&budget_shared.lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* The thread's first. */
static void budget_enter(void)
{
    sigset_t before;

    budget_count(1);
    if (!budget_shared.installed)
        return;
    budget_mask(SIG_UNBLOCK, &before);
    budget_was_blocked = sigismember(&before, budget_shared.signal);
}

/* The thread's last. */
static void budget_leave(void)
{
    if (budget_shared.installed) {
        budget_mask(SIG_UNBLOCK, NULL); /* one that is pending comes now, or never */
        if (budget_was_blocked)
            budget_mask(SIG_BLOCK, NULL);
    }
    budget_was_blocked = 0;
    budget_count(-1);
}

/* ThreadSanitizer holds signals back until the thread calls something that it intercepts, which a
 * loop need not do. */
extern void __tsan_init(void) __attribute__((__weak__)); /* NOLINT(bugprone-reserved-identifier) */

static bool budget_signals_are_late(void)
{
    return &__tsan_init != NULL;
}

/* ---- begin and end ---- */

static void budget_start_timer(struct budget_state *state)
{
    struct itimerspec when = {.it_value = {.tv_sec = (time_t)(state->deadline_ns / 1000000000),
                                           .tv_nsec = (long)(state->deadline_ns % 1000000000)}};
    struct sigevent event;

    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = budget_shared.signal;
    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    if (budget_shared.installed && timer_create(CLOCK_MONOTONIC, &event, &state->timer) == 0) {
        state->has_timer = true;
        if (timer_settime(state->timer, TIMER_ABSTIME, &when, NULL) == 0) {
            if (!budget_flag && budget_signals_are_late())
                budget_flag = -1;
            return;
        }
    }
    if (!budget_flag)
        budget_flag = -1;
    if (!__atomic_exchange_n(&budget_shared.told, true, __ATOMIC_RELAXED))
        pfl_lib_warn("the budget %s has no timer (%s): pfl_budget_exceeded() reads the clock%s",
                     state->name, budget_shared.installed ? strerror(errno) : "no signal is free",
                     state->hard ? ", and code that never asks is not ended" : "");
}

static void budget_name(struct budget_state *state, const char *name)
{
    size_t i;

    if (!name || !*name)
        name = "?";
    for (i = 0; i < BUDGET_NAME_MAX && name[i]; i++)
        state->name[i] = (unsigned char)name[i] < ' ' || name[i] == 0x7f ? '?' : name[i];
    state->name[i] = 0;
}

void pfl_budget_begin(struct pfl_budget *budget, const char *name, double seconds, int hard)
{
    const struct pfl_bench *here = pfl_lib_bench_here();
    struct budget_state *state;

    *budget = (struct pfl_budget){.name = name, .seconds = pfl_lib_budget_seconds(seconds)};
    if (budget->seconds <= 0 || budget->seconds > BUDGET_SECONDS_MAX) {
        budget->seconds = budget->seconds > 0 ? budget->seconds : 0;
        budget->state = &budget_disabled;
        return;
    }
    if (!budget_open)
        budget_enter();
    state = pfl_lib_alloc(sizeof *state);
    memset(state, 0, sizeof *state);
    budget_name(state, name);
    state->seconds = budget->seconds;
    state->hard = hard != 0;
    state->process = pfl_lib_process();
    state->line =
        pfl_lib_wire_budget(state->name, state->seconds, here ? pfl_lib_bench_case(here) : NULL);
    state->line_len = state->line ? strlen(state->line) : 0;
    state->outer = budget_open;
    state->begin_ns = pfl_lib_now_ns();
    state->deadline_ns = state->begin_ns + (int64_t)(state->seconds * 1e9);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    budget_open = state;
    budget->state = state;
    budget_start_timer(state);
}

static bool budget_unlink(struct budget_state *state)
{
    struct budget_state *at;

    if (budget_open == state) {
        budget_open = state->outer;
        return true;
    }
    for (at = budget_open; at; at = at->outer)
        if (at->outer == state) {
            at->outer = state->outer;
            return true;
        }
    return false;
}

/* What the budgets that are still open have come to. A signal meanwhile only raises it. */
static void budget_recount(void)
{
    const struct budget_state *at;
    sig_atomic_t flag = 0;

    budget_flag = 0;
    for (at = budget_open; at; at = at->outer)
        if (at->fired)
            flag = 1;
        else if (!flag &&
                 (!at->has_timer || budget_signals_are_late() || at->process != pfl_lib_process()))
            flag = -1;
    if (flag && budget_flag != 1)
        budget_flag = flag;
}

static void budget_late(const struct budget_state *state, int64_t now)
{
    struct pfl_bench *here = pfl_lib_bench_here();

    budget_report(state, now);
    if (state->hard)
        _exit(BUDGET_STATUS);
    if (here)
        pfl_fail(here, "the budget of %s was exceeded: %g s", state->name, state->seconds);
}

void pfl_budget_end(struct pfl_budget *budget)
{
    struct budget_state *state = budget->state;
    int64_t now;

    budget->open = 0;
    budget->state = NULL;
    if (state == &budget_disabled)
        budget_overran = 0;
    if (!state || state == &budget_disabled)
        return;
    now = pfl_lib_now_ns();
    if (state->has_timer && state->process == pfl_lib_process())
        timer_delete(state->timer);
    if (!budget_unlink(state)) {
        pfl_lib_warn(
            "the budget %s was ended in another thread than it was begun in: it counts for "
            "neither; end it where it began",
            state->name);
        return; /* the other thread's list still leads through it */
    }
    budget_recount();
    budget_overran = now >= state->deadline_ns;
    if (budget_overran)
        budget_late(state, now);
    free(state->line);
    free(state);
    if (!budget_open)
        budget_leave();
}

/* ---- questions ---- */

static PFL_COLD int budget_ask_clock(void)
{
    const int64_t now = pfl_lib_now_ns();
    struct budget_state *at;

    for (at = budget_open; at; at = at->outer)
        if (now >= at->deadline_ns) {
            at->fired = 1;
            budget_flag = 1;
        }
    return budget_flag == 1;
}

int pfl_budget_exceeded(void)
{
    const sig_atomic_t flag = budget_flag;

    return PFL_UNLIKELY(flag != 0) ? flag > 0 || budget_ask_clock() : 0;
}

int pfl_budget_overrun(void)
{
    return budget_overran;
}

double pfl_budget_left(void)
{
    const struct budget_state *innermost = budget_open;

    if (!innermost)
        return HUGE_VAL;
    return (double)(innermost->deadline_ns - pfl_lib_now_ns()) / 1e9;
}
