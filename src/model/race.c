/* The names of a race's modes, as documents write them. */
#include "model/race.h"

const char *pfl_race_mode_text(enum pfl_race_mode mode)
{
    switch (mode) {
    case PFL_RACE_SOLO: return "solo";
    case PFL_RACE_DUET: return "duet";
    case PFL_RACE_INSIDE: return "inside";
    }
    return "";
}
