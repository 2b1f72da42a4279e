/* libperfledger's side of ./dev bench library. */
#include "kernels.h"

#include <perfledger/bench.h>

PFL_BENCH(empty)
{
    PFL_LOOP(b)
    {
        pfl_keep(0);
    }
}

PFL_BENCH(known)
{
    uint64_t x = 1;

    PFL_LOOP(b)
    {
        x = library_known(x);
        pfl_keep(x);
    }
}

PFL_BENCH(pause)
{
    PFL_LOOP(b)
    {
        pfl_pause(b);
        pfl_resume(b);
    }
}

PFL_BENCH(chain)
{
    uint64_t x = 1;

    PFL_LOOP(b)
    {
        x = library_chain(x);
        pfl_keep(x);
    }
}

PFL_BENCH(parser)
{
    PFL_LOOP(b)
    {
        pfl_keep(library_parse(library_text));
    }
}

PFL_BENCH(memory)
{
    uint64_t at = 0;

    library_chase_init();
    PFL_LOOP(b)
    {
        at = library_chase(at);
        pfl_keep(at);
    }
}

PFL_MAIN()
