/*
 * The formats a comparison can be written in. Each is a file of its own with one constant; to add
 * one is that file and a line here. What the formats have in common is in internal.h.
 */
#include "report/internal.h"

#include <string.h>

static const struct pfl_report_format *const formats[] = {
    &pfl_report_terminal, &pfl_report_markdown, &pfl_report_junit,
    &pfl_report_github,   &pfl_report_json,     NULL,
};

const struct pfl_report_format *const *pfl_report_formats(void)
{
    return formats;
}

const struct pfl_report_format *pfl_report_format_find(const char *name)
{
    size_t i;

    for (i = 0; formats[i]; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}
