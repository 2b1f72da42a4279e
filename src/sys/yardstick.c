/*
 * The kernels, each the least that depends on one thing of the machine.
 *
 *   core      dependent xor-shift-multiply steps: nothing but the clock
 *   chase     loads whose addresses come from the load before, one per cache line, along one random
 *             cycle through 32 MiB (Sattolo 1986), which no prefetcher can guess
 *   stream    one pass over a quarter of that memory, one word of each line, which prefetchers can
 *   syscall   getppid, by number: the C library must not answer it
 *   spawn     vfork, _exit, wait: process creation without execve, so no file system
 *
 * Each batch walks on from where the last one stopped: chasing the same lines again would find them
 * in a cache. Results leave through a volatile, so that nothing is optimised away. Counts are
 * fixed, never adapted: a value compares with every other of the same machine.
 */
#include "sys/yardstick.h"

#include "base/alloc.h"

#include <errno.h>
#include <math.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MULTIPLIER UINT64_C(6364136223846793005)

enum {
    LINE_WORDS = 8, /* 64 bytes */
    LINES = 32 * 1024 * 1024 / 64,
    CORE_STEPS = 500000,
    CHASE_STEPS = 15000,
    STREAM_LINES = LINES / 4,
    SYSCALLS = 3000,
    SPAWNS = 8,
};

struct pfl_yardsticks {
    const struct pfl_clock *clock;
    uint64_t *lines; /* the first word of each line: the line that comes next */
    uint64_t at;     /* of the chase */
    size_t block;    /* of the stream */
};

static volatile uint64_t sink;

static uint64_t step(uint64_t x)
{
    return (x ^ (x >> 29)) * MULTIPLIER;
}

/* Any fixed sequence will do: what matters is one cycle through all lines. */
static uint64_t below(uint64_t *state, uint64_t bound)
{
    *state = *state * MULTIPLIER + UINT64_C(1442695040888963407);
    return (*state >> 33) % bound;
}

static void link_lines(uint64_t *lines)
{
    uint64_t state = 1, i, other, kept;

    for (i = 0; i < LINES; i++)
        lines[i * LINE_WORDS] = i;
    for (i = LINES - 1; i > 0; i--) {
        other = below(&state, i);
        kept = lines[i * LINE_WORDS];
        lines[i * LINE_WORDS] = lines[other * LINE_WORDS];
        lines[other * LINE_WORDS] = kept;
    }
}

int pfl_yardsticks_open(const struct pfl_clock *clock, struct pfl_yardsticks **yardsticks,
                        struct pfl_err *err)
{
    struct pfl_yardsticks *made = pfl_alloc_zeroed(1, sizeof *made);

    if (made) {
        made->clock = clock;
        made->lines = pfl_alloc((size_t)LINES * LINE_WORDS * sizeof *made->lines);
    }
    if (!made || !made->lines) {
        pfl_yardsticks_close(made);
        return pfl_err_no_memory(err);
    }
    link_lines(made->lines);
    *yardsticks = made;
    return PFL_OK;
}

void pfl_yardsticks_close(struct pfl_yardsticks *yardsticks)
{
    if (!yardsticks)
        return;
    pfl_free(yardsticks->lines);
    pfl_free(yardsticks);
}

/* Each runs one batch and answers how many operations it was; 0: it could not be run. */

static int run_core(struct pfl_yardsticks *y)
{
    uint64_t x = 1;
    int i;

    (void)y;
    for (i = 0; i < CORE_STEPS; i++)
        x = step(x);
    sink = x;
    return CORE_STEPS;
}

static int run_chase(struct pfl_yardsticks *y)
{
    uint64_t at = y->at;
    int i;

    for (i = 0; i < CHASE_STEPS; i++)
        at = y->lines[at * LINE_WORDS];
    y->at = at;
    return CHASE_STEPS;
}

static int run_stream(struct pfl_yardsticks *y)
{
    const uint64_t *from = y->lines + y->block * STREAM_LINES * LINE_WORDS;
    uint64_t sum = 0;
    int i;

    for (i = 0; i < STREAM_LINES; i++)
        sum += from[i * LINE_WORDS];
    sink = sum;
    y->block = (y->block + 1) % (LINES / STREAM_LINES);
    return STREAM_LINES;
}

static int run_syscall(struct pfl_yardsticks *y)
{
    int i;

    (void)y;
    for (i = 0; i < SYSCALLS; i++)
        sink = (uint64_t)syscall(SYS_getppid);
    return SYSCALLS;
}

static int run_spawn(struct pfl_yardsticks *y)
{
    volatile int i; /* vfork returns twice */
    pid_t child;

    (void)y;
    for (i = 0; i < SPAWNS; i++) {
        if (pfl_fault_io())
            return 0;
        child = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): only _exit follows */
        if (child == 0)
            _exit(0);
        if (child < 0)
            return 0;
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    return SPAWNS;
}

double pfl_yardsticks_run(struct pfl_yardsticks *y, enum pfl_yardstick which)
{
    static int (*const kernels[PFL_YARDSTICK_COUNT])(struct pfl_yardsticks * y) = {
        [PFL_YARDSTICK_CORE] = run_core,     [PFL_YARDSTICK_CHASE] = run_chase,
        [PFL_YARDSTICK_STREAM] = run_stream, [PFL_YARDSTICK_SYSCALL] = run_syscall,
        [PFL_YARDSTICK_SPAWN] = run_spawn,
    };
    int64_t begin_ns = y->clock->monotonic_ns(y->clock->context);
    int operations = kernels[which](y);
    int64_t end_ns = y->clock->monotonic_ns(y->clock->context);

    return operations > 0 ? (double)(end_ns - begin_ns) / 1e9 / operations : NAN;
}
