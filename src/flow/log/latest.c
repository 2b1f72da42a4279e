/*
 * The run of record: the newest revision's newest run that measured an area.
 *
 * The revision counts before the day, because old revisions are measured later, too. A run has
 * measured an area when each of the area's globs has found a benchmark in it and none of them
 * failed; a run of half an area is no record of it. A page never goes back to an earlier revision
 * by itself: a ledger that lacks the newer run is the more likely reason.
 */
#include "flow/log/latest.h"

#include "base/text.h"
#include "base/vec.h"
#include "documents/latest.h"
#include "documents/markdown.h"
#include "documents/words.h"
#include "flow/log/documents.h"
#include "flow/log/evidence.h"
#include "flow/log/facts.h"
#include "flow/log/page.h"
#include "flow/log/points.h"
#include "flow/log/record.h"
#include "judge/judge.h"
#include "sys/file.h"

#include <string.h>

PFL_VEC(link_list, struct pfl_log_link);

/* ---- making the text from facts ---- */

int pfl_flow_latest_remake(struct pfl_flow *flow, const char *facts_text, size_t len,
                           struct pfl_buf *text, struct pfl_err *err)
{
    struct pfl_judge_params judging = {.head_label = "now", .gated = true, .sort = "name"};
    struct pfl_document_latest latest = {0};
    struct pfl_document_link *links;
    struct pfl_comparison comparison = {0};
    struct pfl_log_facts facts;
    struct pfl_policy policy;
    const struct pfl_run *run;
    struct pfl_run tagged;
    size_t i;
    int rc = pfl_log_facts_read(facts_text, len, flow->arena, &facts, err);

    if (rc == PFL_OK)
        rc = pfl_log_measured(flow, facts.head, &run, err);
    if (rc != PFL_OK)
        return rc;
    tagged = pfl_log_tagged(run, facts.head_tag);
    links = pfl_arena_array(flow->arena, facts.link_count + 1, sizeof *links);
    if (!links)
        return pfl_err_no_memory(err);
    for (i = 0; i < facts.link_count; i++)
        links[i] = (struct pfl_document_link){facts.links[i].title, facts.links[i].target};
    pfl_log_facts_policy(&facts, &policy);
    judging.head = &tagged;
    judging.policy = &policy;
    if (facts.target_count)
        rc = pfl_judge_compare(&judging, flow->arena, &comparison, err);
    latest.area = facts.area;
    latest.run = &tagged;
    latest.benchmarks = facts.benchmarks;
    latest.benchmark_count = facts.benchmark_count;
    latest.targets = facts.targets;
    latest.target_count = facts.target_count;
    latest.rows = comparison.rows;
    latest.row_count = comparison.row_count;
    latest.links = links;
    latest.link_count = facts.link_count;
    return rc == PFL_OK ? pfl_document_latest(&latest, flow->arena, text, err) : rc;
}

/* ---- which run ---- */

struct choice {
    struct pfl_flow *flow;
    const struct pfl_flow_latest_params *params;
    const char **globs;
    size_t glob_count;
    struct pfl_log_records records;
    const struct pfl_run *run;
    size_t place;        /* of its revision in the branch */
    const char *refused; /* why a newer one is not it */
    struct pfl_err *err;
};

static bool is_of_area(const struct choice *c, const char *benchmark)
{
    size_t i;

    for (i = 0; i < c->glob_count; i++)
        if (pfl_run_selects(c->globs[i], benchmark))
            return true;
    return false;
}

static bool has_measured(const struct pfl_run *run, const char *glob)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (pfl_run_selects(glob, run->benchmarks[i].name) && !pfl_log_unfit(&run->benchmarks[i]))
            return true;
    return false;
}

/* Why the run is no record of the area; NULL: it is. */
static const char *lack(struct choice *c, const struct pfl_run *run)
{
    struct pfl_arena *arena = c->flow->arena;
    const char *why;
    size_t i;

    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &run->benchmarks[i];

        if (!is_of_area(c, bench->name) || bench->status == PFL_STATUS_SKIPPED)
            continue;
        why = pfl_log_unfit(bench);
        if (why)
            return pfl_arena_format(arena, "%s in run %.8s: %s", bench->name, run->id, why);
    }
    for (i = 0; i < c->glob_count; i++)
        if (!has_measured(run, c->globs[i]))
            return pfl_arena_format(arena, "run %.8s measured nothing of '%s'", run->id,
                                    c->globs[i]);
    return NULL;
}

static int pick_named(struct choice *c)
{
    struct pfl_run *named = pfl_arena_alloc(c->flow->arena, sizeof *named);
    const char *label, *why = "it is no complete run of the configured suites";
    size_t i;
    int rc = named ? pfl_flow_resolve(c->flow, c->params->run, named, &label, c->err)
                   : pfl_err_no_memory(c->err);

    if (rc != PFL_OK)
        return rc;
    for (i = 0; i < c->records.n; i++)
        if (strcmp(c->records.at[i].head->id, named->id) == 0) {
            why = lack(c, named);
            c->place = c->records.at[i].place;
        }
    for (i = 0; i < c->records.refused_count; i++)
        if (strcmp(c->records.refused[i].run, named->id) == 0)
            why = c->records.refused[i].why;
    if (why)
        return pfl_err_set(c->err, PFL_EGATE, "run %.8s cannot be the run of record of %s: %s",
                           named->id, c->params->area, why);
    c->run = named;
    return PFL_OK;
}

static int pick_newest(struct choice *c)
{
    const struct pfl_run *run;
    const char *why;
    size_t i;
    int rc;

    c->refused = c->records.newest_refused;
    for (i = c->records.n; i-- > 0;) {
        rc = pfl_log_measured(c->flow, c->records.at[i].head->id, &run, c->err);
        if (rc != PFL_OK)
            return rc;
        why = lack(c, run);
        if (!why) {
            c->run = run;
            c->place = c->records.at[i].place;
            return PFL_OK;
        }
        if (!c->refused)
            c->refused = why;
    }
    return pfl_err_set(c->err, PFL_ENOTHING,
                       "no run can be the run of record of %s: it takes a complete run of the "
                       "reference machine (%s) at a clean revision of %s that measured all of the "
                       "area%s%s",
                       c->params->area, c->records.machine, c->records.branch,
                       c->refused ? "; " : "", c->refused ? c->refused : "");
}

static int refuse_going_back(struct choice *c, const struct pfl_log_page *page)
{
    const struct pfl_run *there;
    struct pfl_log_facts facts;
    size_t i;

    if (c->params->run || page->blocks.n != 1 ||
        pfl_log_facts_read(page->blocks.at[0].facts, page->blocks.at[0].facts_len, c->flow->arena,
                           &facts, NULL) != PFL_OK ||
        pfl_log_measured(c->flow, facts.head, &there, NULL) != PFL_OK)
        return PFL_OK;
    for (i = c->place + 1; i < c->records.commit_count; i++)
        if (strcmp(c->records.commits[i], there->revision.commit) == 0)
            return pfl_err_set(c->err, PFL_EGATE,
                               "%s shows run %.8s of %.10s, a later revision than any that this "
                               "ledger has a fit run of; `--head RUN` goes back to an earlier one",
                               page->place, there->id, there->revision.commit);
    return PFL_OK;
}

/* ---- links ---- */

static int link_page(struct choice *c, const char *folder, const char *name,
                     struct link_list *links)
{
    const char *below = pfl_arena_format(c->flow->arena, "%s/%s", folder, name);
    const char *place = below ? pfl_log_page_place(c->flow, below) : NULL;
    struct pfl_log_link link = {.id = "", .target = below};
    struct pfl_log_page page;
    struct pfl_buf title;
    size_t i;
    bool is_trend = strcmp(folder, "trend") == 0, fits = false;
    int rc = place ? pfl_log_page_read(c->flow, place, &page, NULL) : PFL_ENOMEM;

    if (rc != PFL_OK)
        return rc == PFL_ENOMEM ? pfl_err_no_memory(c->err) : PFL_OK;
    pfl_buf_init(&title, 1 << 16);
    for (i = 0; !fits && i < page.blocks.n; i++) {
        struct pfl_log_facts facts;

        if (pfl_log_facts_read(page.blocks.at[i].facts, page.blocks.at[i].facts_len, c->flow->arena,
                               &facts, NULL) != PFL_OK)
            continue;
        fits = is_trend ? *facts.benchmark && is_of_area(c, facts.benchmark)
                        : strcmp(facts.head, c->run->id) == 0;
        pfl_buf_text(&title, is_trend ? "Trend of " : "Snapshot ");
        if (is_trend)
            pfl_words_metric(&title, facts.metric, "");
        else
            pfl_markdown_text(&title, facts.name);
        if (!fits)
            pfl_buf_clear(&title);
    }
    link.title = pfl_arena_text(c->flow->arena, pfl_buf_cstr(&title));
    pfl_buf_release(&title);
    if (!link.title || (fits && !pfl_vec_push(links, &link)))
        return pfl_err_no_memory(c->err);
    return PFL_OK;
}

static int gather_links(struct choice *c, struct pfl_log_facts *facts)
{
    static const char *const folders[] = {"trend", "snapshots"};
    struct link_list links = {0};
    const char **names = NULL, *place, *path;
    size_t i, j, n = 0;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < PFL_COUNT(folders); i++) {
        place = pfl_log_page_place(c->flow, folders[i]);
        path = place ? pfl_file_join(c->flow->root, place, c->flow->arena) : NULL;
        if (!path)
            rc = pfl_err_no_memory(c->err);
        else if (pfl_file_list(path, c->flow->arena, &names, &n, NULL) != PFL_OK)
            continue;
        for (j = 0; rc == PFL_OK && j < n; j++)
            if (pfl_text_ends(names[j], ".md") && strcmp(names[j], "README.md") != 0)
                rc = link_page(c, folders[i], names[j], &links);
    }
    if (rc == PFL_OK) {
        facts->links =
            pfl_arena_grow(c->flow->arena, links.at, links.n, links.n + 1, sizeof *facts->links);
        facts->link_count = links.n;
        rc = facts->links ? PFL_OK : pfl_err_no_memory(c->err);
    }
    pfl_vec_release(&links);
    return rc;
}

/* ---- the story ---- */

static int gather(struct choice *c, struct pfl_log_facts *facts)
{
    const struct pfl_config *config = &c->flow->config;

    facts->area = c->params->area;
    facts->head = c->run->id;
    facts->head_tag = pfl_log_tag(c->flow, c->run->revision.commit);
    facts->runs = pfl_arena_array(c->flow->arena, 1, sizeof *facts->runs);
    facts->targets = pfl_arena_grow(c->flow->arena, config->targets, config->target_count,
                                    config->target_count + 1, sizeof *facts->targets);
    if (!facts->runs || !facts->targets)
        return pfl_err_no_memory(c->err);
    facts->target_count = config->target_count;
    facts->runs[0] = facts->head;
    facts->run_count = 1;
    facts->benchmarks = c->globs;
    facts->benchmark_count = c->glob_count;
    return gather_links(c, facts);
}

/* The block takes the place of the one that is there; text around it stays. */
static int write_page(struct choice *c, const struct pfl_log_page *page,
                      const struct pfl_log_facts *facts, bool *written)
{
    const struct pfl_block *block = page->blocks.n ? &page->blocks.at[0] : NULL;
    struct pfl_buf text;
    int rc;

    pfl_buf_init(&text, PFL_LOG_PAGE_MAX);
    pfl_buf_add(&text, page->text, block ? block->at : page->len);
    if (!block && page->len)
        pfl_buf_text(&text, page->text[page->len - 1] == '\n' ? "\n" : "\n\n");
    rc = pfl_log_block(c->flow, "latest", facts, &text, c->err);
    if (block)
        pfl_buf_add(&text, page->text + block->end, page->len - block->end);
    if (rc == PFL_OK)
        rc = pfl_buf_check(&text, c->err, "writing a run of record");
    *written =
        rc == PFL_OK && (text.len != page->len || memcmp(text.data, page->text, text.len) != 0);
    if (*written)
        rc = pfl_log_page_write(c->flow, page->place, &text, c->err);
    pfl_buf_release(&text);
    return rc;
}

static size_t count_benchmarks(const struct choice *c)
{
    size_t i, n = 0;

    for (i = 0; i < c->run->benchmark_count; i++)
        n += is_of_area(c, c->run->benchmarks[i].name) &&
             c->run->benchmarks[i].status == PFL_STATUS_OK;
    return n;
}

int pfl_flow_latest_page(struct pfl_flow *flow, const struct pfl_flow_latest_params *params,
                         struct pfl_flow_latest_made *made, struct pfl_err *err)
{
    struct choice c = {.flow = flow, .params = params, .err = err};
    const char *file = pfl_arena_format(flow->arena, "latest_%s.md", params->area), *path;
    struct pfl_flow_latest_made done = {0};
    struct pfl_log_facts facts = {0};
    struct pfl_log_page page;
    int rc = pfl_flow_chosen(flow, NULL, params->area, &c.globs, &c.glob_count, err);

    if (rc == PFL_OK && !(done.place = file ? pfl_log_page_place(flow, file) : NULL))
        rc = pfl_err_no_memory(err);
    if (rc == PFL_OK)
        rc = pfl_log_page_read(flow, done.place, &page, err);
    if (rc == PFL_OK)
        rc = pfl_log_records(flow, &c.records, err);
    if (rc == PFL_OK)
        rc = params->run ? pick_named(&c) : pick_newest(&c);
    if (rc == PFL_OK)
        rc = refuse_going_back(&c, &page);
    if (rc == PFL_OK)
        rc = gather(&c, &facts);
    if (rc == PFL_OK)
        rc = pfl_flow_evidence_keep(flow, c.run, &path, err);
    pfl_log_measured_forget(flow);
    if (rc == PFL_OK)
        rc = write_page(&c, &page, &facts, &done.written);
    if (rc != PFL_OK)
        return rc;
    done.run = c.run->id;
    done.commit = c.run->revision.commit;
    done.benchmark_count = count_benchmarks(&c);
    done.refused = c.refused;
    *made = done;
    return PFL_OK;
}
