/*
 * The end of a session: what grew in vectors becomes the run's benchmarks, in the arena, sorted by
 * name.
 *
 * Every selected benchmark appears: one that was skipped, or that time or Ctrl-C kept from its
 * first launch, says so. A benchmark is partial when it was interrupted, or time ran out before the
 * least number of rounds; with those done, fewer rounds than wished for are only a remark.
 * Benchmarks inside a program share their program's launches. In a race rounds do not count: only
 * an interrupted benchmark is partial.
 */
#include "measure/session.h"

#include <string.h>

enum { ROUNDS_LEAST = 5 };

static bool partial(const struct pfl_session *s, const struct pfl_session_item *item)
{
    const struct pfl_how *how = &item->plan->how;

    if (!item->cut_short)
        return false;
    if (s->race)
        return s->stopped;
    return s->stopped ? item->rounds < pfl_step_goal(how) : item->rounds < pfl_step_least(how);
}

/* Says what became of rounds that were wished for. */
static bool remark(struct pfl_session *s, struct pfl_session_item *item)
{
    const struct pfl_how *how = &item->plan->how;
    const char *why = item->cut_short ? s->stopped ? "interrupted" : "the session's time was up"
                                      : "its time budget was used up";

    if (s->race)
        why = item->unmeasured ? item->unmeasured : why;
    else if (item->rounds >= pfl_step_goal(how))
        return true;
    if (item->own.status != PFL_STATUS_OK || (s->race && item->rounds > 0))
        return true;
    if (item->rounds == 0) {
        pfl_collect_fail(&item->own, PFL_STATUS_SKIPPED,
                         pfl_arena_format(s->arena, "not measured: %s", why));
        return item->own.reason != NULL;
    }
    if (how->rounds == 0 && !item->cut_short) /* as many as fit: that is what was asked for */
        return true;
    return pfl_collect_warn(&item->own, pfl_arena_format(s->arena, "%d of %d rounds: %s",
                                                         item->rounds, pfl_step_goal(how), why));
}

static bool gather_plan_warnings(struct pfl_session_item *item)
{
    size_t i;

    for (i = 0; i < item->plan->warning_count; i++)
        if (!pfl_collect_warn(&item->own, item->plan->warnings[i]))
            return false;
    return true;
}

/* What a benchmark has from its plan item, whether it is the program or inside of it. */
static struct pfl_benchmark common(const struct pfl_session *s, const struct pfl_session_item *item,
                                   struct pfl_launch *launches)
{
    const struct pfl_plan_item *plan = item->plan;

    return (struct pfl_benchmark){
        .suite = plan->suite,
        .command = plan->command,
        .definition = plan->definition,
        .tier = pfl_tier_text(plan->tier),
        .work_unit = "",
        .seed = plan->how.seed,
        .partial = partial(s, item),
        .few = s->plan->allow_few && item->launches.n > 0 && item->launches.n < ROUNDS_LEAST,
        .launches = launches,
        .launch_count = item->launches.n,
    };
}

static bool freeze_item(struct pfl_session *s, struct pfl_session_item *item,
                        struct pfl_benchmark *out)
{
    size_t n = item->launches.n, i;
    struct pfl_launch *launches =
        pfl_arena_grow(s->arena, item->launches.at, n, n, sizeof *launches);

    if (!launches || !gather_plan_warnings(item) || !remark(s, item))
        return false;
    out[0] = common(s, item, launches);
    out[0].work = item->plan->work;
    out[0].work_unit = item->plan->work_unit ? item->plan->work_unit : "";
    if (!pfl_collect_freeze(&item->own, &out[0]))
        return false;
    for (i = 0; i < item->insides.n; i++) {
        struct pfl_collect *inside = item->insides.at[i];

        out[i + 1] = common(s, item, launches);
        if (item->own.status != PFL_STATUS_OK)
            pfl_collect_fail(inside, item->own.status, item->own.reason);
        if (!pfl_collect_freeze(inside, &out[i + 1]))
            return false;
    }
    return true;
}

/* Two programs may report a benchmark of one name; a ledger cannot hold both. */
static size_t refuse_twins(struct pfl_benchmark *benchmarks, size_t n)
{
    size_t kept = n > 0, i;

    for (i = 1; i < n; i++) {
        struct pfl_benchmark *last = &benchmarks[kept - 1];

        if (strcmp(last->name, benchmarks[i].name) != 0) {
            benchmarks[kept++] = benchmarks[i];
            continue;
        }
        last->status = PFL_STATUS_FAILED;
        last->reason = "two commands report a benchmark of this name; only the first one's values "
                       "are here: rename one of the two";
    }
    return kept;
}

static bool freeze_environment(struct pfl_session *s)
{
    struct pfl_run *run = s->run;

    run->environment = pfl_arena_grow(s->arena, s->environment.at, s->environment.n,
                                      s->environment.n, sizeof *run->environment);
    run->environment_count = s->environment.n;
    run->warnings = pfl_arena_grow(s->arena, s->warnings.at, s->warnings.n, s->warnings.n,
                                   sizeof *run->warnings);
    run->warning_count = s->warnings.n;
    return run->environment && run->warnings;
}

int pfl_session_freeze(struct pfl_session *s, struct pfl_err *err)
{
    struct pfl_run *run = s->run;
    struct pfl_benchmark *benchmarks;
    size_t n = 0, i;

    for (i = 0; i < s->item_count; i++)
        n += 1 + s->items[i].insides.n;
    benchmarks = pfl_arena_array(s->arena, n, sizeof *benchmarks);
    if (!benchmarks)
        return pfl_err_no_memory(err);
    for (i = 0, n = 0; i < s->item_count; i++) {
        if (!freeze_item(s, &s->items[i], benchmarks + n))
            return pfl_err_no_memory(err);
        run->partial = run->partial || benchmarks[n].partial;
        n += 1 + s->items[i].insides.n;
    }
    if (!freeze_environment(s) ||
        !pfl_readings_freeze(&s->readings, s->arena, &run->yardsticks, &run->yardstick_count))
        return pfl_err_no_memory(err);
    run->benchmarks = benchmarks;
    run->benchmark_count = n;
    pfl_run_sort(run);
    run->benchmark_count = refuse_twins(benchmarks, n);
    return PFL_OK;
}
