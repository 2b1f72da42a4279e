/* The words of changes and reviews, as JSON and the file of reviews have them. */
#include "model/change.h"

#include <string.h>

static const char *const actions[] = {"acknowledge", "expect", "rebase"};

const char *pfl_change_kind_text(enum pfl_change_kind kind)
{
    static const char *const texts[] = {"step", "drift", "segment"};

    return texts[kind];
}

const char *pfl_change_state_text(enum pfl_change_state state)
{
    static const char *const texts[] = {"new", "acknowledged", "expected", "pending"};

    return texts[state];
}

const char *pfl_series_outcome_text(enum pfl_series_outcome outcome)
{
    static const char *const texts[] = {"quiet", "changed", "too_short", "constant", "empty"};

    return texts[outcome];
}

const char *pfl_review_action_text(enum pfl_review_action action)
{
    return actions[action];
}

bool pfl_review_action_read(const char *text, enum pfl_review_action *action)
{
    size_t i;

    for (i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(text, actions[i]) == 0) {
            *action = (enum pfl_review_action)i;
            return true;
        }
    return false;
}

const char *pfl_boundary_what_text(enum pfl_boundary_what what)
{
    return what == PFL_BOUNDARY_MACHINE      ? "machine"
           : what == PFL_BOUNDARY_DEFINITION ? "definition"
                                             : "name";
}
