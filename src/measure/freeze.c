/*
 * The end of a session: what grew in vectors becomes the run's benchmarks, in the arena, sorted by
 * name.
 *
 * Every selected benchmark appears: one that was skipped, or that time or Ctrl-C kept from its
 * first launch, says so. A benchmark is partial when it was interrupted, or time ran out before the
 * least number of rounds; with those done, fewer rounds than wished for are only a remark.
 * Benchmarks inside a program share their program's launches. Of a program that is measured for
 * what is inside it (harness: perfledger), the program itself appears only where there is something
 * to say of it: it failed, was skipped, or reported something that belongs to no benchmark; what it
 * said of itself (environment) is said of each benchmark, warnings about it are the run's. In a
 * race rounds do not count: only an interrupted benchmark is partial.
 */
#include "measure/session.h"

#include "measure/inside.h"

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

static bool warn_of_instruments(struct pfl_session *s, struct pfl_collect *collect)
{
    const char *with =
        pfl_pair_find(collect->environment.at, collect->environment.n, "instrumented");

    return !*with ||
           pfl_collect_warn(collect, pfl_arena_format(s->arena,
                                                      "%s%s: these are not a release's numbers, "
                                                      "and no gate holds them",
                                                      pfl_instrumented_how(with), with));
}

static bool freeze_inside(struct pfl_session *s, struct pfl_session_item *item,
                          struct pfl_launch *launches, struct pfl_collect *inside,
                          struct pfl_benchmark *out)
{
    size_t i;

    *out = common(s, item, launches);
    if (item->own.status != PFL_STATUS_OK)
        pfl_collect_fail(inside, item->own.status, item->own.reason);
    for (i = 0; item->plan->select && i < item->own.environment.n; i++)
        if (!pfl_collect_environment(inside, item->own.environment.at[i].name,
                                     item->own.environment.at[i].value))
            return false;
    return warn_of_instruments(s, inside) && pfl_collect_freeze(inside, out);
}

static bool shows_itself(const struct pfl_session_item *item)
{
    return !item->plan->select || item->own.status != PFL_STATUS_OK || item->own.columns.n ||
           item->insides.n == 0;
}

/* Of a program that does not appear itself. */
static bool warn_of_run(struct pfl_session *s, const struct pfl_session_item *item)
{
    const char *text;
    size_t i;

    for (i = 0; i < item->own.warnings.n; i++) {
        text = pfl_arena_format(s->arena, "%s: %s", item->plan->name, item->own.warnings.at[i]);
        if (!text || !pfl_vec_push(&s->warnings, &text))
            return false;
    }
    return true;
}

/* *n: how many benchmarks it became. */
static bool freeze_item(struct pfl_session *s, struct pfl_session_item *item,
                        struct pfl_benchmark *out, size_t *n)
{
    size_t launches_n = item->launches.n, i;
    struct pfl_launch *launches =
        pfl_arena_grow(s->arena, item->launches.at, launches_n, launches_n, sizeof *launches);

    *n = 0;
    if (!launches || !gather_plan_warnings(item) || !remark(s, item))
        return false;
    if (shows_itself(item)) {
        out[0] = common(s, item, launches);
        out[0].work = item->plan->work;
        out[0].work_unit = item->plan->work_unit ? item->plan->work_unit : "";
        if (!warn_of_instruments(s, &item->own) || !pfl_collect_freeze(&item->own, &out[(*n)++]))
            return false;
    } else if (!warn_of_run(s, item)) {
        return false;
    }
    for (i = 0; i < item->insides.n; i++) {
        struct pfl_collect *inside = item->insides.at[i];

        if (item->plan->select && !pfl_inside_selects(item->plan, inside->name))
            continue;
        if (!freeze_inside(s, item, launches, inside, &out[(*n)++]))
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
    size_t n = 0, made, i;

    for (i = 0; i < s->item_count; i++)
        n += 1 + s->items[i].insides.n;
    benchmarks = pfl_arena_array(s->arena, n, sizeof *benchmarks);
    if (!benchmarks)
        return pfl_err_no_memory(err);
    for (i = 0, n = 0; i < s->item_count; i++) {
        if (!freeze_item(s, &s->items[i], benchmarks + n, &made))
            return pfl_err_no_memory(err);
        run->partial = run->partial || partial(s, &s->items[i]);
        n += made;
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
