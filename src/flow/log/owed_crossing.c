/*
 * Gates whose patterns cross: "kernels/p*" and "*e" have a benchmark in common, though neither
 * covers the other.
 *
 * Such a gate overrides the other for what both match, and there may be such a benchmark. So one
 * that is new and asks for less than a gate which was there before is told, unless a gate behind it
 * holds for all of the earlier one's pattern and asks for as much.
 */
#include "flow/log/owed_parts.h"

#include <math.h>
#include <string.h>

enum { PATTERN_MAX = 256 };

/* Is there a text that both patterns match? meets[j]: the rest of a from here and b's from j. */
static bool globs_meet(const char *a, const char *b)
{
    bool meets[PATTERN_MAX + 1] = {false}, next, diagonal;
    size_t n = strlen(a), m = strlen(b), i, j;

    if (m > PATTERN_MAX)
        return true;
    for (i = n + 1; i-- > 0;) {
        diagonal = false; /* of the row below, one to the right */
        for (j = m + 1; j-- > 0;) {
            next = i == n && j == m;
            if (i < n && a[i] == '*')
                next = next || meets[j] || (j < m && meets[j + 1]);
            if (j < m && b[j] == '*')
                next = next || meets[j + 1] || (i < n && meets[j]);
            if (i < n && j < m && (a[i] == '?' || b[j] == '?' || a[i] == b[j]))
                next = next || diagonal;
            diagonal = meets[j];
            meets[j] = next;
        }
    }
    return meets[0];
}

/* A suite's name means all that is below it. */
static bool matches_meet(struct pfl_arena *arena, const char *a, const char *b)
{
    const char *all_a = pfl_arena_format(arena, "%s/*", a);
    const char *all_b = pfl_arena_format(arena, "%s/*", b);

    return !all_a || !all_b || globs_meet(a, b) || globs_meet(all_a, b) || globs_meet(a, all_b);
}

static bool asks_less(enum pfl_limit_kind kind, const struct pfl_gate *before,
                      const struct pfl_gate *now)
{
    double was = pfl_limit_of(before, kind), is = pfl_limit_of(now, kind);

    return !before->report_only && !isnan(was) && !isnan(is) &&
           (now->report_only || pfl_limit_is_wider(kind, was, is));
}

static bool is_held_again(const struct pfl_config *now, size_t from, const struct pfl_gate *before,
                          enum pfl_limit_kind kind)
{
    size_t i;

    for (i = from; i < now->gate_count; i++) {
        const struct pfl_gate *gate = &now->gates[i];

        if (pfl_gate_covers(gate, before) && !gate->report_only &&
            !isnan(pfl_limit_of(gate, kind)) && !asks_less(kind, before, gate))
            return true;
    }
    return false;
}

static bool was_there(const struct pfl_config *before, const struct pfl_gate *gate,
                      enum pfl_limit_kind kind)
{
    size_t i;

    for (i = 0; i < before->gate_count; i++)
        if (strcmp(before->gates[i].match, gate->match) == 0 &&
            strcmp(before->gates[i].metric, gate->metric) == 0 &&
            !asks_less(kind, &before->gates[i], gate))
            return true;
    return false;
}

static int tell(struct pfl_loosening *c, const struct pfl_gate *before, const struct pfl_gate *now,
                enum pfl_limit_kind kind)
{
    const struct pfl_loosened one = {
        .what = pfl_arena_format(c->arena, "gate \"%s\" %s", now->match, now->metric),
        .file = now->file,
        .line = now->line,
        .reason = pfl_loosened_reason(c, now->reason),
        .change = pfl_loosened_limit(c, kind, before, now),
    };

    return pfl_loosened_add(c, &one);
}

int pfl_loosened_crossings(struct pfl_loosening *c)
{
    size_t i, j;
    int kind, rc = PFL_OK;

    for (i = 0; i < c->now->gate_count; i++)
        for (j = 0; rc == PFL_OK && j < c->before->gate_count; j++) {
            const struct pfl_gate *now = &c->now->gates[i], *before = &c->before->gates[j];

            if (pfl_gate_covers(now, before) || pfl_gate_covers(before, now) ||
                !matches_meet(c->arena, now->match, before->match) ||
                !globs_meet(now->metric, before->metric))
                continue;
            for (kind = 0; rc == PFL_OK && kind < PFL_LIMIT_KINDS; kind++)
                if (asks_less((enum pfl_limit_kind)kind, before, now) &&
                    !was_there(c->before, now, (enum pfl_limit_kind)kind) &&
                    !is_held_again(c->now, i + 1, before, (enum pfl_limit_kind)kind))
                    rc = tell(c, before, now, (enum pfl_limit_kind)kind);
        }
    return rc;
}
