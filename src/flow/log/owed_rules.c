/*
 * Two configurations' `paths:` and `release:`: where is less asked than before?
 *
 * A pattern of an earlier rule is held by all rules of today that have it, or one that matches its
 * text ("src*" covers "src/parser*"). Together they must demand what it demanded, measure the
 * suites it measured, and hold them as tightly. A pattern that nobody has any more is removed. So
 * rules may be joined, split and reordered, and nothing is owed.
 */
#include "flow/log/owed_parts.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

static bool has_pattern(const struct pfl_path_rule *rule, const char *pattern)
{
    size_t i;

    for (i = 0; i < rule->match_count; i++)
        if (strcmp(rule->matches[i], pattern) == 0 || pfl_text_glob(rule->matches[i], pattern))
            return true;
    return false;
}

/* suite NULL: every suite. */
static bool has_suite(const struct pfl_path_rule *rule, const char *suite)
{
    size_t i;

    for (i = 0; suite && i < rule->suite_count; i++)
        if (strcmp(rule->suites[i], suite) == 0 || pfl_run_selects(rule->suites[i], suite))
            return true;
    return rule->suite_count == 0;
}

/* What holds now for a pattern and a suite of an earlier rule. */
struct holding {
    const struct pfl_path_rule *rule; /* the last; NULL: none has the pattern */
    const char *reason;               /* a new one of any of them */
    bool measured;
    unsigned demand;
    double max_regression; /* NaN: none */
};

static struct holding holding_of(const struct pfl_loosening *c, const struct pfl_path_rule *before,
                                 const char *pattern, const char *suite)
{
    const struct pfl_documents *documents = &c->now->documents;
    struct holding holding = {.max_regression = NAN};
    size_t i;

    for (i = 0; i < documents->path_count; i++) {
        const struct pfl_path_rule *rule = &documents->paths[i];
        const char *reason = pfl_loosened_reason(c, rule->reason);

        if (!has_pattern(rule, pattern))
            continue;
        holding.rule = rule;
        holding.reason = reason ? reason : holding.reason;
        if (!has_suite(rule, suite))
            continue;
        holding.measured = true;
        holding.demand |= rule->demand;
        if (!isnan(rule->max_regression) &&
            (strcmp(rule->metric, before->metric) == 0 ||
             pfl_text_glob(rule->metric, before->metric)) &&
            !(holding.max_regression <= rule->max_regression))
            holding.max_regression = rule->max_regression;
    }
    return holding;
}

static int add(struct pfl_loosening *c, const struct pfl_path_rule *before, const char *pattern,
               const struct holding *now, const char *change)
{
    struct pfl_loosened one = {
        .what = pfl_arena_format(c->arena, "paths \"%s\"", pattern),
        .change = change,
        .file = c->place,
        .line = now->rule ? now->rule->line : before->line,
        .removed = !now->rule,
        .reason =
            now->rule ? now->reason : pfl_loosened_removal(c, PFL_REMOVED_PATH, pattern, NULL),
        .entry = pfl_arena_format(c->arena, "path: \"%s\"", pattern),
    };

    return pfl_loosened_add(c, &one);
}

static int compare_suite(struct pfl_loosening *c, const struct pfl_path_rule *before,
                         const char *pattern, const char *suite)
{
    static const struct {
        unsigned bit;
        const char *removed;
    } demands[] = {{PFL_DEMAND_SNAPSHOT, "demand snapshot removed"},
                   {PFL_DEMAND_ROW, "demand row removed"}};
    struct holding now = holding_of(c, before, pattern, suite);
    size_t i;
    int rc = PFL_OK;

    if (!now.rule)
        return add(c, before, pattern, &now, "removed");
    if (!now.measured)
        return add(c, before, pattern, &now,
                   pfl_arena_format(c->arena, "suites: %s removed", suite ? suite : "all"));
    for (i = 0; rc == PFL_OK && i < PFL_COUNT(demands); i++)
        if ((before->demand & demands[i].bit) && !(now.demand & demands[i].bit))
            rc = add(c, before, pattern, &now, demands[i].removed);
    if (rc == PFL_OK && !isnan(before->max_regression) &&
        !(now.max_regression <= before->max_regression))
        rc = add(
            c, before, pattern, &now,
            pfl_loosened_share(c, "max_regression", before->max_regression, now.max_regression));
    return rc;
}

int pfl_loosened_rules(struct pfl_loosening *c)
{
    const struct pfl_documents *before = &c->before->documents;
    size_t i, j, k;
    int rc = PFL_OK;

    for (i = 0; i < before->path_count; i++) {
        const struct pfl_path_rule *rule = &before->paths[i];

        for (j = 0; j < rule->match_count; j++) {
            for (k = 0; rc == PFL_OK && k < rule->suite_count; k++)
                rc = compare_suite(c, rule, rule->matches[j], rule->suites[k]);
            if (rc == PFL_OK && rule->suite_count == 0)
                rc = compare_suite(c, rule, rule->matches[j], NULL);
        }
    }
    return rc;
}

int pfl_loosened_release(struct pfl_loosening *c)
{
    const struct pfl_documents *before = &c->before->documents, *now = &c->now->documents;
    struct pfl_loosened one = {
        .what = "release",
        .file = c->place,
        .line = now->release_line,
        .reason = pfl_loosened_reason(c, now->release_reason),
    };

    if (now->release_max_regression <= before->release_max_regression)
        return PFL_OK;
    one.change = pfl_loosened_share(c, "max_regression", before->release_max_regression,
                                    now->release_max_regression);
    return pfl_loosened_add(c, &one);
}
