/*
 * Which benchmark of a Go test binary crashed.
 *
 * A panic ends the program, so the benchmark that it was in is the last one that had begun. What it
 * measured before has been printed, and counts.
 */
#include "measure/harness_go.h"

#include <ctype.h>
#include <string.h>

static bool starts(const char *text, size_t len, const char *with)
{
    return len >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

/* A line "panic: …" or "fatal error: …"; NULL: none. */
static const char *find_crash(const char *at, size_t len, size_t *crash_len)
{
    const char *end = at + len, *line;

    for (; at < end; at = line + 1) {
        line = memchr(at, '\n', (size_t)(end - at));
        line = line ? line : end;
        *crash_len = (size_t)(line - at);
        if (starts(at, *crash_len, "panic: ") || starts(at, *crash_len, "fatal error: "))
            return at;
    }
    return NULL;
}

/* "example.com/m.BenchmarkX.func1(0x…)" in the trace behind a crash; NULL: none. */
static const char *find_frame(const char *at, const char *end, const char **name_end)
{
    static const char begin[] = ".Benchmark";
    const char *found = memmem(at, (size_t)(end - at), begin, strlen(begin)), *p;

    if (!found)
        return NULL;
    for (p = ++found; p < end && (isalnum((unsigned char)*p) || *p == '_'); p++)
        ;
    *name_end = p;
    return found;
}

/* `go test` prints what a test binary says on standard error in the midst of its results, where the
 * reader sees it. A binary that runs by itself dies with its last benchmark begun, which is the end
 * of its output: "BenchmarkX-2   \t". Sometimes it dies before it could print that. */
int pfl_harness_go_failures(const struct pfl_harness_said *said, pfl_harness_fail_fn *fail,
                            void *context)
{
    const char *end = said->output + said->output_len, *begin = end, *name_end;
    size_t len;
    const char *crash = find_crash(said->errors, said->errors_len, &len);

    while (begin > said->output && begin[-1] != '\n')
        begin--;
    for (name_end = begin; name_end < end && !isspace((unsigned char)*name_end); name_end++)
        ;
    if (crash && !starts(begin, (size_t)(name_end - begin), "Benchmark"))
        begin = find_frame(crash, said->errors + said->errors_len, &name_end);
    return crash && begin ? fail(context, begin, (size_t)(name_end - begin), crash, len) : PFL_OK;
}
