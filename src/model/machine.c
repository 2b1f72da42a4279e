/*
 * Which machine a word means.
 *
 * A machine is known by the name its user gave it and by its id, which stands in the ledger; both
 * are to be seen in reports, so `reference_machine:` may hold either. Whoever asks whether a run
 * is the reference machine's asks here, so that the log, its trends, the targets and the audit
 * never differ.
 */
#include "model/machine.h"

#include <string.h>

bool pfl_machine_is(const struct pfl_machine *machine, const char *word)
{
    return strcmp(word, machine->name) == 0 || strcmp(word, machine->id) == 0;
}
