/*
 * What a shell costs by itself: the median of 25 launches of `SHELL -c ''`, through the same
 * launcher, in the same way. It is taken off the times of every command that asked for a shell, and
 * said so with the figure: a millisecond is nothing to a minute and everything to `true`. One
 * calibration per distinct shell and session.
 */
#include "measure/session.h"

#include "base/units.h"
#include "stats/stats.h"

#include <string.h>

enum { LAUNCHES = 25, WARMUP = 3 };

struct costs {
    double time[LAUNCHES], user[LAUNCHES], sys[LAUNCHES];
    size_t n;
};

static double median(double *values, size_t n)
{
    pfl_stats_sort(values, n);
    return pfl_stats_median_sorted(values, n);
}

/* *failed: the shell did not run as a shell should; nothing is subtracted then. */
static int launch_all(struct pfl_session *s, const struct pfl_launch_request *request,
                      struct costs *costs, bool *failed, struct pfl_err *err)
{
    int i, rc = PFL_OK;

    for (i = 0; i < WARMUP + LAUNCHES && rc == PFL_OK && !*failed && !pfl_session_over(s); i++) {
        struct pfl_launch_result result = {0};

        rc = pfl_launcher_run(s->launcher, request, &result, err);
        if (rc == PFL_OK)
            *failed = result.exec_errno || result.exit_code != 0 || result.timed_out;
        if (rc == PFL_OK && !*failed && i >= WARMUP) {
            costs->time[costs->n] = (double)result.wall_ns / 1e9;
            costs->user[costs->n] = (double)result.user_ns / 1e9;
            costs->sys[costs->n++] = (double)result.sys_ns / 1e9;
        }
        pfl_launch_result_release(&result);
    }
    return rc;
}

static const char *describe(struct pfl_session *s, const struct pfl_shell_cost *cost)
{
    struct pfl_buf text;
    const char *note;

    pfl_buf_init(&text, 512);
    pfl_units_write(&text, cost->time, "s", 3);
    pfl_buf_format(&text, " of %s start-up was subtracted from each launch", cost->shell);
    note = text.error ? NULL : pfl_arena_text(s->arena, pfl_buf_cstr(&text));
    pfl_buf_release(&text);
    return note;
}

static int calibrate(struct pfl_session *s, struct pfl_session_item *item,
                     struct pfl_shell_cost *cost, struct pfl_err *err)
{
    size_t argc = item->plan->argc;
    char **argv = pfl_arena_grow(s->arena, item->plan->argv, argc, argc + 1, sizeof *argv);
    struct costs costs = {.n = 0};
    bool failed = false;
    int rc;

    if (!argv)
        return pfl_err_no_memory(err);
    argv[argc - 1] = (char *)""; /* SHELL -c COMMAND → SHELL -c '' */
    const struct pfl_launch_request request = {
        .argv = argv,
        .envp = item->envp,
        .program = item->program,
        .cwd = item->cwd,
        .output_mode = PFL_OUTPUT_NULL,
        .cpus = item->plan->how.pin,
        .timeout_ns = INT64_C(5000000000),
    };
    rc = launch_all(s, &request, &costs, &failed, err);
    if (rc != PFL_OK)
        return rc;
    if (failed || costs.n == 0) {
        cost->note = "what its shell costs could not be calibrated: its start-up is in the times";
        return PFL_OK;
    }
    cost->time = median(costs.time, costs.n);
    cost->user = median(costs.user, costs.n);
    cost->sys = median(costs.sys, costs.n);
    cost->note = describe(s, cost);
    return cost->note ? PFL_OK : pfl_err_no_memory(err);
}

static int note(struct pfl_session_item *item, struct pfl_err *err)
{
    struct pfl_buf text;
    bool ok;

    pfl_buf_init(&text, 64);
    pfl_units_write(&text, item->cost.time, "s", 3);
    ok = !text.error && pfl_collect_warn(&item->own, item->cost.note) &&
         pfl_collect_environment(&item->own, "shell", item->cost.shell) &&
         pfl_collect_environment(&item->own, "shell_startup", pfl_buf_cstr(&text));
    pfl_buf_release(&text);
    return ok ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_shell_calibrate(struct pfl_session *s, struct pfl_session_item *item, struct pfl_err *err)
{
    const char *shell = item->plan->how.shell;
    struct pfl_shell_cost cost = {.shell = shell};
    size_t i;
    int rc;

    if (item->plan->select) /* the benchmarks inside are timed inside */
        return PFL_OK;
    if (!shell || item->over || (!item->program && !pfl_around_find_program(s, item)))
        return PFL_OK; /* a shell that is not there is the first launch's to report */
    for (i = 0; i < s->shells.n; i++)
        if (strcmp(s->shells.at[i].shell, shell) == 0)
            break;
    if (i == s->shells.n) {
        pfl_progress_tell(s, "calibrating the shell", item);
        rc = calibrate(s, item, &cost, err);
        if (rc != PFL_OK)
            return rc;
        if (!pfl_vec_push(&s->shells, &cost))
            return pfl_err_no_memory(err);
    }
    item->cost = s->shells.at[i];
    return note(item, err);
}
