/*
 * How bouts end, and why.
 *
 * A side whose benchmark failed or was skipped takes with it every bout it is in: the base all of
 * that benchmark, a challenger its own. The reason names the side and repeats what the run's record
 * says of it; when both sides are to blame, both are named, so that mending one does not only
 * uncover the other. A side that no open bout needs any more is not launched again, and when it had
 * no launch its record says what for.
 *
 * A bout that wants nothing more, or whose time is up, is checked once more before it is over:
 * `validate` after the last launch, as in every session, and the outputs when they are compared.
 */
#include "measure/race_session.h"

#include <string.h>

static bool is_bad(const struct pfl_session_item *item)
{
    return item->over && item->own.status != PFL_STATUS_OK;
}

static bool is_skip(const struct pfl_session_item *item)
{
    return item->own.status == PFL_STATUS_SKIPPED;
}

/* "HEAD~1 failed: exit code 3; it said: no such file". NULL: no memory. */
static const char *blame(const struct pfl_race_session *race, size_t side,
                         const struct pfl_session_item *item)
{
    const char *did = item->lacking ? "lacks it" : is_skip(item) ? "skips it" : "failed";

    return pfl_arena_format(race->arena, "%s %s: %s", race->sides[side].label, did,
                            item->own.reason);
}

static const char *blame_both(const struct pfl_race_session *race, const struct pfl_race_bout *bout,
                              const struct pfl_session_item *base,
                              const struct pfl_session_item *head)
{
    const char *first = blame(race, 0, base), *second = blame(race, bout->challenger, head);

    if (!first || !second)
        return NULL;
    if (is_skip(base) || is_skip(head))
        return pfl_arena_format(race->arena, "%s; %s", first, second);
    return pfl_arena_format(race->arena, "both failed; %s: %s; %s: %s", race->sides[0].label,
                            base->own.reason, race->sides[bout->challenger].label,
                            head->own.reason);
}

static int end(struct pfl_race_session *race, struct pfl_race_bout *bout, enum pfl_bout_end how,
               const char *reason, struct pfl_err *err)
{
    if (!reason)
        return pfl_err_no_memory(err);
    bout->over = true;
    bout->next = PFL_RACE_NEXT_NOTHING;
    return race->params->end(race->params->context, bout->index, how, reason, err);
}

static int settle_bout(struct pfl_race_session *race, struct pfl_race_bout *bout,
                       struct pfl_err *err)
{
    struct pfl_session_item *base = pfl_race_item(race, 0, bout->benchmark);
    struct pfl_session_item *head = pfl_race_item(race, bout->challenger, bout->benchmark);
    const char *reason;
    bool skipped;

    if (bout->over || (!is_bad(base) && !is_bad(head)))
        return PFL_OK;
    if (is_bad(base) && is_bad(head))
        reason = blame_both(race, bout, base, head);
    else
        reason = is_bad(base) ? blame(race, 0, base) : blame(race, bout->challenger, head);
    skipped = (!is_bad(base) || is_skip(base)) && (!is_bad(head) || is_skip(head));
    return end(race, bout, skipped ? PFL_BOUT_SKIPPED : PFL_BOUT_FAILED, reason, err);
}

/* Does an open bout still need this side of the benchmark? */
static bool is_needed(const struct pfl_race_session *race, size_t side, size_t benchmark)
{
    size_t i, n = race->side_count - 1;

    for (i = 0; i < n; i++) {
        const struct pfl_race_bout *bout = &race->bouts[benchmark * n + i];

        if (!bout->over && (side == 0 || bout->challenger == side))
            return true;
    }
    return false;
}

static void retire(struct pfl_race_session *race, const char *why)
{
    size_t side, i;

    for (side = 0; side < race->side_count; side++)
        for (i = 0; i < race->sides[side].session.item_count; i++) {
            struct pfl_session_item *item = pfl_race_item(race, side, i);

            if (item->over || is_needed(race, side, i))
                continue;
            item->over = true;
            item->unmeasured = why;
        }
}

int pfl_race_settle(struct pfl_race_session *race, struct pfl_err *err)
{
    int rc = PFL_OK;
    size_t i;

    for (i = 0; i < race->bout_count && rc == PFL_OK; i++)
        rc = settle_bout(race, &race->bouts[i], err);
    retire(race, "there was nothing left to measure it against");
    return rc;
}

/* Where both work in one folder, what lies there is the last launch's, whoever's that was: so this
 * side is launched once more, unrecorded, right before its `validate`. */
static int validate_last(struct pfl_race_session *race, const struct pfl_race_bout *bout,
                         size_t side, struct pfl_err *err)
{
    struct pfl_session *s = &race->sides[side].session;
    struct pfl_session_item *item = pfl_race_item(race, side, bout->benchmark);
    int rc = PFL_OK;

    if (item->plan->how.validate && !item->over &&
        pfl_race_same_folder(race->params->contenders[0].plan,
                             race->params->contenders[bout->challenger].plan, bout->benchmark))
        rc = pfl_step(s, item, false, err);
    return rc == PFL_OK && !pfl_race_over(race) ? pfl_step_validate_last(s, item, err) : rc;
}

static int check_last(struct pfl_race_session *race, struct pfl_race_bout *bout,
                      struct pfl_err *err)
{
    int rc = validate_last(race, bout, 0, err);

    if (rc == PFL_OK)
        rc = validate_last(race, bout, bout->challenger, err);
    if (rc == PFL_OK)
        rc = pfl_race_settle(race, err);
    if (rc == PFL_OK && !bout->over)
        rc = pfl_race_same_output(race, bout, false, err);
    return rc;
}

int pfl_race_conclude(struct pfl_race_session *race, struct pfl_race_bout *bout,
                      enum pfl_bout_end how, struct pfl_err *err)
{
    int rc = PFL_OK;

    if (bout->blocks > 0 && !pfl_race_over(race))
        rc = check_last(race, bout, err);
    if (rc != PFL_OK || bout->over)
        return rc;
    bout->over = true;
    bout->next = PFL_RACE_NEXT_NOTHING;
    if (how != PFL_BOUT_DECIDED)
        rc = end(race, bout, how, "", err);
    if (rc == PFL_OK)
        retire(race, how == PFL_BOUT_TIME ? "its time was up" : "nothing was wanted of it");
    return rc;
}

int pfl_race_end_all(struct pfl_race_session *race, struct pfl_err *err)
{
    bool stopped = race->sides[0].session.stopped;
    size_t side, i;
    int rc = PFL_OK;

    for (i = 0; i < race->bout_count && rc == PFL_OK; i++) {
        struct pfl_race_bout *bout = &race->bouts[i];

        if (bout->over)
            continue;
        for (side = 0; side < race->side_count; side++)
            if (side == 0 || side == bout->challenger)
                pfl_race_item(race, side, bout->benchmark)->cut_short = true;
        rc = end(race, bout, stopped ? PFL_BOUT_INTERRUPTED : PFL_BOUT_TIME, "", err);
    }
    retire(race, stopped ? "interrupted" : "the race's time was up");
    return rc;
}

int pfl_race_break_off(struct pfl_race_session *race, const char *why, struct pfl_err *err)
{
    int rc = why ? PFL_OK : pfl_err_no_memory(err);
    size_t i;

    for (i = 0; i < race->bout_count && rc == PFL_OK; i++)
        if (!race->bouts[i].over)
            rc = end(race, &race->bouts[i], PFL_BOUT_FAILED, why, err);
    if (rc == PFL_OK)
        retire(race, why);
    return rc;
}
