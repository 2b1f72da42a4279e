/*
 * A snapshot: what a run (or a pair) measured, kept for people.
 *
 * The day in its name is that of the later run's measuring, so a snapshot taken twice is one file.
 * It is never overwritten: people write its summary. The same name and day again is fine when it
 * would say the very same of the same runs, and refused otherwise.
 *
 * The verdicts of a pair depend on tolerances and on how sessions differ, which the configuration
 * and the ledger know today and not tomorrow: both are asked once, while the judge works, and kept
 * in the facts; the text is then made from these alone.
 */
#include "flow/log/snapshot.h"

#include "base/vec.h"
#include "documents/markdown.h"
#include "documents/slug.h"
#include "documents/snapshot.h"
#include "flow/log/documents.h"
#include "flow/log/evidence.h"
#include "flow/log/facts.h"
#include "flow/log/link.h"
#include "flow/log/page.h"
#include "flow/log/record.h"
#include "flow/sessions.h"
#include "judge/judge.h"
#include "sys/clock.h"

#include <math.h>
#include <string.h>

PFL_VEC(deviation_list, struct pfl_log_deviation);
PFL_VEC(link_list, struct pfl_log_link);
PFL_VEC(gate_list, struct pfl_gate);

static const char readme[] =
    "# Snapshots\n"
    "\n"
    "Each file is the full table of one run, or of a run before and one after a change, with the\n"
    "environment they were measured in. The date in its name is the day of the later run (UTC).\n"
    "\n"
    "- `perfledger log snapshot NAME [--base REV]` writes one; it never overwrites another.\n"
    "- Between the two `perfledger:` comments nothing is written by hand: `perfledger log audit`\n"
    "  makes the tables again from the runs in `../runs/` and compares.\n"
    "- The summary is people's: what was asked, what the tables show, what follows.\n"
    "- Take one before and after a change of a hot path, when memory moved by more than `5 %`, "
    "and\n"
    "  for a new backend, platform or machine.\n";

static const char summary[] =
    "## Summary\n"
    "\n"
    "<!-- Yours to write, in three to six sentences: why this was measured, what the tables below\n"
    "     show, what is surprising in them, what follows. Nothing will overwrite it. -->\n";

/* ---- making the text from facts ---- */

static int load(struct pfl_flow *flow, const char *id, const char *tag, struct pfl_run **run,
                struct pfl_err *err)
{
    struct pfl_run *loaded = pfl_arena_alloc(flow->arena, sizeof *loaded);
    int rc;

    if (!loaded)
        return pfl_err_no_memory(err);
    rc = pfl_flow_evidence_load(flow, id, loaded, err);
    if (rc != PFL_OK)
        return rc;
    *loaded = pfl_log_tagged(loaded, tag);
    *run = loaded;
    return PFL_OK;
}

static int compare(struct pfl_flow *flow, const struct pfl_run *base, const struct pfl_run *head,
                   const struct pfl_policy *policy, struct pfl_comparison *out, struct pfl_err *err)
{
    const struct pfl_judge_params judging = {.base = base,
                                             .head = head,
                                             .base_label = "before",
                                             .head_label = "after",
                                             .policy = policy,
                                             .sort = "name"};

    return pfl_judge_compare(&judging, flow->arena, out, err);
}

int pfl_flow_snapshot_remake(struct pfl_flow *flow, const char *facts_text, size_t len,
                             struct pfl_buf *text, struct pfl_err *err)
{
    struct pfl_document_snapshot snapshot = {0};
    struct pfl_document_link *rows;
    struct pfl_comparison comparison;
    struct pfl_log_facts facts;
    struct pfl_policy policy;
    struct pfl_run *runs[2];
    size_t i;
    int rc = pfl_log_facts_read(facts_text, len, flow->arena, &facts, err);

    if (rc == PFL_OK)
        rc = load(flow, facts.head, facts.head_tag, &runs[1], err);
    if (rc == PFL_OK && *facts.base)
        rc = load(flow, facts.base, facts.base_tag, &runs[0], err);
    if (rc != PFL_OK)
        return rc;
    rows = pfl_arena_array(flow->arena, facts.link_count + 1, sizeof *rows);
    if (!rows)
        return pfl_err_no_memory(err);
    for (i = 0; i < facts.link_count; i++)
        rows[i] = (struct pfl_document_link){facts.links[i].title, facts.links[i].target};
    snapshot.head = runs[1];
    snapshot.benchmarks = facts.benchmarks;
    snapshot.benchmark_count = facts.benchmark_count;
    snapshot.rows = rows;
    snapshot.row_count = facts.link_count;
    if (*facts.base) {
        pfl_log_facts_policy(&facts, &policy);
        rc = compare(flow, runs[0], runs[1], &policy, &comparison, err);
        snapshot.base = runs[0];
        snapshot.comparison = &comparison;
        snapshot.confidence = policy.confidence;
    }
    return rc == PFL_OK ? pfl_document_snapshot(&snapshot, flow->arena, text, err) : rc;
}

/* ---- gathering facts ---- */

struct recorder {
    struct pfl_flow_sessions *of; /* the head's machine */
    struct deviation_list known;
    bool failed;
};

static double record_deviation(void *context, const char *benchmark, const char *metric,
                               const char *variant, size_t *sessions)
{
    struct recorder *recorder = context;
    struct pfl_log_deviation known = {benchmark, metric, variant, NAN, 0};

    known.sd = pfl_flow_session_sd(recorder->of, benchmark, metric, variant, &known.sessions);
    if (!isnan(known.sd) && !pfl_vec_push(&recorder->known, &known))
        recorder->failed = true;
    *sessions = known.sessions;
    return known.sd;
}

/* How sessions differ, as far as this comparison asks. */
static int gather_deviations(struct pfl_flow *flow, const struct pfl_run *base,
                             const struct pfl_run *head, struct pfl_log_facts *facts,
                             struct pfl_err *err)
{
    struct recorder recorder = {0};
    struct pfl_comparison comparison;
    struct pfl_policy policy;
    struct pfl_flow_sessions of;
    struct pfl_store *store;
    int rc;

    if (pfl_flow_store(flow, PFL_FLOW_READ, &store, NULL) != PFL_OK)
        return PFL_OK;
    of = pfl_flow_sessions_of(store, &head->machine);
    recorder.of = &of;
    pfl_log_facts_policy(facts, &policy);
    policy.session_sd = record_deviation;
    policy.session_context = &recorder;
    rc = compare(flow, base, head, &policy, &comparison, err);
    if (rc == PFL_OK) {
        facts->deviations = pfl_arena_grow(flow->arena, recorder.known.at, recorder.known.n,
                                           recorder.known.n + 1, sizeof *facts->deviations);
        facts->deviation_count = recorder.known.n;
        if (recorder.failed || !facts->deviations)
            rc = pfl_err_no_memory(err);
    }
    pfl_vec_release(&recorder.known);
    return rc;
}

static int gather_tolerances(struct pfl_flow *flow, struct pfl_log_facts *facts,
                             struct pfl_err *err)
{
    const struct pfl_config *config = &flow->config;
    size_t i;

    facts->tolerances =
        pfl_arena_array(flow->arena, config->gate_count + 1, sizeof *facts->tolerances);
    if (!facts->tolerances)
        return pfl_err_no_memory(err);
    for (i = 0; i < config->gate_count; i++)
        if (!isnan(config->gates[i].max_regression))
            facts->tolerances[facts->tolerance_count++] =
                (struct pfl_gate){.match = config->gates[i].match,
                                  .metric = config->gates[i].metric,
                                  .max_regression = config->gates[i].max_regression};
    return PFL_OK;
}

/* The first heading of a block's text, without its signs. */
static const char *heading_of(const struct pfl_block *block, struct pfl_arena *arena)
{
    const char *at = block->text, *end = at + block->text_len, *newline;

    for (; at < end; at = newline + 1) {
        newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            newline = end;
        if (*at == '#') {
            while (at < newline && (*at == '#' || *at == ' '))
                at++;
            return pfl_arena_text_n(arena, at, (size_t)(newline - at));
        }
    }
    return NULL;
}

static int add_link(struct pfl_flow *flow, const struct pfl_block *block, struct link_list *links,
                    struct pfl_err *err)
{
    const char *title = heading_of(block, flow->arena);
    const char *way = pfl_log_page_way(flow, true, flow->config.documents.log);
    struct pfl_log_link link = {.id = block->id, .title = title};
    struct pfl_buf target;

    if (!title)
        return PFL_OK;
    pfl_buf_init(&target, 1 << 16);
    pfl_document_target(&target, way ? way : "");
    pfl_buf_char(&target, '#');
    pfl_document_anchor(&target, title);
    link.target = way ? pfl_arena_text(flow->arena, pfl_buf_cstr(&target)) : NULL;
    pfl_buf_release(&target);
    return link.target && pfl_vec_push(links, &link) ? PFL_OK : pfl_err_no_memory(err);
}

static struct pfl_log_link_to link_to(const char *place, const struct pfl_log_facts *facts,
                                      const struct pfl_run *head)
{
    return (struct pfl_log_link_to){place, facts->base, head, facts->benchmarks,
                                    facts->benchmark_count};
}

/* Rows of the log that rest on the same runs. */
static int gather_rows(struct pfl_flow *flow, struct pfl_log_facts *facts,
                       const struct pfl_run *head, struct pfl_err *err)
{
    const struct pfl_log_link_to to = link_to(NULL, facts, head);
    struct link_list links = {0};
    struct pfl_log_page log;
    size_t i;
    int rc = pfl_log_page_read(flow, flow->config.documents.log, &log, err);

    for (i = 0; rc == PFL_OK && i < log.blocks.n; i++)
        if (pfl_log_link_fits(&log.blocks.at[i], &to, flow->arena))
            rc = add_link(flow, &log.blocks.at[i], &links, err);
    if (rc == PFL_OK) {
        facts->links =
            pfl_arena_grow(flow->arena, links.at, links.n, links.n + 1, sizeof *facts->links);
        facts->link_count = links.n;
        rc = facts->links ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_vec_release(&links);
    return rc;
}

/* ---- the story ---- */

struct sides {
    struct pfl_run *base, *head;
};

static int refuse(const struct pfl_run *run, struct pfl_err *err)
{
    if (run->kind == PFL_RUN_RACE)
        return pfl_err_set(err, PFL_EUSAGE,
                           "run %.8s is one side of a race, which is kept apart (its launches ran "
                           "beside a rival's); `perfledger run` makes one for a snapshot",
                           run->id);
    return PFL_OK;
}

static int pick(struct pfl_flow *flow, const struct pfl_flow_snapshot_params *params,
                struct sides *sides, struct pfl_err *err)
{
    const char *label;
    int rc;

    sides->head = pfl_arena_alloc(flow->arena, sizeof *sides->head);
    sides->base = params->base ? pfl_arena_alloc(flow->arena, sizeof *sides->base) : NULL;
    if (!sides->head || (params->base && !sides->base))
        return pfl_err_no_memory(err);
    rc = params->head ? pfl_flow_resolve(flow, params->head, sides->head, &label, err)
                      : pfl_flow_latest(flow, sides->head, err);
    if (rc == PFL_OK && params->base)
        rc = pfl_flow_resolve(flow, params->base, sides->base, &label, err);
    if (rc == PFL_OK)
        rc = refuse(sides->head, err);
    if (rc != PFL_OK || !params->base)
        return rc;
    rc = refuse(sides->base, err);
    if (rc == PFL_OK && strcmp(sides->base->id, sides->head->id) == 0)
        rc = pfl_err_set(err, PFL_EUSAGE,
                         "`%s` and the run to be shown are one and the same run (%.8s): there is "
                         "no before and after",
                         params->base, sides->head->id);
    if (rc == PFL_OK && strcmp(sides->base->machine.id, sides->head->machine.id) != 0)
        rc = pfl_err_set(err, PFL_EGATE,
                         "the two runs are of different machines (%s, %s), so their ratio says "
                         "nothing of the change; take a snapshot of each",
                         sides->base->machine.name, sides->head->machine.name);
    return rc;
}

static int check_choice(const struct pfl_log_facts *facts, const struct pfl_run *head,
                        struct pfl_err *err)
{
    size_t i, j;

    for (i = 0; i < facts->benchmark_count; i++)
        for (j = 0; j < head->benchmark_count; j++)
            if (pfl_run_selects(facts->benchmarks[i], head->benchmarks[j].name))
                return PFL_OK;
    if (facts->benchmark_count == 0 && head->benchmark_count)
        return PFL_OK;
    return pfl_err_set(err, PFL_ENOENT,
                       "run %.8s has no benchmark that %s selects; `perfledger show %.8s` lists "
                       "them",
                       head->id, facts->benchmark_count ? facts->benchmarks[0] : "this", head->id);
}

static int gather(struct pfl_flow *flow, const struct pfl_flow_snapshot_params *params,
                  const struct sides *sides, struct pfl_log_facts *facts, struct pfl_err *err)
{
    int rc = pfl_flow_chosen(flow, params->benchmark, params->area, &facts->benchmarks,
                             &facts->benchmark_count, err);

    facts->runs = pfl_arena_array(flow->arena, 2, sizeof *facts->runs);
    if (rc == PFL_OK && !facts->runs)
        rc = pfl_err_no_memory(err);
    if (rc != PFL_OK)
        return rc;
    facts->name = params->name;
    facts->area = params->area;
    facts->head = sides->head->id;
    facts->head_tag = pfl_log_tag(flow, sides->head->revision.commit);
    facts->base = sides->base ? sides->base->id : "";
    facts->base_tag = sides->base ? pfl_log_tag(flow, sides->base->revision.commit) : "";
    if (sides->base)
        facts->runs[facts->run_count++] = facts->base;
    facts->runs[facts->run_count++] = facts->head;
    rc = check_choice(facts, sides->head, err);
    if (rc == PFL_OK && sides->base)
        rc = gather_tolerances(flow, facts, err);
    if (rc == PFL_OK && sides->base)
        rc = gather_deviations(flow, sides->base, sides->head, facts, err);
    return rc == PFL_OK ? gather_rows(flow, facts, sides->head, err) : rc;
}

static const char *place_of(struct pfl_flow *flow, const char *name, const struct pfl_run *head)
{
    char text[32];
    struct pfl_buf file;
    const char *place;

    pfl_clock_text(head->started_unix_ns, text);
    pfl_buf_init(&file, 1 << 12);
    pfl_buf_text(&file, "snapshots/");
    pfl_document_slug(&file, name);
    pfl_buf_format(&file, "_%.10s.md", text);
    place = file.error ? NULL : pfl_log_page_place(flow, pfl_buf_cstr(&file));
    pfl_buf_release(&file);
    return place;
}

/* The same runs, chosen alike: then the same is said, whatever rows were added meanwhile. */
static bool is_same(struct pfl_flow *flow, const struct pfl_log_page *page,
                    const struct pfl_log_facts *facts)
{
    struct pfl_log_facts there;
    const struct pfl_block *block;
    size_t i;

    if (page->blocks.n != 1)
        return false;
    block = &page->blocks.at[0];
    if (pfl_log_facts_read(block->facts, block->facts_len, flow->arena, &there, NULL) != PFL_OK ||
        strcmp(there.base, facts->base) != 0 || strcmp(there.head, facts->head) != 0 ||
        there.benchmark_count != facts->benchmark_count)
        return false;
    for (i = 0; i < there.benchmark_count; i++)
        if (strcmp(there.benchmarks[i], facts->benchmarks[i]) != 0)
            return false;
    return true;
}

static int write_page(struct pfl_flow *flow, const char *name, const char *place,
                      const struct pfl_log_facts *facts, struct pfl_err *err)
{
    struct pfl_buf page;
    int rc;

    pfl_buf_init(&page, PFL_LOG_PAGE_MAX);
    pfl_buf_text(&page, "# ");
    pfl_markdown_text(&page, name);
    pfl_buf_format(&page, "\n\n%s\n", summary);
    rc = pfl_log_block(flow, "snapshot", facts, &page, err);
    if (rc == PFL_OK)
        rc = pfl_log_page_write(flow, place, &page, err);
    pfl_buf_release(&page);
    return rc;
}

int pfl_flow_snapshot(struct pfl_flow *flow, const struct pfl_flow_snapshot_params *params,
                      struct pfl_flow_snapshot_made *made, struct pfl_err *err)
{
    struct pfl_flow_snapshot_made done = {0};
    struct pfl_log_facts facts = {0};
    struct pfl_log_page page;
    struct sides sides;
    int rc = pick(flow, params, &sides, err);

    if (rc == PFL_OK)
        rc = gather(flow, params, &sides, &facts, err);
    if (rc != PFL_OK)
        return rc;
    done.place = place_of(flow, params->name, sides.head);
    if (!done.place)
        return pfl_err_no_memory(err);
    rc = pfl_log_page_read(flow, done.place, &page, err);
    if (rc == PFL_OK && page.there && !is_same(flow, &page, &facts))
        return pfl_err_set(err, PFL_EGATE,
                           "%s is there already and shows other runs; snapshots are never "
                           "overwritten: choose another name, or remove it (git keeps it; "
                           "once it was committed, `perfledger log retract` says why it went)",
                           done.place);
    if (rc == PFL_OK)
        rc = pfl_flow_evidence_keep(flow, sides.head, &done.runs[0], err);
    if (rc == PFL_OK && sides.base)
        rc = pfl_flow_evidence_keep(flow, sides.base, &done.runs[1], err);
    if (rc == PFL_OK && !page.there)
        rc = write_page(flow, params->name, done.place, &facts, err);
    if (rc == PFL_OK)
        rc = pfl_log_page_once(flow, pfl_log_page_place(flow, "snapshots/README.md"), readme, err);
    if (rc == PFL_OK && facts.link_count) {
        const struct pfl_log_link_to to = link_to(done.place, &facts, sides.head);

        rc = pfl_log_link_rows(flow, &to, &done.linked, err);
    }
    if (rc != PFL_OK)
        return rc;
    done.there = page.there;
    done.head = sides.head->id;
    done.base = sides.base ? sides.base->id : NULL;
    done.row_count = facts.link_count;
    *made = done;
    return PFL_OK;
}
