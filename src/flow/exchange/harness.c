/*
 * Results of a harness's launch, for measure/, which knows no formats. The format is told by the
 * harness, not by the content: what is not in it is an error that names the file.
 */
#include "flow/exchange/harness.h"

#include "flow/exchange/exchange.h"

int pfl_flow_read_results(void *context, const char *format, const char *path,
                          struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err)
{
    const struct pfl_exchange exchange = {.format = format};

    (void)context;
    return pfl_exchange_read_one(&exchange, path, arena, run, err);
}
