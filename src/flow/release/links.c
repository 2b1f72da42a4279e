/*
 * Where to look on when a release gate says no: the newest snapshot that shows the benchmark, and
 * the command that finds the commit. Where this program has no `bisect`, git's does it, with a race
 * at each step.
 *
 * A snapshot shows a benchmark when one of its blocks' facts or text names it, or when a run that
 * the block cites holds it (a snapshot's table may be grouped). The newest is told by the date at
 * the end of the file's name: perf/snapshots/NAME_YYYY-MM-DD.md; of one day by when their runs were
 * measured.
 */
#include "flow/release/release.h"

#include "base/log.h"
#include "base/text.h"
#include "flow/log/evidence.h"
#include "flow/log/mention.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <string.h>

enum { DATE = 10, FILE_MAX_BYTES = 64 << 20 };

struct snapshot {
    const char *path; /* below the root */
    const char *date;
    const char *text; /* of all blocks: facts and texts */
    const char **runs;
    size_t run_count;
};

struct snapshots {
    struct snapshot *at; /* newest first */
    size_t n;
};

static int read_text(struct pfl_flow *flow, const char *path, struct pfl_git_text *text,
                     struct pfl_err *err)
{
    const char *whole = pfl_file_join(flow->root, path, flow->arena);
    struct pfl_buf buf;
    int rc;

    if (!whole)
        return pfl_err_no_memory(err);
    pfl_buf_init(&buf, FILE_MAX_BYTES);
    rc = pfl_file_read(whole, &buf, err);
    if (rc == PFL_OK) {
        text->len = buf.len;
        text->text = pfl_arena_text_n(flow->arena, pfl_buf_cstr(&buf), buf.len);
        if (!text->text)
            rc = pfl_err_no_memory(err);
    }
    pfl_buf_release(&buf);
    return rc;
}

/* "2026-11-21" of "parser_2026-11-21.md"; NULL: the name has none. */
static const char *date_of(const char *name, struct pfl_arena *arena)
{
    size_t len = strlen(name), i;
    const char *at;

    if (len < DATE + 4 || strcmp(name + len - 3, ".md") != 0)
        return NULL;
    at = name + len - 3 - DATE;
    for (i = 0; i < DATE; i++)
        if (i == 4 || i == 7 ? at[i] != '-' : at[i] < '0' || at[i] > '9')
            return NULL;
    return pfl_arena_text_n(arena, at, DATE);
}

static int read_snapshot(struct pfl_flow *flow, struct snapshot *snapshot, struct pfl_err *err)
{
    struct pfl_git_text text = {0};
    struct pfl_blocks blocks = {0};
    size_t i;
    int rc = read_text(flow, snapshot->path, &text, err);

    if (rc == PFL_OK)
        rc = pfl_blocks_read(text.text, text.len, flow->arena, &blocks, err);
    snapshot->text = "";
    for (i = 0; rc == PFL_OK && i < blocks.n; i++) {
        const struct pfl_block *block = &blocks.at[i];
        const char **runs =
            pfl_arena_grow(flow->arena, snapshot->runs, snapshot->run_count,
                           snapshot->run_count + block->run_count + 1, sizeof *runs);

        const char *shown = pfl_mention_text(block, flow->arena);

        if (shown)
            snapshot->text = pfl_arena_format(flow->arena, "%s%s\n", snapshot->text, shown);
        if (!runs || !shown || !snapshot->text)
            return pfl_err_no_memory(err);
        if (block->run_count)
            memcpy(runs + snapshot->run_count, block->runs, block->run_count * sizeof *runs);
        snapshot->runs = runs;
        snapshot->run_count += block->run_count;
    }
    return rc;
}

/* When the last of its runs, the head, was measured; 0: nobody knows. */
static int64_t measured(struct pfl_flow *flow, const struct snapshot *snapshot)
{
    struct pfl_run run;

    return snapshot->run_count &&
                   pfl_flow_evidence_load(flow, snapshot->runs[snapshot->run_count - 1], &run,
                                          NULL) == PFL_OK
               ? run.started_unix_ns
               : 0;
}

static bool is_newer(struct pfl_flow *flow, const struct snapshot *a, const struct snapshot *b)
{
    int order = strcmp(a->date, b->date);

    return order > 0 || (order == 0 && measured(flow, a) > measured(flow, b));
}

static void insert(struct pfl_flow *flow, struct snapshots *found, const struct snapshot *snapshot)
{
    size_t at = found->n++;

    for (; at > 0 && is_newer(flow, snapshot, &found->at[at - 1]); at--)
        found->at[at] = found->at[at - 1];
    found->at[at] = *snapshot;
}

static int list_snapshots(struct pfl_flow *flow, struct snapshots *found, struct pfl_err *err)
{
    const char *below =
        pfl_arena_format(flow->arena, "%s/snapshots", flow->config.documents.folder);
    const char *folder = below ? pfl_file_join(flow->root, below, flow->arena) : NULL;
    const char **names;
    size_t i, n;
    struct pfl_err why;
    int rc =
        folder ? pfl_file_list(folder, flow->arena, &names, &n, &why) : pfl_err_no_memory(&why);

    if (rc == PFL_ENOENT)
        return PFL_OK;
    if (rc != PFL_OK && err)
        *err = why;
    if (rc != PFL_OK)
        return rc;
    found->at = pfl_arena_array(flow->arena, n + 1, sizeof *found->at);
    if (!found->at)
        return pfl_err_no_memory(err);
    for (i = 0; i < n && rc == PFL_OK; i++) {
        struct snapshot snapshot = {.date = date_of(names[i], flow->arena)};

        if (!snapshot.date)
            continue;
        snapshot.path = pfl_arena_format(flow->arena, "%s/%s", below, names[i]);
        rc = snapshot.path ? read_snapshot(flow, &snapshot, err) : pfl_err_no_memory(err);
        if (rc == PFL_OK)
            insert(flow, found, &snapshot);
    }
    return rc;
}

/* The cited runs, as the repository keeps them: "NAME" stands in one. */
static int runs_mention(struct pfl_flow *flow, const struct snapshot *snapshot, const char *name,
                        bool *yes, struct pfl_err *err)
{
    const char *quoted = pfl_arena_format(flow->arena, "\"%s\"", name);
    size_t i;
    int rc = quoted ? PFL_OK : pfl_err_no_memory(err);

    *yes = false;
    for (i = 0; rc == PFL_OK && !*yes && i < snapshot->run_count; i++) {
        const char *path = pfl_arena_format(flow->arena, "%s/runs/%s.json",
                                            flow->config.documents.folder, snapshot->runs[i]);
        struct pfl_git_text text;

        rc = path ? read_text(flow, path, &text, err) : pfl_err_no_memory(err);
        if (rc == PFL_OK)
            *yes = strstr(text.text, quoted) != NULL;
        else if (rc == PFL_ENOENT)
            rc = PFL_OK;
    }
    return rc;
}

static int find_snapshot(struct pfl_flow *flow, const struct snapshots *all, const char *benchmark,
                         const char **path, struct pfl_err *err)
{
    const char *prefix;
    size_t i;
    bool shows;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < all->n; i++) {
        shows = pfl_mentions_benchmark(all->at[i].text, benchmark);
        if (!shows)
            rc = runs_mention(flow, &all->at[i], benchmark, &shows, err);
        if (rc != PFL_OK || !shows)
            continue;
        if (pfl_git_prefix(flow->root, flow->arena, &prefix, NULL) != PFL_OK)
            prefix = "";
        *path = pfl_arena_format(flow->arena, "%s%s", prefix, all->at[i].path);
        return *path ? PFL_OK : pfl_err_no_memory(err);
    }
    return rc;
}

/* ---- bisect ---- */

struct bisect {
    const char *good, *bad;
    const char *prefix; /* where the project is below the repository's top: "" or "sub/" */
    bool by_command;
};

/* What stays the same tomorrow: a tag or branch by its name, the rest by its commit. */
static const char *good_word(struct pfl_flow *flow, const char *revision,
                             const struct pfl_revision *base)
{
    const char *tag;

    if (strcmp(revision, "last-tag") == 0 && pfl_flow_last_tag(flow, &tag, NULL) == PFL_OK)
        return tag;
    if (strcmp(revision, "last-tag") == 0 || strpbrk(revision, "~^@{:") ||
        pfl_text_starts(revision, "HEAD"))
        return pfl_arena_format(flow->arena, "%.10s", base->commit);
    return revision;
}

/* Half of the loss: a commit that brought it is beyond that, and one before it is not. More than
 * half as slow again needs no closer look. NaN: the row has no such number. */
static double tolerance_of(const struct pfl_row *row)
{
    double half = (row->threshold - row->margin) / 2; /* the margin is what is left of the limit */

    return half > 0.5 ? 0.5 : half;
}

/* One race for each commit that git asks about, against the good one. What cannot be built,
 * measured or decided is neither good nor bad. The words come behind the script, so none of them
 * is ever read as a part of it. */
static void write_by_git(struct pfl_buf *buf, const struct bisect *words, const struct pfl_row *row)
{
    double tolerance = tolerance_of(row);
    const char *git = *words->prefix /* git bisect wants to be at the top */
                          ? "git -C \"$(git rev-parse --show-toplevel)\" bisect "
                          : "git bisect ";

    pfl_buf_format(buf, "%sstart ", git);
    pfl_text_quote(buf, words->bad);
    pfl_buf_char(buf, ' ');
    pfl_text_quote(buf, words->good);
    pfl_buf_format(buf, " && %srun sh -c 'json=$(perfledger ", git);
    if (*words->prefix)
        pfl_buf_text(buf, "-C \"$4\" ");
    pfl_buf_text(buf, "race \"$0\" HEAD --suite \"$1\" --metric \"$2\" --tolerance \"$3\" "
                      "--fail-on regressed,failed --strict --json); case $?:$json in 0:*) exit 0;; "
                      "1:*failed\\\":\\ 0,*) exit 1;; 130:*) exit 130;; *) exit 125;; esac' ");
    pfl_text_quote(buf, words->good);
    pfl_buf_char(buf, ' ');
    pfl_text_quote(buf, row->benchmark);
    pfl_buf_char(buf, ' ');
    pfl_text_quote(buf, row->metric);
    pfl_buf_format(buf, " %.2g%%", tolerance > 0 ? tolerance * 100 : 0.0);
    if (*words->prefix) {
        pfl_buf_char(buf, ' ');
        pfl_text_quote(buf, words->prefix);
    }
}

static const char *bisect_line(const struct bisect *words, const struct pfl_row *row,
                               struct pfl_arena *arena)
{
    const char *text;
    struct pfl_buf buf;

    pfl_buf_init(&buf, 1 << 16);
    if (words->by_command) {
        pfl_buf_text(&buf, "perfledger bisect ");
        pfl_text_quote(&buf, row->benchmark);
        pfl_buf_char(&buf, ' ');
        pfl_text_quote(&buf, words->good);
        pfl_buf_char(&buf, ' ');
        pfl_text_quote(&buf, words->bad);
    } else {
        write_by_git(&buf, words, row);
    }
    text = buf.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return text;
}

static bool wants_links(const struct pfl_row *row)
{
    return row->verdict == PFL_VERDICT_REGRESSED && !*row->variant &&
           (row->deciding || row->gate != PFL_GATE_NONE);
}

/* A page that cannot be read must not keep the verdict from being told. */
static int without_links(struct pfl_err *why, struct pfl_err *err)
{
    if (why->code == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    pfl_log(PFL_LOG_WARNING, "snapshots are not looked through: %s", why->message);
    return PFL_OK;
}

/* *words: how to find the commit. bad NULL: the loss may be in what was not committed. */
static int start_bisect(struct pfl_flow *flow, const struct pfl_flow_release_links_params *params,
                        const struct pfl_comparison *comparison, struct bisect *words,
                        struct pfl_err *err)
{
    const struct pfl_revision *head = &comparison->head->revision;

    *words = (struct bisect){.by_command = params->has_bisect, .prefix = ""};
    words->good = good_word(flow, params->revision, &comparison->base->revision);
    if (!words->good)
        return pfl_err_no_memory(err);
    if (pfl_git_prefix(flow->root, flow->arena, &words->prefix, NULL) != PFL_OK)
        words->prefix = "";
    if (head->dirty || strlen(head->commit) < 10)
        return PFL_OK;
    words->bad = pfl_arena_format(flow->arena, "%.10s", head->commit);
    return words->bad ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_flow_release_links(struct pfl_flow *flow,
                           const struct pfl_flow_release_links_params *params,
                           struct pfl_comparison *comparison, struct pfl_err *err)
{
    struct bisect words;
    struct snapshots all = {0};
    struct pfl_err why;
    size_t i, wanted = 0;
    int rc = PFL_OK;

    for (i = 0; i < comparison->row_count; i++)
        wanted += wants_links(&comparison->rows[i]);
    if (wanted == 0 || !comparison->base)
        return PFL_OK;
    rc = start_bisect(flow, params, comparison, &words, err);
    if (rc != PFL_OK)
        return rc;
    if (list_snapshots(flow, &all, &why) != PFL_OK) {
        rc = without_links(&why, err);
        all.n = 0;
    }
    for (i = 0; rc == PFL_OK && i < comparison->row_count; i++) {
        struct pfl_row *row = &comparison->rows[i];

        if (!wants_links(row))
            continue;
        if (find_snapshot(flow, &all, row->benchmark, &row->snapshot, &why) != PFL_OK) {
            rc = without_links(&why, err);
            all.n = 0;
        }
        if (rc != PFL_OK || !words.bad)
            continue;
        row->bisect = bisect_line(&words, row, flow->arena);
        if (!row->bisect)
            rc = pfl_err_no_memory(err);
    }
    return rc;
}
