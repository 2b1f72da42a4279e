/* Hand-made runs and comparisons for the report tests: plain ones, large ones and hostile ones. */
#ifndef TESTS_REPORT_FIXTURE_H
#define TESTS_REPORT_FIXTURE_H

#include "base/alloc.h"
#include "base/text.h"
#include "report/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HOSTILE "ev|il <b>&\"'`\n::error::x\x1b[31m, @all #1 %0A ]]>\xff\xE2\x80\xAE 日本"

static inline struct pfl_estimate estimate(double median, double half)
{
    struct pfl_estimate e = {.present = true,
                             .median = median,
                             .ci_low = median - half,
                             .ci_high = median + half,
                             .launches = 10};

    return e;
}

static inline struct pfl_row row_of(const char *benchmark, const char *metric, const char *unit,
                                    double base, double head)
{
    struct pfl_row row = {.benchmark = benchmark,
                          .metric = metric,
                          .unit = unit,
                          .variant = "",
                          .base = estimate(base, base / 100),
                          .head = estimate(head, head / 100),
                          .ratio = head / base,
                          .ratio_low = head / base - 0.04,
                          .ratio_high = head / base + 0.04,
                          .verdict = PFL_VERDICT_UNCHANGED,
                          .deciding = true,
                          .gate = PFL_GATE_HARD,
                          .threshold = 0.1,
                          .margin = 0.1 - (head / base - 1),
                          .mde = 0.031,
                          .reason = "",
                          .gate_file = "perfledger.yaml",
                          .gate_line = 31};

    return row;
}

struct fixture {
    struct pfl_arena arena;
    struct pfl_buf out;
    struct pfl_err err;
    struct pfl_run base, head;
    struct pfl_row rows[12];
    struct pfl_pair differences[2];
    const char *notes[1];
    struct pfl_comparison comparison;
};

static inline void fixture_run(struct pfl_run *run, const char *id, const char *commit,
                               int64_t started)
{
    memset(run, 0, sizeof *run);
    run->id = id;
    run->label = run->project = run->selection = run->tier = run->tool = "";
    run->revision.commit = commit;
    run->revision.branch = run->revision.tag = run->revision.pull_request = run->revision.subject =
        "";
    run->started_unix_ns = started * 1000000000;
    run->complete = true;
    run->machine.name = "auto";
    run->machine.hostname = "lab-1";
    run->machine.id = "m1";
}

/* Seven rows: one regressed, one unchanged, a quiet one, a limit that holds, a limit broken, a
 * missing one, an improved one. */
static inline void fixture_rows(struct fixture *f)
{
    struct pfl_row *r = f->rows;

    r[0] = row_of("gzip -9", "time", "s", 0.100, 0.152);
    r[0].verdict = PFL_VERDICT_REGRESSED;
    r[0].reason = "52 % slower (99 % interval +48 % to +56 %); the gate allows 10 %";
    r[1] = row_of("gzip -9", "peak_rss", "B", 19084083, 19184083);
    r[1].threshold = 0.05;
    r[2] = row_of("gzip -9", "page_faults", "1", 123, 125);
    r[2].deciding = false;
    r[2].gate = PFL_GATE_NONE;
    r[2].threshold = r[2].margin = NAN;
    r[3] = row_of("gzip -9", "time", "s", NAN, 0.152);
    r[3].variant = "max";
    r[3].base = (struct pfl_estimate){0};
    r[3].ratio = r[3].ratio_low = r[3].ratio_high = r[3].mde = NAN;
    r[3].threshold = 0.2;
    r[3].margin = 0.24;
    r[4] = r[3];
    r[4].benchmark = "kernels/parity";
    r[4].metric = "parity_error";
    r[4].unit = "1";
    r[4].head = estimate(7e-8, 0);
    r[4].threshold = 5e-8;
    r[4].margin = -0.4;
    r[4].verdict = PFL_VERDICT_FAILED;
    r[4].reason = "7.00e-8 is beyond the maximum of 5.00e-8";
    r[5] = row_of("sort", "time", "s", 0.01, NAN);
    r[5].head = (struct pfl_estimate){0};
    r[5].ratio = r[5].ratio_low = r[5].ratio_high = r[5].margin = r[5].mde = NAN;
    r[5].verdict = PFL_VERDICT_MISSING;
    r[5].reason = "in the base, not in the head";
    r[6] = row_of("zstd", "time", "s", 0.2, 0.1);
    r[6].verdict = PFL_VERDICT_IMPROVED;
    f->comparison.row_count = 7;
}

static inline void fixture_init(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    pfl_arena_init(&f->arena);
    pfl_buf_init(&f->out, 1 << 24);
    fixture_run(&f->base, "00000000000000aa", "1111111111222222222233333333334444444444",
                1763640180);
    fixture_run(&f->head, "00000000000000bb", "5555555555666666666677777777778888888888",
                1763726580);
    f->head.revision.dirty = true;
    fixture_rows(f);
    f->comparison.base = &f->base;
    f->comparison.head = &f->head;
    f->comparison.base_label = "main";
    f->comparison.head_label = "work tree";
    f->comparison.rows = f->rows;
    f->comparison.counts[PFL_VERDICT_REGRESSED] = f->comparison.counts[PFL_VERDICT_FAILED] = 1;
    f->comparison.counts[PFL_VERDICT_MISSING] = f->comparison.counts[PFL_VERDICT_IMPROVED] = 1;
    f->comparison.counts[PFL_VERDICT_UNCHANGED] = 2;
    f->comparison.fail_on = PFL_FAIL_ON_REGRESSED | PFL_FAIL_ON_FAILED | PFL_FAIL_ON_MISSING;
    f->comparison.exit_code = PFL_EGATE;
}

static inline void fixture_context(struct fixture *f)
{
    f->differences[0] = (struct pfl_pair){"compiler", "gcc 12 → gcc 13"};
    f->differences[1] = (struct pfl_pair){"load", "0.1 → 1.9"};
    f->notes[0] = "no history: between-session deviations of 5 % (time) are assumed";
    f->comparison.differences = f->differences;
    f->comparison.difference_count = 2;
    f->comparison.notes = f->notes;
    f->comparison.note_count = 1;
}

/* Every text that comes from outside is replaced by one that tries to break out. */
static inline void fixture_make_hostile(struct fixture *f)
{
    size_t i;

    fixture_context(f);
    for (i = 0; i < f->comparison.row_count; i++) {
        f->rows[i].benchmark = HOSTILE;
        f->rows[i].reason = "reason " HOSTILE;
        f->rows[i].gate_file = "a,b:c%\n.yaml";
    }
    f->rows[0].metric = f->rows[0].unit = HOSTILE;
    f->comparison.base_label = f->comparison.head_label = HOSTILE;
    f->differences[0].name = f->differences[0].value = f->notes[0] = HOSTILE;
    f->head.id = HOSTILE;
}

static inline void fixture_release(struct fixture *f)
{
    pfl_buf_release(&f->out);
    pfl_arena_release(&f->arena);
}

/* Renders with a format by name; the text lives until the next call. */
static inline const char *render(struct fixture *f, const char *format,
                                 const struct pfl_report_style *style)
{
    pfl_buf_clear(&f->out);
    if (pfl_report_format_find(format)->comparison(&f->comparison, style, &f->arena, &f->out,
                                                   &f->err) != PFL_OK)
        return NULL;
    return pfl_buf_cstr(&f->out);
}

/* The widest line of a text, in terminal columns, and whether any line ends in a blank. */
static inline size_t widest_line(const char *text, bool *trailing)
{
    size_t widest = 0, len, width;
    char line[4096];

    for (*trailing = false; *text; text += len + (text[len] != 0)) {
        len = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)len, text);
        width = pfl_text_width(line);
        widest = width > widest ? width : widest;
        *trailing = *trailing || (len && text[len - 1] == ' ');
    }
    return widest;
}

#endif
