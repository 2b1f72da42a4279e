/*
 * While measured commands run: perfledger sleeps in ppoll() and serves what they write.
 *
 * The quiet matters. What perfledger does while a command runs shows in that command's time, so
 * nothing wakes it but the command's own output, a poll that was asked for, or a signal. Launches
 * at the same moment are served by this one thread: there is nothing to lock, and a signal cannot
 * reach the wrong one. A launch that has ended is left alone until the others have, too: reading
 * its last words would disturb them.
 */
#include "sys/spawn_parts.h"

#include "base/alloc.h"
#include "sys/clock.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

enum {
    LAST_WORDS_MAX = 1 << 20, /* read at most after the end, should a writer have survived */
    PIPES = 3,
};

static int64_t now_ns(void)
{
    const struct pfl_clock *clock = pfl_clock_system();

    return clock->monotonic_ns(clock->context);
}

static int child_pid(const struct pfl_spawn_launch *launch)
{
    return atomic_load(&launch->launcher->line.shared->child);
}

/* One read from one of the three pipes; what it gave, or -1 and the pipe is closed. */
static long serve_pipe(struct pfl_spawn_launch *launch, struct pfl_pipe *ends)
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

static void look_for_interrupt(struct pfl_spawn_launch *launch)
{
    const struct pfl_launch_request *request = launch->request;

    if (!request->interrupted || launch->result.interrupted ||
        !request->interrupted(request->context))
        return;
    launch->result.interrupted = true;
    atomic_store(&launch->launcher->line.shared->stop, launch->launcher->number);
    kill(launch->launcher->line.pid, PFL_LAUNCHER_STOP);
}

static void pipes_of(struct pfl_spawn_launch *launch, struct pfl_pipe *pipes[PIPES])
{
    pipes[0] = &launch->ends.wire;
    pipes[1] = &launch->ends.errors;
    pipes[2] = &launch->ends.output;
}

/* Time until the next poll that the caller wants, which is held when it is due; -1: for ever. */
static int64_t until_poll(struct pfl_spawn_launch *launch)
{
    const struct pfl_launch_request *request = launch->request;
    int64_t now;
    int pid;

    if (launch->answered || !request->on_poll || request->poll_ns <= 0)
        return -1;
    now = now_ns();
    if (now >= launch->next_poll_ns) {
        pid = child_pid(launch);
        if (launch->next_poll_ns != 0 && pid > 0)
            request->on_poll(request->context, pid);
        now = now_ns();
        launch->next_poll_ns = now + request->poll_ns;
    }
    return launch->next_poll_ns - now;
}

/* Sleeps until a descriptor has something, a poll is due (left_ns; -1: none is) or a signal came:
 * ppoll's result, with errno. Signals are blocked between the look at `interrupted` and the sleep,
 * so that none is lost there; callbacks run with signals as usual. */
static int sleep_until_news(struct pfl_spawn_launch *launches, size_t count, struct pollfd *polled,
                            int64_t left_ns)
{
    struct timespec rest = {(time_t)(left_ns / 1000000000), (long)(left_ns % 1000000000)};
    sigset_t stoppers, usual;
    int ready, kept_errno;
    size_t i;

    sigemptyset(&stoppers);
    sigaddset(&stoppers, SIGINT);
    sigaddset(&stoppers, SIGTERM);
    sigaddset(&stoppers, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &stoppers, &usual);
    for (i = 0; i < count; i++)
        look_for_interrupt(&launches[i]);
    ready = ppoll(polled, count * (1 + PIPES), left_ns < 0 ? NULL : &rest, &usual);
    kept_errno = errno;
    pthread_sigmask(SIG_SETMASK, &usual, NULL);
    errno = kept_errno;
    return ready;
}

/* One that has answered is not looked at any more: what it left in its pipes can wait. */
static void list_descriptors(struct pfl_spawn_launch *launch, struct pollfd *polled)
{
    struct pfl_pipe *pipes[PIPES];
    size_t i;

    pipes_of(launch, pipes);
    polled[0] = (struct pollfd){launch->answered ? -1 : launch->launcher->line.socket, POLLIN, 0};
    for (i = 0; i < PIPES; i++)
        polled[i + 1] = (struct pollfd){launch->answered ? -1 : pipes[i]->read_fd, POLLIN, 0};
}

static void serve_descriptors(struct pfl_spawn_launch *launch, const struct pollfd *polled)
{
    struct pfl_pipe *pipes[PIPES];
    size_t i;

    pipes_of(launch, pipes);
    for (i = 0; i < PIPES; i++)
        if (polled[i + 1].revents)
            serve_pipe(launch, pipes[i]);
    if (polled[0].revents) {
        launch->answered = true;
        if (launch->request->control && launch->request->on_ended)
            launch->request->on_ended(launch->request->context);
    }
}

int pfl_spawn_attend(struct pfl_spawn_launch *launches, size_t count, struct pfl_err *err)
{
    struct pollfd polled[PFL_TOGETHER_MAX * (1 + PIPES)];
    int64_t left_ns, until_ns;
    size_t i, answered;

    for (;;) {
        left_ns = -1;
        for (i = answered = 0; i < count; i++) {
            answered += launches[i].answered;
            list_descriptors(&launches[i], polled + i * (1 + PIPES));
            until_ns = until_poll(&launches[i]);
            if (until_ns >= 0 && (left_ns < 0 || until_ns < left_ns))
                left_ns = until_ns;
        }
        if (answered == count)
            return PFL_OK;
        if (pfl_fault_io())
            return pfl_err_set_os(err, PFL_ESYSTEM, EIO, "waiting for a measured command");
        if (sleep_until_news(launches, count, polled, left_ns) >= 0)
            for (i = 0; i < count; i++)
                serve_descriptors(&launches[i], polled + i * (1 + PIPES));
        else if (errno != EINTR)
            return pfl_err_set_os(err, PFL_ESYSTEM, errno, "waiting for a measured command");
    }
}

void pfl_spawn_drain(struct pfl_spawn_launch *launch)
{
    struct pfl_pipe *pipes[PIPES];
    long n, total;
    size_t i;

    pipes_of(launch, pipes);
    for (i = 0; i < PIPES; i++) {
        total = 0;
        while (pipes[i]->read_fd >= 0 && total < LAST_WORDS_MAX &&
               (n = serve_pipe(launch, pipes[i])) > 0)
            total += n;
    }
}
