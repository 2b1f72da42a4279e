/*
 * A release gate's last word where the stored numbers are not enough.
 *
 * Raced: the two runs of a race were measured launch beside launch, so no session lies between
 * them, and what the race says of a pair is sharper than what two medians say. Its deciding metric
 * was chosen by what the commands do and what the machine was busy with (docs/statistics.md); a
 * gate on time moves to CPU time when the race did.
 *
 * Holding nothing: numbers of another machine are worth showing and worth nothing as a verdict. The
 * rows stay, report only, each with the reason; a check must not pass on them.
 */
#include "judge/release.h"

#include "judge/internal.h"

#include <string.h>

static bool compares(const struct pfl_row *row)
{
    return row->base.present && row->head.present && !row->base.text && !row->head.text &&
           isfinite(row->threshold);
}

static struct pfl_row *find(struct pfl_row *rows, size_t n, const struct pfl_row *like,
                            const char *metric)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strcmp(rows[i].benchmark, like->benchmark) == 0 &&
            strcmp(rows[i].metric, metric) == 0 && strcmp(rows[i].variant, like->variant) == 0)
            return &rows[i];
    return NULL;
}

static const struct pfl_bout_result *bout_of(const struct pfl_race *race, const char *benchmark)
{
    size_t i;

    for (i = 0; i < race->bout_count; i++)
        if (strcmp(race->bouts[i].benchmark, benchmark) == 0)
            return &race->bouts[i];
    return NULL;
}

/* The place of `time` goes to CPU time; false: it stays. */
static bool pass_on(struct pfl_comparison *check, const struct pfl_race *race, struct pfl_row *time)
{
    const struct pfl_bout_result *bout = bout_of(race, time->benchmark);
    struct pfl_row *cpu;

    if (!bout || strcmp(bout->metric_name, "cpu") != 0)
        return false;
    cpu = find(check->rows, check->row_count, time, "cpu");
    if (!cpu || !compares(cpu))
        return false;
    if (cpu->gate == PFL_GATE_NONE) {
        cpu->gate = time->gate;
        cpu->deciding = time->deciding;
        cpu->threshold = time->threshold;
        cpu->gate_file = time->gate_file;
        cpu->gate_line = time->gate_line;
    }
    time->gate = PFL_GATE_NONE;
    time->deciding = false;
    return true;
}

static int write_reason(struct pfl_row *row, const struct pfl_row *witness,
                        const struct pfl_race *race, struct pfl_arena *arena, struct pfl_err *err)
{
    const struct pfl_bout_result *bout = bout_of(race, row->benchmark);
    struct pfl_buf words;
    const char *text;

    pfl_buf_init(&words, 4096);
    pfl_buf_format(&words, "raced, %zu pairs: ", bout ? pfl_race_pairs(bout) : 0);
    if (isfinite(row->ratio_low)) {
        pfl_judge_write_change(&words, row->ratio);
        pfl_buf_text(&words, " (99 % interval ");
        pfl_judge_write_change(&words, row->ratio_low);
        pfl_buf_text(&words, " to ");
        pfl_judge_write_change(&words, row->ratio_high);
        pfl_buf_text(&words, ")");
    } else {
        pfl_buf_text(&words, witness->reason ? witness->reason : "no interval");
    }
    text = words.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&words));
    pfl_buf_release(&words);
    if (!text)
        return pfl_err_no_memory(err);
    row->reason = text;
    row->advice = NULL;
    return PFL_OK;
}

static int hear(struct pfl_row *row, const struct pfl_row *witness, const struct pfl_race *race,
                struct pfl_arena *arena, struct pfl_err *err)
{
    row->base = witness->base;
    row->head = witness->head;
    row->ratio = witness->ratio;
    row->ratio_low = witness->ratio_low;
    row->ratio_high = witness->ratio_high;
    row->mde = witness->mde;
    row->normalised_by = witness->normalised_by;
    row->raced = true;
    row->machine = 0;
    row->more_launches = 0;
    row->margin = row->threshold - pfl_judge_badness(row);
    row->verdict = isfinite(row->ratio_low) ? pfl_judge_decide(row) : PFL_VERDICT_INCONCLUSIVE;
    return write_reason(row, witness, race, arena, err);
}

int pfl_judge_take_race(struct pfl_comparison *check, const struct pfl_race *race, bool strict,
                        struct pfl_arena *arena, struct pfl_err *err)
{
    const struct pfl_comparison *told = &race->comparison;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < check->row_count; i++)
        if (strcmp(check->rows[i].metric, "time") == 0 && compares(&check->rows[i]))
            pass_on(check, race, &check->rows[i]);
    for (i = 0; i < check->row_count && rc == PFL_OK; i++) {
        struct pfl_row *row = &check->rows[i];
        const struct pfl_row *witness =
            compares(row) ? find(told->rows, told->row_count, row, row->metric) : NULL;

        if (witness && isfinite(witness->ratio))
            rc = hear(row, witness, race, arena, err);
        row->raced = row->raced || compares(row);
    }
    if (rc == PFL_OK && check->exit_code != PFL_ENOTHING)
        pfl_judge_count_again(check, strict);
    return rc;
}

int pfl_judge_hold_nothing(struct pfl_comparison *check, const char *why, const char *why_nothing,
                           struct pfl_arena *arena, struct pfl_err *err)
{
    size_t i;

    for (i = 0; i < check->row_count; i++) {
        struct pfl_row *row = &check->rows[i];
        bool relative = row->base.present && row->head.present && !strstr(row->variant, "relative");

        if (row->gate != PFL_GATE_HARD ||
            (!relative && row->verdict != PFL_VERDICT_MISSING && row->verdict != PFL_VERDICT_NEW))
            continue;
        row->gate = PFL_GATE_REPORT_ONLY;
        row->deciding = false;
        row->not_gated = why;
        row->reason = pfl_arena_format(arena, "not gated: %s; %s", why, row->reason);
        if (!row->reason)
            return pfl_err_no_memory(err);
    }
    pfl_judge_count_again(check, false);
    if (check->exit_code == PFL_OK) {
        check->exit_code = PFL_ENOTHING;
        check->why_nothing = why_nothing;
        check->ok = false;
    }
    return PFL_OK;
}
