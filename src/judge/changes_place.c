/*
 * Two questions about a series and its changes that others than the search ask, too: which value
 * does a decision name, and what is there to alarm about.
 *
 * A place is a revision, because a decision is read by people and indices shift when runs are
 * voided. The whole text wins over a commit's first digits; of several values of one revision the
 * first is meant.
 */
#include "judge/changes.h"

#include <string.h>

size_t pfl_changes_place_of(const struct pfl_series *series, const char *at)
{
    enum { COMMIT_LEAST = 7 };
    size_t i, len = strlen(at), index = 0;

    if (*at == '#' && at[1]) {
        for (i = 1; at[i] >= '0' && at[i] <= '9' && index < series->n; i++)
            index = index * 10 + (size_t)(at[i] - '0');
        return at[i] || index > series->n ? series->n : index;
    }
    if (!series->revisions || !*at)
        return series->n;
    for (i = 0; i < series->n; i++)
        if (strcmp(series->revisions[i], at) == 0)
            return i;
    for (i = 0; i < series->n && len >= COMMIT_LEAST; i++)
        if (strncmp(series->revisions[i], at, len) == 0)
            return i;
    return series->n;
}

size_t pfl_changes_alarms(const struct pfl_series_changes *changes, bool worse_only)
{
    size_t i, n = 0;

    for (i = 0; i < changes->change_count; i++)
        n += changes->changes[i].state == PFL_CHANGE_NEW &&
             changes->changes[i].kind != PFL_CHANGE_SEGMENT && !changes->changes[i].weak &&
             (!worse_only || changes->changes[i].worse);
    return n;
}
