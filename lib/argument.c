/*
 * A benchmark asks for the values of its arguments. A name it does not have, or a text asked for as
 * a number, fails it with the names there are: a value made up would be measured as if it were
 * real.
 */
#include "engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void argument_unknown(struct pfl_bench *b, const char *name)
{
    const struct pfl_lib_case *c = b->run->of;
    char *there = pfl_lib_text("%s", ""), *longer;
    size_t i;

    for (i = 0; i < c->arg_count; i++) {
        longer = pfl_lib_text("%s%s%s", there, i ? ", " : "", c->args[i].name);
        free(there);
        there = longer;
    }
    if (c->arg_count > 0)
        pfl_lib_misuse(b, "it asks for the argument %s; there are: %s", name, there);
    else
        pfl_lib_misuse(b,
                       "it asks for the argument %s, but has none: PFL_BENCH_ARGS(…, "
                       "PFL_ARGS(%s, …)) gives it some",
                       name, name);
    free(there);
}

static const struct pfl_lib_arg *argument_find(struct pfl_bench *b, const char *name)
{
    const struct pfl_lib_case *c = b->run->of;
    size_t i;

    for (i = 0; i < c->arg_count; i++)
        if (strcmp(c->args[i].name, name) == 0)
            return &c->args[i];
    argument_unknown(b, name);
    return NULL;
}

int64_t pfl_arg_int(struct pfl_bench *b, const char *name)
{
    const struct pfl_lib_arg *arg = argument_find(b, name);

    if (arg && !arg->is_integer)
        pfl_lib_misuse(b, "the argument %s is %s, which is no integer: ask with %s", name,
                       arg->text, isnan(arg->number) ? "pfl_arg_text()" : "pfl_arg_number()");
    return arg && arg->is_integer ? arg->integer : 0;
}

double pfl_arg_number(struct pfl_bench *b, const char *name)
{
    const struct pfl_lib_arg *arg = argument_find(b, name);

    if (arg && isnan(arg->number))
        pfl_lib_misuse(b, "the argument %s is \"%s\", which is no number: ask with pfl_arg_text()",
                       name, arg->text);
    return arg && !isnan(arg->number) ? arg->number : 0;
}

const char *pfl_arg_text(struct pfl_bench *b, const char *name)
{
    const struct pfl_lib_arg *arg = argument_find(b, name);

    return arg ? arg->text : "";
}
