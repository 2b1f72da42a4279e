/*
 * pytest with pytest-benchmark (3.2 and later).
 *
 * Enough rounds for a median are asked of each launch, no more, because launches repeat. The
 * garbage collector is off while a benchmark runs, and so is what traces Python: a tracer inflates
 * times by half and more. Coverage has three ways in: --cov on the command line or in the project's
 * files (--no-cov ends it, but only where pytest-cov is installed, so it is given only where --cov
 * is), and variables that make every Python process record.
 *
 * A selection is narrowed with -k, which knows words of names only, those of files and folders
 * among them; the word taken is the longest one that must stand in the function's name. For one
 * benchmark they are its class and its function. Tests that failed are not in the results; the
 * short summary on standard output has them ("FAILED tests/test_a.py::test_b - AssertionError: …"),
 * so it is asked for, without colours and on wide lines.
 */
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include "base/buf.h"
#include "base/text.h"
#include "sys/file.h"

#include <ctype.h>
#include <string.h>

enum { SETTINGS_MAX = 1 << 20, LEAST_ROUNDS = 3 };

/* ---- coverage ---- */

static bool file_mentions(const char *folder, const char *name, const char *what,
                          struct pfl_arena *arena)
{
    const char *path = pfl_file_join(folder, name, arena);
    struct pfl_buf text;
    bool found;

    if (!path)
        return false;
    pfl_buf_init(&text, SETTINGS_MAX);
    found =
        pfl_file_read(path, &text, NULL) == PFL_OK && text.len && strstr(pfl_buf_cstr(&text), what);
    pfl_buf_release(&text);
    return found;
}

/* In the folder's own settings, or in those of a folder above: the nearest that has any is pytest's
 * root. */
static bool settings_mention(const char *folder, const char *what, struct pfl_arena *arena)
{
    static const char *const names[] = {"pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini",
                                        "setup.cfg"};
    const char *at = folder, *above;
    size_t i;
    int depth;

    for (depth = 0; at && depth < 40; depth++, at = above) {
        for (i = 0; i < PFL_COUNT(names); i++)
            if (file_mentions(at, names[i], what, arena))
                return true;
        above = pfl_file_folder_of(at, arena);
        if (above && strcmp(above, at) == 0)
            break;
    }
    return false;
}

static bool records_coverage(const struct pfl_harness_launch *launch, struct pfl_arena *arena)
{
    size_t i;

    for (i = 1; i < launch->argc; i++)
        if (pfl_text_starts(launch->argv[i], "--cov"))
            return true;
    return strstr(pfl_words_variable(launch, "PYTEST_ADDOPTS"), "--cov") ||
           settings_mention(launch->folder, "--cov", arena);
}

/* ---- the selection ---- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The function's part of a node id: behind the last `::` that is in front of any parameters. Words
 * before it name folders and files, which -k looks through as well: "benchmarks" is in every test
 * of the folder. Without `::`: all of it. */
static const char *function_part(const char *glob, size_t len)
{
    const char *bracket = memchr(glob, '[', len), *end = bracket ? bracket : glob + len;
    const char *at = glob, *part = glob;

    while ((at = memmem(at, (size_t)(end - at), "::", 2)))
        part = at += 2;
    return part;
}

/* The longest word that every name must hold which the glob matches. */
static const char *longest_word(const char *glob, size_t len, size_t *word_len)
{
    const char *best = glob, *at = glob, *end = glob + len, *begin;

    *word_len = 0;
    if (memchr(glob, '\\', len))
        return glob;
    while (at < end) {
        for (begin = at; at < end && is_word(*at); at++)
            ;
        if ((size_t)(at - begin) > *word_len) {
            best = begin;
            *word_len = (size_t)(at - begin);
        }
        at += at < end;
    }
    return best;
}

static bool is_keyword(const char *word, size_t len)
{
    static const char *const keywords[] = {"and", "or", "not", "None", "True", "False"};
    size_t i;

    for (i = 0; i < PFL_COUNT(keywords); i++)
        if (strlen(keywords[i]) == len && memcmp(keywords[i], word, len) == 0)
            return true;
    return false;
}

static bool is_plain(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len && is_word(text[i]); i++)
        ;
    return len && i == len;
}

/* "TestK and test_in": the class and the function, of one benchmark. NULL: no memory. */
static const char *exact_expression(const char *name, struct pfl_arena *arena)
{
    const char *part = strstr(name, "::"), *all = "";
    const char *stop = name + strcspn(name, "["), *next;
    size_t len;

    for (part = part && part < stop ? part + 2 : stop; all && part < stop; part = next) {
        next = memmem(part, (size_t)(stop - part), "::", 2);
        len = (size_t)((next ? next : stop) - part);
        next = next ? next + 2 : stop;
        if (is_plain(part, len) && !is_keyword(part, len))
            all = pfl_arena_format(arena, "%s%s%.*s", all, *all ? " and " : "", (int)len, part);
    }
    return all;
}

/* "sort or parse"; "": it cannot be said so. NULL: no memory. */
static const char *expression(const struct pfl_plan_item *item, struct pfl_arena *arena)
{
    bool exact;
    const char *rest = pfl_words_wanted(item, arena, &exact), *all = "", *glob, *word;
    size_t len, word_len;

    if (!rest || exact)
        return rest ? exact_expression(rest, arena) : NULL;
    while (all && (glob = pfl_words_next(&rest, &len))) {
        word = function_part(glob, len);
        word = longest_word(word, len - (size_t)(word - glob), &word_len);
        if (word_len == 0) /* "test_a.py::*" */
            word = longest_word(glob, len, &word_len);
        if (word_len == 0 || is_keyword(word, word_len))
            return "";
        all = pfl_arena_format(arena, "%s%s%.*s", all, *all ? " or " : "", (int)word_len, word);
    }
    return all;
}

/* ---- the command ---- */

static void no_tracers(struct pfl_words *w)
{
    static const char *const variables[] = {"COVERAGE_PROCESS_START",  "COV_CORE_SOURCE",
                                            "COV_CORE_CONFIG",         "COV_CORE_DATAFILE",
                                            "PYTHONPROFILEIMPORTTIME", "PYTHONTRACEMALLOC"};
    size_t i;

    for (i = 0; i < PFL_COUNT(variables); i++)
        pfl_words_environment(w, variables[i], NULL);
}

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    const char *wanted = expression(launch->item, arena);
    struct pfl_words w;

    pfl_words_begin(&w, launch, arena, command);
    if (!wanted)
        return pfl_err_no_memory(err);
    pfl_words_take_out(&w, "--benchmark-json"); /* it would be emptied: pytest opens both */
    pfl_words_add(&w, "--benchmark-only");
    pfl_words_add(&w, "--benchmark-enable");
    pfl_words_add(&w, "--benchmark-disable-gc");
    pfl_words_format(&w, "--benchmark-json=%s", launch->results);
    if (!pfl_words_given(launch, "--benchmark-min-rounds"))
        pfl_words_format(&w, "--benchmark-min-rounds=%d", LEAST_ROUNDS);
    if (launch->seconds > 0 && !pfl_words_given(launch, "--benchmark-max-time"))
        pfl_words_format(&w, "--benchmark-max-time=%.6g", launch->seconds);
    if (*wanted && !pfl_words_given(launch, "-k")) {
        pfl_words_add(&w, "-k");
        pfl_words_add(&w, wanted);
    }
    if (!pfl_words_given(launch, "--no-cov") && records_coverage(launch, arena))
        pfl_words_add(&w, "--no-cov");
    pfl_words_add(&w, "-rfE");
    pfl_words_add(&w, "--color=no");
    pfl_words_environment(&w, "COLUMNS", "400");
    no_tracers(&w);
    command->results = PFL_HARNESS_FILE;
    return pfl_words_end(&w, err);
}

/* ---- what failed ---- */

/* Where the reason begins behind a name, whose parameters may hold the same characters. */
static const char *find_reason(const char *name, size_t len)
{
    const char *dash = memmem(name, len, " - ", 3), *open = memchr(name, '[', len), *close;

    if (!dash || !open || open > dash)
        return dash;
    close = memmem(open, len - (size_t)(open - name), "] - ", 4);
    if (close)
        return close + 1;
    return name[len - 1] == ']' ? NULL : dash;
}

static int take_line(const char *line, size_t len, pfl_harness_fail_fn *fail, void *context)
{
    static const char *const heads[] = {"FAILED ", "ERROR "};
    const char *reason, *name, *colons, *dash;
    size_t i, head;

    for (i = 0; i < PFL_COUNT(heads); i++) {
        head = strlen(heads[i]);
        if (len <= head || strncmp(line, heads[i], head) != 0)
            continue;
        name = line + head;
        reason = find_reason(name, len - head);
        colons = memmem(name, len - head, "::", 2);
        dash = memmem(name, len - head, " - ", 3);
        if (!colons || *name == ' ' || (dash && dash < colons))
            return PFL_OK; /* a file could not be read, say: "ERROR t.py - x::y" */
        if (!reason)
            return fail(context, name, len - head, "its test failed", 15);
        return fail(context, name, (size_t)(reason - name), reason + 3,
                    len - (size_t)(reason + 3 - line));
    }
    return PFL_OK;
}

/* The rule "==== short test summary info ====": what stands before it tests may have printed. */
static bool is_summary(const char *line, size_t len)
{
    return len > 2 && line[0] == '=' && memmem(line, len, " short test summary info ", 25);
}

static int failures(const struct pfl_harness_said *said, pfl_harness_fail_fn *fail, void *context)
{
    const char *at = said->output, *end = at + said->output_len, *newline;
    bool summary = false;
    int rc = PFL_OK;

    for (; at < end && rc == PFL_OK; at = newline + 1) {
        newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            newline = end;
        if (summary)
            rc = take_line(at, (size_t)(newline - at), fail, context);
        summary = summary || is_summary(at, (size_t)(newline - at));
    }
    return rc;
}

static const struct pfl_harness_sign signs[] = {
    {"unrecognized arguments: --benchmark", false,
     "pytest runs, but without pytest-benchmark: install it for the same Python (pip install "
     "pytest-benchmark; Debian: python3-pytest-benchmark), and do not switch it off (-p "
     "no:benchmark)"},
    {"No module named pytest_benchmark", false,
     "pytest-benchmark is not installed for this Python: pip install pytest-benchmark (Debian: "
     "python3-pytest-benchmark)"},
    {"No module named pytest", true, "pytest is not installed for this Python"},
    {"Can't have both --benchmark-only and --benchmark-disable", false,
     "benchmarks are switched off: pytest-benchmark does that beside pytest-xdist; add -n0 to the "
     "command"},
    {"no tests ran", false,
     "pytest ran no test: does the command name the files that have benchmarks?"},
    {0},
};

const struct pfl_harness pfl_harness_pytest_benchmark = {
    .name = "pytest-benchmark",
    .format = "pytest-benchmark",
    .program = "pytest with pytest-benchmark",
    .signs = signs,
    .nothing = " deselected in ",
    .remedy = "does the command run tests that use the `benchmark` fixture?",
    .command = command,
    .failures = failures,
};
