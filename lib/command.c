/*
 * The options as typed. One table says what there is: the parser, the help and the guess at what
 * was meant go by it. Values stand after a blank or a `=`; a value that may be left out
 * (--json[=FILE]) only after `=`. Words that are no options are patterns, also those after `--`.
 *
 * A filter that begins with `-` excludes, as people know it from Google Benchmark.
 */
#include "program.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum command_id {
    COMMAND_LIST,
    COMMAND_FILTER,
    COMMAND_EXCLUDE,
    COMMAND_JSON,
    COMMAND_LAUNCHES,
    COMMAND_TIME,
    COMMAND_SEED,
    COMMAND_ONCE,
    COMMAND_QUIET,
    COMMAND_HELP,
    COMMAND_VERSION,
};

enum command_value { COMMAND_NONE, COMMAND_MAY, COMMAND_MUST };

static const struct command_option {
    enum command_id id;
    const char *name;
    char letter;
    enum command_value value;
    const char *shown, *help;
} command_options[] = {
    {COMMAND_LIST, "list", 'l', COMMAND_NONE, "", "the names, one a line, and nothing else"},
    {COMMAND_FILTER, "filter", 'f', COMMAND_MUST, " GLOB",
     "only these, like PATTERN; a leading - excludes"},
    {COMMAND_EXCLUDE, "exclude", 'x', COMMAND_MUST, " GLOB", "not these"},
    {COMMAND_JSON, "json", 0, COMMAND_MAY, "[=FILE]", "JSON instead of the table; with FILE: both"},
    {COMMAND_LAUNCHES, "launches", 'n', COMMAND_MUST, " N",
     "launches, each is one sample (10); 1: in this process"},
    {COMMAND_TIME, "time", 't', COMMAND_MUST, " SECONDS",
     "of measuring a benchmark, all launches (0.6; also 500ms)"},
    {COMMAND_SEED, "seed", 0, COMMAND_MUST, " N", "of random inputs and of the order (1)"},
    {COMMAND_ONCE, "once", 0, COMMAND_NONE, "", "run every body once, time nothing"},
    {COMMAND_QUIET, "quiet", 'q', COMMAND_NONE, "", "no heading, no notes, no progress"},
    {COMMAND_HELP, "help", 'h', COMMAND_NONE, "", "this text"},
    {COMMAND_VERSION, "version", 0, COMMAND_NONE, "", "the library's version"},
};

enum { COMMAND_COUNT = sizeof command_options / sizeof command_options[0], COMMAND_LONG = 64 };

const char *pfl_lib_program_name(void)
{
    return program_invocation_short_name ? program_invocation_short_name : "benchmarks";
}

void pfl_lib_say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fprintf(stderr, "%s: ", pfl_lib_program_name());
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

static size_t command_least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment (Damerau's edits, no substring twice), three rows. */
size_t pfl_lib_distance(const char *a, const char *b)
{
    size_t rows[3][COMMAND_LONG + 1], n = strlen(a), m = strlen(b), i, j;

    if (n > COMMAND_LONG || m > COMMAND_LONG)
        return 99;
    for (j = 0; j <= m; j++)
        rows[0][j] = j;
    for (i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        now[0] = i;
        for (j = 1; j <= m; j++) {
            now[j] = command_least(command_least(last[j], now[j - 1]) + 1,
                                   last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = command_least(now[j], before[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

/* "" or "; did you mean --list?" */
static const char *command_guess(const char *name, size_t len, char *room, size_t size)
{
    char typed[COMMAND_LONG];
    const char *nearest = NULL;
    size_t best = 3, i;

    snprintf(typed, sizeof typed, "%.*s", (int)(len < sizeof typed ? len : sizeof typed - 1), name);
    for (i = 0; i < COMMAND_COUNT; i++) {
        const char *known = command_options[i].name;
        size_t distance =
            len > 1 && strncmp(known, typed, len) == 0 ? 0 : pfl_lib_distance(known, typed);

        if (distance < best && distance < strlen(known)) {
            best = distance;
            nearest = known;
        }
    }
    if (nearest)
        snprintf(room, size, "; did you mean --%s?", nearest);
    else
        snprintf(room, size, "; --help lists them");
    return room;
}

static void command_add(const char ***list, size_t *n, const char *text)
{
    *list = pfl_lib_realloc(*list, (*n + 1) * sizeof **list);
    (*list)[(*n)++] = text;
}

static double command_seconds(const char *text)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"", 1},      {"s", 1},     {"ms", 1e-3}, {"us", 1e-6},
                 {"µs", 1e-6}, {"ns", 1e-9}, {"m", 60},    {"h", 3600}};
    const char *rest;
    double value = pfl_lib_decimal(text, &rest);
    size_t i;

    for (i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(rest, units[i].unit) == 0)
            return value * units[i].seconds;
    return NAN;
}

static bool command_count(const char *text, uint64_t highest, uint64_t *value)
{
    char *end;
    unsigned long long read;

    errno = 0;
    read = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || read > highest)
        return false;
    *value = read;
    return true;
}

static bool command_apply_value(struct pfl_lib_options *o, enum command_id id, const char *value)
{
    uint64_t count = 0;

    switch (id) {
    case COMMAND_LAUNCHES:
        if (!command_count(value, 10000, &count) || count == 0) {
            pfl_lib_say("--launches %s: expected a whole number from 1 to 10000", value);
            return false;
        }
        o->launches = (int)count;
        return true;
    case COMMAND_TIME:
        o->seconds = command_seconds(value);
        if (!(o->seconds > 0) || o->seconds > 86400) {
            pfl_lib_say("--time %s: expected seconds above 0, such as 0.6, 500ms or 2s", value);
            return false;
        }
        return true;
    case COMMAND_SEED:
        if (!command_count(value, UINT64_MAX, &o->seed)) {
            pfl_lib_say("--seed %s: expected a whole number from 0 to 18446744073709551615", value);
            return false;
        }
        return true;
    case COMMAND_FILTER:
        if (*value == '-')
            command_add(&o->excluded, &o->excluded_count, value + 1);
        else
            command_add(&o->patterns, &o->pattern_count, value);
        return true;
    case COMMAND_EXCLUDE: command_add(&o->excluded, &o->excluded_count, value); return true;
    default: return true;
    }
}

static bool command_apply(struct pfl_lib_options *o, enum command_id id, const char *value)
{
    switch (id) {
    case COMMAND_LIST: o->list = true; return true;
    case COMMAND_ONCE: o->once = true; return true;
    case COMMAND_QUIET: o->quiet = true; return true;
    case COMMAND_HELP: o->help = true; return true;
    case COMMAND_VERSION: o->version = true; return true;
    case COMMAND_JSON:
        o->json = true;
        o->json_file = value && strcmp(value, "-") != 0 ? value : NULL;
        if (value && *value == 0) {
            pfl_lib_say("--json=: the name of the file is missing");
            return false;
        }
        return true;
    default: return command_apply_value(o, id, value);
    }
}

static const struct command_option *command_find(const char *word, const char **value)
{
    const char *name = word + 1 + (word[1] == '-'), *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name), i;

    *value = equals ? equals + 1 : NULL;
    for (i = 0; i < COMMAND_COUNT; i++) {
        const struct command_option *o = &command_options[i];

        if (word[1] == '-' ? strlen(o->name) == len && strncmp(o->name, name, len) == 0
                           : len == 1 && o->letter == *name)
            return o;
    }
    return NULL;
}

/* One option at argv[*i]; takes its value from the next word where it needs one. */
static bool command_take(int argc, char **argv, int *i, struct pfl_lib_options *options)
{
    char room[COMMAND_LONG + 24];
    const char *word = argv[*i], *value;
    const struct command_option *o = command_find(word, &value);

    if (!o) {
        const char *name = word + 1 + (word[1] == '-');

        pfl_lib_say("unknown option %s%s", word,
                    command_guess(name, strcspn(name, "="), room, sizeof room));
        return false;
    }
    if (o->value == COMMAND_NONE && value) {
        pfl_lib_say("--%s takes no value", o->name);
        return false;
    }
    if (o->value == COMMAND_MUST && !value) {
        if (*i + 1 >= argc) {
            pfl_lib_say("--%s%s: the value is missing", o->name, o->shown);
            return false;
        }
        value = argv[++*i];
    }
    return command_apply(options, o->id, value);
}

static bool command_seed_from_environment(uint64_t *seed)
{
    const char *text = getenv("PERFLEDGER_SEED");

    *seed = 1;
    if (!text || !*text || command_count(text, UINT64_MAX, seed))
        return true;
    pfl_lib_say("PERFLEDGER_SEED=%s: expected a whole number", text);
    return false;
}

bool pfl_lib_options_read(int argc, char **argv, struct pfl_lib_options *options)
{
    bool only_patterns = false;
    int i;

    memset(options, 0, sizeof *options);
    options->seconds = NAN;
    if (!command_seed_from_environment(&options->seed))
        return false;
    for (i = 1; i < argc; i++) {
        if (!only_patterns && strcmp(argv[i], "--") == 0)
            only_patterns = true;
        else if (only_patterns || argv[i][0] != '-' || argv[i][1] == 0)
            command_add(&options->patterns, &options->pattern_count, argv[i]);
        else if (!command_take(argc, argv, &i, options))
            return false;
    }
    return true;
}

void pfl_lib_options_release(struct pfl_lib_options *options)
{
    free(options->patterns);
    free(options->excluded);
    memset(options, 0, sizeof *options);
}

void pfl_lib_options_help(FILE *out)
{
    size_t i;

    fprintf(out,
            "Usage: %s [OPTIONS] [PATTERN...]\n\n"
            "Measures the benchmarks of this program, or those that a PATTERN matches: a glob\n"
            "over the names (* and ? match / too; `sort` means all arguments of sort, a group's\n"
            "name all in it), or tag:WORD.\n\n",
            pfl_lib_program_name());
    for (i = 0; i < COMMAND_COUNT; i++) {
        const struct command_option *o = &command_options[i];
        char left[40];

        snprintf(left, sizeof left, "%c%c%s --%s%s", o->letter ? '-' : ' ',
                 o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name, o->shown);
        fprintf(out, "  %-22s  %s\n", left, o->help);
    }
    fputs("\nExit status: 0 fine, 1 a benchmark failed, 2 wrong usage, 3 it could not be run.\n",
          out);
}
