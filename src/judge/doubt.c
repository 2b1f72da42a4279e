/*
 * What a release gate does not know.
 *
 * Two runs of different sessions can rarely show that nothing became 10 % slower: without a history
 * their interval is wider than that. An inconclusive row is harmless when its interval ends before
 * the limit. When it does not, the loss that the gate is there for may be in it. Such a row is
 * raced where that is possible; and a race that had its time and still cannot exclude the loss is
 * no pass. Where no race was possible two runs cannot give what is asked of them, and a gate that
 * never opens would be switched off: it is said first, and passes unless --strict.
 */
#include "judge/release.h"

#include "judge/internal.h"

enum { NAMED_MAX = 3 };

static bool in_doubt(const struct pfl_row *row)
{
    double worst;

    if (!row->deciding || row->verdict != PFL_VERDICT_INCONCLUSIVE || *row->variant ||
        !row->base.present || !row->head.present || !isfinite(row->threshold))
        return false;
    if (!isfinite(row->ratio_low) || !isfinite(row->ratio_high))
        return true;
    worst = row->better == PFL_BETTER_HIGHER ? 1 - row->ratio_low : row->ratio_high - 1;
    if (row->better == PFL_BETTER_NEITHER)
        worst = fmax(1 - row->ratio_low, worst);
    return worst >= row->threshold;
}

void pfl_judge_doubt(struct pfl_comparison *check)
{
    size_t i;

    check->undecided = 0;
    for (i = 0; i < check->row_count; i++) {
        check->rows[i].doubtful = in_doubt(&check->rows[i]);
        check->undecided += check->rows[i].doubtful;
    }
}

void pfl_judge_write_open(struct pfl_buf *words, const struct pfl_row *row)
{
    if (isfinite(row->ratio_low) && isfinite(row->ratio_high)) {
        pfl_judge_write_change(words, row->ratio_low);
        pfl_buf_text(words, " to ");
        pfl_judge_write_change(words, row->ratio_high);
    } else {
        pfl_buf_text(words, "no interval");
    }
    if (isfinite(row->threshold)) {
        pfl_buf_text(words, ", limit ");
        pfl_judge_write_percent(words, row->threshold);
    }
}

int pfl_judge_note_more(struct pfl_comparison *comparison, struct pfl_arena *arena,
                        struct pfl_err *err, const char *text)
{
    const char **notes = pfl_arena_grow(arena, comparison->notes, comparison->note_count,
                                        comparison->note_count + 1, sizeof *notes);

    if (!notes)
        return pfl_err_no_memory(err);
    notes[comparison->note_count++] = text;
    comparison->notes = notes;
    return PFL_OK;
}

static void write_rows(struct pfl_buf *words, const struct pfl_comparison *check)
{
    size_t i, n = 0;

    for (i = 0; i < check->row_count; i++) {
        const struct pfl_row *row = &check->rows[i];

        if (!row->doubtful || n++ >= NAMED_MAX)
            continue;
        pfl_buf_format(words, "%s%s %s (", n > 1 ? ", " : "", row->benchmark, row->metric);
        pfl_judge_write_open(words, row);
        pfl_buf_char(words, ')');
    }
    if (n > NAMED_MAX)
        pfl_buf_format(words, " and %zu more", n - NAMED_MAX);
}

int pfl_judge_undecided(struct pfl_comparison *check, const char *remedy, bool lenient,
                        struct pfl_arena *arena, struct pfl_err *err)
{
    struct pfl_buf words;
    bool raced = false;
    size_t i;

    pfl_judge_doubt(check);
    check->why_undecided = NULL;
    if (check->undecided == 0)
        return PFL_OK;
    for (i = 0; i < check->row_count; i++)
        raced = raced || (check->rows[i].doubtful && check->rows[i].raced);
    pfl_buf_init(&words, 16384);
    pfl_buf_format(&words,
                   "could not decide: %zu row%s may be beyond the limit: ", check->undecided,
                   check->undecided == 1 ? "" : "s");
    write_rows(&words, check);
    pfl_buf_format(&words, "; %s", remedy);
    check->why_undecided = words.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&words));
    pfl_buf_release(&words);
    if (!check->why_undecided)
        return pfl_err_no_memory(err);
    if (raced && !lenient && check->exit_code == PFL_OK) {
        check->exit_code = PFL_EINCONCLUSIVE;
        check->ok = false;
    }
    return PFL_OK;
}
