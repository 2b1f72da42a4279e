/*
 * Finding the place of a new row.
 *
 * Behind the last row of its part people may have written: that is a remark on that row, so the new
 * one comes after it. Their text ends where the next heading of the first or second level begins
 * (another part, or a chapter of their own), or the next block, or the file. Blank lines at its end
 * stay where they are, behind the new row.
 *
 * A part without rows begins with its heading, if somebody left it there; else the heading is made:
 * of the log at the end of the file or before the external timings, of these behind the log.
 */
#include "documents/log_file.h"

#include "documents/fence.h"

#include <string.h>

static const char log_heading[] = "## Log";
static const char external_heading[] = "## External timings";

static const char introduction[] =
    "# Performance\n"
    "\n"
    "Every change that moved a figure has a row here, the newest last. Rows are made from recorded "
    "runs\n"
    "and are not edited; remarks go below them.\n"
    "\n"
    "How to read a row: *before* and *after* are medians over the launches of a program, with the "
    "range\n"
    "in which 95 of 100 other runs fall. *Ratio* is after divided by before, so below 1 means less "
    "time\n"
    "or less memory; the interval beside it is where the true ratio lies. *Improved* and "
    "*regressed*\n"
    "mean that the interval leaves out 1 and the change is beyond the tolerance, *unchanged* that "
    "the\n"
    "whole interval is within it, *cannot tell* that the data do not decide. The runs behind each "
    "row\n"
    "are kept in the repository and linked.\n";

static const char external_introduction[] =
    "Figures of other machines than the reference machine: they show that something holds there, "
    "too,\n"
    "and are compared with each other only.\n";

static size_t line_end(const struct pfl_log_file *log, size_t at)
{
    const char *newline = memchr(log->text + at, '\n', log->len - at);

    return newline ? (size_t)(newline - log->text) + 1 : log->len;
}

static bool starts(const struct pfl_log_file *log, size_t at, const char *with)
{
    size_t len = strlen(with);

    return log->len - at >= len && memcmp(log->text + at, with, len) == 0;
}

/* A line with nothing but this. */
static bool is_line(const struct pfl_log_file *log, size_t at, const char *line)
{
    size_t end = line_end(log, at), from = at + strlen(line);

    if (!starts(log, at, line))
        return false;
    while (from < end && strchr(" \t\r\n#", log->text[from]) && log->text[from])
        from++;
    return from == end;
}

static bool is_blank(const struct pfl_log_file *log, size_t at, size_t end)
{
    while (at < end && strchr(" \t\r\n", log->text[at]) && log->text[at])
        at++;
    return at == end;
}

/* Goes through the lines of people's text from `at`: skips fenced code. */
struct walk {
    size_t at, end; /* of the line */
    struct pfl_fence fence;
    bool in_code; /* the line, or it is a fence */
};

static void look(const struct pfl_log_file *log, struct walk *w)
{
    w->end = line_end(log, w->at);
    w->in_code = pfl_fence_line(&w->fence, log->text + w->at,
                                w->end - w->at - (log->text[w->end - 1] == '\n'));
}

/* The block that begins at `at`; NULL. */
static const struct pfl_block *block_at(const struct pfl_log_file *log, size_t at)
{
    size_t i;

    for (i = 0; i < log->blocks.n; i++)
        if (log->blocks.at[i].at == at)
            return &log->blocks.at[i];
    return NULL;
}

/* From `at`: the end of the last line of people's text that is not blank. */
static size_t end_of_remarks(const struct pfl_log_file *log, size_t at)
{
    struct walk w = {.at = at};
    size_t last = at;

    for (; w.at < log->len; w.at = w.end) {
        look(log, &w);
        if (!w.in_code && (starts(log, w.at, "# ") || starts(log, w.at, "## ") ||
                           starts(log, w.at, "<!-- perfledger:")))
            break;
        if (!is_blank(log, w.at, w.end))
            last = w.end;
    }
    return last;
}

/* Where the line stands that is this heading, outside of blocks and code; len: nowhere. */
static size_t find_heading(const struct pfl_log_file *log, const char *heading)
{
    const struct pfl_block *block;
    struct walk w = {0};

    for (; w.at < log->len; w.at = w.end) {
        block = w.fence.length ? NULL : block_at(log, w.at);
        if (block) {
            w.end = block->end;
            continue;
        }
        look(log, &w);
        if (!w.in_code && is_line(log, w.at, heading))
            return w.at;
    }
    return log->len;
}

static bool is_empty(const struct pfl_log_file *log)
{
    return is_blank(log, 0, log->len);
}

static bool is_crlf(const char *text, size_t len)
{
    size_t lines = 0, with = 0, i;

    for (i = 0; i < len; i++)
        if (text[i] == '\n') {
            lines++;
            with += i > 0 && text[i - 1] == '\r';
        }
    return with * 2 > lines;
}

int pfl_log_file_read(const char *text, size_t len, struct pfl_arena *arena,
                      struct pfl_log_file *log, struct pfl_err *err)
{
    struct pfl_log_file read = {.text = text, .len = len, .crlf = is_crlf(text, len)};
    size_t i;
    int rc = pfl_blocks_read(text, len, arena, &read.blocks, err);

    if (rc != PFL_OK)
        return rc;
    read.rows = pfl_arena_array(arena, read.blocks.n, sizeof *read.rows);
    if (!read.rows)
        return pfl_err_no_memory(err);
    for (i = 0; i < read.blocks.n; i++) {
        const struct pfl_block *block = &read.blocks.at[i];
        struct pfl_log_row row = {.block = block};

        if (strcmp(block->kind, "row") != 0)
            continue;
        rc = pfl_row_facts_read(block->facts, block->facts_len, arena, &row.facts, err);
        if (rc == PFL_ENOMEM)
            return rc;
        row.readable = rc == PFL_OK;
        read.rows[read.row_count++] = row;
    }
    *log = read;
    return PFL_OK;
}

const struct pfl_log_row *pfl_log_file_last(const struct pfl_log_file *log, bool external)
{
    size_t i;

    for (i = log->row_count; i > 0; i--)
        if (log->rows[i - 1].facts.external == external)
            return &log->rows[i - 1];
    return NULL;
}

/* Of two globs over metrics only the same one, or none, is known to choose the same. */
static bool overlap(const struct pfl_row_facts *a, const struct pfl_row_facts *b,
                    const struct pfl_run *head)
{
    size_t i;

    if (*a->metric && *b->metric && strcmp(a->metric, b->metric) != 0)
        return false;
    for (i = 0; i < head->benchmark_count; i++)
        if (pfl_row_selects(a, head->benchmarks[i].name) &&
            pfl_row_selects(b, head->benchmarks[i].name))
            return true;
    return false;
}

const struct pfl_log_row *pfl_log_file_find(const struct pfl_log_file *log,
                                            const struct pfl_row_facts *facts,
                                            const struct pfl_run *head)
{
    size_t i;

    for (i = 0; i < log->row_count; i++) {
        const struct pfl_log_row *row = &log->rows[i];

        if (row->readable && strcmp(row->facts.base, facts->base) == 0 &&
            strcmp(row->facts.head, facts->head) == 0 && overlap(&row->facts, facts, head))
            return row;
    }
    return NULL;
}

/* Where the part of the log ends, or the file. */
static size_t end_of_log(const struct pfl_log_file *log)
{
    const struct pfl_log_row *last = pfl_log_file_last(log, false);
    size_t at = last ? last->block->end : find_heading(log, log_heading);

    if (at == log->len)
        return at;
    return end_of_remarks(log, last ? at : line_end(log, at));
}

/* What stands before the block at its place: blank lines, headings, introductions. */
static size_t place_of(const struct pfl_log_file *log, bool external, struct pfl_buf *before)
{
    const struct pfl_log_row *last = pfl_log_file_last(log, external);
    const char *heading = external ? external_heading : log_heading;
    size_t at;

    if (last)
        return end_of_remarks(log, last->block->end);
    at = find_heading(log, heading);
    if (at < log->len)
        return end_of_remarks(log, line_end(log, at));
    if (is_empty(log)) {
        pfl_buf_text(before, introduction);
        at = log->len;
    } else if (external) {
        at = end_of_log(log);
    } else {
        at = find_heading(log, external_heading);
    }
    pfl_buf_format(before, "%s%s\n", before->len ? "\n" : "", heading);
    if (external)
        pfl_buf_format(before, "\n%s", external_introduction);
    return at;
}

static int count_lines(const char *text, size_t len)
{
    int lines = 0;
    size_t i;

    for (i = 0; i < len; i++)
        lines += text[i] == '\n';
    return lines;
}

/* Is there a blank line before this place (or nothing at all)? */
static bool after_blank(const struct pfl_buf *out)
{
    size_t n = out->len;

    if (n == 0)
        return true;
    if (n >= 2 && out->data[n - 1] == '\n' && out->data[n - 2] == '\n')
        return true;
    return n >= 3 && memcmp(out->data + n - 3, "\n\r\n", 3) == 0;
}

int pfl_log_file_insert(const struct pfl_log_file *log, bool external, const struct pfl_buf *block,
                        struct pfl_buf *out, int *line, struct pfl_err *err)
{
    struct pfl_buf before;
    size_t at;

    pfl_buf_init(&before, sizeof introduction + sizeof external_introduction + 256);
    at = place_of(log, external, &before);
    pfl_buf_add(out, log->text, at);
    if (out->len && out->data[out->len - 1] != '\n')
        pfl_buf_char(out, '\n');
    if (!after_blank(out))
        pfl_buf_char(out, '\n');
    if (before.len)
        pfl_buf_format(out, "%s\n", pfl_buf_cstr(&before));
    pfl_buf_release(&before);
    *line = out->error ? 0 : count_lines(out->data, out->len) + 2; /* behind the block's first */
    pfl_buf_add(out, block->data, block->len);
    if (at < log->len && !is_blank(log, at, line_end(log, at)))
        pfl_buf_char(out, '\n');
    pfl_buf_add(out, log->text + at, log->len - at);
    return pfl_buf_check(out, err, "adding a row to the log");
}
