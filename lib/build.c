/*
 * Was this program compiled for measuring? Not with a sanitizer, for coverage, or without
 * optimisation: then its results are marked, and gates leave them alone unless asked.
 *
 * The library can only see its own compiler's flags. What the benchmark's own file was compiled
 * with comes with its registration (PFL_BUILD_ in bench.h). The worst of all is said.
 */
#include "engine.h"

static int build_seen;

void pfl_lib_build_add(int build)
{
    build_seen |= build;
}

const char *pfl_lib_instrumented(void)
{
    static const struct {
        int bit;
        const char *name;
    } names[] = {
        {PFL_BUILD_ADDRESS, "AddressSanitizer"},
        {PFL_BUILD_THREAD, "ThreadSanitizer"},
        {PFL_BUILD_MEMORY, "MemorySanitizer"},
        {PFL_BUILD_UNDEFINED, "UndefinedBehaviorSanitizer"},
        {PFL_BUILD_COVERAGE, "coverage"},
        {PFL_BUILD_UNOPTIMISED, "compiled without optimisation"},
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if ((build_seen | PFL_BUILD_THIS_) & names[i].bit)
            return names[i].name;
    return "";
}
