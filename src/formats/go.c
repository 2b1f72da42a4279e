/*
 * The Go benchmark format (golang.org/design/14313-benchmark-format): what `go test -bench` prints,
 * with everything around it.
 *
 *     key: value                        holds for the lines below, until it is said anew
 *     Unit UNIT better=higher           for all of the file
 *     BenchmarkName/k=v-8  N  VALUE UNIT  [VALUE UNIT]…
 *
 * A `panic:` fails the benchmark that had begun. All other lines are somebody's output. Lines of
 * one benchmark are repetitions (-count): samples in the file's order. The name stays as in the
 * file; its parts /k=v and the -8 (GOMAXPROCS) are parameters as well. Files of several packages
 * (`pkg:`) hold equal names: all of them are then PKG/BenchmarkName; a file of one package keeps
 * plain names, so that they do not change with the folder it was run in. A benchmark that comes
 * again under another configuration (`commit:`, `toolchain:` …) is not a repetition: a new run
 * begins there. `go test -json` is the same text in events (go_events.c).
 */
#include "formats/go.h"

#include "formats/go_events.h"
#include "formats/line_reader.h"
#include "formats/peek.h"
#include "formats/rows.h"
#include "formats/words.h"

#include <ctype.h>
#include <string.h>

struct unit_line {
    const char *tidy;
    enum pfl_better better;
};
PFL_VEC(unit_lines, struct unit_line);
PFL_VEC(hashes, uint64_t);
PFL_VEC(known_units, struct pfl_go_unit);

struct go {
    struct pfl_line_reader lines;
    struct pfl_build build;
    struct pfl_rows rows;
    struct pfl_go_config config;
    struct unit_lines directions;
    struct known_units units; /* all that were met, by how they are written */
    struct pfl_map unit_at;
    struct pfl_buf scratch;
    struct hashes seen; /* per benchmark of the run: under which configuration */
    const char *first_package;
    bool several_packages;
    size_t skipped; /* + 1: the benchmark whose reason the next line tells */
    bool announced; /* go test -v: the name alone came, and what is said belongs to it */
    struct pfl_buf said;
    struct pfl_buf words;         /* of a crash */
    struct pfl_buf begun;         /* the benchmark whose values have not come yet; "": none */
    const char *crash;            /* whose benchmark the trace that follows may tell; NULL: none */
    struct pfl_go_events *events; /* the lines' source; NULL: the input itself */
};

static const char *keep(struct go *go, const struct pfl_word *word)
{
    char *kept = pfl_arena_text_n(&go->config.arena, word->at, word->len);

    if (!kept)
        go->build.no_memory = true;
    return kept ? kept : "";
}

/* ---- Unit lines ---- */

static void set_better(struct go *go, const char *tidy, enum pfl_better better)
{
    struct unit_line line = {tidy, better};
    size_t i;

    for (i = 0; i < go->directions.n; i++)
        if (strcmp(go->directions.at[i].tidy, tidy) == 0) {
            if (go->directions.at[i].better != better)
                pfl_build_warn_at(&go->build, go->lines.number, 1,
                                  "unit %s was said to be better otherwise before: left out", tidy);
            return;
        }
    if (!pfl_vec_push(&go->directions, &line))
        go->build.no_memory = true;
}

/* NULL: no memory. */
static const struct pfl_go_unit *unit_of(struct go *go, const struct pfl_word *word)
{
    struct pfl_go_unit unit;
    const size_t *place;

    pfl_buf_clear(&go->scratch);
    pfl_buf_add(&go->scratch, word->at, word->len);
    place = go->scratch.error ? NULL : pfl_map_get(&go->unit_at, pfl_buf_cstr(&go->scratch));
    if (place)
        return &go->units.at[*place];
    if (!pfl_go_unit(&go->config.arena, keep(go, word), &unit) ||
        !pfl_vec_push(&go->units, &unit) ||
        !pfl_map_set(&go->unit_at, unit.written, go->units.n - 1)) {
        go->build.no_memory = true;
        return NULL;
    }
    return &go->units.at[go->units.n - 1];
}

static void read_unit(struct go *go, const char *at, const char *end)
{
    const struct pfl_go_unit *unit;
    struct pfl_word word;

    if (!pfl_word_next(&at, end, &word)) {
        pfl_build_warn_at(&go->build, go->lines.number, 5, "expected a unit behind `Unit`");
        return;
    }
    unit = unit_of(go, &word);
    if (!unit)
        return;
    while (pfl_word_next(&at, end, &word)) {
        if (pfl_word_is(&word, "better=higher"))
            set_better(go, unit->tidy, PFL_BETTER_HIGHER);
        else if (pfl_word_is(&word, "better=lower"))
            set_better(go, unit->tidy, PFL_BETTER_LOWER);
        else if (!memchr(word.at, '=', word.len))
            pfl_build_warn_at(&go->build, go->lines.number,
                              (int)(word.at - pfl_buf_cstr(&go->lines.line)) + 1,
                              "expected key=value in a Unit line, found `%.*s`",
                              (int)(word.len < 80 ? word.len : 80), word.at);
    }
}

/* ---- runs ---- */

/* GOMAXPROCS that all measured benchmarks have behind their names; NULL: none, or several. */
static const char *common_procs(const struct go *go)
{
    const struct pfl_row_benchmark *bench;
    const char *common = NULL, *procs;
    size_t i;

    for (i = 0; i < go->rows.benchmarks.n; i++) {
        bench = &go->rows.benchmarks.at[i];
        if (bench->first == 0)
            continue;
        procs = pfl_pair_find(bench->params.at, bench->params.n, "gomaxprocs");
        if (!*procs || (common && strcmp(common, procs) != 0))
            return NULL;
        common = procs;
    }
    return common;
}

/* "--- FAIL: BenchmarkX" has no GOMAXPROCS behind it, but the same benchmark had it while it went
 * well. */
static void complete_failed(struct go *go)
{
    const char *procs = common_procs(go);
    struct pfl_row_benchmark *bench;
    size_t i;

    for (i = 0; i < go->rows.benchmarks.n && procs; i++) {
        bench = &go->rows.benchmarks.at[i];
        if (bench->status == PFL_STATUS_OK || bench->first ||
            *pfl_pair_find(bench->params.at, bench->params.n, "gomaxprocs"))
            continue;
        pfl_buf_clear(&go->scratch);
        pfl_buf_format(&go->scratch, "%s-%s", bench->name, procs);
        if (go->scratch.error) {
            go->build.no_memory = true;
            return;
        }
        if (pfl_map_get(&go->rows.names, pfl_buf_cstr(&go->scratch)))
            continue;
        bench->name = pfl_build_keep(&go->build, pfl_buf_cstr(&go->scratch));
        pfl_rows_param(&go->rows, bench, "gomaxprocs", procs);
    }
}

/* One package: names without it. */
static void give_names(struct go *go)
{
    struct pfl_row_benchmark *bench;
    size_t i;

    for (i = 0; i < go->rows.benchmarks.n && !go->several_packages; i++) {
        bench = &go->rows.benchmarks.at[i];
        if (*bench->suite)
            bench->name += strlen(bench->suite) + 1;
    }
}

static void give_directions(struct go *go)
{
    struct pfl_row_series *series;
    size_t i, k;

    for (i = 0; i < go->rows.series.n; i++) {
        series = &go->rows.series.at[i];
        for (k = 0; k < go->directions.n; k++)
            if (strcmp(go->directions.at[k].tidy, series->tag) == 0) {
                series->better = go->directions.at[k].better;
                series->has_better = true;
            }
    }
}

static bool has_no_memory(const struct go *go)
{
    return go->build.no_memory || go->config.no_memory;
}

static int end_run(struct go *go, struct pfl_err *err)
{
    if (has_no_memory(go))
        return pfl_err_no_memory(err);
    complete_failed(go);
    if (has_no_memory(go))
        return pfl_err_no_memory(err);
    give_names(go);
    give_directions(go);
    if (go->rows.benchmarks.n)
        pfl_go_config_give(&go->config, &go->build);
    pfl_rows_give(&go->rows);
    pfl_rows_clear(&go->rows);
    go->seen.n = 0;
    go->first_package = NULL;
    go->several_packages = false;
    go->skipped = 0;
    go->crash = NULL;
    pfl_buf_clear(&go->begun);
    return pfl_build_end(&go->build, err);
}

static void begin_run(struct go *go)
{
    pfl_build_begin(&go->build);
    go->build.run->tool = "go test";
}

/* ---- benchmarks ---- */

static void give_params(struct go *go, struct pfl_row_benchmark *bench, const char *name)
{
    size_t len = strlen(name), digits = len;
    const char *part, *end, *equals;

    while (digits > 0 && isdigit((unsigned char)name[digits - 1]))
        digits--;
    if (digits < len && digits > 1 && name[digits - 1] == '-') {
        pfl_rows_param(&go->rows, bench, "gomaxprocs", name + digits);
        len = digits - 1;
    }
    for (part = strchr(name, '/'); part && part < name + len; part = end) {
        part++;
        end = memchr(part, '/', (size_t)(name + len - part));
        if (!end)
            end = name + len;
        equals = memchr(part, '=', (size_t)(end - part));
        if (equals && equals > part)
            pfl_rows_param(&go->rows, bench,
                           pfl_word_keep(&go->build, part, (size_t)(equals - part)),
                           pfl_word_keep(&go->build, equals + 1, (size_t)(end - equals - 1)));
    }
}

static void note_place(struct go *go)
{
    pfl_go_config_result(&go->config);
    if (!go->first_package)
        go->first_package = go->config.package;
    else if (strcmp(go->first_package, go->config.package) != 0)
        go->several_packages = true;
}

/* The benchmark at hand, or in a new run where the configuration is another one. */
static int find(struct go *go, const struct pfl_word *name, struct pfl_row_benchmark **found,
                struct pfl_err *err)
{
    size_t before = go->rows.benchmarks.n, at;
    int rc;

    pfl_buf_clear(&go->scratch);
    if (*go->config.package)
        pfl_buf_format(&go->scratch, "%s/", go->config.package);
    pfl_buf_add(&go->scratch, name->at, name->len);
    if (go->scratch.error)
        return pfl_err_no_memory(err);
    *found = pfl_rows_benchmark(&go->rows, pfl_buf_cstr(&go->scratch));
    at = *found ? (size_t)(*found - go->rows.benchmarks.at) : 0;
    if (*found && at < before && go->seen.at[at] != go->config.hash) {
        rc = end_run(go, err);
        if (rc != PFL_OK)
            return rc;
        begin_run(go);
        before = 0;
        *found = pfl_rows_benchmark(&go->rows, pfl_buf_cstr(&go->scratch));
    }
    if (!*found)
        return pfl_err_no_memory(err);
    if (go->rows.benchmarks.n > before) {
        if (!pfl_vec_push(&go->seen, &go->config.hash))
            return pfl_err_no_memory(err);
        (*found)->suite = pfl_build_keep(&go->build, go->config.package);
        give_params(go, *found,
                    (*found)->name + strlen(go->config.package) + (*go->config.package != 0));
    }
    note_place(go);
    return PFL_OK;
}

static void add_value(struct go *go, struct pfl_row_benchmark *bench, double value,
                      const struct pfl_word *written)
{
    const struct pfl_go_unit *unit = unit_of(go, written);
    struct pfl_row_series *series;

    if (!unit)
        return;
    series = pfl_rows_series(&go->rows, bench, unit->metric, "", unit->stored);
    if (!series)
        return;
    series->tag = unit->tidy;
    series->better = unit->better;
    series->has_better = unit->has_better;
    pfl_rows_value(&go->rows, series, value * unit->factor);
}

/* The column of a place in the line, in bytes: names are nearly always ASCII. */
static int column(const struct go *go, const char *at)
{
    return (int)(at - pfl_buf_cstr(&go->lines.line)) + 1;
}

/* "panic: …", "fatal error: …": the program's end, in the benchmark that had begun. Its name stands
 * in front (Go prints that before it measures), or in a line before. */
static bool is_crash(const char *at)
{
    return strncmp(at, "panic: ", 7) == 0 || strncmp(at, "fatal error: ", 13) == 0;
}

static int read_crash(struct go *go, const char *at, const char *end, struct pfl_err *err)
{
    struct pfl_word name = {pfl_buf_cstr(&go->begun), go->begun.len};
    struct pfl_row_benchmark *bench;
    int rc;

    if (name.len == 0) {
        go->crash = pfl_word_keep(&go->build, at, (size_t)(end - at));
        return PFL_OK;
    }
    pfl_buf_clear(&go->words);
    pfl_buf_add(&go->words, at, (size_t)(end - at));
    if (go->words.error)
        return pfl_err_no_memory(err);
    rc = find(go, &name, &bench, err); /* it may end a run, with all that was kept for that one */
    if (rc != PFL_OK)
        return rc;
    bench->status = PFL_STATUS_FAILED;
    bench->reason = pfl_word_keep(&go->build, pfl_buf_cstr(&go->words), go->words.len);
    go->crash = NULL;
    pfl_buf_clear(&go->begun);
    return PFL_OK;
}

/* It crashed before it could print its name: "example.com/m.BenchmarkX.func1(0x…)" in the trace. */
static int read_trace(struct go *go, const char *name, struct pfl_err *err)
{
    const char *end, *crash = go->crash;

    for (end = name; isalnum((unsigned char)*end) || *end == '_'; end++)
        ;
    pfl_buf_add(&go->begun, name, (size_t)(end - name));
    if (go->begun.error)
        return pfl_err_no_memory(err);
    return read_crash(go, crash, crash + strlen(crash), err);
}

static int read_benchmark(struct go *go, const char *at, const char *end, struct pfl_err *err)
{
    struct pfl_row_benchmark *bench = NULL;
    struct pfl_word name, word, unit;
    double value;
    int rc;

    pfl_word_next(&at, end, &name);
    pfl_buf_clear(&go->said);
    pfl_buf_clear(&go->begun);
    pfl_buf_add(&go->begun, name.at, name.len);
    if (go->begun.error)
        return pfl_err_no_memory(err);
    go->announced = !pfl_word_next(&at, end, &word);
    if (go->announced) /* go test -v does it so, and -json */
        return PFL_OK;
    if (is_crash(word.at))
        return read_crash(go, word.at, end, err);
    if (!pfl_word_number(&word, PFL_WORD_PLAIN, &value)) {
        pfl_build_warn_at(&go->build, go->lines.number, column(go, word.at),
                          "expected a number of iterations behind the benchmark's name, found "
                          "`%.*s`: the line is left out",
                          (int)(word.len < 80 ? word.len : 80), word.at);
        return PFL_OK;
    }
    pfl_buf_clear(&go->begun);
    while (pfl_word_next(&at, end, &word)) {
        bool number = pfl_word_number(&word, PFL_WORD_PLAIN, &value);

        if (!number || !pfl_word_next(&at, end, &unit)) {
            pfl_build_warn_at(&go->build, go->lines.number, column(go, word.at),
                              number ? "a value without a unit is left out"
                                     : "expected a value, found something else: the rest of the "
                                       "line is left out");
            return PFL_OK;
        }
        if (!bench && (rc = find(go, &name, &bench, err)) != PFL_OK)
            return rc;
        add_value(go, bench, value, &unit);
    }
    return PFL_OK;
}

/* "--- FAIL: BenchmarkX-8", "--- SKIP: BenchmarkX": the next line tells why; with -v, the one
 * before. */
static int read_verdict(struct go *go, const char *at, const char *end, bool failed,
                        struct pfl_err *err)
{
    struct pfl_row_benchmark *bench;
    struct pfl_word name;
    int rc;

    if (!pfl_word_next(&at, end, &name) || name.len < 9 || memcmp(name.at, "Benchmark", 9) != 0)
        return PFL_OK;
    rc = find(go, &name, &bench, err);
    if (rc != PFL_OK)
        return rc;
    bench->status = failed ? PFL_STATUS_FAILED : PFL_STATUS_SKIPPED;
    bench->reason = failed ? "the benchmark failed" : "the benchmark was skipped";
    if (go->announced && go->said.len)
        bench->reason = pfl_word_keep(&go->build, go->said.data, go->said.len);
    go->announced = false;
    go->skipped = (size_t)(bench - go->rows.benchmarks.at) + 1;
    return PFL_OK;
}

static int read_line(struct go *go, struct pfl_err *err)
{
    const char *text, *end;
    struct pfl_word word;

    pfl_line_reader_plain(&go->lines);
    if (!pfl_word_repair(&go->lines.line))
        go->build.no_memory = true;
    text = pfl_buf_cstr(&go->lines.line);
    end = text + go->lines.line.len;
    if (go->skipped && (*text == ' ' || *text == '\t')) {
        word = pfl_word_trimmed(text, go->lines.line.len);
        go->rows.benchmarks.at[go->skipped - 1].reason =
            pfl_word_keep(&go->build, word.at, word.len);
        go->skipped = 0;
        return PFL_OK;
    }
    go->skipped = 0;
    if (go->announced && (*text == ' ' || *text == '\t')) {
        word = pfl_word_trimmed(text, go->lines.line.len);
        pfl_buf_clear(&go->said);
        pfl_buf_add(&go->said, word.at, word.len);
        return pfl_buf_check(&go->said, err, "reading the output of go test");
    }
    if (strncmp(text, "FAIL", 4) == 0 || strncmp(text, "Benchmark", 9) == 0)
        go->crash = NULL;
    if (strncmp(text, "Benchmark", 9) == 0)
        return read_benchmark(go, text, end, err);
    if (strncmp(text, "--- FAIL: ", 10) == 0 || strncmp(text, "--- SKIP: ", 10) == 0)
        return read_verdict(go, text + 10, end, text[4] == 'F', err);
    if (is_crash(text))
        return read_crash(go, text, end, err);
    if (go->crash && strstr(text, ".Benchmark"))
        return read_trace(go, strstr(text, ".Benchmark") + 1, err);
    if (strncmp(text, "Unit", 4) == 0 && (text[4] == ' ' || text[4] == '\t'))
        read_unit(go, text + 4, end);
    else
        pfl_go_config_read(&go->config, &go->lines.line);
    return PFL_OK;
}

static int next_line(struct go *go, struct pfl_err *err)
{
    int rc;

    if (!go->events)
        return pfl_line_reader_next(&go->lines, err);
    rc = pfl_go_events_next(go->events, &go->lines.line, err);
    go->lines.number = go->events->lines.number;
    return rc;
}

static int read_lines(struct go *go, struct pfl_err *err)
{
    int rc;

    while ((rc = next_line(go, err)) > 0) {
        rc = has_no_memory(go) ? pfl_err_no_memory(err) : read_line(go, err);
        if (rc < 0)
            return rc;
    }
    return rc == PFL_OK ? end_run(go, err) : rc;
}

static int read_from(const struct pfl_format_input *input, bool events,
                     const struct pfl_format_sink *sink, struct pfl_err *err)
{
    struct pfl_go_events from;
    struct go go = {.skipped = 0};
    int rc;

    pfl_line_reader_init(&go.lines, input);
    pfl_build_init(&go.build, input, sink);
    pfl_rows_init(&go.rows, &go.build);
    pfl_go_config_init(&go.config);
    pfl_map_init(&go.unit_at);
    pfl_buf_init(&go.begun, (size_t)PFL_LINE_READER_MAX * 4);
    pfl_buf_init(&go.words, (size_t)PFL_LINE_READER_MAX * 4);
    pfl_buf_init(&go.scratch, (size_t)PFL_LINE_READER_MAX * 4);
    pfl_buf_init(&go.said, PFL_LINE_READER_MAX);
    pfl_go_events_init(&from, input, &go.build);
    go.events = events ? &from : NULL;
    begin_run(&go);
    rc = read_lines(&go, err);
    pfl_go_events_release(&from);
    pfl_buf_release(&go.said);
    pfl_vec_release(&go.directions);
    pfl_vec_release(&go.units);
    pfl_map_release(&go.unit_at);
    pfl_buf_release(&go.scratch);
    pfl_buf_release(&go.begun);
    pfl_buf_release(&go.words);
    pfl_vec_release(&go.seen);
    pfl_rows_release(&go.rows);
    pfl_go_config_release(&go.config);
    pfl_build_release(&go.build);
    pfl_line_reader_release(&go.lines);
    return rc;
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct pfl_peek peek;
    int rc = pfl_peek_open(&peek, input, err);

    if (rc == PFL_OK)
        rc = read_from(&peek.input, pfl_go_is_events(peek.bytes, peek.len), sink, err);
    pfl_peek_close(&peek);
    return rc;
}

const struct pfl_format pfl_format_go = {
    .name = "go",
    .title = "Go benchmark format",
    .sought = "line like `BenchmarkName 100 5 ns/op`, plain or in the events of `go test -json`",
    .recognise = pfl_go_recognise,
    .read = read,
    .write = pfl_go_write,
};
