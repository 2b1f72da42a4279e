/*
 * Memory of the library itself, and the counts of the user's allocations.
 *
 * The counting functions are the user's (PFL_COUNT_ALLOCATIONS() defines them in the program), for
 * only a program may replace malloc; they tell us here where the counts are.
 */
#include "engine.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct pfl_allocations *(*alloc_counts)(void);

void pfl_allocations_counted_by(const struct pfl_allocations *(*of_this_thread)(void))
{
    alloc_counts = of_this_thread;
}

bool pfl_lib_allocations_counted(void)
{
    return alloc_counts != NULL;
}

struct pfl_allocations pfl_lib_allocations_now(void)
{
    return alloc_counts ? *alloc_counts() : (struct pfl_allocations){0, 0, 0};
}

_Noreturn void pfl_lib_no_memory(void)
{
    fprintf(stderr, "%s: no memory\n", program_invocation_short_name);
    exit(3);
}

void *pfl_lib_alloc(size_t size)
{
    void *got = malloc(size ? size : 1);

    if (!got)
        pfl_lib_no_memory();
    return got;
}

void *pfl_lib_realloc(void *old, size_t size)
{
    void *got = realloc(old, size ? size : 1);

    if (!got)
        pfl_lib_no_memory();
    return got;
}

char *pfl_lib_text(const char *format, ...)
{
    va_list values;
    char *text;
    int length;

    va_start(values, format);
    length = vsnprintf(NULL, 0, format, values);
    va_end(values);
    if (length < 0)
        length = 0;
    text = pfl_lib_alloc((size_t)length + 1);
    text[0] = '\0';
    va_start(values, format);
    vsnprintf(text, (size_t)length + 1, format, values);
    va_end(values);
    return text;
}
