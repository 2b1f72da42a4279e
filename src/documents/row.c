/*
 * A row of the log as Markdown: heading, what people wrote of it, figures, where they come from.
 *
 * Which figures: of each benchmark what decides, memory and throughput, and anything else that
 * moved; what goes with time anyway (user and system time, faults, switches) stays in the runs. A
 * table is read as far as it is short, so from a dozen rows on only what moved stands in it and the
 * rest is one sentence with a bound that holds for all of it. When the benchmarks or the metric
 * were named, more of them are wanted, so the table may be longer.
 *
 * Nothing here looks at a clock, a configuration or a ledger: facts and runs give the text.
 */
#include "documents/row.h"

#include "base/table.h"
#include "base/text.h"
#include "base/units.h"
#include "base/vec.h"
#include "documents/markdown.h"
#include "documents/row_pool.h"
#include "documents/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 12, NAMED_ROWS_MOST = 40, BASELINE_ROWS_MOST = 60, NAMES_MOST = 5 };
enum { TEXT_MAX = 64 << 20 };

PFL_VEC(row_list, const struct pfl_row *);

struct writer {
    const struct pfl_row_facts *facts;
    const struct pfl_comparison *comparison;
    const struct pfl_run *base, *head;
    struct pfl_arena *arena;
    struct pfl_buf *out;
    struct pfl_buf words; /* a cell under construction */
    struct row_list rows; /* all that the row is about */
    size_t launches_least[2], launches_most[2];
    bool failed;
};

/* ---- what it is about ---- */

static bool any_selects(const char *const *globs, size_t n, const char *benchmark)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (pfl_run_selects(globs[i], benchmark))
            return true;
    return n == 0;
}

bool pfl_row_selects(const struct pfl_row_facts *facts, const char *benchmark)
{
    return any_selects(facts->benchmarks, facts->benchmark_count, benchmark) &&
           any_selects(facts->area_benchmarks, facts->area_benchmark_count, benchmark);
}

static bool is_one_of(const char *metric, const char *const *names, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strcmp(metric, names[i]) == 0)
            return true;
    return false;
}

static bool is_main(const char *metric)
{
    static const char *const names[] = {"time", "peak_rss", "throughput"};

    return is_one_of(metric, names, PFL_COUNT(names));
}

/* What goes with another metric, or says how measuring went. */
static bool is_aside(const char *metric)
{
    static const char *const names[] = {
        "cpu",    "user",       "sys",       "page_faults",  "context_switches",
        "cycles", "first_call", "yardstick", "artifact_hash"};

    return is_one_of(metric, names, PFL_COUNT(names));
}

bool pfl_row_is_about(const struct pfl_row_facts *facts, const struct pfl_row *row)
{
    bool moved = row->verdict == PFL_VERDICT_IMPROVED || row->verdict == PFL_VERDICT_REGRESSED;

    if (!moved && row->verdict != PFL_VERDICT_UNCHANGED && row->verdict != PFL_VERDICT_INCONCLUSIVE)
        return false;
    if (!*row->metric || row->base.text || row->head.text ||
        !pfl_row_selects(facts, row->benchmark))
        return false;
    if (*facts->metric)
        return pfl_text_glob(facts->metric, row->metric);
    return row->deciding || is_main(row->metric) || (moved && !is_aside(row->metric));
}

static bool is_wall(const char *metric)
{
    static const char *const names[] = {"time", "throughput", "first_call"};

    return is_one_of(metric, names, PFL_COUNT(names)) || strncmp(metric, "time:", 5) == 0;
}

/* The rows of one benchmark stand together. */
bool pfl_row_is_witness(const struct pfl_comparison *comparison, const struct pfl_row *row)
{
    const struct pfl_row *at = row, *end = comparison->rows + comparison->row_count;

    if (!is_wall(row->metric) || row->deciding)
        return true;
    while (at > comparison->rows && strcmp(at[-1].benchmark, row->benchmark) == 0)
        at--;
    for (; at < end && strcmp(at->benchmark, row->benchmark) == 0; at++)
        if (at->deciding && strcmp(at->metric, "cpu") == 0)
            return false;
    return true;
}

void pfl_row_write_verdict(struct pfl_buf *out, const struct pfl_comparison *comparison,
                           const struct pfl_row *row)
{
    if (pfl_row_is_witness(comparison, row))
        pfl_words_verdict(out, row);
    else
        pfl_buf_text(out, "not judged: CPU time decides");
}

bool pfl_row_shows(const struct pfl_row_facts *facts, const struct pfl_benchmark *bench,
                   const struct pfl_result *result)
{
    if (bench->status != PFL_STATUS_OK || result->text || !isfinite(result->summary.median) ||
        !pfl_row_selects(facts, bench->name))
        return false;
    if (*facts->metric)
        return pfl_text_glob(facts->metric, result->metric);
    return is_main(result->metric) || (!is_aside(result->metric) && !strchr(result->metric, ':'));
}

static int compare_rows(const void *one, const void *other)
{
    const struct pfl_row *a = *(const struct pfl_row *const *)one;
    const struct pfl_row *b = *(const struct pfl_row *const *)other;
    int order = pfl_text_compare_natural(a->benchmark, b->benchmark);

    if (order == 0)
        order = pfl_metric_rank(a->metric) - pfl_metric_rank(b->metric);
    if (order == 0)
        order = strcmp(a->metric, b->metric);
    return order ? order : strcmp(a->variant, b->variant);
}

static int gather(struct writer *w, struct pfl_err *err)
{
    size_t i;

    for (i = 0; i < w->comparison->row_count; i++) {
        const struct pfl_row *row = &w->comparison->rows[i];

        if (pfl_row_is_about(w->facts, row) && !pfl_vec_push(&w->rows, &row))
            return pfl_err_no_memory(err);
    }
    if (w->rows.n > 1)
        qsort(w->rows.at, w->rows.n, sizeof *w->rows.at, compare_rows);
    return PFL_OK;
}

/* ---- cells and sentences ---- */

/* What `words` holds, kept; `words` is empty again. */
static const char *kept(struct writer *w)
{
    const char *text = NULL;

    if (!w->words.error)
        text = pfl_arena_text_n(w->arena, pfl_buf_cstr(&w->words), w->words.len);
    w->failed = w->failed || !text;
    pfl_buf_clear(&w->words);
    return text ? text : "";
}

static void note_launches(struct writer *w, int side, size_t n)
{
    if (n == 0)
        return;
    if (w->launches_least[side] == 0 || n < w->launches_least[side])
        w->launches_least[side] = n;
    if (n > w->launches_most[side])
        w->launches_most[side] = n;
}

static const char *estimate(struct writer *w, const struct pfl_row *row,
                            const struct pfl_estimate *of)
{
    pfl_words_value(&w->words, of->median, of->ci_low, of->ci_high, row->unit);
    return kept(w);
}

enum column { NAME, METRIC, BEFORE, AFTER, RATIO, INTERVAL, VERDICT, COLUMNS };

static void add_row(struct writer *w, struct pfl_table *table, const struct pfl_row *row)
{
    struct pfl_table_cell cells[COLUMNS];

    memset(cells, 0, sizeof cells);
    pfl_markdown_code(&w->words, row->benchmark);
    cells[NAME].text = kept(w);
    pfl_words_metric(&w->words, row->metric, row->variant);
    cells[METRIC].text = kept(w);
    cells[BEFORE].text = estimate(w, row, &row->base);
    cells[AFTER].text = estimate(w, row, &row->head);
    pfl_words_ratio(&w->words, row);
    cells[RATIO].text = kept(w);
    pfl_words_ratio_interval(&w->words, row);
    cells[INTERVAL].text = kept(w);
    pfl_row_write_verdict(&w->words, w->comparison, row);
    cells[VERDICT].text = kept(w);
    pfl_table_add(table, cells);
    note_launches(w, 0, row->base.launches);
    note_launches(w, 1, row->head.launches);
}

static bool moved(const struct pfl_row *row)
{
    return row->verdict == PFL_VERDICT_IMPROVED || row->verdict == PFL_VERDICT_REGRESSED;
}

/* How far from 1 the interval reaches. */
static double reach(const struct pfl_row *row)
{
    return fmax(fabs(row->ratio_low - 1), fabs(row->ratio_high - 1));
}

/* One sentence on the rows with that verdict that are not in the table. */
static void put_rest(struct writer *w, enum pfl_verdict verdict)
{
    double most = 0;
    size_t i, n = 0;

    for (i = 0; i < w->rows.n; i++)
        if (w->rows.at[i]->verdict == verdict) {
            n++;
            if (isfinite(reach(w->rows.at[i])))
                most = fmax(most, reach(w->rows.at[i]));
        }
    if (n == 0)
        return;
    if (verdict == PFL_VERDICT_UNCHANGED) {
        pfl_buf_format(w->out, "\n%zu other figure%s did not change", n, n == 1 ? "" : "s");
        if (most > 0) {
            pfl_buf_text(w->out, " beyond ±");
            pfl_words_bound(w->out, most);
        }
    } else {
        pfl_buf_format(w->out, "\nOf %zu other%s the data cannot tell", n, n == 1 ? "" : "s");
        if (most > 0) {
            pfl_buf_text(w->out, ": they may have changed by up to ");
            pfl_words_bound(w->out, most);
        }
    }
    pfl_buf_text(w->out, ".\n");
}

static int put_table(struct writer *w, struct pfl_err *err)
{
    static const char *const titles[COLUMNS] = {"benchmark", "metric", "before", "after",
                                                "ratio",     NULL,     "verdict"};
    struct pfl_table_column columns[COLUMNS];
    struct pfl_table table;
    size_t i;
    size_t most = *w->facts->metric || w->facts->benchmark_count ? NAMED_ROWS_MOST : ROWS_MOST;
    bool all = w->rows.n <= most;
    int rc;

    for (i = 0; i < COLUMNS; i++)
        columns[i] = (struct pfl_table_column){
            titles[i], i >= BEFORE && i <= INTERVAL ? PFL_TABLE_RIGHT : PFL_TABLE_LEFT, 0, 0};
    pfl_words_bound(&w->words, w->facts->confidence);
    pfl_buf_text(&w->words, " interval");
    columns[INTERVAL].title = kept(w);
    pfl_table_init(&table, w->arena, columns, COLUMNS);
    for (i = 0; i < w->rows.n; i++)
        if (all || moved(w->rows.at[i]))
            add_row(w, &table, w->rows.at[i]);
    rc = pfl_markdown_table(&table, w->out, err);
    if (rc == PFL_OK && !all) {
        put_rest(w, PFL_VERDICT_UNCHANGED);
        put_rest(w, PFL_VERDICT_INCONCLUSIVE);
    }
    return rc;
}

/* "\nNew: `a`, `b` and 3 more.\n" of benchmarks with that verdict as a whole. */
static void put_whole(struct writer *w, enum pfl_verdict verdict, const char *words)
{
    size_t i, n = 0;

    for (i = 0; i < w->comparison->row_count; i++) {
        const struct pfl_row *row = &w->comparison->rows[i];

        if (row->verdict != verdict || !pfl_row_selects(w->facts, row->benchmark))
            continue;
        if (n < NAMES_MOST) {
            pfl_buf_format(w->out, "%s%s", n ? ", " : "\n", n ? "" : words);
            pfl_markdown_code(w->out, row->benchmark);
        }
        n++;
    }
    if (n > NAMES_MOST)
        pfl_buf_format(w->out, " and %zu more", n - NAMES_MOST);
    if (n)
        pfl_buf_text(w->out, ".\n");
}

static bool has_history(const struct pfl_row_facts *facts, const struct pfl_row *row)
{
    size_t i;

    for (i = 0; i < facts->series_count; i++)
        if (strcmp(facts->series[i].benchmark, row->benchmark) == 0 &&
            strcmp(facts->series[i].metric, row->metric) == 0 &&
            strcmp(facts->series[i].variant, row->variant) == 0)
            return true;
    return false;
}

static size_t redefined(const struct writer *w)
{
    const struct pfl_benchmark *base;
    size_t i, n = 0;

    for (i = 0; i < w->head->benchmark_count; i++) {
        const struct pfl_benchmark *head = &w->head->benchmarks[i];

        base = pfl_row_selects(w->facts, head->name) ? pfl_run_find(w->base, head->name) : NULL;
        n += base && *base->definition && *head->definition &&
             strcmp(base->definition, head->definition) != 0;
    }
    return n;
}

/* A waiting machine shows in it. */
static bool feels_load(const struct pfl_row *row)
{
    static const char *const names[] = {"cpu", "user", "sys"};

    return !row->normalised_by &&
           (is_wall(row->metric) || is_one_of(row->metric, names, PFL_COUNT(names)));
}

/* A sentence of the paragraph below the table. */
static void put_caveat(struct writer *w, size_t *n, const char *sentence)
{
    pfl_buf_format(w->out, "%s%s\n", (*n)++ ? "" : "\n", sentence);
}

/* What a reader must know to believe the table neither too much nor too little. */
static void put_caveats(struct writer *w)
{
    const struct pfl_machine_effect *machine = &w->comparison->machine;
    size_t i, assumed = 0, normalised = 0, loaded = 0, told = 0, n = redefined(w);

    for (i = 0; i < w->rows.n; i++) {
        const struct pfl_row *row = w->rows.at[i];

        assumed += row->ratio_low != row->ratio_high && !has_history(w->facts, row);
        normalised += row->normalised_by != NULL;
        loaded += feels_load(row);
    }
    if (machine->present) {
        pfl_buf_text(&w->words, "The whole machine moved by ");
        pfl_units_write_change(&w->words, machine->ratio);
        pfl_buf_text(&w->words, " between the two runs; that is taken out of the ratios.");
        put_caveat(w, &told, kept(w));
    }
    if (normalised)
        put_caveat(w, &told,
                   "Times are divided by those of a yardstick that ran beside them, so that the "
                   "CPU's clock does not count.");
    if (assumed)
        put_caveat(w, &told,
                   assumed == w->rows.n
                       ? "How much two sessions differ is part of the intervals; it is assumed, "
                         "since there was too little history to know it."
                       : "How much two sessions differ is part of the intervals; for some it is "
                         "assumed, since there was too little history to know it.");
    for (i = 0; loaded && i < w->comparison->note_count; i++)
        if (pfl_text_starts(w->comparison->notes[i], "something else wanted the CPU"))
            put_caveat(w, &told, "Something else wanted the CPU while this was measured.");
    if (n) {
        pfl_buf_format(&w->words,
                       "%zu benchmark%s %s measured in another way before (command, input or "
                       "environment).",
                       n, n == 1 ? "" : "s", n == 1 ? "was" : "were");
        put_caveat(w, &told, kept(w));
    }
}

/* ---- a baseline's table ---- */

static int put_values(struct writer *w, struct pfl_err *err)
{
    static const struct pfl_table_column columns[] = {{"benchmark", PFL_TABLE_LEFT, 0, 0},
                                                      {"metric", PFL_TABLE_LEFT, 0, 0},
                                                      {"value", PFL_TABLE_RIGHT, 0, 0}};
    struct pfl_table_cell cells[PFL_COUNT(columns)];
    struct pfl_table table;
    size_t i, j, more = 0;
    int rc;

    memset(cells, 0, sizeof cells);
    pfl_table_init(&table, w->arena, columns, PFL_COUNT(columns));
    for (i = 0; i < w->head->benchmark_count; i++)
        for (j = 0; j < w->head->benchmarks[i].result_count; j++) {
            const struct pfl_benchmark *bench = &w->head->benchmarks[i];
            const struct pfl_result *r = &bench->results[j];

            if (!pfl_row_shows(w->facts, bench, r))
                continue;
            if (table.row_count == BASELINE_ROWS_MOST) {
                more++;
                continue;
            }
            pfl_markdown_code(&w->words, bench->name);
            cells[0].text = kept(w);
            pfl_words_metric(&w->words, r->metric, r->variant);
            cells[1].text = kept(w);
            pfl_words_value(&w->words, r->summary.median,
                            r->stated.known ? r->stated.low : r->summary.ci_low,
                            r->stated.known ? r->stated.high : r->summary.ci_high, r->unit);
            cells[2].text = kept(w);
            pfl_table_add(&table, cells);
            note_launches(w, 1, r->summary.n);
        }
    rc = pfl_markdown_table(&table, w->out, err);
    if (more)
        pfl_buf_format(w->out, "\n%zu more figures are in the run.\n", more);
    return rc;
}

/* ---- where it comes from ---- */

/* [`3f2a91c0de`](url) */
static void put_commit(struct writer *w, const char *commit)
{
    const char *where = NULL, *code;

    pfl_buf_format(&w->words, "`%.*s`", PFL_WORDS_COMMIT, commit);
    code = kept(w);
    if (*w->facts->commit_url)
        where = pfl_arena_format(w->arena, "%s%s", w->facts->commit_url, commit);
    if (where)
        pfl_markdown_link(w->out, code, where);
    else
        pfl_buf_text(w->out, code);
    w->failed = w->failed || (*w->facts->commit_url && !where);
}

static void put_revision(struct writer *w)
{
    const struct pfl_row_facts *f = w->facts;

    pfl_buf_text(w->out, f->kind == PFL_ROW_DIAGNOSIS ? "- Fixed by: " : "- Revision: ");
    put_commit(w, w->head->revision.commit);
    if (*f->tag) {
        pfl_buf_text(w->out, " (");
        pfl_markdown_text(w->out, f->tag);
        pfl_buf_char(w->out, ')');
    }
    if (w->base) {
        pfl_buf_text(w->out, f->kind == PFL_ROW_DIAGNOSIS ? "; regressed: " : "; before: ");
        put_commit(w, w->base->revision.commit);
    }
    pfl_buf_char(w->out, '\n');
    if (!*f->cause)
        return;
    pfl_buf_text(w->out, "- Caused by: ");
    put_commit(w, f->cause);
    pfl_buf_text(w->out, " (");
    pfl_markdown_text(w->out, f->cause_subject);
    pfl_buf_text(w->out, ")\n");
}

static void put_machine(struct writer *w)
{
    const struct pfl_row_facts *f = w->facts;
    const struct pfl_machine *m = &w->head->machine;
    const struct {
        const char *before, *text;
    } parts[] = {{"", m->cpu_model}, {"", m->arch}, {"kernel ", m->kernel}, {"", m->libc}};
    size_t i, n = 0;

    pfl_buf_text(w->out, "- Machine: ");
    pfl_markdown_text(w->out, f->machine);
    for (i = 0; i < PFL_COUNT(parts); i++)
        if (parts[i].text && *parts[i].text) {
            pfl_buf_format(w->out, "%s%s", n++ ? ", " : " (", parts[i].before);
            pfl_markdown_text(w->out, parts[i].text);
        }
    pfl_buf_text(w->out, n ? ")" : "");
    if (*f->reference_machine && !f->external) {
        pfl_buf_text(w->out, ", the reference machine");
    } else if (*f->reference_machine) {
        pfl_buf_text(w->out, "; the reference machine is ");
        pfl_markdown_text(w->out, f->reference_machine);
    }
    pfl_buf_char(w->out, '\n');
}

static void put_run(struct writer *w, const char *id, int side)
{
    const char *code = pfl_arena_format(w->arena, "`%s`", id);
    const char *where = pfl_arena_format(w->arena, "%s/%s.json", w->facts->runs_folder, id);
    size_t least = w->launches_least[side], most = w->launches_most[side];

    w->failed = w->failed || !code || !where;
    if (w->failed)
        return;
    pfl_markdown_link(w->out, code, where);
    if (most == 0)
        return;
    pfl_buf_format(w->out, " (%zu", least);
    if (least != most)
        pfl_buf_format(w->out, " to %zu", most);
    pfl_buf_format(w->out, " launch%s)", most == 1 ? "" : "es");
}

static bool is_of_the_revision(const char *name)
{
    return strcmp(name, "commit") == 0 || strcmp(name, "branch") == 0 ||
           strcmp(name, "work tree") == 0;
}

static void put_environment(struct writer *w)
{
    const struct pfl_comparison *c = w->comparison;
    const char *compiler =
        pfl_pair_find(w->head->environment, w->head->environment_count, "compiler");
    size_t i, n = 0;

    for (i = 0; w->base && i < c->difference_count; i++) {
        if (strcmp(c->differences[i].name, "compiler") == 0)
            compiler = "";
        if (is_of_the_revision(c->differences[i].name))
            continue;
        pfl_buf_text(w->out, n++ ? "; " : "- Differs between the runs: ");
        pfl_markdown_text(w->out, c->differences[i].name);
        pfl_buf_char(w->out, ' ');
        pfl_markdown_text(w->out, c->differences[i].value);
    }
    if (n)
        pfl_buf_char(w->out, '\n');
    if (!*compiler)
        return;
    pfl_buf_text(w->out, "- Compiler: ");
    pfl_words_compiler(&w->words, compiler);
    pfl_markdown_text(w->out, kept(w));
    pfl_buf_char(w->out, '\n');
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* "#42" as it is, which services make a link of. */
static void put_number(struct writer *w, const char *number)
{
    if (strspn(number + 1, "0123456789") == strlen(number + 1))
        pfl_buf_text(w->out, number);
    else
        pfl_markdown_text(w->out, number);
}

static void put_provenance(struct writer *w)
{
    const struct pfl_row_facts *f = w->facts;
    static const char *const names[PFL_ROW_KIND_COUNT] = {
        [PFL_ROW_OPTIMISATION] = "optimisation",
        [PFL_ROW_BASELINE] = "baseline, the first figures to compare with",
        [PFL_ROW_DIAGNOSIS] = "diagnosis of a regression, with its fix"};

    pfl_buf_format(w->out, "\n- Kind: %s\n", names[f->kind]);
    put_revision(w);
    if (*f->pull_request) {
        pfl_buf_format(w->out, "- %s request: ", *f->pull_request == '!' ? "Merge" : "Pull");
        if (*f->pull_request_url)
            pfl_markdown_link(w->out, f->pull_request, f->pull_request_url);
        else
            put_number(w, f->pull_request);
        pfl_buf_char(w->out, '\n');
    }
    if (*f->area) {
        pfl_buf_text(w->out, "- Area: ");
        pfl_markdown_text(w->out, f->area);
        pfl_buf_char(w->out, '\n');
    }
    put_machine(w);
    pfl_buf_text(w->out, w->base ? "- Runs: before " : "- Run: ");
    if (w->base) {
        put_run(w, f->base, 0);
        pfl_buf_text(w->out, ", after ");
    }
    put_run(w, f->head, 1);
    pfl_buf_char(w->out, '\n');
    pfl_row_pool_write(f, w->out);
    put_environment(w);
    if (*f->snapshot) {
        pfl_buf_text(w->out, "- Snapshot: ");
        pfl_markdown_text(&w->words, base_name(f->snapshot));
        pfl_markdown_link(w->out, kept(w), f->snapshot);
        pfl_buf_char(w->out, '\n');
    }
}

/* ---- the section ---- */

static void put_heading(struct writer *w)
{
    pfl_buf_text(w->out, "### ");
    pfl_words_day(w->out, w->head->started_unix_ns);
    pfl_buf_text(w->out, " · ");
    pfl_markdown_text(w->out, w->facts->title);
    pfl_buf_text(w->out, "\n\n");
    if (!*w->facts->note)
        return;
    pfl_markdown_text(w->out, w->facts->note);
    pfl_buf_text(w->out, "\n\n");
}

int pfl_row_write(const struct pfl_row_facts *facts, const struct pfl_comparison *comparison,
                  struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    struct writer w = {.facts = facts,
                       .comparison = comparison,
                       .base = comparison->base,
                       .head = comparison->head,
                       .arena = arena,
                       .out = out};
    int rc = PFL_OK;

    pfl_buf_init(&w.words, TEXT_MAX);
    put_heading(&w);
    if (!w.base) {
        rc = put_values(&w, err);
    } else {
        rc = gather(&w, err);
        if (rc == PFL_OK)
            rc = put_table(&w, err);
        if (rc == PFL_OK) {
            put_whole(&w, PFL_VERDICT_NEW, "New: ");
            put_whole(&w, PFL_VERDICT_MISSING, "No longer there: ");
            put_whole(&w, PFL_VERDICT_FAILED, "Failed: ");
            put_whole(&w, PFL_VERDICT_SKIPPED, "Skipped: ");
            put_caveats(&w);
        }
    }
    if (rc == PFL_OK)
        put_provenance(&w);
    if (rc == PFL_OK && w.failed)
        rc = pfl_err_no_memory(err);
    if (rc == PFL_OK)
        rc = pfl_buf_check(out, err, "writing a row of the log");
    pfl_vec_release(&w.rows);
    pfl_buf_release(&w.words);
    return rc;
}
