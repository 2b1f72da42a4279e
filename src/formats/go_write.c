/*
 * A run as Go benchmark lines, for benchstat and its kin: one line per sample, so that they can
 * test. `time` is ns/op, `throughput` in bytes MB/s; other metrics are units of their own, called
 * as perfledger calls them with their unit behind ("peak_rss-B"), and a Unit line says which way is
 * better.
 *
 * A value is written in ns only where reading it back (× 1e-9) gives the same double; else in
 * seconds, which the readers take as well.
 */
#include "formats/go.h"

#include "formats/rows.h"

#include "base/text.h"
#include "base/units.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* Blanks end a word: they become _, control characters \x1b. */
static void put_word_n(struct pfl_buf *out, const char *text, size_t len)
{
    size_t at = out->len;

    pfl_text_escape(out, text, len);
    for (; at < out->len; at++)
        if (out->data[at] == ' ')
            out->data[at] = '_';
}

static void put_word(struct pfl_buf *out, const char *text)
{
    put_word_n(out, text, strlen(text));
}

/* "BenchmarkX/n=4": as it is, or made of "x[n=4]". */
static void put_name(struct pfl_buf *out, const struct pfl_benchmark *bench, size_t prefix)
{
    const char *name = bench->name + prefix;
    const char *bracket = strchr(name, '[');
    size_t i, len = strlen(name), first = isalpha((unsigned char)*name) ? 1 : 0;

    if (strncmp(name, "Benchmark", 9) == 0) {
        put_word(out, name);
        return;
    }
    pfl_buf_text(out, "Benchmark");
    if (first)
        pfl_buf_char(out, (char)toupper((unsigned char)*name));
    if (!bracket || bracket == name || name[len - 1] != ']' || bench->param_count == 0) {
        put_word(out, name + first);
        return;
    }
    put_word_n(out, name + first, (size_t)(bracket - name) - first);
    for (i = 0; i < bench->param_count; i++) {
        pfl_buf_char(out, '/');
        put_word(out, bench->params[i].name);
        pfl_buf_char(out, '=');
        put_word(out, bench->params[i].value);
    }
}

/* The unit's word and the factor that its reader will apply. */
static double put_unit(struct pfl_buf *out, const struct pfl_result *result, bool exact)
{
    struct pfl_arena arena;
    struct pfl_go_unit unit;
    const char *mark = *result->variant ? "@" : "";
    double factor = 1;

    if (strcmp(result->metric, "time") == 0 && !*result->variant) {
        pfl_buf_text(out, exact ? "ns/op" : "sec/op");
        return exact ? 1e-9 : 1;
    }
    if (strcmp(result->metric, "throughput") == 0 && strcmp(result->unit, "B/s") == 0 && !*mark) {
        pfl_buf_text(out, exact ? "MB/s" : "B/s");
        return exact ? 1e6 : 1;
    }
    pfl_arena_init(&arena);
    put_word(out, result->metric);
    if (pfl_metric_find(result->metric)) {
        if (strcmp(result->unit, "1") != 0) {
            pfl_buf_char(out, '-');
            put_word(out, strcmp(result->unit, "s") == 0 ? "sec" : result->unit);
        }
    } else if (!pfl_go_unit(&arena, result->metric, &unit)) {
        out->error = PFL_ENOMEM;
    } else if (strcmp(unit.stored, result->unit) == 0) {
        factor = unit.factor;
    }
    pfl_buf_text(out, mark);
    put_word(out, result->variant);
    pfl_arena_release(&arena);
    return factor;
}

static void put_value(struct pfl_buf *out, const struct pfl_result *result, double stored)
{
    char number[PFL_UNITS_NUMBER_MAX];
    struct pfl_buf unit;
    double value, factor;
    bool exact = true;

    pfl_buf_init(&unit, 1 << 16);
    factor = put_unit(&unit, result, exact);
    if (!pfl_rows_unscale(stored, factor, &value)) {
        pfl_buf_clear(&unit);
        factor = put_unit(&unit, result, false);
        pfl_rows_unscale(stored, factor, &value);
    }
    pfl_units_number_text(number, value);
    pfl_buf_format(out, "\t%s %s", number, pfl_buf_cstr(&unit));
    if (unit.error)
        out->error = unit.error;
    pfl_buf_release(&unit);
}

static double value_at(const struct pfl_result *result, size_t i)
{
    if (result->text)
        return NAN;
    if (result->n == 0)
        return i == 0 ? result->summary.median : (double)NAN;
    return i < result->n ? result->values[i] : (double)NAN;
}

/* As the reader of this format leaves them: PKG/BenchmarkX of suite PKG where there are several;
 * BenchmarkX of suite PKG where it is the only one of the run. */
static const char *package_of(const struct pfl_run *run, const struct pfl_benchmark *bench,
                              size_t *prefix)
{
    size_t len = strlen(bench->suite), i;

    *prefix = 0;
    if (len == 0 || strpbrk(bench->suite, " \t\n"))
        return "";
    if (strncmp(bench->name, bench->suite, len) == 0 &&
        strncmp(bench->name + len, "/Benchmark", 10) == 0) {
        *prefix = len + 1;
        return bench->suite;
    }
    for (i = 0; i < run->benchmark_count; i++)
        if (strcmp(run->benchmarks[i].suite, bench->suite) != 0 ||
            strncmp(run->benchmarks[i].name, "Benchmark", 9) != 0)
            return "";
    return bench->suite;
}

static void put_benchmark(struct pfl_buf *out, const struct pfl_benchmark *bench, size_t prefix)
{
    size_t rows = 1, i, k, at;
    bool any;

    for (k = 0; k < bench->result_count; k++)
        if (bench->results[k].n > rows)
            rows = bench->results[k].n;
    for (i = 0; i < rows; i++) {
        at = out->len;
        any = false;
        put_name(out, bench, prefix);
        pfl_buf_text(out, "\t1");
        for (k = 0; k < bench->result_count; k++)
            if (isfinite(value_at(&bench->results[k], i))) {
                put_value(out, &bench->results[k], value_at(&bench->results[k], i));
                any = true;
            }
        if (any)
            pfl_buf_char(out, '\n');
        else
            pfl_buf_truncate(out, at);
    }
}

static void put_key(struct pfl_buf *out, const char *key, const char *value)
{
    const char *at = key;

    if (!*value || strpbrk(value, "\n\r") || *value == ' ' || !islower((unsigned char)*key))
        return;
    for (; *at; at++)
        if (isspace((unsigned char)*at) || isupper((unsigned char)*at) || *at == ':')
            return;
    pfl_buf_format(out, "%s: ", key);
    pfl_text_escape(out, value, strlen(value));
    pfl_buf_char(out, '\n');
}

static void put_config(struct pfl_buf *out, const struct pfl_run *run)
{
    size_t i;

    put_key(out, "goos", run->machine.os);
    put_key(out, "goarch", run->machine.arch);
    put_key(out, "cpu", run->machine.cpu_model);
    put_key(out, "host", run->machine.name);
    put_key(out, "commit", run->revision.commit);
    put_key(out, "branch", run->revision.branch);
    for (i = 0; i < run->environment_count; i++)
        put_key(out, run->environment[i].name, run->environment[i].value);
}

/* As its readers take them without being told. */
static bool is_known(const char *word, enum pfl_better better)
{
    static const char *const lower[] = {"ns/op", "B/op", "allocs/op"};
    size_t i;

    for (i = 0; i < PFL_COUNT(lower); i++)
        if (strcmp(word, lower[i]) == 0)
            return better == PFL_BETTER_LOWER;
    return strcmp(word, "MB/s") == 0 && better == PFL_BETTER_HIGHER;
}

/* One line per unit whose direction its readers do not know. */
static int put_units(struct pfl_buf *out, const struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_map said;
    struct pfl_arena arena;
    size_t i, k;
    int rc = PFL_OK;

    pfl_map_init(&said);
    pfl_arena_init(&arena);
    for (i = 0; i < run->benchmark_count && rc == PFL_OK; i++)
        for (k = 0; k < run->benchmarks[i].result_count && rc == PFL_OK; k++) {
            const struct pfl_result *result = &run->benchmarks[i].results[k];
            struct pfl_buf unit;
            char *word;

            if (result->text || result->better == PFL_BETTER_NEITHER)
                continue;
            pfl_buf_init(&unit, 1 << 16);
            put_unit(&unit, result, true);
            word = unit.error ? NULL : pfl_arena_text(&arena, pfl_buf_cstr(&unit));
            pfl_buf_release(&unit);
            if (!word)
                rc = pfl_err_no_memory(err);
            else if (!is_known(word, result->better) && !pfl_map_get(&said, word)) {
                pfl_buf_format(out, "Unit %s better=%s\n", word,
                               pfl_metric_better_text(result->better));
                if (!pfl_map_set(&said, word, 1))
                    rc = pfl_err_no_memory(err);
            }
        }
    pfl_map_release(&said);
    pfl_arena_release(&arena);
    return rc;
}

int pfl_go_write(const struct pfl_run *run, struct pfl_buf *out, const char **lost,
                 struct pfl_err *err)
{
    const char *package = "", *mine;
    size_t i, prefix;
    int rc;

    *lost = "samples, units and directions; no intervals of results without samples, launches, "
            "texts or warnings";
    put_config(out, run);
    rc = put_units(out, run, err);
    for (i = 0; i < run->benchmark_count && rc == PFL_OK; i++) {
        mine = package_of(run, &run->benchmarks[i], &prefix);
        if (strcmp(mine, package) != 0) {
            pfl_buf_text(out, "pkg: ");
            pfl_text_escape(out, mine, strlen(mine));
            pfl_buf_char(out, '\n');
        }
        package = mine;
        put_benchmark(out, &run->benchmarks[i], prefix);
    }
    return rc == PFL_OK ? pfl_buf_check(out, err, "writing the run as Go benchmark lines") : rc;
}
