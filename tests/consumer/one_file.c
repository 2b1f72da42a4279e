/* The whole program in one file, the library's functions static; the one header comes first. */
#define PFL_IMPLEMENTATION_STATIC
#include "perfledger.h"

PFL_BENCH(one)
{
    PFL_LOOP(b)
    {
        pfl_keep(1);
    }
}
PFL_MAIN()
