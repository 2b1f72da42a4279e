/*
 * How busy the machine was: load and pressure before and after, and the share of the session's time
 * in which somebody was stalled (the difference of two PSI totals is exact, whatever the kernel's
 * averages say). What would spoil the numbers is said as a warning of the run: a loaded machine,
 * and other perfledgers measuring at the same time.
 */
#include "measure/session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BUSY_PRESSURE 10.0 /* per cent, PSI "some" avg10 */

enum { OTHERS_MAX = 16 };

static bool record(struct pfl_session *s, const char *name, const char *unit, double value)
{
    char text[64];
    struct pfl_pair pair = {name, NULL};

    if (isnan(value))
        return true;
    snprintf(text, sizeof text, "%.2f%s", value, unit);
    pair.value = pfl_arena_text(s->arena, text);
    return pair.value && pfl_vec_push(&s->environment, &pair);
}

static bool warn(struct pfl_session *s, const char *text)
{
    size_t i;

    if (!text)
        return false;
    for (i = 0; i < s->warnings.n; i++)
        if (strcmp(s->warnings.at[i], text) == 0)
            return true;
    return pfl_vec_push(&s->warnings, &text);
}

static bool warn_of_others(struct pfl_session *s, struct pfl_machine_presence *presence)
{
    int pids[OTHERS_MAX];
    size_t n = presence ? pfl_machine_others(presence, pids, OTHERS_MAX) : 0, i;

    for (i = 0; i < n && i < OTHERS_MAX; i++)
        if (!warn(s, pfl_arena_format(s->arena,
                                      "another perfledger (process %d) measured on this machine at "
                                      "the same time: both disturb each other; measure again alone",
                                      pids[i])))
            return false;
    return true;
}

static int usable_cpus(struct pfl_session *s)
{
    struct pfl_machine machine = {0};

    if (s->run->machine.cpus > 0)
        return s->run->machine.cpus;
    if (pfl_machine_probe("", "auto", s->arena, &machine, NULL) != PFL_OK || machine.cpus < 1)
        return 1;
    return machine.cpus;
}

/* One sentence for both signs of it. */
static const char *busy_text(struct pfl_session *s, const struct pfl_machine_load *load)
{
    int cpus = usable_cpus(s);
    bool loaded = load->load1 >= cpus / 2.0, waiting = load->cpu_pressure > BUSY_PRESSURE;
    const char *how = "", *also = "";

    if (!loaded && !waiting)
        return "";
    if (loaded)
        how = pfl_arena_format(s->arena, "load %.2f on %d CPU%s", load->load1, cpus,
                               cpus == 1 ? "" : "s");
    if (waiting)
        also = pfl_arena_format(s->arena, "%sprocesses waited for a CPU %.0f %% of the time",
                                loaded ? "; " : "", load->cpu_pressure);
    if (!how || !also)
        return NULL;
    return pfl_arena_format(s->arena,
                            PFL_WARNING_BUSY " before measuring began (%s%s): times will scatter; "
                                             "CPU time is the better witness",
                            how, also);
}

bool pfl_busy_judge(struct pfl_session *s, const struct pfl_machine_load *load)
{
    const char *busy = busy_text(s, load);

    if (!busy || (*busy && !warn(s, busy)))
        return false;
    return load->memory_pressure <= BUSY_PRESSURE || isnan(load->memory_pressure) ||
           warn(s, pfl_arena_format(s->arena,
                                    "the machine was short of memory before measuring began "
                                    "(pressure %.0f %%): times will scatter",
                                    load->memory_pressure));
}

int pfl_busy_before(struct pfl_session *s, struct pfl_machine_load *load,
                    struct pfl_machine_presence *presence, struct pfl_err *err)
{
    pfl_machine_load("", load);
    if (!record(s, "load_before", "", load->load1) ||
        !record(s, "psi_cpu_before", " %", load->cpu_pressure) ||
        !record(s, "psi_memory_before", " %", load->memory_pressure) ||
        !record(s, "psi_io_before", " %", load->io_pressure) || !pfl_busy_judge(s, load) ||
        !warn_of_others(s, presence))
        return pfl_err_no_memory(err);
    return PFL_OK;
}

/* Per cent of the session; NaN where the kernel has no PSI. */
static double share(int64_t before_us, int64_t after_us, int64_t session_ns)
{
    if (before_us < 0 || after_us < before_us || session_ns <= 0)
        return NAN;
    return 100.0 * (double)(after_us - before_us) * 1000.0 / (double)session_ns;
}

int pfl_busy_after(struct pfl_session *s, const struct pfl_machine_load *before,
                   struct pfl_machine_presence *presence, struct pfl_err *err)
{
    int64_t took_ns = pfl_session_now(s) - s->begun_ns;
    struct pfl_machine_load after;

    pfl_machine_load("", &after);
    if (!record(s, "load_after", "", after.load1) ||
        !record(s, "psi_cpu_stall", " %",
                share(before->cpu_stall_us, after.cpu_stall_us, took_ns)) ||
        !record(s, "psi_memory_stall", " %",
                share(before->memory_stall_us, after.memory_stall_us, took_ns)) ||
        !record(s, "psi_io_stall", " %", share(before->io_stall_us, after.io_stall_us, took_ns)) ||
        !warn_of_others(s, presence))
        return pfl_err_no_memory(err);
    return PFL_OK;
}
