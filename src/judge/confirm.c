/*
 * What a race of both builds says about the suspects of a check.
 *
 * A suspect was found with the between-session deviation in its interval, so a refutation is not a
 * contradiction: it says that the sessions differ more than they used to, or that this is the one
 * in a hundred. The threshold is the gate's own, whatever tolerance the race ran with. A race that
 * cannot tell acquits nobody, nor does a row that did not decide in it: it may only confirm.
 */
#include "judge/confirm.h"

#include "judge/internal.h"

#include <math.h>
#include <string.h>

enum { NAMED_MAX = 3 };
enum answer { CONFIRMED, REFUTED, UNCLEAR };

bool pfl_judge_is_suspect(const struct pfl_row *row)
{
    bool asked = row->verdict == PFL_VERDICT_REGRESSED ||
                 (row->doubtful && row->verdict == PFL_VERDICT_INCONCLUSIVE);

    return row->deciding && asked && !*row->variant && isfinite(row->ratio) && row->ratio > 0;
}

static const struct pfl_row *find(const struct pfl_comparison *race, const struct pfl_row *suspect)
{
    size_t i;

    for (i = 0; i < race->row_count; i++) {
        const struct pfl_row *row = &race->rows[i];

        if (strcmp(row->benchmark, suspect->benchmark) == 0 &&
            strcmp(row->metric, suspect->metric) == 0 && !*row->variant)
            return row;
    }
    return NULL;
}

/* The change in the bad direction: 0.1 is 10 % worse. low is the better end of the interval. */
struct change {
    double estimate, low, high;
};

/* Where nobody says which way is better, any change is one for the worse. */
static struct change worsening(const struct pfl_row *row, enum pfl_better better)
{
    double down = 1 - row->ratio_low, up = row->ratio_high - 1;

    if (better == PFL_BETTER_NEITHER)
        return (struct change){fabs(row->ratio - 1), fmax(0, fmax(-down, -up)), fmax(down, up)};
    if (better == PFL_BETTER_HIGHER)
        return (struct change){1 - row->ratio, 1 - row->ratio_high, 1 - row->ratio_low};
    return (struct change){row->ratio - 1, row->ratio_low - 1, row->ratio_high - 1};
}

/* Was there a race, and has it an interval? (One that changed its speed halfway has none.) */
static bool is_evidence(const struct pfl_row *witness)
{
    return witness->verdict != PFL_VERDICT_FAILED && witness->verdict != PFL_VERDICT_SKIPPED &&
           witness->verdict != PFL_VERDICT_MISSING && isfinite(witness->ratio_low) &&
           isfinite(witness->ratio_high);
}

static enum answer hear(const struct pfl_row *suspect, const struct pfl_row *witness)
{
    double threshold = isfinite(suspect->threshold) ? suspect->threshold : 0;
    struct change change;

    if (!witness || !is_evidence(witness))
        return UNCLEAR;
    change = worsening(witness, suspect->better);
    if (change.low > 0 && change.estimate >= threshold)
        return CONFIRMED;
    if (witness->deciding && (change.high < threshold || (change.high <= 0 && threshold <= 0)))
        return REFUTED;
    return UNCLEAR;
}

/* What stood before the race: the verdict's reason; of a doubtful row, what left it open. */
static void write_accusation(struct pfl_buf *words, const struct pfl_row *suspect)
{
    if (!suspect->doubtful) {
        pfl_buf_format(words, "%s; ", suspect->reason);
        return;
    }
    pfl_buf_text(words, "the two runs could not decide (");
    pfl_judge_write_open(words, suspect);
    pfl_buf_text(words, "); ");
}

static int write_reason(struct pfl_row *suspect, const struct pfl_row *witness, enum answer answer,
                        struct pfl_arena *arena, struct pfl_err *err)
{
    struct pfl_buf words;
    const char *text;

    pfl_buf_init(&words, 4096);
    write_accusation(&words, suspect);
    if (answer == CONFIRMED)
        pfl_buf_text(&words, "confirmed by a race of both builds: ");
    else if (answer == REFUTED && suspect->doubtful)
        pfl_buf_text(&words, "within the limit in a race of both builds: ");
    else if (answer == REFUTED)
        pfl_buf_text(&words, "but not in a race of both builds: ");
    else if (witness && witness->verdict == PFL_VERDICT_SKIPPED)
        pfl_buf_text(&words, "was not raced");
    else
        pfl_buf_text(&words, "a race of both builds could not tell");
    if (answer != UNCLEAR) {
        pfl_judge_write_change(&words, witness->ratio);
        pfl_buf_text(&words, " (99 % interval ");
        pfl_judge_write_change(&words, witness->ratio_low);
        pfl_buf_text(&words, " to ");
        pfl_judge_write_change(&words, witness->ratio_high);
        pfl_buf_char(&words, ')');
    } else if (witness && witness->reason && *witness->reason) {
        pfl_buf_format(&words, ": %s", witness->reason);
    }
    text = words.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&words));
    pfl_buf_release(&words);
    if (!text)
        return pfl_err_no_memory(err);
    suspect->reason = text;
    return PFL_OK;
}

void pfl_judge_count_again(struct pfl_comparison *comparison, bool strict)
{
    bool failing = false, unsure = false;
    size_t i;

    memset(comparison->counts, 0, sizeof comparison->counts);
    for (i = 0; i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (!row->deciding && row->gate == PFL_GATE_NONE)
            continue;
        comparison->counts[row->verdict]++;
        failing = failing ||
                  (row->deciding && (pfl_verdict_fail_bit(row->verdict) & comparison->fail_on));
        unsure = unsure || (row->deciding && row->verdict == PFL_VERDICT_INCONCLUSIVE);
    }
    comparison->exit_code = failing ? PFL_EGATE : unsure && strict ? PFL_EINCONCLUSIVE : PFL_OK;
    comparison->ok = comparison->exit_code == PFL_OK;
}

/* What is raced and why, before the race's numbers take the place of doubtful ones. NULL: no
 * memory.
 */
static const char *raced_text(const struct pfl_comparison *comparison, struct pfl_arena *arena)
{
    struct pfl_buf words;
    const char *text;
    size_t i, n = 0;

    pfl_buf_init(&words, 16384);
    pfl_buf_text(&words, "raced, both builds side by side: ");
    for (i = 0; i < comparison->row_count; i++) {
        const struct pfl_row *row = &comparison->rows[i];

        if (!pfl_judge_is_suspect(row) || n++ >= NAMED_MAX)
            continue;
        pfl_buf_format(&words, "%s%s %s (", n > 1 ? ", " : "", row->benchmark, row->metric);
        pfl_buf_text(&words, row->doubtful ? "the two runs could not decide: "
                                           : "regressed between the two runs: ");
        pfl_judge_write_open(&words, row);
        pfl_buf_char(&words, ')');
    }
    if (n > NAMED_MAX)
        pfl_buf_format(&words, " and %zu more", n - NAMED_MAX);
    text = words.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&words));
    pfl_buf_release(&words);
    return text;
}

/* A doubtful row had no verdict of its own; its numbers are now those that gave it one. */
static void take_numbers(struct pfl_row *row, const struct pfl_row *witness)
{
    row->base = witness->base;
    row->head = witness->head;
    row->ratio = witness->ratio;
    row->ratio_low = witness->ratio_low;
    row->ratio_high = witness->ratio_high;
    row->mde = witness->mde;
    row->normalised_by = witness->normalised_by;
    row->machine = 0;
    row->margin = row->threshold - pfl_judge_badness(row);
}

int pfl_judge_confirm(struct pfl_comparison *comparison, const struct pfl_comparison *race,
                      bool strict, struct pfl_arena *arena, struct pfl_err *err)
{
    const char *why = raced_text(comparison, arena);
    bool held = false;
    size_t i;
    int rc = why ? PFL_OK : pfl_err_no_memory(err);

    for (i = 0; i < comparison->row_count && rc == PFL_OK; i++) {
        struct pfl_row *row = &comparison->rows[i];
        const struct pfl_row *witness;
        enum answer answer;

        if (!pfl_judge_is_suspect(row))
            continue;
        witness = find(race, row);
        answer = hear(row, witness);
        rc = write_reason(row, witness, answer, arena, err);
        row->raced = true;
        held = held || (witness && witness->verdict != PFL_VERDICT_SKIPPED);
        row->advice = NULL;
        row->more_launches = 0;
        if (row->doubtful && answer != UNCLEAR)
            take_numbers(row, witness);
        if (answer == REFUTED)
            row->verdict = PFL_VERDICT_UNCHANGED;
        else if (answer == CONFIRMED)
            row->verdict = PFL_VERDICT_REGRESSED;
    }
    if (rc == PFL_OK)
        pfl_judge_count_again(comparison, strict);
    return rc == PFL_OK && held ? pfl_judge_note_more(comparison, arena, err, why) : rc;
}

int pfl_judge_acquit(struct pfl_comparison *comparison, bool strict, struct pfl_arena *arena,
                     struct pfl_err *err)
{
    bool any = false;
    size_t i;

    for (i = 0; i < comparison->row_count; i++) {
        struct pfl_row *row = &comparison->rows[i];

        if (!pfl_judge_is_suspect(row))
            continue;
        row->reason = pfl_arena_format(arena,
                                       "%s; but both commits hold the same files, so it is not the "
                                       "program",
                                       row->reason);
        if (!row->reason)
            return pfl_err_no_memory(err);
        row->verdict = PFL_VERDICT_UNCHANGED;
        row->advice = NULL;
        row->more_launches = 0;
        any = true;
    }
    if (!any)
        return PFL_OK;
    pfl_judge_count_again(comparison, strict);
    return pfl_judge_note_more(comparison, arena, err,
                               "not raced: both commits hold the same files (the written ledger "
                               "apart), so no difference between the runs is the program's");
}
