/*
 * Programs that say of themselves that they are no release: built with a sanitizer, for coverage,
 * or without optimisation ({"environment":{"instrumented":…}} on the wire; libperfledger says it).
 *
 * Their times are of another program than the one that people get. They are shown and compared, but
 * no gate holds them, unless it says `instrumented: true`: people do measure how much slower a
 * sanitizer makes a thing. One side is enough, for then the two are not the same program at all. A
 * benchmark that fails, or is gone, is held all the same: that has nothing to do with speed. Where
 * nothing else is held, nothing was judged, and the check does not pass.
 */
#include "judge/internal.h"

const char *pfl_judge_instruments(struct pfl_arena *arena, const struct pfl_benchmark *base,
                                  const struct pfl_benchmark *head)
{
    const char *before = base ? pfl_benchmark_instrumented(base) : NULL;
    const char *after = head ? pfl_benchmark_instrumented(head) : NULL;

    if (after)
        return pfl_arena_format(arena, "%s%s", pfl_instrumented_how(after), after);
    if (before)
        return pfl_arena_format(arena, "the base was %s%s", pfl_instrumented_how(before), before);
    return "";
}

int pfl_judge_look_for_instruments(struct pfl_judge *judge, const struct pfl_benchmark *base,
                                   const struct pfl_benchmark *head)
{
    const char *why = pfl_judge_instruments(judge->arena, base, head);

    judge->not_gated = why && *why ? why : NULL;
    judge->instrumented += judge->not_gated != NULL;
    return why ? PFL_OK : pfl_err_no_memory(judge->err);
}

void pfl_judge_soften(struct pfl_judge *judge, const struct pfl_gate *gate, struct pfl_row *row)
{
    if (!judge->not_gated || (gate && gate->instrumented) ||
        !(row->deciding || row->gate == PFL_GATE_HARD))
        return;
    row->gate = PFL_GATE_REPORT_ONLY;
    row->deciding = false;
    row->not_gated = judge->not_gated;
    judge->softened++;
}
