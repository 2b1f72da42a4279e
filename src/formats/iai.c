/* iai's text: lines like gungraun's without what was measured before (gungraun.c reads it). */
#include "formats/gungraun.h"

#include "formats/words.h"

#include <string.h>

static int recognise(const struct pfl_format_probe *probe)
{
    static const char instructions[] = "\n  Instructions: ", accesses[] = "\n  L1 Accesses: ";

    return !probe->folder && probe->len &&
                   memmem(probe->bytes, probe->len, instructions, sizeof instructions - 1) &&
                   memmem(probe->bytes, probe->len, accesses, sizeof accesses - 1)
               ? 2
               : 0;
}

const struct pfl_format pfl_format_iai = {
    .name = "iai",
    .title = "iai's text",
    .sought = "`Instructions:` line with `L1 Accesses:` below it",
    .recognise = recognise,
    .read = pfl_gungraun_read,
};
