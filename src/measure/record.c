/*
 * One launch's result → flags, the reason it failed for, and the values of perfledger's own
 * metrics.
 *
 * A launch that failed, timed out or is invalid stays in the record but is no sample.
 * ignore_failure forgives an exit code or a signal, never a timeout or a program's own {"fail": …}.
 * What an empty command costs in the same shell is taken off the times of a shell command, never
 * below 0.
 *
 * Of a program with benchmarks inside the process as a whole says nothing: how long it took is how
 * long it was told to measure. It has to say something, though; and when it says that one of its
 * benchmarks failed, an exit code says no more than that.
 */
#include "measure/session.h"

#include "base/units.h"
#include "measure/foreign.h"
#include "measure/inside.h"

#include <stdlib.h>
#include <string.h>

static double seconds(int64_t ns)
{
    return ns > 0 ? (double)ns / 1e9 : 0;
}

static double less(double value, double cost)
{
    return value > cost ? value - cost : 0;
}

static int fail_timed_out(struct pfl_session *s, struct pfl_session_item *item, struct pfl_err *err)
{
    struct pfl_buf limit;
    const char *reason;

    pfl_buf_init(&limit, 64);
    pfl_units_write_duration(&limit, (double)item->plan->how.timeout_ns / 1e9);
    reason = pfl_arena_format(s->arena,
                              "a launch did not end within its timeout of %s; it and all its "
                              "children were ended",
                              pfl_buf_cstr(&limit));
    if (limit.error)
        reason = NULL;
    pfl_buf_release(&limit);
    return pfl_session_fail(item, PFL_STATUS_TIMED_OUT, reason, err);
}

/* A benchmark inside that failed is a result of its own, and the program's exit code tells of it
 * once more. */
static bool told_of_failure(const struct pfl_session_item *item)
{
    size_t i;

    for (i = 0; item->plan->select && i < item->insides.n; i++)
        if (item->insides.at[i]->status == PFL_STATUS_FAILED)
            return true;
    return false;
}

/* Not a word on the wire from a program that ended well. One that answered what it was asked in a
 * race is linked well; what else is wrong with it says whoever asked. */
static int note_silence(struct pfl_session *s, struct pfl_session_item *item,
                        struct pfl_launch *launch, struct pfl_err *err)
{
    if (!item->plan->select || item->over || s->wire.lines.n || s->wire.overflow ||
        (s->steering && s->steering->answered))
        return PFL_OK;
    if (item->excluded) { /* nothing is left of it */
        item->over = true;
        return PFL_OK;
    }
    launch->flags |= PFL_LAUNCH_INVALID;
    if (*item->plan->select)
        return pfl_session_fail(item, PFL_STATUS_SKIPPED, pfl_inside_nothing_selected, err);
    return pfl_session_fail(
        item, PFL_STATUS_FAILED,
        "it said nothing to PERFLEDGER_FD, so it holds no benchmarks or is not linked with "
        "libperfledger: end the program with PFL_MAIN(); or measure it as a command, without "
        "harness: perfledger",
        err);
}

static int judge_ending(struct pfl_session *s, struct pfl_session_item *item,
                        const struct pfl_launch_result *result, struct pfl_launch *launch,
                        struct pfl_err *err)
{
    if (result->timed_out) {
        launch->flags |= PFL_LAUNCH_TIMED_OUT;
        return fail_timed_out(s, item, err);
    }
    if (item->begun)
        return pfl_begun_blame(s, item, result, launch, err);
    if (result->exit_code == 0 && result->signal == 0)
        return PFL_OK;
    if (item->own.status == PFL_STATUS_SKIPPED) /* it said why on the wire */
        return PFL_OK;
    if (result->signal == 0 && told_of_failure(item))
        return PFL_OK;
    if (item->plan->how.ignore_failure) {
        launch->flags |= PFL_LAUNCH_IGNORED;
        return PFL_OK;
    }
    launch->flags |= PFL_LAUNCH_FAILED;
    return pfl_session_fail(item, PFL_STATUS_FAILED,
                            pfl_around_ending(s->arena,
                                              result->signal ? -result->signal : result->exit_code,
                                              result->stderr_tail.data, result->stderr_tail.len),
                            err);
}

static int note_left_behind(struct pfl_session_item *item, const struct pfl_launch_result *result,
                            struct pfl_launch *launch, struct pfl_err *err)
{
    if (result->left_behind <= 0)
        return PFL_OK;
    launch->flags |= PFL_LAUNCH_LEFT;
    if (!pfl_collect_warn(&item->own, "left processes behind when it ended; they were ended too, "
                                      "and what they would have cost is not in the numbers"))
        return pfl_err_no_memory(err);
    return PFL_OK;
}

static bool put_times(struct pfl_session *s, struct pfl_session_item *item,
                      const struct pfl_launch_result *result)
{
    const struct pfl_plan_item *plan = item->plan;
    struct pfl_collect *own = &item->own;
    double time = less(seconds(result->wall_ns), item->cost.time);
    double user = less(seconds(result->user_ns), item->cost.user);
    double sys = less(seconds(result->sys_ns), item->cost.sys);
    const char *unit;

    if (!pfl_collect_put(own, "time", NULL, time) ||
        !pfl_collect_put(own, "cpu", NULL, user + sys) ||
        !pfl_collect_put(own, "user", NULL, user) || !pfl_collect_put(own, "sys", NULL, sys))
        return false;
    if (!(plan->work > 0) || !(time > 0))
        return true;
    unit = pfl_arena_format(&s->scratch, "%s/s", *plan->work_unit ? plan->work_unit : "1");
    return unit && pfl_collect_put(own, "throughput", unit, plan->work / time);
}

/* A tree is sampled; one that was gone before the first sample was at least as large as its largest
 * process. */
static bool put_tree(struct pfl_session *s, struct pfl_session_item *item, int64_t peak_bytes)
{
    int64_t tree = s->tree_peak_bytes > peak_bytes ? s->tree_peak_bytes : peak_bytes;

    return !item->plan->how.memory_tree ||
           pfl_collect_put(&item->own, "peak_rss_tree", NULL, (double)tree);
}

static bool put_counts(struct pfl_session_item *item, const struct pfl_launch_result *result,
                       int64_t peak_bytes)
{
    struct pfl_collect *own = &item->own;

    return pfl_collect_put(own, "peak_rss", NULL, (double)peak_bytes) &&
           pfl_collect_put(own, "page_faults", NULL,
                           (double)(result->minor_faults + result->major_faults)) &&
           pfl_collect_put(own, "context_switches", NULL,
                           (double)(result->voluntary_switches + result->involuntary_switches)) &&
           (result->instructions < 0 ||
            pfl_collect_put(own, "instructions", NULL, (double)result->instructions));
}

int pfl_record_launch(struct pfl_session *s, struct pfl_session_item *item,
                      const struct pfl_launch_result *result, struct pfl_launch *launch,
                      struct pfl_err *err)
{
    int64_t peak_bytes = result->peak_rss_bytes;
    int rc;

    launch->exit_code = result->signal ? -1 : result->exit_code;
    launch->signal = result->signal;
    if (item->foreign && !result->timed_out) {
        rc = pfl_foreign_record(s, item, result, launch, err);
        return rc == PFL_OK ? note_left_behind(item, result, launch, err) : rc;
    }
    rc = pfl_messages_apply(s, item, result, launch, &peak_bytes, err);
    if (rc == PFL_OK)
        rc = judge_ending(s, item, result, launch, err);
    if (rc == PFL_OK)
        rc = note_silence(s, item, launch, err);
    if (rc == PFL_OK)
        rc = note_left_behind(item, result, launch, err);
    if (rc == PFL_OK && item->plan->select)
        return PFL_OK;
    if (rc == PFL_OK && (!put_times(s, item, result) || !put_counts(item, result, peak_bytes) ||
                         !put_tree(s, item, peak_bytes)))
        rc = pfl_err_no_memory(err);
    return rc;
}
