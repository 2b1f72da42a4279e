/*
 * One line on standard error that says where we are, written over again and erased at the end; only
 * on a terminal. It is written between two benchmarks and not more than ten times a second: the
 * terminal program's work must not lie beside what is measured. The time left is what the steps so
 * far took on average.
 */
#include "program.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static struct {
    bool on, shown;
    size_t steps;
    int64_t began_ns, last_ns;
} progress_line;

static const int64_t progress_pause_ns = 100000000;

void pfl_lib_progress_begin(size_t steps, bool quiet)
{
    const char *term = getenv("TERM");

    memset(&progress_line, 0, sizeof progress_line);
    progress_line.on =
        !quiet && steps > 0 && isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
    progress_line.steps = steps;
    progress_line.began_ns = pfl_lib_now_ns();
}

static void progress_left(char *out, size_t room, size_t done, int64_t now_ns)
{
    double spent = (double)(now_ns - progress_line.began_ns) / 1e9, left;

    *out = 0;
    if (done == 0 || spent < 0.3)
        return;
    left = spent / (double)done * (double)(progress_line.steps - done);
    if (left < 99.5)
        snprintf(out, room, ", %.0f s left", left);
    else
        snprintf(out, room, ", %.0f min left", left / 60);
}

void pfl_lib_progress_step(size_t done, const char *name)
{
    int64_t now_ns = pfl_lib_now_ns();
    struct winsize size;
    size_t width = 80, cut;
    char left[40], *escaped, *line;

    if (!progress_line.on || done > progress_line.steps ||
        (progress_line.shown && now_ns - progress_line.last_ns < progress_pause_ns))
        return;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    progress_left(left, sizeof left, done, now_ns);
    escaped = pfl_lib_cell_escape(name);
    line = pfl_lib_text("[%zu/%zu] %s%s", done + 1, progress_line.steps, escaped, left);
    cut = pfl_lib_cell_cut(line, width - 1);
    fprintf(stderr, "\r\x1b[K%.*s", (int)cut, line);
    fflush(stderr);
    progress_line.shown = true;
    progress_line.last_ns = now_ns;
    free(escaped);
    free(line);
}

void pfl_lib_progress_erase(void)
{
    if (progress_line.shown)
        fputs("\r\x1b[K", stderr);
    fflush(stderr);
    progress_line.shown = false;
}

void pfl_lib_progress_end(void)
{
    pfl_lib_progress_erase();
    progress_line.on = false;
}
