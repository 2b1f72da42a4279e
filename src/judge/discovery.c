/*
 * False discoveries over the suite. Each deciding comparison brings its p value of "no change";
 * those that Benjamini and Hochberg's procedure does not let through at q are taken back:
 * `regressed` and `improved` become `inconclusive`, and the reason says so. Exact comparisons
 * (nothing varies) are not a matter of chance and neither use up nor enlarge what is allowed. Rows
 * that decide nothing keep their verdict: nobody acts on them.
 */
#include "base/alloc.h"
#include "judge/internal.h"

static bool counts(const struct pfl_judge *judge, size_t i)
{
    const struct pfl_judge_effect *effect = &judge->effects.at[i];

    return judge->rows.at[i].deciding && effect->has_ratio && effect->se > 0;
}

static int take_back(struct pfl_judge *judge, struct pfl_row *row, double adjusted, size_t tests)
{
    struct pfl_buf *words = &judge->words;

    pfl_buf_format(
        words,
        "%s; alone it would be %s, but among %zu judged rows this may be chance (adjusted p = ",
        row->reason, pfl_verdict_text(row->verdict), tests);
    pfl_judge_write_percent(words, adjusted);
    pfl_buf_text(words, ", allowed ");
    pfl_judge_write_percent(words, judge->policy->false_discovery_rate);
    pfl_buf_text(words, ")");
    row->reason = pfl_judge_words_end(judge);
    row->verdict = PFL_VERDICT_INCONCLUSIVE;
    row->advice = "among so many rows one like this is likely by chance";
    return row->reason ? PFL_OK : pfl_err_no_memory(judge->err);
}

static int apply(struct pfl_judge *judge, const double *adjusted, size_t tests)
{
    struct pfl_row *row;
    size_t i, k = 0;
    int rc = PFL_OK;

    for (i = 0; i < judge->rows.n && rc == PFL_OK; i++) {
        if (!counts(judge, i))
            continue;
        row = &judge->rows.at[i];
        if (adjusted[k] > judge->policy->false_discovery_rate &&
            (row->verdict == PFL_VERDICT_REGRESSED || row->verdict == PFL_VERDICT_IMPROVED))
            rc = take_back(judge, row, adjusted[k], tests);
        k++;
    }
    return rc;
}

int pfl_judge_discoveries(struct pfl_judge *judge)
{
    size_t i, tests = 0;
    uint32_t *order = pfl_alloc(judge->rows.n * sizeof *order);
    double *p = pfl_alloc(judge->rows.n * sizeof *p);
    int rc;

    if (!order || !p) {
        rc = pfl_err_no_memory(judge->err);
    } else {
        for (i = 0; i < judge->rows.n; i++)
            if (counts(judge, i)) {
                const struct pfl_judge_effect *effect = &judge->effects.at[i];

                p[tests++] = pfl_judge_p(effect->log_ratio / effect->se, effect->df);
            }
        pfl_stats_benjamini_hochberg(p, order, tests);
        rc = apply(judge, p, tests);
    }
    pfl_free(order);
    pfl_free(p);
    return rc;
}
