/*
 * A warning of the library, and to whom it goes. It is about the program, not about a launch: said
 * once, however many launches there are.
 *
 *     a launch of our own parent   a line to the parent (launched.c), which says it if it is new
 *     under perfledger             {"warning": …} on the wire, with the benchmark; perfledger shows
 *                                  it once, where its other warnings are
 *     else                         "NAME: warning: …" to standard error, and into the JSON report
 *
 * So what was said is remembered in each process, the parent's included: it may have said it itself
 * before its first launch. Beyond 64 different ones no more are told; a text with a counter in it
 * must not fill a wire.
 */
#include "engine.h"

#include "program.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WARN_KEPT = 64 };

static struct {
    struct pfl_lib_lock lock;
    char *texts[WARN_KEPT];
    const struct pfl_lib_case *about[WARN_KEPT];
    size_t n, over;
} warn_said;

static struct {
    int fd; /* of the parent's launches */
    bool known;
} warn_parent;

void pfl_lib_warn_to_parent(int fd)
{
    warn_parent.fd = fd;
    warn_parent.known = true;
}

/* Before pfl_main() has looked, a launch has its descriptor in the environment. */
static int warn_parent_fd(void)
{
    int fd =
        warn_parent.known ? warn_parent.fd : pfl_lib_descriptor(getenv(PFL_LIB_LAUNCH_VARIABLE));

    return fd > STDERR_FILENO ? fd : -1;
}

const char *pfl_lib_warning(size_t i)
{
    return i < warn_said.n ? warn_said.texts[i] : NULL;
}

static bool warn_is_known(const char *text, const struct pfl_lib_case *about)
{
    size_t i;

    for (i = 0; i < warn_said.n; i++)
        if (warn_said.about[i] == about && strcmp(warn_said.texts[i], text) == 0)
            return true;
    return false;
}

/* Takes the text. What is to be said: it, another one, or NULL for nothing. */
static const char *warn_new(char *text, const struct pfl_lib_case *about)
{
    static char no_more[] = "more than 64 different warnings: the others are not shown";
    const char *news = NULL;

    pfl_lib_lock_take(&warn_said.lock);
    if (warn_is_known(text, about)) {
        free(text);
    } else if (warn_said.n < WARN_KEPT) {
        warn_said.about[warn_said.n] = about;
        news = warn_said.texts[warn_said.n++] = text;
    } else {
        free(text);
        news = warn_said.over++ == 0 ? no_more : NULL;
    }
    pfl_lib_lock_give(&warn_said.lock);
    return news;
}

PFL_PRINTF(1, 0) static char *warn_text(const char *format, va_list values)
{
    va_list again;
    char *text;
    int length;

    va_copy(again, values);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    text = pfl_lib_alloc(length < 0 ? 1 : (size_t)length + 1);
    text[0] = '\0';
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, values);
    return text;
}

void pfl_lib_warn(const char *format, ...)
{
    const int parent = warn_parent_fd();
    const bool wire = parent < 0 && pfl_lib_wire_open();
    const struct pfl_bench *bench = wire ? pfl_lib_bench_here() : NULL;
    const struct pfl_lib_case *about = bench ? pfl_lib_bench_case(bench) : NULL;
    const char *text;
    va_list values;

    va_start(values, format);
    text = warn_new(warn_text(format, values), about);
    va_end(values);
    if (!text)
        return;
    if (parent >= 0 && pfl_lib_launched_warn(parent, text))
        return;
    if (wire) {
        pfl_lib_wire_warning(about, text);
        return;
    }
    pfl_lib_progress_erase();
    fprintf(stderr, "%s: warning: %s\n", program_invocation_short_name, text);
}
