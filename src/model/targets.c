/* The words for a target's state, the same in every report. */
#include "model/targets.h"

const char *pfl_target_state_text(enum pfl_target_state state)
{
    static const char *const texts[PFL_TARGET_STATE_COUNT] = {
        "met", "within tolerance", "cannot tell", "missed", "not measured"};

    return texts[state];
}
