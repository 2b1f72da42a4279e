/* The words of a verdict, as the JSON and every report spell them. */
#include "model/verdict.h"

static const char *const verdict_texts[PFL_VERDICT_COUNT] = {
    "unchanged", "improved", "regressed", "inconclusive", "new", "missing", "failed", "skipped",
};

const char *pfl_verdict_text(enum pfl_verdict verdict)
{
    return verdict_texts[verdict];
}

const char *pfl_gate_force_text(enum pfl_gate_force force)
{
    return force == PFL_GATE_HARD ? "hard" : force == PFL_GATE_REPORT_ONLY ? "report_only" : NULL;
}
