/*
 * What the times of benchmarks inside programs are: normalised by a yardstick beside every sample,
 * which is the rule for them and told once, below, not of each. Beside the reference stands what
 * the yardstick took this time (of the first such benchmark), so that a person sees how far the
 * machine's clock is from what it was.
 */
#include "report/terminal.h"

#include "base/units.h"

void pfl_terminal_extremes(const struct pfl_result *result, double *min, double *max)
{
    bool inside = result->normalised.inside;

    *min = inside ? result->normalised.min : result->summary.min;
    *max = inside ? result->normalised.max : result->summary.max;
}

void pfl_terminal_inside(struct pfl_terminal *t, const struct pfl_run *run)
{
    const struct pfl_result *result = NULL, *step;
    struct pfl_buf *buf = &t->words.buf;
    size_t i;

    for (i = 0; i < run->benchmark_count; i++) {
        result = run->benchmarks[i].status == PFL_STATUS_OK
                     ? pfl_report_main_result(&run->benchmarks[i])
                     : NULL;
        if (result && result->normalised.inside)
            break;
    }
    if (i == run->benchmark_count || t->style->verbosity < 0)
        return;
    step = pfl_benchmark_find(&run->benchmarks[i], "yardstick",
                              pfl_yardstick_key(result->normalised.yardstick));
    pfl_buf_text(buf,
                 "times of benchmarks inside programs are as on a core whose yardstick takes ");
    pfl_units_write(buf, result->normalised.reference, "s", 4);
    pfl_buf_text(buf, run->own_reference
                          ? " (this run's own reference: the ledger has none of this machine)"
                          : " (this machine's reference)");
    if (step) {
        pfl_buf_text(buf, "; now it took ");
        pfl_units_write(buf, step->summary.median, "s", 4);
    }
    pfl_terminal_blank(t);
    pfl_terminal_wrap(t, "", PFL_TERMINAL_DIM, pfl_report_words_end(&t->words));
}
