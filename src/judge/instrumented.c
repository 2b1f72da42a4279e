/*
 * Programs that say of themselves that they are no release: built with a sanitizer, for coverage,
 * or without optimisation ({"environment":{"instrumented":…}} on the wire; libperfledger says it).
 *
 * Their times are of another program than the one that people get. They are shown and compared, but
 * no gate holds them, unless it says `instrumented: true`: people do measure how much slower a
 * sanitizer makes a thing. One side is enough, for then the two are not the same program at all. A
 * benchmark that fails, or is gone, is held all the same: that has nothing to do with speed.
 */
#include "judge/internal.h"

int pfl_judge_look_for_instruments(struct pfl_judge *judge, const struct pfl_benchmark *base,
                                   const struct pfl_benchmark *head)
{
    const char *before = base ? pfl_benchmark_instrumented(base) : NULL;
    const char *after = pfl_benchmark_instrumented(head);

    judge->not_gated = NULL;
    if (!before && !after)
        return PFL_OK;
    judge->instrumented++;
    if (after)
        judge->not_gated = pfl_judge_format(judge, "%s%s", pfl_instrumented_how(after), after);
    else
        judge->not_gated =
            pfl_judge_format(judge, "the base was %s%s", pfl_instrumented_how(before), before);
    return judge->not_gated ? PFL_OK : pfl_err_no_memory(judge->err);
}

void pfl_judge_soften(struct pfl_judge *judge, const struct pfl_gate *gate, struct pfl_row *row)
{
    if (!judge->not_gated || (gate && gate->instrumented) ||
        !(row->deciding || row->gate == PFL_GATE_HARD))
        return;
    row->gate = PFL_GATE_REPORT_ONLY;
    row->deciding = false;
    row->not_gated = judge->not_gated;
}
