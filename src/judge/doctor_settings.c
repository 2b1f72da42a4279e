/*
 * The checks of what the machine is and how it is set: CPU time granted, the CPU's settings,
 * memory, what measuring has to work with. Costs are those of the literature and of docs/doctor.md,
 * said as ranges: what they are here, the noise floor says. What cannot be seen is "fair": not
 * known to be good. A setting is only "poor" where it is known to spoil results, for a list that
 * always complains is not read.
 */
#include "judge/doctor_examination.h"

#include <math.h>
#include <string.h>

/* ---- what is granted ---- */

static void quota(struct pfl_examination *x)
{
    double grant = x->conditions->cpu_quota;
    int cpus = x->machine->cpus;

    if (!(grant > 0)) {
        pfl_examination_state(x, "none");
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "no throttling", "");
        return;
    }
    pfl_examination_state(x, "%.3g CPUs' worth of time on %d", grant, cpus);
    if (cpus > 0 && grant < cpus)
        pfl_examination_judge(
            x, PFL_FITNESS_POOR,
            "who uses it up is stopped for the rest of a 100 ms period: times show the throttle",
            "give the container whole CPUs (cpuset) instead of a quota, or a larger quota");
    else
        pfl_examination_judge(x, PFL_FITNESS_FAIR,
                              "throttled only if more threads run than CPUs are granted", "");
}

/* ---- the CPU ---- */

static bool is_virtual(const struct pfl_examination *x)
{
    const char *what = x->machine->virtualisation;

    return *what && strcmp(what, "none") != 0;
}

static void governor(struct pfl_examination *x)
{
    const char *what = x->machine->governor;

    pfl_examination_state(x, "%s", *what ? what : "not visible");
    if (!*what)
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR,
            is_virtual(x) ? "the host decides the clock; it may step by 4-8 % for minutes unseen"
                          : "the clock may follow the load",
            is_virtual(x) ? "race both sides (perfledger race): they see the same clock" : "");
    else if (strcmp(what, "performance") == 0 || strcmp(what, "userspace") == 0)
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "the clock does not wait for load", "");
    else
        pfl_examination_judge(
            x, PFL_FITNESS_POOR,
            "the clock follows the load: short commands run slow until it has risen, by 10-50 %",
            "cpupower frequency-set -g performance");
}

static void turbo(struct pfl_examination *x)
{
    const char *what = x->machine->turbo;

    pfl_examination_state(x, "%s", *what ? what : "not visible");
    if (strcmp(what, "off") == 0)
        pfl_examination_judge(x, PFL_FITNESS_GOOD,
                              "the clock does not depend on temperature or neighbours", "");
    else if (*what)
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR,
            "the clock depends on temperature and on how many cores are busy: a few per cent "
            "between sessions",
            "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo, or echo 0 > "
            "/sys/devices/system/cpu/cpufreq/boost");
    else
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR, "the clock may depend on temperature and neighbours",
            is_virtual(x) ? "race both sides (perfledger race): they see the same clock" : "");
}

static void smt(struct pfl_examination *x)
{
    int on = x->conditions->smt;

    pfl_examination_state(x, "%s", on == PFL_UNKNOWN ? "not visible" : on ? "on" : "off");
    if (on == 0)
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "a core runs one thread", "");
    else
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR,
            "a busy sibling thread slows its core's other one by 20-50 %, in CPU time too",
            on == PFL_UNKNOWN ? ""
                              : "keep the siblings idle, or echo off > "
                                "/sys/devices/system/cpu/smt/control");
}

static void cpus(struct pfl_examination *x)
{
    int n = x->machine->cpus;

    pfl_examination_state(x, "%d usable, %d core%s", n, x->machine->cores,
                          x->machine->cores == 1 ? "" : "s");
    if (n == 1)
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR,
            "the measured command shares its CPU with all that goes on besides it",
            "a machine with two CPUs or more; duets need two");
    else
        pfl_examination_judge(x, PFL_FITNESS_GOOD,
                              "the command and the rest of the system have a CPU each", "");
}

static void pinning(struct pfl_examination *x)
{
    int can = x->conditions->pinning;

    pfl_examination_state(x, "%s", can == PFL_UNKNOWN ? "not tried" : can ? "possible" : "refused");
    if (can == 1)
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "launches can be kept on a CPU (--pin)", "");
    else
        pfl_examination_judge(x, PFL_FITNESS_FAIR,
                              "commands wander between CPUs and lose their caches: 1-3 %",
                              "allow sched_setaffinity (container profiles, seccomp)");
}

/* ---- memory ---- */

static void aslr(struct pfl_examination *x)
{
    int level = x->conditions->aslr;

    pfl_examination_state(x, "%s",
                          level == PFL_UNKNOWN ? "not visible"
                          : level == 0         ? "off"
                          : level == 1         ? "partly on"
                                               : "on");
    if (level == 0)
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR,
            "every launch has the same memory layout: its luck, up to several per cent, looks "
            "like a property of the program",
            "sysctl kernel.randomize_va_space=2");
    else if (level == PFL_UNKNOWN)
        pfl_examination_judge(x, PFL_FITNESS_FAIR, "memory layouts may be all alike", "");
    else
        pfl_examination_judge(
            x, PFL_FITNESS_GOOD,
            "each launch has another memory layout: up to 1 % of scatter, but no layout's luck "
            "in the median",
            "");
}

static void huge_pages(struct pfl_examination *x)
{
    const char *what = x->conditions->huge_pages;

    pfl_examination_state(x, "%s", *what ? what : "not visible");
    if (strcmp(what, "always") == 0)
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR,
            "whether a launch gets huge pages depends on how fragmented memory is: large "
            "programs jump by 5-20 %",
            "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
    else if (!*what)
        pfl_examination_judge(x, PFL_FITNESS_FAIR, "programs with much memory may vary", "");
    else
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "only who asks gets huge pages", "");
}

/* ---- what measuring has to work with ---- */

static void timer(struct pfl_examination *x)
{
    const struct pfl_timer *monotonic = x->evidence->timer_count ? &x->evidence->timers[0] : NULL;
    const char *source = x->conditions->clocksource;

    if (!monotonic || isnan(monotonic->cost_s)) {
        pfl_examination_state(x, "not measured");
        pfl_examination_judge(x, PFL_FITNESS_FAIR, "a reading's cost is not known", "");
        return;
    }
    pfl_examination_state(x, "%s a reading%s%s", pfl_examination_shown(x, monotonic->cost_s, "s"),
                          *source ? ", from " : "", source);
    x->check->verdict = pfl_examination_grade(monotonic->cost_s, 100e-9, 400e-9);
    if (x->check->verdict == PFL_FITNESS_GOOD)
        pfl_examination_judge(x, PFL_FITNESS_GOOD,
                              "costs below 0.1 % of batches of 100 µs and more", "");
    else
        pfl_examination_judge(
            x, x->check->verdict, "readings go through the kernel: short batches show the clock",
            "clocksource=tsc on the kernel's command line, where the TSC is stable");
}

static void counters(struct pfl_examination *x)
{
    int can = x->conditions->counters, paranoid = x->conditions->perf_paranoid;

    pfl_examination_state(x, "%s",
                          can == PFL_UNKNOWN ? "not tried"
                          : can              ? "instructions can be counted"
                                             : "none");
    if (can == 1)
        pfl_examination_judge(x, PFL_FITNESS_GOOD,
                              "instruction counts repeat to 0.1 % whatever the noise", "");
    else if (can == 0 && paranoid > 2)
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR, "no instruction counts, so no figure that noise does not touch",
            "sysctl kernel.perf_event_paranoid=2; then see whether the machine has counters");
    else
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR, "no instruction counts, so no figure that noise does not touch",
            is_virtual(x) ? "a machine whose hypervisor passes counters on (vPMU), or bare metal; "
                            "else callgrind counts, 50 times slower"
                          : "allow perf_event_open (container profiles, seccomp)");
}

static void perf_permission(struct pfl_examination *x)
{
    int level = x->conditions->perf_paranoid;

    if (level == PFL_UNKNOWN) {
        pfl_examination_state(x, "not visible");
        pfl_examination_judge(x, PFL_FITNESS_FAIR, "profiles may be refused", "");
        return;
    }
    pfl_examination_state(x, "kernel.perf_event_paranoid = %d", level);
    if (level > 2)
        pfl_examination_judge(x, PFL_FITNESS_FAIR, "counting and profiling are for root only",
                              "sysctl kernel.perf_event_paranoid=2");
    else
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "own programs may be counted and profiled", "");
}

static void virtualisation(struct pfl_examination *x)
{
    const char *what = x->machine->virtualisation;

    pfl_examination_state(x, "%s", *what ? what : "not visible");
    if (strcmp(what, "none") == 0)
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "the machine is ours", "");
    else
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR,
            "neighbours share caches, memory and clock: CPU time wanders by 3-4 % from launch to "
            "launch, unseen from inside",
            "race both sides (perfledger race); compare with a stored baseline only where the "
            "history "
            "shows small steps");
}

static void container(struct pfl_examination *x)
{
    const char *what = x->machine->container;

    pfl_examination_state(x, "%s", *what ? what : "not visible");
    pfl_examination_judge(x, PFL_FITNESS_GOOD,
                          strcmp(what, "none") == 0 ? "no container"
                                                    : "costs nothing by itself; see the CPU quota",
                          "");
}

const struct pfl_examiner pfl_doctor_settings[] = {
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
    {NULL, NULL},
};
