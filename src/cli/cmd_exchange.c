/* `import`, `export`: other tools' result files into the ledger, and a run as one of theirs. */
#include "cli/export_history.h"
#include "cli/session.h"

#include "base/log.h"
#include "base/text.h"
#include "flow/exchange/import.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <string.h>

struct options {
    const char *format, *unit, *better, *suite, *label, *date, *revision, *output, *every, *metric;
    bool dry_run, history;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option import_options[] = {
    {.name = "--format",
     .kind = PFL_OPTION_TEXT,
     .value = "NAME",
     .offset = AT(format),
     .summary = "what the files are (default: told by their content)"},
    {.name = "--suite",
     .kind = PFL_OPTION_TEXT,
     .value = "NAME",
     .offset = AT(suite),
     .summary = "put NAME/ before the benchmarks' names"},
    {.name = "--label",
     .kind = PFL_OPTION_TEXT,
     .value = "TEXT",
     .offset = AT(label),
     .summary = "a word about these runs, shown by list"},
    {.name = "--unit",
     .kind = PFL_OPTION_TEXT,
     .value = "UNIT",
     .offset = AT(unit),
     .summary = "the unit of values whose file does not say (ns, ms, s, B, MB/s, 1 …)"},
    {.name = "--better",
     .kind = PFL_OPTION_CHOICE,
     .value = "DIRECTION",
     .offset = AT(better),
     .choices = "lower higher neither",
     .summary = "the better direction of values whose file does not say"},
    {.name = "--date",
     .kind = PFL_OPTION_TEXT,
     .value = "TIME",
     .offset = AT(date),
     .summary = "when it was measured, where the file does not say (2026-02-23, "
                "2026-02-23T10:00:00Z)"},
    {.name = "--revision",
     .kind = PFL_OPTION_TEXT,
     .value = "REV",
     .offset = AT(revision),
     .summary = "the commit that was measured, where the file does not say; its time is the date "
                "where nothing else is"},
    {.name = "--dry-run",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(dry_run),
     .summary = "read and count, write nothing"},
    {0},
};

static const struct pfl_option export_options[] = {
    {.name = "--format",
     .kind = PFL_OPTION_TEXT,
     .value = "NAME",
     .offset = AT(format),
     .summary = "the form to write (default: perfledger, lossless; a history: csv, or json)"},
    {.name = "--output",
     .letter = 'o',
     .kind = PFL_OPTION_TEXT,
     .value = "FILE",
     .offset = AT(output),
     .choices = "file",
     .summary = "into FILE instead of standard output"},
    {.name = "--history",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(history),
     .summary = "all runs of the ledger, a line per series and run, instead of one run"},
    {.name = "--every",
     .kind = PFL_OPTION_CHOICE,
     .value = "PERIOD",
     .offset = AT(every),
     .choices = "run day week month",
     .summary = "history: a line per period (UTC, weeks from Monday) instead of per run"},
    {.name = "--metric",
     .kind = PFL_OPTION_TEXT,
     .value = "GLOB",
     .offset = AT(metric),
     .summary = "history: these metrics only"},
    {0},
};

/* ---- import ---- */

struct imported {
    const struct pfl_import *import;
    bool dry_run;
};

struct totals {
    size_t runs, added, known, points, samples, warnings, undated;
};

static struct totals sum(const struct pfl_import *import)
{
    struct totals totals = {0};
    size_t i;

    for (i = 0; i < import->file_count; i++) {
        const struct pfl_import_file *file = &import->files[i];

        totals.runs += file->runs;
        totals.added += file->added;
        totals.known += file->known;
        totals.undated += file->undated;
        totals.points += file->points;
        totals.samples += file->samples;
        totals.warnings += file->warning_count + (file->problem != NULL);
    }
    return totals;
}

static void json_file(struct pfl_json_writer *w, const struct pfl_import_file *file)
{
    size_t i;

    pfl_json_object(w);
    pfl_json_put_string(w, "path", file->path);
    pfl_json_put_string(w, "format", file->format);
    pfl_json_put_integer(w, "runs", (int64_t)file->runs);
    pfl_json_put_integer(w, "added", (int64_t)file->added);
    pfl_json_put_integer(w, "known", (int64_t)file->known);
    pfl_json_put_integer(w, "replaced", (int64_t)file->replaced);
    pfl_json_put_integer(w, "undated", (int64_t)file->undated);
    pfl_json_put_string(w, "run", *file->run_id ? file->run_id : NULL);
    pfl_json_put_integer(w, "points", (int64_t)file->points);
    pfl_json_put_integer(w, "samples", (int64_t)file->samples);
    pfl_json_key(w, "warnings");
    pfl_json_array(w);
    for (i = 0; i < file->warnings_kept; i++)
        pfl_json_string(w, file->warnings[i]);
    if (file->problem)
        pfl_json_string(w, file->problem);
    pfl_json_array_end(w);
    pfl_json_object_end(w);
}

static void json_totals(struct pfl_json_writer *w, const struct pfl_import *import)
{
    struct totals totals = sum(import);

    pfl_json_key(w, "totals");
    pfl_json_object(w);
    pfl_json_put_integer(w, "files", (int64_t)import->file_count);
    pfl_json_put_integer(w, "runs", (int64_t)totals.runs);
    pfl_json_put_integer(w, "added", (int64_t)totals.added);
    pfl_json_put_integer(w, "known", (int64_t)totals.known);
    pfl_json_put_integer(w, "points", (int64_t)totals.points);
    pfl_json_put_integer(w, "samples", (int64_t)totals.samples);
    pfl_json_put_integer(w, "warnings", (int64_t)totals.warnings);
    pfl_json_put_integer(w, "undated", (int64_t)totals.undated);
    pfl_json_put_integer(w, "passed_over", (int64_t)import->passed_over);
    pfl_json_object_end(w);
}

static void say_file(const struct pfl_import_file *file, bool dry_run, struct pfl_buf *out)
{
    size_t i;

    pfl_text_escape(out, file->path, strlen(file->path));
    if (file->runs == 1)
        pfl_buf_format(out, ": %s, run %.8s%s", file->format, file->run_id,
                       dry_run       ? " (not recorded: --dry-run)"
                       : file->added ? ""
                                     : " (was there already)");
    else if (file->known && !file->runs)
        pfl_buf_format(out, ": %s, all %zu runs were there already", file->format, file->known);
    else if (file->format)
        pfl_buf_format(out, ": %s, %zu runs%s", file->format, file->runs,
                       dry_run ? " (not recorded: --dry-run)" : "");
    if (file->runs > 1 && !dry_run && file->added < file->runs)
        pfl_buf_format(out, ", %zu of them new", file->added);
    if (file->known && file->runs)
        pfl_buf_format(out, ", %zu more were there already", file->known);
    if (file->replaced && file->runs == 1)
        pfl_buf_text(out, ", replacing what the same file held before");
    else if (file->replaced)
        pfl_buf_format(out, ", %zu of them replace%s what the same file%s held before",
                       file->replaced, file->replaced == 1 ? "s" : "",
                       file->replaced == 1 ? "" : "s");
    if (file->runs)
        pfl_buf_format(out, ", %zu points, %zu samples", file->points, file->samples);
    pfl_buf_char(out, '\n');
    for (i = 0; i < file->warnings_kept && i < 10; i++) {
        pfl_buf_text(out, "  ");
        pfl_text_escape(out, file->warnings[i], strlen(file->warnings[i]));
        pfl_buf_char(out, '\n');
    }
    if (file->warning_count > i)
        pfl_buf_format(out, "  and %zu more like these (--json has %s)\n", file->warning_count - i,
                       file->warnings_kept == file->warning_count ? "all" : "the first hundred");
    if (file->problem) {
        pfl_buf_text(out, "  not taken: ");
        pfl_text_escape(out, file->problem, strlen(file->problem));
        pfl_buf_char(out, '\n');
    }
}

/* A few files: all. Many: those that something is to be said about. */
static void say(const struct imported *imported, struct pfl_buf *out)
{
    enum { FEW = 20 };
    const struct pfl_import *import = imported->import;
    struct totals totals = sum(import);
    size_t i;

    for (i = 0; i < import->file_count; i++) {
        const struct pfl_import_file *file = &import->files[i];

        if (import->file_count <= FEW || file->problem || file->warning_count)
            say_file(file, imported->dry_run, out);
    }
    if (import->file_count > 1)
        pfl_buf_format(out, "%zu files: %zu runs%s, %zu points, %zu samples, %zu warnings\n",
                       import->file_count, totals.runs,
                       imported->dry_run ? " (not recorded: --dry-run)" : "", totals.points,
                       totals.samples, totals.warnings);
    if (!imported->dry_run && import->file_count > 1 && totals.added < totals.runs + totals.known)
        pfl_buf_format(out, "%zu runs were there already\n",
                       totals.runs + totals.known - totals.added);
    if (totals.undated)
        pfl_buf_format(
            out,
            "%zu run%s no date in %s file%s, so %s in no day, week or month of a history: "
            "say it with --date or --revision\n",
            totals.undated, totals.undated == 1 ? " has" : "s have",
            totals.undated == 1 ? "its" : "their", totals.undated == 1 ? "" : "s",
            totals.undated == 1 ? "it is" : "they are");
    if (import->passed_over)
        pfl_buf_format(out, "%zu file%s no result%s: passed over\n", import->passed_over,
                       import->passed_over == 1 ? " is" : "s are",
                       import->passed_over == 1 ? "" : "s");
}

static int fill_import(struct pfl_context *context, const void *data, struct pfl_buf *out,
                       struct pfl_err *err)
{
    const struct imported *imported = data;
    struct pfl_json_writer w;
    size_t i;

    (void)err;
    if (!context->json) {
        say(imported, out);
        return PFL_OK;
    }
    pfl_cli_json_open(&w, out);
    pfl_json_key(&w, "files");
    pfl_json_array(&w);
    for (i = 0; i < imported->import->file_count; i++)
        json_file(&w, &imported->import->files[i]);
    pfl_json_array_end(&w);
    json_totals(&w, imported->import);
    pfl_cli_json_close(&w, out);
    return PFL_OK;
}

static void show_progress(void *context, size_t files, const char *path)
{
    struct pfl_cli_progress *live = context;
    struct pfl_buf line;

    if (!live->terminal)
        return;
    pfl_buf_init(&line, 4096);
    pfl_buf_format(&line, "%zu files  ", files);
    pfl_text_escape(&line, path, strlen(path));
    pfl_cli_progress_draw(live, &line);
    pfl_buf_release(&line);
}

static bool stop_asked(void *context)
{
    (void)context;
    return pfl_signals_stop_asked();
}

static int import(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_import_params params = {
        .exchange = {.format = given->format, .unit = given->unit},
        .paths = (const char *const *)context->args,
        .path_count = context->arg_count,
        .suite = given->suite,
        .label = given->label,
        .date = given->date,
        .revision = given->revision,
        .dry_run = given->dry_run,
        .stop_asked = stop_asked,
        .progress = show_progress,
    };
    struct pfl_import import = {0};
    struct imported imported = {&import, given->dry_run};
    struct pfl_cli_progress live;
    enum pfl_better better;
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "import", 1, SIZE_MAX, err);

    if (given->better && pfl_metric_better_read(given->better, &better))
        params.exchange.better = &better;
    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    pfl_cli_progress_init(&live, context);
    params.context = &live;
    pfl_signals_install();
    rc = pfl_flow_import(&flow, &params, &import, err);
    pfl_cli_progress_wipe(&live);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill_import, &imported, err);
    if (rc == PFL_OK && import.problems)
        rc = pfl_err_set(err, PFL_EPARSE, "not every file was taken; see above");
    pfl_flow_close(&flow);
    return rc;
}

/* ---- export ---- */

struct exporting {
    struct pfl_flow *flow;
    const char *word, *format;
    const char *lost;
};

static int fill_export(struct pfl_context *context, const void *data, struct pfl_buf *out,
                       struct pfl_err *err)
{
    struct exporting *exporting = *(struct exporting *const *)data;

    (void)context;
    return pfl_flow_export(exporting->flow, exporting->word, exporting->format, out,
                           &exporting->lost, err);
}

static int into_file(struct pfl_context *context, struct exporting *exporting, const char *path,
                     struct pfl_err *err)
{
    struct pfl_buf out;
    int rc;

    pfl_buf_init(&out, PFL_CLI_DOCUMENT_MAX);
    rc = fill_export(context, &exporting, &out, err);
    if (rc == PFL_OK)
        rc = pfl_file_write(path, pfl_buf_cstr(&out), out.len, false, err);
    pfl_buf_release(&out);
    return rc;
}

static int export(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct exporting exporting = {.format = given->format ? given->format : "perfledger"};
    struct exporting *place = &exporting;
    struct pfl_flow flow;
    int rc;

    if (given->history) {
        const struct pfl_cli_history_options history = {given->every, given->metric, given->format,
                                                        given->output};

        return pfl_cli_export_history(context, &history, err);
    }
    rc = pfl_cli_check_args(context, "export", 0, 1, err);
    if (rc == PFL_OK && (given->every || given->metric))
        rc = pfl_err_set(err, PFL_EUSAGE, "%s is about a history: add --history",
                         given->every ? "--every" : "--metric");
    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    exporting.flow = &flow;
    exporting.word = context->arg_count ? context->args[0] : "latest";
    if (given->output)
        rc = into_file(context, &exporting, given->output, err);
    else
        rc = pfl_cli_print_filled(context, fill_export, &place, err);
    if (rc == PFL_OK && exporting.lost)
        pfl_log(PFL_LOG_NOTICE, "%s files hold %s", exporting.format, exporting.lost);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_import = {
    .name = "import",
    .group = "Exchange",
    .summary = "take other tools' results, and perfledger's own, into the ledger",
    .usage = "import FILE|FOLDER… [--format NAME] [--suite NAME] [--date TIME] [--revision REV] "
             "[--dry-run]",
    .description =
        "Reads result files of many benchmark harnesses (told by their content; docs/formats.md "
        "lists them), folders of them, whole asv archives, and files of perfledger's own form. A "
        "run that is there already is not doubled; a bad file does not lose the rest. Units and "
        "directions are the files' own, never guessed; so are dates and revisions. What a file "
        "does "
        "not say can be said: --unit, --better, --date, --revision. A run without any date is "
        "there, "
        "in no period of `export --history --every`.",
    .examples = "perfledger import .benchmarks/\tall that pytest-benchmark saved\n"
                "perfledger import target/criterion\twhat Criterion measured last\n"
                "perfledger import perfledger-run-*.json\truns that a full disk kept out",
    .options = import_options,
    .options_size = sizeof(struct options),
    .run = import,
};

const struct pfl_command pfl_command_export = {
    .name = "export",
    .group = "Exchange",
    .summary = "write a run in another tool's form, or the ledger's history as CSV or JSON",
    .usage = "export [RUN] [--format NAME] [-o FILE]\n"
             "export --history [SELECT…] [--metric GLOB] [--every PERIOD] [--format csv|json] "
             "[-o FILE]",
    .description =
        "Writes a run (`latest`, the start of an id, a baseline, a revision, a file) in "
        "the form of another tool, or losslessly in perfledger's own; says what the "
        "form cannot hold.\n"
        "With --history: every series of the ledger (benchmark, metric, variant, machine) over "
        "time, or those that SELECT and --metric name. A record is a run, or with --every a "
        "period: how many runs, the median of their medians, the least and the greatest of them, "
        "and the newest run's value with its interval and revision. `epoch` tells what is "
        "another than in the record before: machine, definition, name. Void runs and races are "
        "left out.",
    .examples = "perfledger export --format pytest-benchmark -o out.json\tfor its readers\n"
                "perfledger export --history --every week -o weekly.csv\tfor a spreadsheet\n"
                "perfledger export --history --metric time --json\tevery run, for a script",
    .options = export_options,
    .options_size = sizeof(struct options),
    .run = export,
};
