/*
 * One launch: the selected cases one after the other, in an order that the seed draws, so that no
 * case always runs in the wake of the same other one.
 *
 * A benchmark that never ends: a timer of the process sends a signal; its handler writes a message
 * that was composed beforehand and ends the process, for nothing else can be done safely. A timer
 * with a thread of its own would be simpler, but a second thread makes the C library's malloc and
 * stdio take their locks, and every benchmark would show it.
 *
 * SIGINT and SIGTERM: the case at hand ends, the rest is left out; the second one ends the process.
 */
#include "engine.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
    const char *text; /* to standard error */
    size_t length;
    const char *line; /* to perfledger; NULL: nobody listens */
    size_t line_length;
} session_last_words;

static volatile sig_atomic_t session_asked_to_stop;

static void session_stop(int signal_number)
{
    (void)signal_number;
    session_asked_to_stop = 1;
}

static void session_timed_out(int signal_number)
{
    ssize_t written;

    (void)signal_number;
    if (session_last_words.line)
        pfl_lib_wire_line(session_last_words.line, session_last_words.line_length);
    written = write(STDERR_FILENO, session_last_words.text, session_last_words.length);
    _exit(written < 0 ? 1 : 1);
}

/* ---- the timer ---- */

struct pfl_lib_timeout {
    const struct pfl_lib_case *of;
    timer_t timer;
    int signal; /* −1: there is no timer */
    struct sigaction before;
    char *text, *line;
};

/* From above, for programs that use such signals begin with the first. */
static int session_signal(void)
{
    int signal = SIGRTMAX - 2;

    while (signal > SIGRTMIN && !pfl_lib_signal_is_free(signal, false))
        signal--;
    return signal > SIGRTMIN ? signal : -1;
}

static void session_compose(struct pfl_lib_timeout *timer, const struct pfl_lib_case *c)
{
    char *place = c->file ? pfl_lib_text(" (%s:%d)", c->file, c->line) : pfl_lib_text("%s", "");
    char *reason = pfl_lib_text("did not end within %g s: PFL_TIMEOUT(seconds) gives it more%s",
                                c->timeout_s, place);

    timer->text = pfl_lib_text("%s %s\n", c->name, reason);
    timer->line = pfl_lib_wire_fail(c, reason);
    free(reason);
    free(place);
    session_last_words.text = timer->text;
    session_last_words.length = strlen(timer->text);
    session_last_words.line = timer->line;
    session_last_words.line_length = timer->line ? strlen(timer->line) : 0;
}

void pfl_lib_timeout_set(struct pfl_lib_timeout *timeout, bool on)
{
    const double seconds = timeout->of->timeout_s;
    struct itimerspec when = {.it_value = {0}};

    if (timeout->signal < 0)
        return;
    if (on) {
        when.it_value.tv_sec = (time_t)seconds;
        when.it_value.tv_nsec = (long)((seconds - (double)when.it_value.tv_sec) * 1e9);
    }
    timer_settime(timeout->timer, 0, &when, NULL);
}

struct pfl_lib_timeout *pfl_lib_timeout_begin(const struct pfl_lib_case *c)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL};
    struct sigaction action = {.sa_handler = session_timed_out, .sa_flags = SA_RESTART};
    struct pfl_lib_timeout *timeout = pfl_lib_alloc(sizeof *timeout);

    *timeout = (struct pfl_lib_timeout){.of = c, .signal = session_signal()};
    session_compose(timeout, c);
    sigemptyset(&action.sa_mask);
    event.sigev_signo = timeout->signal;
    if (timeout->signal < 0) {
        pfl_lib_warn("no timer for the timeout of %s: no real-time signal is free", c->name);
    } else if (timer_create(CLOCK_MONOTONIC, &event, &timeout->timer) < 0) {
        pfl_lib_warn("no timer for the timeout of %s: %s", c->name, strerror(errno));
        timeout->signal = -1;
    } else {
        sigaction(timeout->signal, &action, &timeout->before);
        pfl_lib_timeout_set(timeout, true);
    }
    return timeout;
}

void pfl_lib_timeout_end(struct pfl_lib_timeout *timeout)
{
    if (timeout->signal >= 0) {
        timer_delete(timeout->timer);
        sigaction(timeout->signal, &timeout->before, NULL);
    }
    free(timeout->text);
    free(timeout->line);
    free(timeout);
}

/* ---- the cases ---- */

static uint32_t *session_order(size_t n, uint64_t seed)
{
    uint32_t *order = pfl_lib_alloc(n * sizeof *order);
    struct pfl_random random;
    size_t i;

    for (i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    pfl_random_seed(&random, seed);
    pfl_random_shuffle(&random, order, n);
    return order;
}

/* true: it failed. */
static bool session_case(const struct pfl_lib_case *c, const struct pfl_lib_how *how,
                         const struct pfl_lib_listener *listener)
{
    struct pfl_lib_outcome outcome;
    struct pfl_lib_timeout *timeout;
    bool failed;

    timeout = pfl_lib_timeout_begin(c);
    pfl_lib_engine_run(c, how, &outcome);
    pfl_lib_timeout_end(timeout);
    failed = outcome.status == PFL_LIB_FAILED;
    if (listener && listener->end)
        listener->end(listener->context, &outcome);
    pfl_lib_outcome_release(&outcome);
    return failed;
}

int pfl_lib_session_run(const struct pfl_lib_cases *cases, const struct pfl_lib_how *how,
                        const struct pfl_lib_listener *listener)
{
    struct sigaction stop = {.sa_handler = session_stop,
                             .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
    struct sigaction before_int, before_term;
    uint32_t *order = session_order(cases->n, how->seed);
    int failed = 0;
    size_t i;

    session_asked_to_stop = 0;
    sigemptyset(&stop.sa_mask);
    sigaction(SIGINT, &stop, &before_int);
    sigaction(SIGTERM, &stop, &before_term);
    for (i = 0; i < cases->n && !session_asked_to_stop; i++) {
        const struct pfl_lib_case *c = &cases->at[order[i]];

        if (listener && listener->begin)
            listener->begin(listener->context, c, i, cases->n);
        failed += session_case(c, how, listener);
    }
    sigaction(SIGINT, &before_int, NULL);
    sigaction(SIGTERM, &before_term, NULL);
    free(order);
    return failed;
}
