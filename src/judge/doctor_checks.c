/*
 * The conditions, judged one by one: what state, how good, what it costs, what to do.
 *
 * One function per condition, in the order of one table: first what was measured, then what takes
 * CPU time away, then the CPU's settings, then what measuring has to work with. Costs are those of
 * the literature and of docs/doctor.md, said as ranges: the floor above them is what was measured
 * here. What cannot be seen is "fair": not known to be good. A setting is only "poor" where it is
 * known to spoil results, for a list that always complains is not read.
 */
#include "judge/doctor.h"

#include "base/units.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

struct examination {
    const struct pfl_evidence *evidence;
    const struct pfl_conditions *conditions;
    const struct pfl_machine *machine;
    struct pfl_diagnosis *diagnosis;
    struct pfl_arena *arena;
    struct pfl_check *check; /* the one being filled: name is set, verdict good, texts "" */
    bool failed;             /* no memory */
};

static void state(struct examination *x, const char *format, ...) PFL_PRINTF(2, 3);
static void state(struct examination *x, const char *format, ...)
{
    struct pfl_buf buf;
    va_list args;

    pfl_buf_init(&buf, 1 << 16);
    va_start(args, format);
    pfl_buf_vformat(&buf, format, args);
    va_end(args);
    x->check->state = buf.error ? NULL : pfl_arena_text_n(x->arena, pfl_buf_cstr(&buf), buf.len);
    pfl_buf_release(&buf);
    if (!x->check->state)
        x->failed = true;
}

/* A quantity as people write it; kept in the arena. */
static const char *shown(struct examination *x, double value, const char *unit)
{
    const char *text = NULL;
    struct pfl_buf buf;

    pfl_buf_init(&buf, 256);
    pfl_units_write(&buf, value, unit, 2);
    if (!buf.error)
        text = pfl_arena_text_n(x->arena, pfl_buf_cstr(&buf), buf.len);
    pfl_buf_release(&buf);
    if (!text)
        x->failed = true;
    return text ? text : "";
}

static void judge(struct examination *x, enum pfl_fitness verdict, const char *cost,
                  const char *advice)
{
    x->check->verdict = verdict;
    x->check->cost = cost;
    x->check->advice = advice;
}

static enum pfl_fitness grade(double value, double good, double fair)
{
    return value < good ? PFL_FITNESS_GOOD : value < fair ? PFL_FITNESS_FAIR : PFL_FITNESS_POOR;
}

/* ---- measured ---- */

static void noise_floor(struct examination *x, const struct pfl_floor *floor, const char *advice)
{
    bool biased = floor->ratio_low > 1 || floor->ratio_high < 1;

    if (isnan(floor->scatter)) {
        state(x, "not measured");
        judge(x, PFL_FITNESS_POOR, "nothing is known of this machine's noise",
              "give the trial more time: --max-time 10s");
        return;
    }
    state(x, "a pair of identical commands scatters by %s", shown(x, floor->scatter, "%"));
    if (biased && floor->verdict == PFL_FITNESS_POOR && floor->scatter < 0.05)
        judge(x, PFL_FITNESS_POOR, "identical commands came out different",
              "something changes with the order of launches: run doctor again on a quiet machine");
    else
        judge(x, floor->verdict,
              floor->verdict == PFL_FITNESS_GOOD
                  ? "small differences show after a few launches"
                  : "small differences need many launches; see the gates",
              floor->verdict == PFL_FITNESS_GOOD ? "" : advice);
}

static void floor_time(struct examination *x)
{
    noise_floor(
        x, &x->diagnosis->floors[PFL_FLOOR_TIME],
        "race instead of measuring one after the other, and gate CPU-bound commands on cpu");
}

static void floor_cpu(struct examination *x)
{
    noise_floor(x, &x->diagnosis->floors[PFL_FLOOR_CPU],
                "even CPU time wanders: caches, memory or the core's clock are shared with others; "
                "race, or measure on another machine");
}

static void yardstick(struct examination *x, enum pfl_yardstick which, const char *cost,
                      const char *advice)
{
    const struct pfl_yardstick_summary *summary = &x->diagnosis->yardsticks[which];

    if (isnan(summary->median_s)) {
        state(x, "not measured");
        judge(x, PFL_FITNESS_FAIR, "its drift is not known", "");
        return;
    }
    state(x, "%s, spread %s, drift %s%s", shown(x, summary->median_s, "s"),
          shown(x, summary->spread, "%"), summary->drift > 0 ? "+" : "",
          shown(x, summary->drift, "%"));
    judge(x, summary->verdict, summary->verdict == PFL_FITNESS_GOOD ? "steady" : cost,
          summary->verdict == PFL_FITNESS_GOOD ? "" : advice);
}

static void core(struct examination *x)
{
    yardstick(x, PFL_YARDSTICK_CORE,
              "the core's clock moves: runs of different minutes differ by that",
              "fix the clock (governor performance, turbo off); where the host decides, race");
}

static void chase(struct examination *x)
{
    yardstick(x, PFL_YARDSTICK_CHASE, "memory-bound programs vary by that between launches",
              "others use the shared cache or memory; measure memory-bound programs by a race");
}

static void stream(struct examination *x)
{
    yardstick(x, PFL_YARDSTICK_STREAM, "programs that stream through memory vary by that",
              "others use the memory's bandwidth; measure such programs by a race");
}

static void system_calls(struct examination *x)
{
    yardstick(x, PFL_YARDSTICK_SYSCALL, "programs that mostly call the kernel vary by that",
              "interrupts, tracing or the hypervisor intervene; stop tracing tools");
}

static void process_start(struct examination *x)
{
    yardstick(x, PFL_YARDSTICK_SPAWN, "commands of a few milliseconds vary by that",
              "let the measured command do more work per launch (20 ms and up)");
}

/* ---- who else wants the CPU ---- */

static void load(struct examination *x)
{
    double load1 = x->conditions->load1;
    int cpus = x->machine->cpus > 0 ? x->machine->cpus : 1;

    if (isnan(load1)) {
        state(x, "not visible");
        judge(x, PFL_FITNESS_FAIR, "other work would not be noticed", "");
        return;
    }
    state(x, "%.2f on %d CPU%s before the trial", load1, cpus, cpus == 1 ? "" : "s");
    x->check->verdict = grade(load1 / cpus, 0.25, 0.5);
    if (x->check->verdict != PFL_FITNESS_GOOD)
        judge(x, x->check->verdict,
              "other work takes the CPU, its caches and its clock: wall-clock time grows by tens "
              "of per cent at times",
              "stop other work, or wait for it; else gate on cpu");
    else
        judge(x, PFL_FITNESS_GOOD, "nothing to speak of", "");
}

static void cpu_pressure(struct examination *x)
{
    bool in_trial = !isnan(x->evidence->stalled);
    double share = in_trial ? x->evidence->stalled : x->conditions->cpu_pressure;

    if (isnan(share)) {
        state(x, "not visible");
        judge(x, PFL_FITNESS_FAIR, "waiting for a CPU would not be noticed",
              "boot with psi=1 to have /proc/pressure");
        return;
    }
    state(x, "somebody waited for a CPU %s of the %s", shown(x, share, "%"),
          in_trial ? "trial" : "last 10 s");
    x->check->verdict = grade(share, 0.02, 0.10);
    if (x->check->verdict != PFL_FITNESS_GOOD)
        judge(x, x->check->verdict, "waiting counts as wall-clock time",
              "stop other work, or gate on cpu: that is what `check` does from 10 % up");
    else
        judge(x, PFL_FITNESS_GOOD, "launches had their CPU", "");
}

static void other_pressure(struct examination *x)
{
    double memory = x->conditions->memory_pressure, io = x->conditions->io_pressure;

    if (isnan(memory) && isnan(io)) {
        state(x, "not visible");
        judge(x, PFL_FITNESS_FAIR, "a lack of memory or a busy disk would not be noticed", "");
        return;
    }
    state(x, "memory %s, I/O %s of the last 10 s", shown(x, memory, "%"), shown(x, io, "%"));
    x->check->verdict = grade(fmax(memory, io / 2), 0.02, 0.10); /* disks disturb less */
    if (x->check->verdict != PFL_FITNESS_GOOD)
        judge(x, x->check->verdict, "page faults and files wait for others: outliers",
              "free memory, stop disk jobs; keep inputs in memory (tmpfs)");
    else
        judge(x, PFL_FITNESS_GOOD, "nothing to speak of", "");
}

static void stolen(struct examination *x)
{
    double share = x->evidence->stolen;

    if (isnan(share)) {
        state(x, "not visible");
        judge(x, PFL_FITNESS_FAIR, "time taken by the hypervisor would not be noticed", "");
        return;
    }
    state(x, "%s of the CPU time wanted in the trial", shown(x, share, "%"));
    x->check->verdict = grade(share, 0.005, 0.03);
    if (x->check->verdict != PFL_FITNESS_GOOD)
        judge(x, x->check->verdict,
              "the hypervisor runs others meanwhile: it counts as wall-clock and often as CPU time",
              "another instance type (dedicated cores), another hour, or race with more time");
    else
        judge(x, PFL_FITNESS_GOOD, "the hypervisor takes nothing", "");
}

static void others(struct examination *x)
{
    int n = x->conditions->others;

    if (n == PFL_UNKNOWN) {
        state(x, "not visible");
        judge(x, PFL_FITNESS_FAIR, "two that measure at once would not notice each other",
              "make /tmp/perfledger-measuring (or PERFLEDGER_PRESENCE_DIR) writable");
    } else if (n > 0) {
        state(x, "%d measuring now", n);
        judge(x, PFL_FITNESS_POOR, "both disturb each other", "wait until they are done");
    } else {
        state(x, "none");
        judge(x, PFL_FITNESS_GOOD, "nobody else is measuring", "");
    }
}

static void quota(struct examination *x)
{
    double grant = x->conditions->cpu_quota;
    int cpus = x->machine->cpus;

    if (!(grant > 0)) {
        state(x, "none");
        judge(x, PFL_FITNESS_GOOD, "no throttling", "");
        return;
    }
    state(x, "%.3g CPUs' worth of time on %d", grant, cpus);
    if (cpus > 0 && grant < cpus)
        judge(x, PFL_FITNESS_POOR,
              "who uses it up is stopped for the rest of a 100 ms period: times show the throttle",
              "give the container whole CPUs (cpuset) instead of a quota, or a larger quota");
    else
        judge(x, PFL_FITNESS_FAIR, "throttled only if more threads run than CPUs are granted", "");
}

/* ---- the CPU ---- */

static bool is_virtual(const struct examination *x)
{
    const char *what = x->machine->virtualisation;

    return *what && strcmp(what, "none") != 0;
}

static void governor(struct examination *x)
{
    const char *what = x->machine->governor;

    state(x, "%s", *what ? what : "not visible");
    if (!*what)
        judge(x, PFL_FITNESS_FAIR,
              is_virtual(x) ? "the host decides the clock; it may step by 4-8 % for minutes unseen"
                            : "the clock may follow the load",
              is_virtual(x) ? "race: both sides see the same clock" : "");
    else if (strcmp(what, "performance") == 0 || strcmp(what, "userspace") == 0)
        judge(x, PFL_FITNESS_GOOD, "the clock does not wait for load", "");
    else
        judge(x, PFL_FITNESS_POOR,
              "the clock follows the load: short commands run slow until it has risen, by 10-50 %",
              "cpupower frequency-set -g performance");
}

static void turbo(struct examination *x)
{
    const char *what = x->machine->turbo;

    state(x, "%s", *what ? what : "not visible");
    if (strcmp(what, "off") == 0)
        judge(x, PFL_FITNESS_GOOD, "the clock does not depend on temperature or neighbours", "");
    else if (*what)
        judge(x, PFL_FITNESS_FAIR,
              "the clock depends on temperature and on how many cores are busy: a few per cent "
              "between sessions",
              "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo, or echo 0 > "
              "/sys/devices/system/cpu/cpufreq/boost");
    else
        judge(x, PFL_FITNESS_FAIR, "the clock may depend on temperature and neighbours",
              is_virtual(x) ? "race: both sides see the same clock" : "");
}

static void smt(struct examination *x)
{
    int on = x->conditions->smt;

    state(x, "%s", on == PFL_UNKNOWN ? "not visible" : on ? "on" : "off");
    if (on == 0)
        judge(x, PFL_FITNESS_GOOD, "a core runs one thread", "");
    else
        judge(x, PFL_FITNESS_FAIR,
              "a busy sibling thread slows its core's other one by 20-50 %, in CPU time too",
              on == PFL_UNKNOWN ? ""
                                : "keep the siblings idle, or echo off > "
                                  "/sys/devices/system/cpu/smt/control");
}

static void cpus(struct examination *x)
{
    int n = x->machine->cpus;

    state(x, "%d usable, %d core%s", n, x->machine->cores, x->machine->cores == 1 ? "" : "s");
    if (n == 1)
        judge(x, PFL_FITNESS_FAIR,
              "the measured command shares its CPU with all that goes on besides it",
              "a machine with two CPUs or more; duets need two");
    else
        judge(x, PFL_FITNESS_GOOD, "the command and the rest of the system have a CPU each", "");
}

static void pinning(struct examination *x)
{
    int can = x->conditions->pinning;

    state(x, "%s", can == PFL_UNKNOWN ? "not tried" : can ? "possible" : "refused");
    if (can == 1)
        judge(x, PFL_FITNESS_GOOD, "launches can be kept on a CPU (--pin)", "");
    else
        judge(x, PFL_FITNESS_FAIR, "commands wander between CPUs and lose their caches: 1-3 %",
              "allow sched_setaffinity (container profiles, seccomp)");
}

/* ---- memory ---- */

static void aslr(struct examination *x)
{
    int level = x->conditions->aslr;

    state(x, "%s",
          level == PFL_UNKNOWN ? "not visible"
          : level == 0         ? "off"
          : level == 1         ? "partly on"
                               : "on");
    if (level == 0)
        judge(x, PFL_FITNESS_FAIR,
              "every launch has the same memory layout: its luck, up to several per cent, looks "
              "like a property of the program",
              "sysctl kernel.randomize_va_space=2");
    else if (level == PFL_UNKNOWN)
        judge(x, PFL_FITNESS_FAIR, "memory layouts may be all alike", "");
    else
        judge(x, PFL_FITNESS_GOOD,
              "each launch has another memory layout: up to 1 % of scatter, but no layout's luck "
              "in the median",
              "");
}

static void huge_pages(struct examination *x)
{
    const char *what = x->conditions->huge_pages;

    state(x, "%s", *what ? what : "not visible");
    if (strcmp(what, "always") == 0)
        judge(x, PFL_FITNESS_FAIR,
              "whether a launch gets huge pages depends on how fragmented memory is: large "
              "programs jump by 5-20 %",
              "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
    else if (!*what)
        judge(x, PFL_FITNESS_FAIR, "programs with much memory may vary", "");
    else
        judge(x, PFL_FITNESS_GOOD, "only who asks gets huge pages", "");
}

/* ---- what measuring has to work with ---- */

static void timer(struct examination *x)
{
    const struct pfl_timer *monotonic = x->evidence->timer_count ? &x->evidence->timers[0] : NULL;
    const char *source = x->conditions->clocksource;

    if (!monotonic || isnan(monotonic->cost_s)) {
        state(x, "not measured");
        judge(x, PFL_FITNESS_FAIR, "a reading's cost is not known", "");
        return;
    }
    state(x, "%s a reading%s%s", shown(x, monotonic->cost_s, "s"), *source ? ", from " : "",
          source);
    x->check->verdict = grade(monotonic->cost_s, 100e-9, 400e-9);
    if (x->check->verdict == PFL_FITNESS_GOOD)
        judge(x, PFL_FITNESS_GOOD, "costs below 0.1 % of batches of 100 µs and more", "");
    else
        judge(x, x->check->verdict, "readings go through the kernel: short batches show the clock",
              "clocksource=tsc on the kernel's command line, where the TSC is stable");
}

static void counters(struct examination *x)
{
    int can = x->conditions->counters, paranoid = x->conditions->perf_paranoid;

    state(x, "%s", can == PFL_UNKNOWN ? "not tried" : can ? "instructions can be counted" : "none");
    if (can == 1)
        judge(x, PFL_FITNESS_GOOD, "instruction counts repeat to 0.1 % whatever the noise", "");
    else if (can == 0 && paranoid > 2)
        judge(x, PFL_FITNESS_FAIR, "no instruction counts, so no figure that noise does not touch",
              "sysctl kernel.perf_event_paranoid=2; then see whether the machine has counters");
    else
        judge(x, PFL_FITNESS_FAIR, "no instruction counts, so no figure that noise does not touch",
              is_virtual(x)
                  ? "a machine whose hypervisor passes counters on (vPMU), or bare metal; "
                    "else callgrind counts, 50 times slower"
                  : "allow perf_event_open (container profiles, seccomp)");
}

static void perf_permission(struct examination *x)
{
    int level = x->conditions->perf_paranoid;

    if (level == PFL_UNKNOWN) {
        state(x, "not visible");
        judge(x, PFL_FITNESS_FAIR, "profiles may be refused", "");
        return;
    }
    state(x, "kernel.perf_event_paranoid = %d", level);
    if (level > 2)
        judge(x, PFL_FITNESS_FAIR, "counting and profiling are for root only",
              "sysctl kernel.perf_event_paranoid=2");
    else
        judge(x, PFL_FITNESS_GOOD, "own programs may be counted and profiled", "");
}

static void virtualisation(struct examination *x)
{
    const char *what = x->machine->virtualisation;

    state(x, "%s", *what ? what : "not visible");
    if (strcmp(what, "none") == 0)
        judge(x, PFL_FITNESS_GOOD, "the machine is ours", "");
    else
        judge(x, PFL_FITNESS_FAIR,
              "neighbours share caches, memory and clock: CPU time wanders by 3-4 % from launch to "
              "launch, unseen from inside",
              "race; compare with a stored baseline only where the history shows small steps");
}

static void container(struct examination *x)
{
    const char *what = x->machine->container;

    state(x, "%s", *what ? what : "not visible");
    judge(x, PFL_FITNESS_GOOD,
          strcmp(what, "none") == 0 ? "no container" : "costs nothing by itself; see the CPU quota",
          "");
}

static const struct {
    const char *name;
    void (*examine)(struct examination *x);
} table[] = {
    {"noise floor, time", floor_time},
    {"noise floor, cpu", floor_cpu},
    {"core clock", core},
    {"memory latency", chase},
    {"memory bandwidth", stream},
    {"system calls", system_calls},
    {"process start", process_start},
    {"load", load},
    {"CPU pressure", cpu_pressure},
    {"memory and I/O pressure", other_pressure},
    {"stolen time", stolen},
    {"other perfledgers", others},
    {"CPU quota", quota},
    {"governor", governor},
    {"turbo", turbo},
    {"SMT", smt},
    {"CPUs", cpus},
    {"pinning", pinning},
    {"ASLR", aslr},
    {"huge pages", huge_pages},
    {"timer", timer},
    {"hardware counters", counters},
    {"perf permission", perf_permission},
    {"virtualisation", virtualisation},
    {"container", container},
};

int pfl_judge_doctor_checks(const struct pfl_evidence *evidence, struct pfl_arena *arena,
                            struct pfl_diagnosis *diagnosis, struct pfl_err *err)
{
    struct examination x = {.evidence = evidence,
                            .conditions = &evidence->conditions,
                            .machine = &evidence->conditions.machine,
                            .diagnosis = diagnosis,
                            .arena = arena};
    struct pfl_check *checks = pfl_arena_array(arena, PFL_COUNT(table), sizeof *checks);
    size_t i;

    if (!checks)
        return pfl_err_no_memory(err);
    for (i = 0; i < PFL_COUNT(table); i++) {
        checks[i] =
            (struct pfl_check){.name = table[i].name, .state = "", .cost = "", .advice = ""};
        x.check = &checks[i];
        table[i].examine(&x);
    }
    if (x.failed)
        return pfl_err_no_memory(err);
    diagnosis->checks = checks;
    diagnosis->check_count = PFL_COUNT(table);
    return PFL_OK;
}
