/*
 * Comparisons and the ledger's list as JSON: the shapes of the command line's contract, field by
 * field. What is not there is null: a side without an estimate, a ratio that cannot be formed, a
 * limit nobody set. Bytes depend on the comparison alone, so the same data under the same policy
 * gives the same document.
 */
#include "report/json.h"

#include <math.h>

static void put_text(struct pfl_json_writer *w, const char *key, const char *text)
{
    pfl_json_put_string(w, key, text && *text ? text : NULL);
}

void pfl_report_json_range(struct pfl_json_writer *w, const char *key, double low, double high)
{
    const double values[2] = {low, high};

    pfl_json_key(w, key);
    if (isnan(low) && isnan(high))
        pfl_json_null(w);
    else
        pfl_json_numbers(w, values, 2);
}

void pfl_report_json_side(struct pfl_json_writer *w, const char *key, const struct pfl_run *run,
                          const char *label, struct pfl_report_words *words)
{
    pfl_json_key(w, key);
    if (!run) {
        pfl_json_null(w);
        return;
    }
    pfl_json_object(w);
    put_text(w, "run", run->id);
    put_text(w, "revision", run->revision.commit);
    put_text(w, "label", label);
    pfl_json_put_bool(w, "dirty", run->revision.dirty);
    put_text(w, "started", pfl_report_time(words, run->started_unix_ns, true));
    put_text(w, "machine", run->machine.id);
    pfl_json_object_end(w);
}

static void put_estimate(struct pfl_json_writer *w, const char *key,
                         const struct pfl_estimate *estimate)
{
    pfl_json_key(w, key);
    if (!estimate->present) {
        pfl_json_null(w);
        return;
    }
    pfl_json_object(w);
    pfl_json_put_number(w, "median", estimate->text ? NAN : estimate->median);
    pfl_report_json_range(w, "ci", estimate->text ? NAN : estimate->ci_low,
                          estimate->text ? NAN : estimate->ci_high);
    pfl_json_put_integer(w, "launches", (int64_t)estimate->launches);
    if (estimate->text)
        pfl_json_put_string(w, "text", estimate->text);
    pfl_json_object_end(w);
}

void pfl_report_json_row(struct pfl_json_writer *w, const struct pfl_row *row)
{
    pfl_json_put_string(w, "benchmark", row->benchmark);
    pfl_json_put_string(w, "metric", row->metric);
    pfl_json_put_string(w, "unit", row->unit);
    pfl_json_put_string(w, "variant", row->variant);
    pfl_json_put_string(w, "better", pfl_metric_better_text(row->better));
    put_estimate(w, "base", &row->base);
    put_estimate(w, "head", &row->head);
    pfl_json_put_number(w, "ratio", row->ratio);
    pfl_report_json_range(w, "ratio_ci", row->ratio_low, row->ratio_high);
    if (row->normalised_by)
        pfl_json_put_string(w, "normalised_by", row->normalised_by);
    if (row->not_gated)
        pfl_json_put_string(w, "not_gated", row->not_gated);
    if (row->machine > 0 && row->machine != 1)
        pfl_json_put_number(w, "machine", row->machine);
    pfl_json_put_string(w, "verdict", pfl_verdict_text(row->verdict));
    pfl_json_put_bool(w, "deciding", row->deciding);
    pfl_json_put_number(w, "threshold", row->threshold);
    pfl_json_put_number(w, "margin", row->margin);
    pfl_json_put_string(w, "gate", pfl_gate_force_text(row->gate));
    pfl_json_put_number(w, "mde", row->mde);
    pfl_json_put_string(w, "reason", row->reason ? row->reason : "");
    pfl_json_key(w, "more_launches");
    if (row->more_launches)
        pfl_json_integer(w, (int64_t)row->more_launches);
    else
        pfl_json_null(w);
    put_text(w, "gate_file", row->gate_file);
    pfl_json_key(w, "gate_line");
    if (row->gate_line > 0)
        pfl_json_integer(w, row->gate_line);
    else
        pfl_json_null(w);
    if (row->snapshot)
        pfl_json_put_string(w, "snapshot", row->snapshot);
    if (row->bisect)
        pfl_json_put_string(w, "bisect", row->bisect);
}

static void put_row(struct pfl_json_writer *w, const struct pfl_row *row)
{
    pfl_json_object(w);
    pfl_report_json_row(w, row);
    pfl_json_object_end(w);
}

static void put_machine(struct pfl_json_writer *w, const struct pfl_machine_effect *machine)
{
    pfl_json_key(w, "machine_effect");
    if (!machine->present) {
        pfl_json_null(w);
        return;
    }
    pfl_json_object(w);
    pfl_json_put_number(w, "ratio", machine->ratio);
    pfl_report_json_range(w, "ratio_ci", machine->ratio_low, machine->ratio_high);
    put_text(w, "yardstick", machine->yardstick);
    pfl_json_object_end(w);
}

/* Would a person want to be told? All unchanged, undecided or skipped is no news. */
static bool matters(const size_t counts[PFL_VERDICT_COUNT])
{
    return counts[PFL_VERDICT_REGRESSED] + counts[PFL_VERDICT_IMPROVED] + counts[PFL_VERDICT_NEW] +
               counts[PFL_VERDICT_MISSING] + counts[PFL_VERDICT_FAILED] >
           0;
}

void pfl_report_json_summary(struct pfl_json_writer *w, const size_t counts[PFL_VERDICT_COUNT])
{
    static const enum pfl_verdict order[PFL_VERDICT_COUNT] = {
        PFL_VERDICT_REGRESSED,    PFL_VERDICT_IMPROVED, PFL_VERDICT_UNCHANGED,
        PFL_VERDICT_INCONCLUSIVE, PFL_VERDICT_NEW,      PFL_VERDICT_MISSING,
        PFL_VERDICT_FAILED,       PFL_VERDICT_SKIPPED,
    };
    size_t i;

    pfl_json_key(w, "summary");
    pfl_json_object(w);
    for (i = 0; i < PFL_COUNT(order); i++)
        pfl_json_put_integer(w, pfl_verdict_text(order[i]), (int64_t)counts[order[i]]);
    pfl_json_object_end(w);
    pfl_json_put_bool(w, "matters", matters(counts));
}

static void put_context(struct pfl_json_writer *w, const struct pfl_comparison *comparison)
{
    size_t i;

    put_text(w, "why_nothing",
             comparison->exit_code == PFL_ENOTHING ? comparison->why_nothing : NULL);
    pfl_json_put_integer(w, "undecided", (int64_t)comparison->undecided);
    put_text(w, "why_undecided", comparison->why_undecided);
    pfl_json_key(w, "notes");
    pfl_json_array(w);
    for (i = 0; i < comparison->note_count; i++)
        pfl_json_string(w, comparison->notes[i]);
    pfl_json_array_end(w);
    pfl_json_key(w, "differences");
    pfl_json_array(w);
    for (i = 0; i < comparison->difference_count; i++) {
        pfl_json_object(w);
        pfl_json_put_string(w, "name", comparison->differences[i].name);
        pfl_json_put_string(w, "change", comparison->differences[i].value);
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

static int write_json(const struct pfl_comparison *comparison, const struct pfl_report_style *style,
                      struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_report_words words;
    struct pfl_json_writer w;
    size_t i;
    int rc;

    (void)style;
    pfl_report_words_init(&words, arena);
    pfl_json_writer_init(&w, out, 1);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_report_json_side(&w, "base", comparison->base, comparison->base_label, &words);
    pfl_report_json_side(&w, "head", comparison->head, comparison->head_label, &words);
    put_machine(&w, &comparison->machine);
    pfl_json_key(&w, "results");
    pfl_json_array(&w);
    for (i = 0; i < comparison->row_count; i++)
        put_row(&w, &comparison->rows[i]);
    pfl_json_array_end(&w);
    pfl_report_json_summary(&w, comparison->counts);
    pfl_json_put_bool(&w, "ok", comparison->ok);
    put_context(&w, comparison);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the comparison as JSON");
}

const struct pfl_report_format pfl_report_json = {
    .name = "json", .summary = "one JSON document, for programs", .comparison = write_json};

static void put_head(struct pfl_json_writer *w, const struct pfl_run_head *head,
                     struct pfl_report_words *words)
{
    pfl_json_object(w);
    pfl_json_put_string(w, "id", head->id);
    put_text(w, "revision", head->commit);
    put_text(w, "started", pfl_report_time(words, head->started_unix_ns, true));
    put_text(w, "label", head->label);
    pfl_json_put_bool(w, "partial", head->partial);
    pfl_json_put_integer(w, "benchmarks", (int64_t)head->benchmark_count);
    pfl_json_put_integer(w, "failed", (int64_t)head->failed_count);
    pfl_json_put_integer(w, "skipped", (int64_t)head->skipped_count);
    pfl_json_put_string(w, "kind", pfl_run_kind_text(head->kind));
    pfl_json_put_bool(w, "complete", head->complete);
    pfl_json_put_bool(w, "dirty", head->dirty);
    put_text(w, "branch", head->branch);
    put_text(w, "tag", head->tag);
    put_text(w, "machine", head->machine_id);
    put_text(w, "fingerprint", head->fingerprint);
    put_text(w, "void", head->void_why);
    put_text(w, "thinned", pfl_report_time(words, head->thinned_unix_ns, true));
    pfl_json_object_end(w);
}

void pfl_report_list_json(const struct pfl_run_head *heads, size_t n, struct pfl_buf *out)
{
    struct pfl_report_words words;
    struct pfl_json_writer w;
    struct pfl_arena arena;
    size_t i;

    pfl_arena_init(&arena);
    pfl_report_words_init(&words, &arena);
    pfl_json_writer_init(&w, out, 1);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_json_key(&w, "runs");
    pfl_json_array(&w);
    for (i = 0; i < n; i++)
        put_head(&w, &heads[i], &words);
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    if (pfl_report_words_release(&words, NULL) < 0 && !out->error)
        out->error = PFL_ENOMEM;
    pfl_arena_release(&arena);
}
