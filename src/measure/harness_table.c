/*
 * The harnesses that suites may name beside `command` and `perfledger`. To add one: its struct, a
 * line here, and its name in config/suite.c.
 */
#include "measure/harness_table.h"

#include <stddef.h>
#include <string.h>

const struct pfl_harness *const pfl_harnesses[] = {
    &pfl_harness_pytest_benchmark,
    &pfl_harness_google_benchmark,
    &pfl_harness_catch2,
    &pfl_harness_nanobench,
    &pfl_harness_go,
    &pfl_harness_hyperfine,
    &pfl_harness_criterion,
    &pfl_harness_asv,
    &pfl_harness_jmh,
    NULL,
};

const struct pfl_harness *pfl_harness_find(const char *name)
{
    size_t i;

    for (i = 0; name && pfl_harnesses[i]; i++)
        if (strcmp(pfl_harnesses[i]->name, name) == 0)
            return pfl_harnesses[i];
    return NULL;
}
