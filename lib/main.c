/*
 * What a program of the library does when it is run: one of these lives.
 *
 *     --help, --version, --list   says so and ends
 *     PERFLEDGER_LAUNCH_FD        one launch of our own parent (launched.c)
 *     PERFLEDGER_CONTROL_FD       a race inside processes: perfledger says what runs (control.c)
 *     PERFLEDGER_FD               one launch of perfledger's: everything is told on the wire
 *     --launches 1                measures in this process, for debuggers
 *     else                        starts itself again and again, and reports
 *
 * The parent of launches measures nothing itself: it sleeps. What goes to standard output is the
 * report (or the JSON, or the list) and nothing else; messages go to standard error.
 */
#include "program.h"

#include "stats/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MAIN_FINE, MAIN_FAILED, MAIN_USAGE, MAIN_TROUBLE, MAIN_SIGNAL = 130 };
enum { MAIN_LAUNCHES = 10, MAIN_WIDTH = 80, MAIN_LEAST_WIDTH = 40 };

static const double main_seconds = 0.6, main_launch_seconds = 0.06, main_batch_s = 0.0005;

struct main_words {
    char **argv, *text;
};

/* ---- how ---- */

/* A bad value is perfledger's mistake, not a reason not to measure. */
static double main_bench_seconds(void)
{
    const char *text = getenv("PERFLEDGER_BENCH_SECONDS");
    double seconds = text && *text ? pfl_lib_decimal(text, &text) : main_launch_seconds;

    return seconds > 0 && seconds < 86400 ? seconds : main_launch_seconds;
}

static struct pfl_lib_how main_how(const struct pfl_lib_options *o, double seconds)
{
    struct pfl_lib_how how = {.seconds = seconds,
                              .batch_s = fmin(main_batch_s, seconds / 8),
                              .seed = o->seed,
                              .count_only = o->once};

    return how;
}

/* The words the kernel has: a program's own main may have taken some off. */
static struct main_words main_words_read(char **argv)
{
    struct main_words words = {.argv = NULL, .text = NULL};
    FILE *file = fopen("/proc/self/cmdline", "re");
    size_t room = 0, n = 0;
    ssize_t len = file ? getdelim(&words.text, &room, EOF, file) : -1;
    char *at;

    if (file)
        fclose(file);
    for (at = words.text; len > 0 && at < words.text + len; at += strlen(at) + 1) {
        words.argv = pfl_lib_realloc(words.argv, (n + 2) * sizeof *words.argv);
        words.argv[n++] = at;
        words.argv[n] = NULL;
    }
    if (!words.argv) {
        while (argv[n])
            n++;
        words.argv = pfl_lib_alloc((n + 1) * sizeof *words.argv);
        memcpy(words.argv, argv, (n + 1) * sizeof *words.argv);
    }
    return words;
}

/* ---- reports ---- */

static struct pfl_lib_table_style main_style(const struct pfl_lib_options *o)
{
    struct pfl_lib_table_style style = {.quiet = o->quiet};
    const char *columns = getenv("COLUMNS"), *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    struct winsize size;

    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        style.width = size.ws_col;
    if (style.width == 0 && columns)
        style.width = strtoul(columns, NULL, 10);
    if (style.width == 0 || style.width > 10000)
        style.width = MAIN_WIDTH;
    if (style.width < MAIN_LEAST_WIDTH)
        style.width = MAIN_LEAST_WIDTH;
    style.colour =
        isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
    return style;
}

static bool main_close(FILE *out, const char *name)
{
    bool good = fflush(out) == 0 && !ferror(out);

    if (out != stdout)
        good = fclose(out) == 0 && good;
    if (!good)
        pfl_lib_say("%s cannot be written: %s", name, strerror(errno));
    return good;
}

/* Opened before anything is measured: a name that cannot be written is said at once. */
static bool main_open(const struct pfl_lib_options *o, FILE **json)
{
    *json = NULL;
    if (!o->json)
        return true;
    *json = o->json_file ? fopen(o->json_file, "we") : stdout;
    if (!*json)
        pfl_lib_say("%s cannot be written: %s", o->json_file, strerror(errno));
    return *json != NULL;
}

static int main_report(const struct pfl_lib_options *o, const struct pfl_lib_report *report,
                       FILE *json)
{
    const struct pfl_lib_table_style style = main_style(o);
    bool good = true;
    size_t i, failed = 0;

    if (json)
        pfl_lib_json_report(json, report);
    if (json)
        good = main_close(json, o->json_file ? o->json_file : "standard output");
    if (json != stdout) {
        pfl_lib_table_write(stdout, report, &style);
        good = main_close(stdout, "standard output") && good;
    }
    if (report->trouble)
        pfl_lib_say("%s", report->trouble);
    for (i = 0; i < report->n; i++)
        failed += report->results[i].status == PFL_LIB_FAILED;
    if (!good)
        return MAIN_TROUBLE;
    return failed > 0 || report->trouble ? MAIN_FAILED : MAIN_FINE;
}

/* What bodies print in this process is not the report: to standard error, as from launches. Answers
 * what standard output was; −1: it stays. */
static int main_turn_output(void)
{
    int kept;

    fflush(stdout);
    kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (kept >= 0)
        dup2(STDERR_FILENO, STDOUT_FILENO);
    return kept;
}

static void main_return_output(int kept)
{
    fflush(stdout);
    if (kept < 0)
        return;
    dup2(kept, STDOUT_FILENO);
    close(kept);
}

static int main_measure(const struct pfl_lib_cases *cases, const struct pfl_lib_options *o,
                        char **argv)
{
    int launches = o->once ? 1 : o->launches ? o->launches : MAIN_LAUNCHES, status;
    double seconds = isnan(o->seconds) ? main_seconds : o->seconds;
    struct main_words words = main_words_read(argv);
    struct pfl_lib_launch_plan plan = {.how = main_how(o, seconds / launches),
                                       .argv = words.argv,
                                       .inside = o->launches == 1,
                                       .quiet = o->quiet};
    struct pfl_lib_report report;
    int kept;
    FILE *json;

    if (!main_open(o, &json)) {
        status = MAIN_TROUBLE;
    } else {
        pfl_lib_report_init(&report, cases, launches);
        report.seconds = seconds;
        report.seed = o->seed;
        report.once = o->once;
        kept = plan.inside ? main_turn_output() : -1;
        status = pfl_lib_launches_run(cases, &plan, &report);
        main_return_output(kept);
        pfl_lib_report_finish(&report);
        if (status == MAIN_FINE)
            status = main_report(o, &report, json);
        else
            pfl_lib_say("%s", report.trouble);
        if (report.interrupted)
            status = MAIN_SIGNAL;
        pfl_lib_report_release(&report);
    }
    free(words.argv);
    free(words.text);
    return status;
}

static int main_list(const struct pfl_lib_cases *cases, const struct pfl_lib_options *o)
{
    FILE *json;
    size_t i;

    if (!main_open(o, &json))
        return MAIN_TROUBLE;
    if (json) {
        pfl_lib_json_list(json, cases);
        return main_close(json, o->json_file ? o->json_file : "standard output") ? MAIN_FINE
                                                                                 : MAIN_TROUBLE;
    }
    for (i = 0; i < cases->n; i++) {
        char *name = pfl_lib_cell_escape(cases->at[i].name);

        puts(name);
        free(name);
    }
    return main_close(stdout, "standard output") ? MAIN_FINE : MAIN_TROUBLE;
}

/* ---- under perfledger ---- */

static void main_wire_begin(void *context, const struct pfl_lib_case *c, size_t index, size_t of)
{
    (void)context;
    (void)index;
    (void)of;
    pfl_lib_wire_begin(c);
}

static void main_wire_end(void *context, const struct pfl_lib_outcome *outcome)
{
    (void)context;
    pfl_lib_wire_outcome(outcome);
    pfl_lib_wire_begin(NULL);
}

/* Another order in each launch: the seed, which draws the session's, is the same in all. */
static void main_shuffle(const struct pfl_lib_cases *cases)
{
    struct pfl_random random;
    size_t i, other;

    pfl_random_seed(&random, (uint64_t)pfl_lib_now_ns() ^ (uint64_t)getpid() << 40);
    for (i = cases->n; i > 1; i--) {
        struct pfl_lib_case kept = cases->at[i - 1];

        other = pfl_random_below(&random, i);
        cases->at[i - 1] = cases->at[other];
        cases->at[other] = kept;
    }
}

/* One launch; perfledger learns from the wire which benchmarks failed, the status says it again. */
static int main_wire(const struct pfl_lib_cases *cases, const struct pfl_lib_how *how)
{
    const struct pfl_lib_listener listener = {main_wire_begin, main_wire_end, NULL};

    main_shuffle(cases);
    if (*pfl_lib_instrumented())
        pfl_lib_wire_environment("instrumented", pfl_lib_instrumented());
    return pfl_lib_session_run(cases, how, &listener) > 0 ? MAIN_FAILED : MAIN_FINE;
}

/* ---- all ---- */

static int main_run(const struct pfl_lib_cases *cases, const struct pfl_lib_options *o, char **argv)
{
    int launch_fd = pfl_lib_launched_fd(), launches = o->launches ? o->launches : MAIN_LAUNCHES;
    double seconds = (isnan(o->seconds) ? main_seconds : o->seconds) / launches;
    struct pfl_lib_how how = main_how(o, isnan(o->seconds) ? main_bench_seconds() : seconds);

    if (o->list)
        return main_list(cases, o);
    pfl_lib_cases_warn_uncounted(cases);
    if (launch_fd >= 0) {
        how = main_how(o, o->once ? seconds * launches : seconds);
        return pfl_lib_launched_serve(cases, &how, launch_fd);
    }
    if (pfl_lib_control_open())
        return pfl_lib_control_serve(cases, &how);
    if (pfl_lib_wire_open())
        return main_wire(cases, &how);
    return main_measure(cases, o, argv);
}

static int main_with_cases(const struct pfl_lib_options *o, char **argv)
{
    struct pfl_lib_cases all, chosen;
    char problem[2048] = "";
    int status = MAIN_USAGE;

    if (!pfl_lib_cases_collect(&all, problem, sizeof problem)) {
        pfl_lib_say("%s", problem);
        return MAIN_USAGE;
    }
    if (all.n == 0)
        pfl_lib_say("there is no benchmark in this program: write one with PFL_BENCH(name) { … } "
                    "(those in a static library are linked with -Wl,--whole-archive only)");
    else if (pfl_lib_choose(&all, o, &chosen)) {
        if (chosen.n == 0 && !getenv("PERFLEDGER_SELECT"))
            pfl_lib_say("no benchmark is left: everything selected is excluded as well");
        else
            status = main_run(&chosen, o, argv);
        free(chosen.at);
    }
    pfl_lib_cases_release(&all);
    return status;
}

int pfl_main(int argc, char **argv)
{
    struct pfl_lib_options options;
    int status = MAIN_USAGE;

    if (pfl_lib_options_read(argc, argv, &options)) {
        if (options.help || options.version) {
            if (options.help)
                pfl_lib_options_help(stdout);
            else
                printf("%s (libperfledger %s)\n", pfl_lib_program_name(), PFL_LIBRARY_VERSION);
            status = main_close(stdout, "standard output") ? MAIN_FINE : MAIN_TROUBLE;
        } else {
            status = main_with_cases(&options, argv);
        }
    }
    pfl_lib_options_release(&options);
    return status;
}
