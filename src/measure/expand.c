/*
 * Parameter matrices: the cartesian product of a suite's axes, minus its excludes.
 *
 * An odometer over the axes as they are written (the last one turns fastest), so that `run --list`
 * shows the order of the file; identities sort parameters by name. A combination's tier is the
 * lowest one, from the suite's own upwards, in which no exclude leaves it out: `exclude: [{size:
 * 40, tier: smoke}]` makes size=40 a deep benchmark. An exclude that could never apply is a slip of
 * the pen, and refused.
 */
#include "measure/expand.h"

#include "base/text.h"
#include "measure/name.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COMBINATIONS_MAX = 1000000 };

int pfl_source_fail(const struct pfl_source *source, struct pfl_err *err, int code,
                    const char *format, ...)
{
    char message[PFL_ERR_MESSAGE_MAX];
    struct pfl_buf shown;
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    pfl_err_set_at(err, code, source->file, source->suite->line, 0, "%s", message);
    pfl_buf_init(&shown, 1024);
    pfl_text_fit(&shown, source->base, 100);
    if (*source->file)
        pfl_err_prefix(err, "suite \"%s\"", pfl_buf_cstr(&shown));
    else
        pfl_err_prefix(err, "command \"%s\"", pfl_buf_cstr(&shown));
    pfl_buf_release(&shown);
    return code;
}

static const struct pfl_param_axis *find_axis(const struct pfl_suite *suite, const char *name)
{
    size_t i;

    for (i = 0; i < suite->axis_count; i++)
        if (strcmp(suite->axes[i].name, name) == 0)
            return &suite->axes[i];
    return NULL;
}

static bool axis_has(const struct pfl_param_axis *axis, const char *value)
{
    size_t i;

    for (i = 0; i < axis->value_count; i++)
        if (strcmp(axis->values[i], value) == 0)
            return true;
    return false;
}

static int check_axes(const struct pfl_source *source, struct pfl_err *err)
{
    const struct pfl_suite *suite = source->suite;
    size_t product = 1, i;

    for (i = 0; i < suite->axis_count; i++) {
        const struct pfl_param_axis *axis = &suite->axes[i];

        if (axis->value_count == 0)
            return pfl_source_fail(source, err, PFL_ECONFIG, "the parameter %s has no values",
                                   axis->name);
        if (find_axis(suite, axis->name) != axis)
            return pfl_source_fail(source, err, PFL_ECONFIG, "the parameter %s is given twice",
                                   axis->name);
        if (product > COMBINATIONS_MAX / axis->value_count)
            return pfl_source_fail(source, err, PFL_ECONFIG,
                                   "its parameters make more than %d combinations",
                                   COMBINATIONS_MAX);
        product *= axis->value_count;
    }
    return PFL_OK;
}

static int check_excludes(const struct pfl_source *source, struct pfl_err *err)
{
    const struct pfl_suite *suite = source->suite;
    size_t i, k;

    for (i = 0; i < suite->exclude_count; i++)
        for (k = 0; k < suite->excludes[i].param_count; k++) {
            const struct pfl_pair *pair = &suite->excludes[i].params[k];
            const struct pfl_param_axis *axis = find_axis(suite, pair->name);

            if (!axis)
                return pfl_source_fail(source, err, PFL_ECONFIG,
                                       "exclude names %s, which is no parameter of it", pair->name);
            if (!axis_has(axis, pair->value))
                return pfl_source_fail(source, err, PFL_ECONFIG,
                                       "exclude names %s: %s, which is no value of %s", pair->name,
                                       pair->value, pair->name);
        }
    return PFL_OK;
}

int pfl_expand_begin(struct pfl_expander *expander, const struct pfl_source *source,
                     struct pfl_arena *arena, struct pfl_err *err)
{
    int rc = check_axes(source, err);
    size_t *at;

    if (rc == PFL_OK)
        rc = check_excludes(source, err);
    if (rc != PFL_OK)
        return rc;
    at = pfl_arena_array(arena, source->suite->axis_count, sizeof *at);
    if (!at)
        return pfl_err_no_memory(err);
    *expander = (struct pfl_expander){.arena = arena, .source = source, .at = at};
    return PFL_OK;
}

static void advance(struct pfl_expander *x)
{
    const struct pfl_suite *suite = x->source->suite;
    size_t i = suite->axis_count;

    while (i-- > 0) {
        if (++x->at[i] < suite->axes[i].value_count)
            return;
        x->at[i] = 0;
    }
    x->done = true;
}

static bool exclude_applies(const struct pfl_expander *x, const struct pfl_exclude *exclude)
{
    const struct pfl_suite *suite = x->source->suite;
    size_t i;

    for (i = 0; i < exclude->param_count; i++) {
        const struct pfl_param_axis *axis = find_axis(suite, exclude->params[i].name);

        if (strcmp(axis->values[x->at[axis - suite->axes]], exclude->params[i].value) != 0)
            return false;
    }
    return true;
}

/* The lowest tier that includes the present combination; PFL_TIER_COUNT: none does. */
static int lowest_tier(const struct pfl_expander *x)
{
    const struct pfl_suite *suite = x->source->suite;
    int tier = (int)suite->tier;
    size_t i;

    for (i = 0; i < suite->exclude_count; i++) {
        const struct pfl_exclude *exclude = &suite->excludes[i];

        if (!exclude_applies(x, exclude))
            continue;
        if (!exclude->has_tier)
            return PFL_TIER_COUNT;
        if (tier <= (int)exclude->tier)
            tier = (int)exclude->tier + 1;
    }
    return tier;
}

static bool describe(struct pfl_expander *x, struct pfl_combination *out)
{
    const struct pfl_suite *suite = x->source->suite;
    size_t i;

    out->param_count = suite->axis_count;
    out->params = pfl_arena_array(x->arena, suite->axis_count, sizeof *out->params);
    if (!out->params)
        return false;
    for (i = 0; i < suite->axis_count; i++)
        out->params[i] = (struct pfl_pair){suite->axes[i].name, suite->axes[i].values[x->at[i]]};
    pfl_name_sort_params(out->params, out->param_count);
    out->name = pfl_name_make(x->arena, x->source->base, out->params, out->param_count);
    return out->name != NULL;
}

int pfl_expand_next(struct pfl_expander *x, struct pfl_combination *out, struct pfl_err *err)
{
    struct pfl_combination found = {0};

    while (!x->done) {
        int tier = lowest_tier(x);
        bool ok = tier == PFL_TIER_COUNT || describe(x, &found);

        advance(x);
        if (!ok)
            return pfl_err_no_memory(err);
        if (tier < PFL_TIER_COUNT) {
            found.tier = (enum pfl_tier)tier;
            *out = found;
            return 1;
        }
    }
    return 0;
}
