/*
 * The conditions, as far as files and harmless system calls tell them. Nothing is changed but this
 * process's own CPU set, for a moment, to see whether that is allowed.
 *
 * A permission is found out by trying: perf_event_paranoid alone does not say whether a counter can
 * be had (containers filter the call, virtual machines have no counters), so one is opened.
 *
 * Clocks: the least of several batches is what a reading costs when nobody disturbs; the step is
 * the smallest difference of successive readings that is not 0, which for a fine clock is just the
 * cost again.
 */
#include "sys/conditions.h"

#include "base/alloc.h"
#include "sys/counters.h"
#include "sys/machine.h"
#include "sys/machine_private.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COARSEST_NS INT64_C(12000000) /* a tick at 100 Hz, and a little */

enum { OTHERS_MAX = 64, TIMER_READS = 1000, TIMER_BATCHES = 5, CPU_SETS = 8192 / CPU_SETSIZE };

static int read_number(const char *root, const char *path)
{
    char text[64], *end;
    long value;

    if (!pfl_probe_read(root, path, text, sizeof text))
        return PFL_UNKNOWN;
    value = strtol(text, &end, 10);
    return end != text && value > PFL_UNKNOWN && value < 1000 ? (int)value : PFL_UNKNOWN;
}

/* "always [madvise] never": the word in brackets. */
static void read_chosen(const char *root, const char *path, char *word, size_t size)
{
    char text[PFL_PROBE_LINE], *begin, *end;

    word[0] = 0;
    if (!pfl_probe_read(root, path, text, sizeof text))
        return;
    begin = strchr(text, '[');
    end = begin ? strchr(begin, ']') : NULL;
    if (end)
        snprintf(word, size, "%.*s", (int)(end - begin - 1), begin + 1);
}

static int read_smt(const char *root, const struct pfl_machine *machine)
{
    int active = read_number(root, "sys/devices/system/cpu/smt/active");

    if (active == PFL_UNKNOWN && machine->cores > 0 && machine->cpus > machine->cores)
        active = 1;
    return active;
}

static int try_counters(void)
{
    struct pfl_counters counters = PFL_COUNTERS_NONE;
    int can;

    pfl_counters_open(&counters, (int)getpid());
    can = counters.instructions_fd >= 0;
    pfl_counters_close(&counters);
    return can;
}

static int try_pinning(void)
{
    cpu_set_t usual[CPU_SETS], one[CPU_SETS];
    size_t cpu;
    int can;

    if (pfl_fault_io() || sched_getaffinity(0, sizeof usual, usual) != 0)
        return PFL_UNKNOWN;
    memset(one, 0, sizeof one);
    for (cpu = 0; cpu < 8 * sizeof usual && !CPU_ISSET_S(cpu, sizeof usual, usual); cpu++)
        ;
    CPU_SET_S(cpu, sizeof one, one);
    can = sched_setaffinity(0, sizeof one, one) == 0;
    if (can)
        sched_setaffinity(0, sizeof usual, usual);
    return can;
}

static int count_others(void)
{
    struct pfl_machine_presence *presence = pfl_machine_enter();
    int pids[OTHERS_MAX], n = PFL_UNKNOWN;

    if (presence)
        n = (int)pfl_machine_others(presence, pids, OTHERS_MAX);
    pfl_machine_leave(presence);
    return n;
}

int pfl_conditions_probe(const char *root, const struct pfl_machine *machine,
                         struct pfl_arena *arena, struct pfl_conditions *conditions,
                         struct pfl_err *err)
{
    bool real = root[0] == 0;
    char huge_pages[32], clocksource[64];
    struct pfl_machine_load load;

    pfl_machine_load(root, &load);
    read_chosen(root, "sys/kernel/mm/transparent_hugepage/enabled", huge_pages, sizeof huge_pages);
    pfl_probe_read(root, "sys/devices/system/clocksource/clocksource0/current_clocksource",
                   clocksource, sizeof clocksource);
    struct pfl_conditions found = {
        .machine = *machine,
        .load1 = load.load1,
        .cpu_pressure = load.cpu_pressure / 100,
        .memory_pressure = load.memory_pressure / 100,
        .io_pressure = load.io_pressure / 100,
        .cpu_quota = pfl_machine_cpu_quota(root),
        .huge_pages = pfl_arena_text(arena, huge_pages),
        .clocksource = pfl_arena_text(arena, clocksource),
        .smt = read_smt(root, machine),
        .aslr = read_number(root, "proc/sys/kernel/randomize_va_space"),
        .perf_paranoid = read_number(root, "proc/sys/kernel/perf_event_paranoid"),
        .counters = real ? try_counters() : PFL_UNKNOWN,
        .pinning = real ? try_pinning() : PFL_UNKNOWN,
        .others = real ? count_others() : PFL_UNKNOWN,
    };
    if (!found.huge_pages || !found.clocksource)
        return pfl_err_no_memory(err);
    *conditions = found;
    return PFL_OK;
}

/* "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guests are in user
 * already. */
void pfl_conditions_ticks(const char *root, struct pfl_cpu_ticks *ticks)
{
    enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, FIELDS };
    char text[PFL_PROBE_LINE];
    char *at = text + strlen("cpu "), *end;
    int64_t fields[FIELDS];
    int i;

    *ticks = (struct pfl_cpu_ticks){-1, -1};
    if (!pfl_probe_read(root, "proc/stat", text, sizeof text) || strncmp(text, "cpu ", 4) != 0)
        return;
    for (i = 0; i < FIELDS; i++, at = end) {
        fields[i] = strtoll(at, &end, 10);
        if (end == at || fields[i] < 0)
            return;
    }
    ticks->stolen = fields[STEAL];
    ticks->wanted = fields[USER] + fields[NICE] + fields[SYSTEM] + fields[IRQ] + fields[SOFTIRQ] +
                    fields[STEAL];
}

static int64_t read_ns(clockid_t which)
{
    struct timespec now;

    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* A clock that stood still for thousands of readings: waits for its next tick, NaN when none comes.
 */
static double coarse_step(clockid_t which)
{
    int64_t begin = read_ns(CLOCK_MONOTONIC), before = read_ns(which), now, first = 0;

    do {
        now = read_ns(which);
        if (now > before && first)
            return (double)(now - before) / 1e9;
        if (now > before)
            first = before = now;
    } while (read_ns(CLOCK_MONOTONIC) - begin < 2 * COARSEST_NS);
    return NAN;
}

static void measure_timer(clockid_t which, struct pfl_timer *timer)
{
    int64_t begin, before, now, took, least = INT64_MAX, step = INT64_MAX;
    int batch, i;

    for (batch = 0; batch < TIMER_BATCHES; batch++) {
        begin = read_ns(CLOCK_MONOTONIC);
        before = read_ns(which);
        for (i = 0; i < TIMER_READS; i++, before = now) {
            now = read_ns(which);
            if (now > before && now - before < step)
                step = now - before;
        }
        took = read_ns(CLOCK_MONOTONIC) - begin;
        least = took < least ? took : least;
    }
    timer->cost_s = (double)least / 1e9 / TIMER_READS;
    timer->step_s = step < INT64_MAX ? (double)step / 1e9 : coarse_step(which);
}

void pfl_conditions_timers(struct pfl_timer timers[PFL_TIMER_COUNT])
{
    static const struct {
        clockid_t which;
        const char *name;
    } clocks[PFL_TIMER_COUNT] = {
        {CLOCK_MONOTONIC, "monotonic"},
        {CLOCK_MONOTONIC_RAW, "monotonic raw"},
        {CLOCK_BOOTTIME, "boot time"},
        {CLOCK_MONOTONIC_COARSE, "monotonic coarse"},
        {CLOCK_PROCESS_CPUTIME_ID, "process CPU"},
        {CLOCK_THREAD_CPUTIME_ID, "thread CPU"},
    };
    size_t i;

    for (i = 0; i < PFL_TIMER_COUNT; i++) {
        timers[i].name = clocks[i].name;
        measure_timer(clocks[i].which, &timers[i]);
    }
}
