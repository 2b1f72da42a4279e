/*
 * The conditions, judged one by one: what state, how good, what it costs, what to do. Here are the
 * checks of what happened in the trial and of who else wants the CPU; settings are in
 * doctor_settings.c. One function per condition; a table gives their order.
 */
#include "judge/doctor.h"

#include "base/units.h"
#include "judge/doctor_examination.h"

#include <math.h>
#include <stdarg.h>

void pfl_examination_state(struct pfl_examination *x, const char *format, ...)
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

const char *pfl_examination_shown(struct pfl_examination *x, double value, const char *unit)
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

void pfl_examination_judge(struct pfl_examination *x, enum pfl_fitness verdict, const char *cost,
                           const char *advice)
{
    x->check->verdict = verdict;
    x->check->cost = cost;
    x->check->advice = advice;
}

enum pfl_fitness pfl_examination_grade(double value, double good, double fair)
{
    return value < good ? PFL_FITNESS_GOOD : value < fair ? PFL_FITNESS_FAIR : PFL_FITNESS_POOR;
}

/* ---- measured ---- */

static void noise_floor(struct pfl_examination *x, const struct pfl_floor *floor,
                        const char *advice)
{
    bool biased = floor->ratio_low > 1 || floor->ratio_high < 1;

    if (isnan(floor->scatter)) {
        pfl_examination_state(x, "not measured");
        pfl_examination_judge(x, PFL_FITNESS_POOR, "nothing is known of this machine's noise",
                              "give the trial more time: --max-time 10s");
        return;
    }
    pfl_examination_state(x, "a pair of identical commands scatters by %s",
                          pfl_examination_shown(x, floor->scatter, "%"));
    if (biased && floor->verdict == PFL_FITNESS_POOR && floor->scatter < 0.05)
        pfl_examination_judge(
            x, PFL_FITNESS_POOR, "identical commands came out different",
            "something changes with the order of launches: run doctor again on a quiet machine");
    else
        pfl_examination_judge(x, floor->verdict,
                              floor->verdict == PFL_FITNESS_GOOD
                                  ? "small differences show after a few launches"
                                  : "small differences need many launches; see the gates",
                              floor->verdict == PFL_FITNESS_GOOD ? "" : advice);
}

static void floor_time(struct pfl_examination *x)
{
    noise_floor(
        x, &x->diagnosis->floors[PFL_FLOOR_TIME],
        "race both sides (perfledger race), do not measure one after the other, and gate CPU-bound "
        "commands on cpu");
}

static void floor_cpu(struct pfl_examination *x)
{
    noise_floor(x, &x->diagnosis->floors[PFL_FLOOR_CPU],
                "even CPU time wanders: caches, memory or the core's clock are shared with others; "
                "race both sides (perfledger race), or measure on another machine");
}

static void yardstick(struct pfl_examination *x, enum pfl_yardstick which, const char *cost,
                      const char *advice)
{
    const struct pfl_yardstick_summary *summary = &x->diagnosis->yardsticks[which];

    if (isnan(summary->median_s)) {
        pfl_examination_state(x, "not measured");
        pfl_examination_judge(x, PFL_FITNESS_FAIR, "its drift is not known", "");
        return;
    }
    pfl_examination_state(
        x, "%s, spread %s, drift %s%s", pfl_examination_shown(x, summary->median_s, "s"),
        pfl_examination_shown(x, summary->spread, "%"), summary->drift > 0 ? "+" : "",
        pfl_examination_shown(x, summary->drift, "%"));
    pfl_examination_judge(x, summary->verdict,
                          summary->verdict == PFL_FITNESS_GOOD ? "steady" : cost,
                          summary->verdict == PFL_FITNESS_GOOD ? "" : advice);
}

static void core(struct pfl_examination *x)
{
    yardstick(x, PFL_YARDSTICK_CORE,
              "the core's clock moves: runs of different minutes differ by that",
              "fix the clock (governor performance, turbo off); where the host decides, race "
              "both sides (perfledger race)");
}

static void chase(struct pfl_examination *x)
{
    yardstick(
        x, PFL_YARDSTICK_CHASE, "memory-bound programs vary by that between launches",
        "others use the shared cache or memory; race memory-bound programs (perfledger race)");
}

static void stream(struct pfl_examination *x)
{
    yardstick(x, PFL_YARDSTICK_STREAM, "programs that stream through memory vary by that",
              "others use the memory's bandwidth; race such programs (perfledger race)");
}

static void system_calls(struct pfl_examination *x)
{
    yardstick(x, PFL_YARDSTICK_SYSCALL, "programs that mostly call the kernel vary by that",
              "interrupts, tracing or the hypervisor intervene; stop tracing tools");
}

static void process_start(struct pfl_examination *x)
{
    yardstick(x, PFL_YARDSTICK_SPAWN, "commands of a few milliseconds vary by that",
              "let the measured command do more work per launch (20 ms and up)");
}

/* ---- who else wants the CPU ---- */

static void load(struct pfl_examination *x)
{
    double load1 = x->conditions->load1;
    int cpus = x->machine->cpus > 0 ? x->machine->cpus : 1;

    if (isnan(load1)) {
        pfl_examination_state(x, "not visible");
        pfl_examination_judge(x, PFL_FITNESS_FAIR, "other work would not be noticed", "");
        return;
    }
    pfl_examination_state(x, "%.2f on %d CPU%s before the trial", load1, cpus,
                          cpus == 1 ? "" : "s");
    x->check->verdict = pfl_examination_grade(load1 / cpus, 0.25, 0.5);
    if (x->check->verdict != PFL_FITNESS_GOOD)
        pfl_examination_judge(
            x, x->check->verdict,
            "other work takes the CPU, its caches and its clock: wall-clock time grows by tens "
            "of per cent at times",
            "stop other work, or wait for it; else gate on cpu");
    else
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "nothing to speak of", "");
}

static void cpu_pressure(struct pfl_examination *x)
{
    bool in_trial = !isnan(x->evidence->stalled);
    double share = in_trial ? x->evidence->stalled : x->conditions->cpu_pressure;

    if (isnan(share)) {
        pfl_examination_state(x, "not visible");
        pfl_examination_judge(x, PFL_FITNESS_FAIR, "waiting for a CPU would not be noticed",
                              "boot with psi=1 to have /proc/pressure");
        return;
    }
    pfl_examination_state(x, "somebody waited for a CPU %s of the %s",
                          pfl_examination_shown(x, share, "%"), in_trial ? "trial" : "last 10 s");
    x->check->verdict = pfl_examination_grade(share, 0.02, 0.10);
    if (x->check->verdict != PFL_FITNESS_GOOD)
        pfl_examination_judge(
            x, x->check->verdict, "waiting counts as wall-clock time",
            "stop other work, or gate on cpu: that is what `check` does from 10 % up");
    else
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "launches had their CPU", "");
}

static void other_pressure(struct pfl_examination *x)
{
    double memory = x->conditions->memory_pressure, io = x->conditions->io_pressure;

    if (isnan(memory) && isnan(io)) {
        pfl_examination_state(x, "not visible");
        pfl_examination_judge(x, PFL_FITNESS_FAIR,
                              "a lack of memory or a busy disk would not be noticed", "");
        return;
    }
    pfl_examination_state(x, "memory %s, I/O %s of the last 10 s",
                          pfl_examination_shown(x, memory, "%"), pfl_examination_shown(x, io, "%"));
    x->check->verdict =
        pfl_examination_grade(fmax(memory, io / 2), 0.02, 0.10); /* disks disturb less */
    if (x->check->verdict != PFL_FITNESS_GOOD)
        pfl_examination_judge(x, x->check->verdict,
                              "page faults and files wait for others: outliers",
                              "free memory, stop disk jobs; keep inputs in memory (tmpfs)");
    else
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "nothing to speak of", "");
}

static void stolen(struct pfl_examination *x)
{
    double share = x->evidence->stolen;

    if (isnan(share)) {
        pfl_examination_state(x, "not visible");
        pfl_examination_judge(x, PFL_FITNESS_FAIR,
                              "time taken by the hypervisor would not be noticed", "");
        return;
    }
    pfl_examination_state(x, "%s of the CPU time wanted in the trial",
                          pfl_examination_shown(x, share, "%"));
    x->check->verdict = pfl_examination_grade(share, 0.005, 0.03);
    if (x->check->verdict != PFL_FITNESS_GOOD)
        pfl_examination_judge(
            x, x->check->verdict,
            "the hypervisor runs others meanwhile: it counts as wall-clock and often as CPU time",
            "another instance type (dedicated cores), another hour, or more time");
    else
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "the hypervisor takes nothing", "");
}

static void others(struct pfl_examination *x)
{
    int n = x->conditions->others;

    if (n == PFL_UNKNOWN) {
        pfl_examination_state(x, "not visible");
        pfl_examination_judge(
            x, PFL_FITNESS_FAIR, "two that measure at once would not notice each other",
            "make /tmp/perfledger-measuring (or PERFLEDGER_PRESENCE_DIR) writable");
    } else if (n > 0) {
        pfl_examination_state(x, "%d measuring now", n);
        pfl_examination_judge(x, PFL_FITNESS_POOR, "both disturb each other",
                              "wait until they are done");
    } else {
        pfl_examination_state(x, "none");
        pfl_examination_judge(x, PFL_FITNESS_GOOD, "nobody else is measuring", "");
    }
}

static const struct pfl_examiner happenings[] = {
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
    {NULL, NULL},
};

enum { CHECKS_MAX = 32 };

static size_t examine(struct pfl_examination *x, const struct pfl_examiner *each,
                      struct pfl_check *checks)
{
    size_t n = 0;

    for (; n < CHECKS_MAX && each[n].name; n++) {
        checks[n] = (struct pfl_check){.name = each[n].name, .state = "", .cost = "", .advice = ""};
        x->check = &checks[n];
        each[n].examine(x);
    }
    return n;
}

int pfl_judge_doctor_checks(const struct pfl_evidence *evidence, struct pfl_arena *arena,
                            struct pfl_diagnosis *diagnosis, struct pfl_err *err)
{
    struct pfl_examination x = {.evidence = evidence,
                                .conditions = &evidence->conditions,
                                .machine = &evidence->conditions.machine,
                                .diagnosis = diagnosis,
                                .arena = arena};
    struct pfl_check *checks = pfl_arena_array(arena, 2 * (size_t)CHECKS_MAX, sizeof *checks);
    size_t n;

    if (!checks)
        return pfl_err_no_memory(err);
    n = examine(&x, happenings, checks);
    n += examine(&x, pfl_doctor_settings, checks + n);
    if (x.failed)
        return pfl_err_no_memory(err);
    diagnosis->checks = checks;
    diagnosis->check_count = n;
    return PFL_OK;
}
