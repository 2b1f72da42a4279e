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

unsigned pfl_verdict_fail_bit(enum pfl_verdict verdict)
{
    switch (verdict) {
    case PFL_VERDICT_REGRESSED: return PFL_FAIL_ON_REGRESSED;
    case PFL_VERDICT_FAILED: return PFL_FAIL_ON_FAILED;
    case PFL_VERDICT_MISSING: return PFL_FAIL_ON_MISSING;
    case PFL_VERDICT_INCONCLUSIVE: return PFL_FAIL_ON_INCONCLUSIVE;
    case PFL_VERDICT_NEW: return PFL_FAIL_ON_NEW;
    case PFL_VERDICT_IMPROVED: return PFL_FAIL_ON_IMPROVED;
    default: return 0;
    }
}
