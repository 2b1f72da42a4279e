/*
 * From a row to the snapshot that was taken after it.
 *
 * What is sealed never changes, so a row cannot learn of a later snapshot. What stands below a row
 * belongs to people and may be added to: "Snapshot: [name](perf/snapshots/…)" is put there, first
 * of all that stands below. Nothing else moves. People may put the line elsewhere or take it away;
 * the audit only sees to it that what it links is there. A row that was written when the snapshot
 * was there already links it itself.
 */
#include "flow/log/link.h"

#include "documents/markdown.h"
#include "documents/row.h"
#include "documents/slug.h"
#include "flow/log/page.h"
#include "sys/file.h"
#include "sys/lock.h"

#include <string.h>

static bool cites(const struct pfl_block *block, const char *id)
{
    size_t i;

    for (i = 0; i < block->run_count; i++)
        if (strcmp(block->runs[i], id) == 0)
            return true;
    return false;
}

static bool shows(const struct pfl_log_link_to *to, const char *benchmark)
{
    size_t i;

    for (i = 0; i < to->benchmark_count; i++)
        if (pfl_run_selects(to->benchmarks[i], benchmark))
            return true;
    return to->benchmark_count == 0;
}

/* A row's head is the last of its runs. */
bool pfl_log_link_fits(const struct pfl_block *row, const struct pfl_log_link_to *to,
                       struct pfl_arena *arena)
{
    struct pfl_row_facts facts;
    size_t i;

    if (strcmp(row->kind, "row") != 0 || row->run_count == 0 ||
        strcmp(row->runs[row->run_count - 1], to->head->id) != 0 ||
        (*to->base && !cites(row, to->base)) ||
        pfl_row_facts_read(row->facts, row->facts_len, arena, &facts, NULL) != PFL_OK)
        return false;
    for (i = 0; i < to->head->benchmark_count; i++)
        if (shows(to, to->head->benchmarks[i].name) &&
            pfl_row_selects(&facts, to->head->benchmarks[i].name))
            return true;
    return false;
}

/* Does it stand in the row, or between it and the next block? */
static bool is_linked(const struct pfl_log_page *log, size_t i, const char *target)
{
    size_t from = log->blocks.at[i].at;
    size_t to = i + 1 < log->blocks.n ? log->blocks.at[i + 1].at : log->len;
    size_t len = strlen(target);

    for (; from + len <= to; from++)
        if (memcmp(log->text + from, target, len) == 0)
            return true;
    return false;
}

static const char *line_of(struct pfl_flow *flow, const char *place, const char **target)
{
    const char *name = strrchr(place, '/') ? strrchr(place, '/') + 1 : place;
    const char *below = pfl_arena_format(flow->arena, "snapshots/%s", name);
    const char *way = below ? pfl_log_page_from_log(flow, below) : NULL, *line;
    struct pfl_buf title, link;

    if (!way)
        return NULL;
    pfl_buf_init(&title, 1 << 12);
    pfl_buf_init(&link, 1 << 14);
    pfl_markdown_text(&title, name);
    pfl_markdown_link(&link, pfl_buf_cstr(&title), way);
    line = pfl_arena_format(flow->arena, "\nSnapshot: %s\n", pfl_buf_cstr(&link));
    *target = line ? strstr(line, "](") : NULL;
    *target = *target ? pfl_arena_text_n(flow->arena, *target, strlen(*target) - 1) : NULL;
    pfl_buf_release(&title);
    pfl_buf_release(&link);
    return line;
}

static int write_lines(struct pfl_flow *flow, const struct pfl_log_link_to *to, size_t *linked,
                       struct pfl_err *err)
{
    struct pfl_log_page log;
    const char *target = NULL, *line = line_of(flow, to->place, &target);
    struct pfl_buf out;
    size_t i, at = 0;
    int rc = line && target ? pfl_log_page_read(flow, flow->config.documents.log, &log, err)
                            : pfl_err_no_memory(err);

    if (rc != PFL_OK)
        return rc;
    pfl_buf_init(&out, PFL_LOG_PAGE_MAX);
    for (i = 0; i < log.blocks.n; i++) {
        const struct pfl_block *row = &log.blocks.at[i];

        if (!pfl_log_link_fits(row, to, flow->arena) || is_linked(&log, i, target))
            continue;
        pfl_buf_add(&out, log.text + at, row->end - at);
        at = row->end;
        pfl_buf_text(&out, log.text[at - 1] == '\n' ? "" : "\n");
        pfl_buf_text(&out, line);
        pfl_buf_text(&out, at == log.len || strchr("\r\n", log.text[at]) ? "" : "\n");
        ++*linked;
    }
    pfl_buf_add(&out, log.text + at, log.len - at);
    if (*linked)
        rc = pfl_log_page_write(flow, flow->config.documents.log, &out, err);
    pfl_buf_release(&out);
    return rc;
}

int pfl_log_link_rows(struct pfl_flow *flow, const struct pfl_log_link_to *to, size_t *linked,
                      struct pfl_err *err)
{
    const char *path = pfl_file_join(flow->root, flow->config.documents.log, flow->arena);
    const char *lock = path ? pfl_arena_format(flow->arena, "%s.lock", path) : NULL;
    int fd = -1, rc = lock ? pfl_log_page_lock(flow, lock, &fd, err) : pfl_err_no_memory(err);

    if (rc != PFL_OK)
        return rc;
    rc = write_lines(flow, to, linked, err);
    pfl_lock_remove(lock, fd);
    return rc;
}
