/*
 * `log add`: find the two runs, put down everything the row is made of, refuse what may not be
 * claimed, make the text as an audit will make it, and put it into the log.
 *
 * The runs are written into the repository before the row, so that no row ever names a run that is
 * not there. Two that write at once wait for each other; the log is read, and the row before the
 * new one found, under the lock.
 */
#include "flow/log/row_parts.h"

#include "base/text.h"
#include "documents/log_file.h"
#include "documents/prose.h"
#include "documents/words.h"
#include "flow/log/documents.h"
#include "flow/log/evidence.h"
#include "flow/log/page.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "vcs/git.h"

#include <math.h>
#include <string.h>

enum { LOG_MAX = 64 << 20 };
static const double snapshot_change = 0.05;

static int no_memory(struct pfl_log_row_story *s)
{
    return pfl_err_no_memory(s->err);
}

/* ---- the runs ---- */

/* Was it said by a revision, so that which of its runs is meant was left to us? */
static bool was_revision(struct pfl_log_row_story *s, const char *word, const struct pfl_run *run)
{
    bool named = false;

    if (pfl_text_starts(word, "rev:") || strcmp(word, "last-tag") == 0)
        return true;
    if (pfl_file_exists(word) || (*run->id && pfl_text_starts(run->id, word)))
        return false;
    return pfl_git_names_revision(s->flow->root, word, &named, NULL) == PFL_OK && named;
}

/* The newest complete run of the same commit on that machine takes the place of one elsewhere. */
static int prefer_machine(struct pfl_log_row_story *s, const char *word, const char *machine_id,
                          struct pfl_run *run)
{
    struct pfl_store_query query = {
        .machine_id = machine_id, .complete_only = true, .without_races = true, .last = 1};
    struct pfl_run_head *heads;
    struct pfl_store *store;
    size_t n = 0;
    int rc = PFL_OK;

    if (!machine_id || strcmp(run->machine.id, machine_id) == 0 || !*run->revision.commit ||
        !was_revision(s, word, run))
        return PFL_OK;
    query.commit = run->revision.commit;
    rc = pfl_flow_store(s->flow, PFL_FLOW_READ, &store, s->err);
    if (rc == PFL_OK)
        rc = pfl_store_list(store, &query, s->flow->arena, &heads, &n, s->err);
    return rc == PFL_OK && n ? pfl_flow_load(s->flow, heads[0].id, run, s->err) : rc;
}

static int find_head(struct pfl_log_row_story *s)
{
    const struct pfl_machine *here;
    const char *label, *word = s->params->head;
    int rc = pfl_flow_machine(s->flow, &here, s->err);

    s->head = pfl_arena_alloc(s->flow->arena, sizeof *s->head);
    if (!s->head)
        return no_memory(s);
    if (rc == PFL_OK)
        rc = word ? pfl_flow_resolve(s->flow, word, s->head, &label, s->err)
                  : pfl_flow_latest(s->flow, s->head, s->err);
    if (rc == PFL_OK && word && !s->facts.external)
        rc = prefer_machine(s, word, here->id, s->head);
    return rc;
}

static int find_runs(struct pfl_log_row_story *s)
{
    const char *label;
    int rc = find_head(s);

    if (rc != PFL_OK || s->facts.kind == PFL_ROW_BASELINE)
        return rc;
    s->base = pfl_arena_alloc(s->flow->arena, sizeof *s->base);
    if (!s->base)
        return no_memory(s);
    rc = pfl_flow_resolve(s->flow, s->params->base, s->base, &label, s->err);
    return rc == PFL_OK ? prefer_machine(s, s->params->base, s->head->machine.id, s->base) : rc;
}

/* A run that was thinned in the ledger may be whole in the repository. */
static void take_whole(struct pfl_log_row_story *s, struct pfl_run *run)
{
    struct pfl_run whole;

    if (run && run->thinned_unix_ns &&
        pfl_flow_evidence_load(s->flow, run->id, &whole, NULL) == PFL_OK)
        *run = whole;
}

/* A file of another program has no id: it is no run yet. */
static int check_ids(struct pfl_log_row_story *s)
{
    take_whole(s, s->base);
    take_whole(s, s->head);
    if (*s->head->id && (!s->base || *s->base->id))
        return PFL_OK;
    return pfl_err_set(s->err, PFL_EUSAGE,
                       "`%s` is no recorded run: `perfledger import` it, then name it by the start "
                       "of its id (`perfledger list`)",
                       *s->head->id ? s->params->base : s->params->head);
}

/* ---- what may be claimed ---- */

static int refuse(struct pfl_log_row_story *s)
{
    int rc = PFL_OK;

    s->facts.machine = pfl_words_machine(&s->head->machine);
    if (s->base)
        rc = pfl_log_row_refuse_run(s->flow, &s->facts, s->base, "base", s->err);
    if (rc == PFL_OK)
        rc = pfl_log_row_refuse_run(s->flow, &s->facts, s->head, s->base ? "head" : "baseline",
                                    s->err);
    if (rc == PFL_OK)
        rc = pfl_log_row_cause(s);
    return rc == PFL_OK ? pfl_log_row_refuse_pair(s->flow, &s->facts, s->base, s->head, s->err)
                        : rc;
}

static int compare(struct pfl_log_row_story *s)
{
    int rc = pfl_log_row_learn(s->flow, &s->facts, s->base, s->head, s->err);

    if (rc == PFL_OK)
        rc = pfl_log_row_compare(s->flow, &s->facts, s->base, s->head, &s->comparison, s->err);
    if (rc == PFL_EINVAL && s->err) { /* the judge will not compare the two: so may we not */
        s->err->code = PFL_EGATE;
        rc = PFL_EGATE;
    }
    if (rc == PFL_OK)
        rc = pfl_log_row_pool(s->flow, &s->facts, &s->comparison, s->err);
    return rc == PFL_OK
               ? pfl_log_row_refuse_claim(&s->facts, &s->comparison, s->flow->arena, s->err)
               : rc;
}

/* ---- a snapshot would be worth its while ---- */

static int suggest(struct pfl_log_row_story *s, const struct pfl_log_file *log)
{
    bool known = log->row_count == 0;
    size_t i;

    if (*s->facts.snapshot)
        return PFL_OK;
    for (i = 0; i < log->row_count; i++)
        known = known || (log->rows[i].readable &&
                          strcmp(log->rows[i].facts.machine, s->facts.machine) == 0);
    if (s->facts.kind == PFL_ROW_BASELINE)
        s->why_snapshot = "a new backend or platform appeared";
    else if (!known)
        s->why_snapshot =
            pfl_arena_format(s->flow->arena, "%s is new in the log", s->facts.machine);
    for (i = 0; !s->why_snapshot && i < s->comparison.row_count; i++) {
        const struct pfl_row *row = &s->comparison.rows[i];

        if (strcmp(row->metric, "peak_rss") == 0 && pfl_row_selects(&s->facts, row->benchmark) &&
            fabs(row->ratio - 1) > snapshot_change)
            s->why_snapshot = pfl_arena_format(s->flow->arena, "peak RSS of %s moved by %.0f %%",
                                               row->benchmark, 100 * fabs(row->ratio - 1));
    }
    return PFL_OK;
}

/* ---- the file ---- */

static int refuse_second(struct pfl_log_row_story *s, const struct pfl_log_file *log)
{
    const struct pfl_log_row *there = pfl_log_file_find(log, &s->facts, s->head);

    if (!there)
        return PFL_OK;
    return pfl_err_set(s->err, PFL_EGATE,
                       "%s:%d: these %s are in the log already; nothing was written. Remarks on a "
                       "row go below it; --area, --benchmark and --metric choose others",
                       s->flow->config.documents.log, there->block->line,
                       s->base ? "two runs" : "figures");
}

/* The block of the row, made as the audit makes it. */
static int write_block(struct pfl_log_row_story *s, struct pfl_buf *block, const char **id)
{
    char hex[PFL_BLOCK_ID_LENGTH + 1];
    struct pfl_buf facts, text;
    int rc;

    pfl_buf_init(&facts, LOG_MAX);
    pfl_buf_init(&text, LOG_MAX);
    rc = pfl_row_facts_write(&s->facts, &facts, s->err);
    if (rc == PFL_OK)
        rc = pfl_flow_row_remake(s->flow, pfl_buf_cstr(&facts), facts.len, &text, s->err);
    if (rc == PFL_OK) {
        const struct pfl_block_content content = {"row", pfl_buf_cstr(&facts), pfl_buf_cstr(&text),
                                                  text.len};

        rc = pfl_block_write(&content, block, hex, s->err);
    }
    if (rc == PFL_OK) {
        *id = pfl_arena_text(s->flow->arena, hex);
        rc = *id ? PFL_OK : no_memory(s);
    }
    pfl_buf_release(&facts);
    pfl_buf_release(&text);
    return rc;
}

/* Title and note are sealed as they were typed, so a figure in them that no row has could never be
 * taken back. */
static int check_words(struct pfl_log_row_story *s, const struct pfl_buf *whole, const char *id)
{
    const char *figure;
    int rc = pfl_prose_unsupported(whole, id, s->flow->arena, &figure, s->err);

    if (rc != PFL_OK || !figure)
        return rc;
    return pfl_err_set(s->err, PFL_EGATE,
                       "title or note say %s, which is a figure that neither this row nor one "
                       "before it has; nothing was written. Leave it out: the table says what was "
                       "measured",
                       figure);
}

static int keep_runs(struct pfl_log_row_story *s)
{
    const char *path;
    int rc = s->base ? pfl_flow_evidence_keep(s->flow, s->base, &path, s->err) : PFL_OK;

    return rc == PFL_OK ? pfl_flow_evidence_keep(s->flow, s->head, &path, s->err) : rc;
}

static int warn(struct pfl_log_row_story *s, const struct pfl_log_file *log)
{
    const char *name = s->flow->config.documents.log;

    if (log->crlf)
        s->warning = pfl_arena_format(
            s->flow->arena,
            "%s has lines that end in CR LF; the row was written with LF, for it is sealed byte "
            "for byte. `%s text eol=lf` in .gitattributes keeps git from changing them",
            name, name);
    else if (log->blocks.problem_count)
        s->warning =
            pfl_arena_format(s->flow->arena, "%s:%d: %s; `perfledger log audit` says more", name,
                             log->blocks.problems[0].line, log->blocks.problems[0].what);
    return (log->crlf || log->blocks.problem_count) && !s->warning ? no_memory(s) : PFL_OK;
}

/* The text of the log as it is, and with the row. */
static int append(struct pfl_log_row_story *s, const char *path, struct pfl_buf *content,
                  struct pfl_flow_log_row_added *added)
{
    const struct pfl_log_row *last;
    struct pfl_log_file log;
    struct pfl_buf block, whole;
    int rc = pfl_log_file_read(pfl_buf_cstr(content), content->len, s->flow->arena, &log, s->err);

    if (rc == PFL_OK)
        rc = refuse_second(s, &log);
    if (rc == PFL_OK)
        rc = suggest(s, &log);
    if (rc == PFL_OK)
        rc = warn(s, &log);
    if (rc != PFL_OK)
        return rc;
    last = pfl_log_file_last(&log, s->facts.external);
    s->facts.after = last ? last->block->id : "";
    pfl_buf_init(&block, LOG_MAX);
    pfl_buf_init(&whole, LOG_MAX);
    rc = write_block(s, &block, &added->id);
    if (rc == PFL_OK)
        rc = pfl_log_file_insert(&log, s->facts.external, &block, &whole, &added->line, s->err);
    if (rc == PFL_OK)
        rc = check_words(s, &whole, added->id);
    if (rc == PFL_OK)
        rc = keep_runs(s);
    if (rc == PFL_OK)
        rc = pfl_file_write(path, whole.data, whole.len, false, s->err);
    pfl_buf_release(&block);
    pfl_buf_release(&whole);
    return rc;
}

static int write_log(struct pfl_log_row_story *s, struct pfl_flow_log_row_added *added)
{
    const char *path = pfl_file_join(s->flow->root, s->flow->config.documents.log, s->flow->arena);
    const char *lock = path ? pfl_arena_format(s->flow->arena, "%s.lock", path) : NULL;
    const char *folder = path ? pfl_file_folder_of(path, s->flow->arena) : NULL;
    struct pfl_buf content;
    int fd = -1, rc;

    if (!lock || !folder)
        return no_memory(s);
    rc = pfl_file_make_folders(folder, s->err);
    if (rc == PFL_OK)
        rc = pfl_log_page_lock(s->flow, lock, &fd, s->err);
    if (rc != PFL_OK)
        return rc;
    pfl_buf_init(&content, LOG_MAX);
    rc = pfl_file_exists(path) ? pfl_file_read(path, &content, s->err) : PFL_OK;
    if (rc == PFL_OK)
        rc = append(s, path, &content, added);
    pfl_buf_release(&content);
    pfl_lock_remove(lock, fd);
    return rc;
}

int pfl_flow_log_row_add(struct pfl_flow *flow, const struct pfl_flow_log_row_params *params,
                         struct pfl_flow_log_row_added *added, struct pfl_err *err)
{
    struct pfl_log_row_story s = {.flow = flow, .params = params, .err = err};
    struct pfl_flow_log_row_added made = {0};
    static int (*const steps[])(struct pfl_log_row_story *) = {
        pfl_log_row_ask, find_runs, check_ids, refuse, pfl_log_row_gather, compare};
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < PFL_COUNT(steps); i++)
        rc = steps[i](&s);
    if (rc == PFL_OK)
        rc = write_log(&s, &made);
    if (rc != PFL_OK)
        return rc;
    made.file = flow->config.documents.log;
    made.facts = s.facts;
    made.base = s.base;
    made.head = s.head;
    made.why_snapshot = s.why_snapshot;
    made.warning = s.warning;
    *added = made;
    return PFL_OK;
}
