/* The names of a race's modes, as documents write them. */
#include "model/race.h"

const char *pfl_race_mode_text(enum pfl_race_mode mode)
{
    return mode == PFL_RACE_DUET ? "duet" : "solo";
}
