/*
 * github-action-benchmark: a list of results (its "custom" tools' input) and its history, data.js:
 *
 *     [{"name", "unit", "value", "range": 10.2 | "± 20" | "5%", "extra"}]
 *     window.BENCHMARK_DATA = {"entries": {SUITE: [{"commit", "date": ms, "tool", "benches"}]}}
 *
 * Each entry of the history is a run of its commit; an action that ran again is another run. Names
 * there are SUITE/NAME, since suites of one repository share names. Which way is better: the unit
 * decides where it is a duration, a size or a rate; customBiggerIsBetter and customSmallerIsBetter
 * say it themselves; else it is asked for. A name that comes again at once in Go's results is a
 * repetition (-count); anywhere else it is another benchmark.
 */
#include "formats/github_action_benchmark.h"

#include "base/text.h"
#include "formats/fields.h"
#include "formats/go.h"
#include "formats/peek.h"
#include "formats/rows.h"
#include "formats/words.h"

#include <math.h>
#include <string.h>

struct bench {
    const char *name, *value_text, *unit, *range, *extra;
    int line, column;
};
PFL_VEC(benches, struct bench);

struct gab {
    struct pfl_rows rows;
    struct pfl_arena arena; /* the suite's name, which outlives its runs */
    struct benches benches; /* of the run at hand */
    const char *suite, *tool, *last;
    bool ranges[PFL_GAB_DEVIATION_OF_TIMES + 1];
    struct pfl_fields *f;
};

struct commit {
    const char *id, *message, *timestamp;
};

/* ---- one run's results ---- */

static struct pfl_go_unit unit_of(struct gab *gab, const struct bench *bench)
{
    size_t len = strcspn(bench->unit, "\t"); /* older versions: "ns/op\t 4.000 more" */
    struct pfl_word word = pfl_word_trimmed(bench->unit, len);
    const char *written = pfl_word_keep(gab->f->build, word.at, word.len);
    struct pfl_go_unit unit = {.written = written, .stored = "1", .factor = 1};

    if (strcmp(gab->tool, "go") == 0) {
        if (!pfl_go_unit(&gab->f->build->arena, written, &unit))
            gab->f->build->no_memory = true;
        return unit;
    }
    if (!*written && gab->f->build->input->unit)
        written = gab->f->build->input->unit;
    pfl_build_unit(written, &unit.stored, &unit.factor);
    unit.metric = pfl_rows_metric_of(unit.stored, "value");
    return unit;
}

static void set_better(const struct gab *gab, struct pfl_row_series *series)
{
    if (strcmp(gab->tool, "customBiggerIsBetter") == 0)
        series->better = PFL_BETTER_HIGHER;
    else if (strcmp(gab->tool, "customSmallerIsBetter") == 0)
        series->better = PFL_BETTER_LOWER;
    else
        return;
    series->has_better = true;
}

/* "BenchmarkX - B/op" belongs to BenchmarkX. */
static bool is_repetition(const struct gab *gab, const char *name)
{
    size_t len = gab->last ? strlen(gab->last) : 0;
    const char *dash = strstr(name, " - ");
    size_t own = dash ? (size_t)(dash - name) : strlen(name);

    return strcmp(gab->tool, "go") == 0 && len && own == len && memcmp(name, gab->last, len) == 0;
}

static const char *full_name(struct gab *gab, const struct bench *bench)
{
    const char *name = bench->name, *dash;
    bool again = is_repetition(gab, name);

    dash = strstr(name, " - ");
    gab->last = dash ? pfl_word_keep(gab->f->build, name, (size_t)(dash - name)) : name;
    if (*gab->suite) {
        name = pfl_arena_format(&gab->f->build->arena, "%s/%s", gab->suite, name);
        if (!name) {
            gab->f->build->no_memory = true;
            return "";
        }
    }
    return again ? name : pfl_rows_unused(&gab->rows, name, bench->line);
}

static void give_bench(struct gab *gab, const struct bench *bench)
{
    struct pfl_summary summary = pfl_summary_none();
    struct pfl_word word = pfl_word_trimmed(bench->value_text, strlen(bench->value_text));
    struct pfl_go_unit unit;
    struct pfl_row_benchmark *row;
    struct pfl_row_series *series;
    enum pfl_gab_range range;

    if (!*bench->name) {
        pfl_build_warn_at(gab->f->build, bench->line, bench->column,
                          "a result without a name is left out");
        return;
    }
    if (word.len == 0 || !pfl_word_number(&word, PFL_WORD_PLAIN, &summary.median)) {
        pfl_build_warn_at(gab->f->build, bench->line, bench->column,
                          "%s has no value that is a number: left out", bench->name);
        return;
    }
    unit = unit_of(gab, bench);
    row = pfl_rows_benchmark(&gab->rows, full_name(gab, bench));
    if (row)
        row->suite = gab->suite;
    series = pfl_rows_series(&gab->rows, row, unit.metric, "", unit.stored);
    if (!series)
        return;
    series->better = unit.better;
    series->has_better = unit.has_better;
    set_better(gab, series);
    range = pfl_gab_range(gab->tool, bench->range, bench->extra, &summary);
    gab->ranges[range] = true;
    pfl_rows_value(&gab->rows, series, summary.median * unit.factor);
    if (range == PFL_GAB_NONE)
        return;
    series->summary = summary;
    series->summary.n = summary.n ? summary.n : 1;
    series->summary.median *= unit.factor;
    series->summary.mean *= unit.factor;
    series->summary.stddev *= unit.factor;
    series->summary.ci_low *= unit.factor;
    series->summary.ci_high *= unit.factor;
}

static void give_all(struct gab *gab)
{
    size_t i;

    gab->last = NULL;
    for (i = 0; i < gab->benches.n; i++)
        give_bench(gab, &gab->benches.at[i]);
    gab->benches.n = 0;
    pfl_rows_give(&gab->rows);
    pfl_rows_clear(&gab->rows);
}

static void say_ranges(const struct gab *gab)
{
    if (gab->ranges[PFL_GAB_PLUS_MINUS])
        pfl_build_warn_at(gab->f->build, 0, 0,
                          "values have ranges, no samples: intervals are the values ± these");
    if (gab->ranges[PFL_GAB_DEVIATION] || gab->ranges[PFL_GAB_DEVIATION_OF_TIMES])
        pfl_build_warn_at(gab->f->build, 0, 0,
                          "values have standard deviations, no samples: intervals are those of "
                          "means of as many samples as are said, none where it is not said");
}

/* ---- reading ---- */

static int read_bench(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("name", struct bench, name),
        PFL_FIELD_TEXT("value", struct bench, value_text),
        PFL_FIELD_TEXT("unit", struct bench, unit),
        PFL_FIELD_TEXT("range", struct bench, range),
        PFL_FIELD_TEXT("extra", struct bench, extra),
        {0},
    };
    struct gab *gab = f->context;
    struct bench bench = {"", "", "", "", "", f->json->line, f->json->column};
    int rc = pfl_fields_read_at(f, fields, &bench, err);

    (void)record;
    if (rc < 0 || f->json->token != PFL_JSON_OBJECT_END)
        return rc;
    return pfl_vec_push(&gab->benches, &bench) ? PFL_OK : pfl_err_no_memory(err);
}

static int read_benches(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return pfl_fields_each(f, read_bench, record, err);
}

static int read_commit(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("id", struct commit, id),
        PFL_FIELD_TEXT("message", struct commit, message),
        PFL_FIELD_TEXT("timestamp", struct commit, timestamp),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

struct entry {
    struct commit commit;
    const char *tool;
    double date;
};

static int read_entry_commit(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_commit(f, &((struct entry *)record)->commit, err);
}

static void give_commit(struct pfl_fields *f, const struct commit *commit)
{
    struct pfl_revision *revision = &f->build->run->revision;
    size_t hex = strspn(commit->id, "0123456789abcdefABCDEF");

    if (hex >= 7 && hex <= 64 && !commit->id[hex])
        revision->commit = commit->id;
    else if (*commit->id)
        pfl_build_environment(f->build, "commit", commit->id);
    revision->subject = pfl_word_keep(f->build, commit->message, strcspn(commit->message, "\r\n"));
    revision->commit_time = pfl_build_seconds(commit->timestamp);
}

static int read_entry(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("commit", read_entry_commit),
        PFL_FIELD_TEXT("tool", struct entry, tool),
        PFL_FIELD_NUMBER("date", struct entry, date),
        PFL_FIELD_CALL("benches", read_benches),
        {0},
    };
    struct entry entry = {{"", "", ""}, "", NAN};
    struct gab *gab = f->context;
    int rc;

    (void)record;
    pfl_build_begin(f->build);
    gab->benches.n = 0;
    rc = pfl_fields_read_at(f, fields, &entry, err);
    if (rc < 0)
        return rc;
    gab->tool = entry.tool;
    f->build->run->tool = entry.tool;
    give_commit(f, &entry.commit);
    if (entry.date > 0 && entry.date < 9e12)
        f->build->run->started_unix_ns = (int64_t)entry.date * 1000000;
    give_all(gab);
    return pfl_build_end(f->build, err);
}

static int read_suite(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct gab *gab = f->context;

    gab->suite = pfl_arena_text(&gab->arena, f->json->text);
    return gab->suite ? pfl_fields_each(f, read_entry, record, err) : pfl_err_no_memory(err);
}

static int read_entries(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_ANY(read_suite), {0}};

    return pfl_fields_read(f, fields, record, err);
}

/* ---- the file ---- */

/* What stands before the document becomes blanks, so that places hold. */
static void blank_assignment(struct pfl_peek *peek)
{
    size_t mark = peek->len >= 3 && memcmp(peek->bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    size_t behind = pfl_format_behind_assignment(peek->bytes + mark, peek->len - mark);

    for (mark = behind ? mark + behind : 0; mark > 0; mark--)
        if (peek->bytes[mark - 1] != '\n')
            peek->bytes[mark - 1] = ' ';
}

static int read_document(struct pfl_fields *f, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {PFL_FIELD_CALL("entries", read_entries), {0}};
    struct gab *gab = f->context;
    int rc = pfl_json_next(f->json, err);

    if (rc < 0)
        return rc;
    if (f->json->token == PFL_JSON_OBJECT) /* what follows (a semicolon) is JavaScript */
        return pfl_fields_read_at(f, fields, NULL, err);
    if (f->json->token != PFL_JSON_ARRAY)
        return pfl_json_fail(f->json, err, "expected a list of results, or the history's object");
    pfl_build_begin(f->build);
    while ((rc = pfl_json_next_item(f->json, err)) > 0)
        if ((rc = read_bench(f, NULL, err)) < 0)
            return rc;
    if (rc == PFL_OK)
        rc = pfl_json_expect(f->json, PFL_JSON_END, err);
    if (rc < 0)
        return rc;
    f->build->run->tool = "github-action-benchmark";
    give_all(gab);
    return pfl_build_end(f->build, err);
}

static int read(const struct pfl_format_input *input, const struct pfl_format_sink *sink,
                struct pfl_err *err)
{
    struct gab gab = {.suite = "", .tool = ""};
    struct pfl_json_reader json;
    struct pfl_build build;
    struct pfl_fields f = {&json, &build, &gab};
    struct pfl_peek peek;
    int rc = pfl_peek_open(&peek, input, err);

    gab.f = &f;
    pfl_arena_init(&gab.arena);
    pfl_build_init(&build, input, sink);
    pfl_rows_init(&gab.rows, &build);
    pfl_json_reader_init(&json, input->path, peek.input.read, peek.input.context);
    if (rc == PFL_OK) {
        blank_assignment(&peek);
        rc = read_document(&f, err);
    }
    if (rc >= 0)
        say_ranges(&gab);
    pfl_json_reader_release(&json);
    pfl_rows_release(&gab.rows);
    pfl_vec_release(&gab.benches);
    pfl_build_release(&build);
    pfl_arena_release(&gab.arena);
    pfl_peek_close(&peek);
    return rc;
}

static int recognise(const struct pfl_format_probe *probe)
{
    size_t i;

    if (pfl_format_has(probe, "[].name") && pfl_format_has(probe, "[].unit") &&
        pfl_format_has(probe, "[].value"))
        return 2;
    if (!pfl_format_has(probe, "entries"))
        return 0;
    for (i = 0; i < probe->path_count; i++)
        if (strncmp(probe->paths[i], "entries.", 8) == 0 &&
            pfl_text_ends(probe->paths[i], "[].benches"))
            return 2;
    return 0;
}

const struct pfl_format pfl_format_github_action_benchmark = {
    .name = "github-action-benchmark",
    .title = "github-action-benchmark's results or history",
    .sought = "list of \"name\", \"unit\" and \"value\", nor \"entries\" of a data.js",
    .recognise = recognise,
    .read = read,
    .write = pfl_gab_write,
};
