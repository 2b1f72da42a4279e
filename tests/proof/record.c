/*
 * Records how a machine disturbs measuring: one command raced against itself, as `race` does it,
 * for replay.c to play again. The format is described in noise/README.md.
 *
 *     proof_record SECONDS WHAT COMMAND [WORD…] > noise.txt     then: zstd -19 noise.txt
 *
 * WHAT goes into the file's head (the load, the machine). Blocks alternate between solo (base head
 * head base, or turned) and duet (both at once on two CPUs, then with CPUs and start order
 * exchanged); after every other pair of blocks the yardsticks run. Which turn a block takes is
 * drawn, as in a race. A late start is 30 µs late, as in a race.
 */
#include "stats/stats.h"
#include "sys/clock.h"
#include "sys/machine.h"
#include "sys/spawn.h"
#include "sys/yardstick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE_NS INT64_C(30000)

struct recorder {
    const struct pfl_clock *clock;
    struct pfl_launcher *launchers[2];
    char cpus[2][16];
    char **argv;
    struct pfl_random random;
};

struct launch {
    long wall_us, cpu_us, waits, preemptions;
};

static void fail(const struct pfl_err *err)
{
    fprintf(stderr, "proof_record: %s\n", err->message);
    exit(3);
}

static int64_t now_ns(const struct recorder *r)
{
    return r->clock->monotonic_ns(r->clock->context);
}

static struct pfl_launch_request request_of(const struct recorder *r, const char *cpus)
{
    return (struct pfl_launch_request){.argv = r->argv,
                                       .program = r->argv[0],
                                       .cpus = cpus,
                                       .timeout_ns = 60 * INT64_C(1000000000)};
}

static struct launch take(struct pfl_launch_result *result)
{
    struct launch launch = {(long)(result->wall_ns / 1000),
                            (long)((result->user_ns + result->sys_ns) / 1000),
                            (long)result->voluntary_switches, (long)result->involuntary_switches};

    if (result->exit_code != 0) {
        fprintf(stderr, "proof_record: the command failed\n");
        exit(4);
    }
    pfl_launch_result_release(result);
    return launch;
}

static void solo(struct recorder *r, bool turned, struct launch launches[4])
{
    static const int order[4] = {0, 1, 3, 2}; /* base head, head base */
    struct pfl_launch_request request = request_of(r, NULL);
    struct pfl_launch_result result;
    struct pfl_err err = {0};
    int i;

    for (i = 0; i < 4; i++) {
        if (pfl_launcher_run(r->launchers[0], &request, &result, &err) != PFL_OK)
            fail(&err);
        launches[turned ? order[i] ^ 1 : order[i]] = take(&result);
    }
}

/* base on the second CPU when turned; base starts second when late. */
static void duet(struct recorder *r, bool turned, bool late, struct launch launches[2])
{
    struct pfl_launch_request requests[2] = {request_of(r, r->cpus[turned]),
                                             request_of(r, r->cpus[!turned])};
    struct pfl_launch_together parts[2] = {
        {.launcher = r->launchers[turned], .request = &requests[0], .delay_ns = late ? LATE_NS : 0},
        {.launcher = r->launchers[!turned],
         .request = &requests[1],
         .delay_ns = late ? 0 : LATE_NS}};
    struct pfl_err err = {0};
    size_t failed;
    int i;

    if (pfl_launcher_run_together(parts, 2, &failed, &err) != PFL_OK)
        fail(&err);
    for (i = 0; i < 2; i++)
        launches[i] = take(&parts[i].result);
}

static bool coin(struct recorder *r)
{
    return pfl_random_next(&r->random) >> 63;
}

static void block(struct recorder *r, bool duets)
{
    bool turned = coin(r), late = duets && coin(r);
    struct launch launches[4];
    int64_t begin = now_ns(r);
    int i;

    if (duets) {
        duet(r, turned, late, launches);
        duet(r, !turned, !late, launches + 2);
    } else
        solo(r, turned, launches);
    printf("%c %d %d %ld", duets ? 'd' : 's', turned, late, (long)((now_ns(r) - begin) / 1000));
    for (i = 0; i < 4; i++)
        printf(" %ld %ld %ld %ld", launches[i].wall_us, launches[i].cpu_us, launches[i].waits,
               launches[i].preemptions);
    printf("\n");
}

static void read_yardsticks(struct pfl_yardsticks *yardsticks)
{
    int i;

    printf("y");
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
        printf(" %.4g", pfl_yardsticks_run(yardsticks, (enum pfl_yardstick)i) * 1e9);
    printf("\n");
}

int main(int count, char **words)
{
    struct recorder r = {.clock = pfl_clock_system()};
    struct pfl_yardsticks *yardsticks;
    struct pfl_err err = {0};
    int cpus[2], i;
    bool duets;
    int64_t end;

    if (count < 4) {
        fprintf(stderr, "usage: proof_record SECONDS WHAT COMMAND [WORD…]\n");
        return 2;
    }
    duets = pfl_machine_two_cpus("", cpus);
    r.argv = words + 3;
    pfl_random_seed(&r.random, 1);
    for (i = 0; i < 2; i++) {
        if (duets)
            snprintf(r.cpus[i], sizeof r.cpus[i], "%d", cpus[i]);
        if (pfl_launcher_open(&r.launchers[i], &err) != PFL_OK)
            fail(&err);
    }
    if (pfl_yardsticks_open(r.clock, &yardsticks, &err) != PFL_OK)
        fail(&err);
    printf("# perfledger noise 1\n# %s\n", words[2]);
    end = now_ns(&r) + (int64_t)(strtod(words[1], NULL) * 1e9);
    for (i = 0; now_ns(&r) < end; i++) {
        block(&r, false);
        if (duets)
            block(&r, true);
        if (i % 2)
            read_yardsticks(yardsticks);
    }
    pfl_yardsticks_close(yardsticks);
    pfl_launcher_close(r.launchers[0]);
    pfl_launcher_close(r.launchers[1]);
    return 0;
}
