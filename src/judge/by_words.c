/*
 * The verdict of one row within a run, the sentence beside it, and what a reader must know of what
 * is not there.
 *
 * The rules are those of a comparison (verdict.c) with a tolerance of 0 unless one was asked for:
 * any difference the interval shows. What is different is when nothing may be said at all: the
 * interval from paired rounds is made of order statistics, and below a certain number of rounds
 * even [min, max] covers less than was asked (1 − 2^(1−n): 8 rounds for 99 %). Such an interval is
 * shown, and decides nothing, unless the rounds agree exactly.
 */
#include "judge/by.h"

#include <string.h>

enum { NAMED_MAX = 10, ROUNDS_MAX = 64 };

static size_t rounds_needed(double confidence)
{
    size_t n = 1;

    while (n < ROUNDS_MAX && 1 - ldexp(1, 1 - (int)n) < confidence)
        n++;
    return n;
}

static int without_ratio(struct pfl_row *row)
{
    bool steady = row->base.ci_low == row->base.ci_high && row->head.ci_low == row->head.ci_high &&
                  row->base.launches > 1 && row->head.launches > 1;

    pfl_judge_decide_without_ratio(row, steady);
    return PFL_OK;
}

static void write_pooled(struct pfl_buf *words, const struct pfl_by_row *out)
{
    pfl_buf_format(words, "; the geometric mean of %zu combinations, ", out->combinations);
    if (out->smallest == out->largest) {
        pfl_buf_text(words, "which all agree");
    } else {
        pfl_buf_text(words, "which range from ");
        pfl_judge_write_change(words, out->smallest);
        pfl_buf_text(words, " to ");
        pfl_judge_write_change(words, out->largest);
    }
    if (out->launch_low < out->launch_high) {
        pfl_buf_text(words, "; of these very ones it is ");
        pfl_judge_write_change(words, out->launch_low);
        pfl_buf_text(words, " to ");
        pfl_judge_write_change(words, out->launch_high);
    }
}

static void write_basis(struct pfl_buf *words, const struct pfl_by_row *out)
{
    const struct pfl_row *row = &out->row;

    if (out->rounds)
        pfl_buf_format(words, ", round by round over %zu rounds", out->rounds);
    else if (out->combinations == 1)
        pfl_buf_text(words, ", by the two estimates: fewer than 5 rounds in common");
    else
        write_pooled(words, out);
    if (isnan(row->ratio_low))
        pfl_buf_text(words, "; one launch of each tells nothing of the scatter");
    else if (row->more_launches)
        pfl_buf_format(words, "; such an interval needs %zu more rounds", row->more_launches);
    else if (row->better == PFL_BETTER_NEITHER && (row->ratio_low > 1 || row->ratio_high < 1))
        pfl_buf_text(words, "; nobody says which way is better");
}

int pfl_judge_by_decide(struct pfl_judge_by *by, struct pfl_by_cell *cell)
{
    struct pfl_by_row *out = &cell->out;
    struct pfl_row *row = &out->row;
    size_t needed = rounds_needed(by->judge.tables.confidence);
    struct pfl_buf *words = &by->judge.words;

    if (isnan(row->ratio))
        return without_ratio(row);
    row->more_launches = 0;
    if (out->rounds && out->rounds < needed && row->ratio_low < row->ratio_high)
        row->more_launches = needed - out->rounds;
    if (isnan(row->ratio_low) || row->more_launches)
        row->verdict = PFL_VERDICT_INCONCLUSIVE;
    else
        row->verdict = pfl_judge_decide(row);
    if (row->verdict == PFL_VERDICT_INCONCLUSIVE)
        pfl_buf_text(words, "cannot tell: ");
    pfl_judge_write_effect(words, row, by->judge.tables.confidence);
    write_basis(words, out);
    row->reason = pfl_judge_words_end(&by->judge);
    return row->reason ? PFL_OK : pfl_err_no_memory(by->judge.err);
}

int pfl_judge_by_left_out(struct pfl_judge_by *by, const struct pfl_benchmark *bench)
{
    const char *what = bench->status == PFL_STATUS_SKIPPED     ? "was skipped"
                       : bench->status == PFL_STATUS_TIMED_OUT ? "timed out"
                                                               : "failed";
    const char *why = bench->reason ? bench->reason : "";

    if (bench->status == PFL_STATUS_SKIPPED)
        by->skipped++;
    else
        by->failed++;
    if (by->left_out_notes++ >= NAMED_MAX)
        return PFL_OK;
    return pfl_judge_note(&by->judge, "left out: %s %s%s%.*s", bench->name, what, *why ? ": " : "",
                          (int)strcspn(why, "\n"), why);
}

static int count_note(struct pfl_judge_by *by, size_t n, const char *one, const char *many)
{
    return n ? pfl_judge_note(&by->judge, "%zu %s", n, n == 1 ? one : many) : PFL_OK;
}

static int reference_note(struct pfl_judge_by *by)
{
    if (by->without_reference == 0)
        return PFL_OK;
    return pfl_judge_note(&by->judge,
                          "%zu combination%s of the other parameters %s not measured with the "
                          "reference value and left out (%s%s)",
                          by->without_reference, by->without_reference == 1 ? "" : "s",
                          by->without_reference == 1 ? "was" : "were", by->first_without_reference,
                          by->without_reference == 1 ? "" : " and others");
}

int pfl_judge_by_notes(struct pfl_judge_by *by)
{
    size_t more = by->left_out_notes > NAMED_MAX ? by->left_out_notes - NAMED_MAX : 0;
    int rc = count_note(by, more, "more benchmark was left out because it failed or was skipped",
                        "more benchmarks were left out because they failed or were skipped");

    if (rc == PFL_OK)
        rc = reference_note(by);
    if (rc == PFL_OK)
        rc = count_note(by, by->without_param, "benchmark has no such parameter and is left out",
                        "benchmarks have no such parameter and are left out");
    if (rc == PFL_OK)
        rc = count_note(by, by->without_group,
                        "benchmark has no parameter to group by and is left out",
                        "benchmarks have no parameter to group by and are left out");
    if (rc == PFL_OK)
        rc = count_note(by, by->unmatched,
                        "metric was reported for a value, but not for its reference, and is left "
                        "out",
                        "metrics were reported for a value, but not for its reference, and are "
                        "left out");
    if (rc == PFL_OK && by->params->run->partial)
        rc =
            pfl_judge_note(&by->judge, "the run is partial: it was interrupted or ran out of time");
    return rc;
}
