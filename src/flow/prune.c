/*
 * Which runs lose their samples. The list of heads decides most of it; what needs a look into the
 * documents, the baselines or the remarks is looked up only for runs that are old enough.
 *
 * All that is kept is gathered before the first run is thinned, so that a document which cannot be
 * read stops everything. Then the store thins, some runs to a transaction, and at the end the file
 * is made smaller. That this fails (no room for the copy, somebody else writes) is no failure of
 * prune: the samples are gone, and the next runs use the room.
 */
#include "flow/prune.h"

#include "base/units.h"
#include "base/vec.h"
#include "flow/log/evidence.h"
#include "judge/judge.h"

#include <stdlib.h>
#include <string.h>

enum { KEEP_LAST = 20 };

PFL_VEC(id_list, const char *);

struct pruning {
    struct pfl_flow *flow;
    const struct pfl_prune_params *params;
    struct pfl_prune *prune;
    struct pfl_run_head *heads; /* newest last */
    size_t n;
    enum pfl_prune_reason *reasons;   /* of each head */
    const char **cited, **references; /* sorted */
    size_t cited_count, reference_count;
    const char *machine_id; /* NULL: all */
    int64_t before_ns;      /* older ones only */
    struct id_list ids;     /* to be thinned */
    struct pfl_err *err;
};

const char *pfl_prune_reason_key(enum pfl_prune_reason reason)
{
    static const char *const keys[] = {"thinned",    "other_machine", "already_thinned", "recent",
                                       "newest",     "cited",         "reference",       "noted",
                                       "no_samples", "damaged"};

    return keys[reason];
}

/* ---- what is asked for ---- */

static int read_limits(struct pruning *p)
{
    const struct pfl_retention *given = &p->flow->config.documents.retention;
    int64_t now = p->flow->clock->unix_ns(p->flow->clock->context);

    p->prune->older_than_ns =
        p->params->older_than_ns >= 0 ? p->params->older_than_ns : given->samples_ns;
    p->prune->keep_last = p->params->keep_last >= 0 ? p->params->keep_last
                          : given->keep_last >= 0   ? given->keep_last
                                                    : KEEP_LAST;
    if (p->params->older_than_ns < 0 && given->samples_ns == 0)
        return pfl_err_set(p->err, PFL_EUSAGE,
                           "how old must a run be to lose its samples? `perfledger prune "
                           "--older-than 180d`, or `retention: { samples: 180d }` in "
                           "perfledger.yaml");
    p->before_ns = now - p->prune->older_than_ns;
    return PFL_OK;
}

static bool seen_before(const struct pruning *p, size_t at)
{
    size_t i;

    for (i = at + 1; i < p->n; i++)
        if (strcmp(p->heads[i].machine_id, p->heads[at].machine_id) == 0)
            return true;
    return false;
}

/* By id; else by the name that a machine's newest run has for it. */
static int find_machine(struct pruning *p)
{
    const char *word = p->params->machine, *known = "";
    struct pfl_run run;
    size_t i;
    int rc;

    for (i = p->n; word && i-- > 0 && !p->machine_id;) {
        const char *id = p->heads[i].machine_id;

        if (strcmp(id, word) == 0)
            p->machine_id = id;
        else if (seen_before(p, i))
            continue;
        rc = pfl_store_load(p->flow->store, p->heads[i].id, p->flow->arena, &run, p->err);
        if (rc != PFL_OK)
            return rc;
        if (strcmp(run.machine.name, word) == 0 || strcmp(run.machine.hostname, word) == 0)
            p->machine_id = id;
        known = pfl_arena_format(p->flow->arena, "%s%s%s (%s)", known, *known ? ", " : "", id,
                                 run.machine.hostname);
        if (!known)
            return pfl_err_no_memory(p->err);
    }
    if (!word || p->machine_id)
        return PFL_OK;
    return pfl_err_set(p->err, PFL_ENOENT, "the ledger %s has no run of a machine `%s`; it has: %s",
                       p->flow->ledger_url, word, *known ? known : "none at all");
}

/* ---- what is kept ---- */

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_among(const char *id, const char **ids, size_t n)
{
    return n && bsearch(&id, ids, n, sizeof *ids, compare_ids);
}

static int read_kept(struct pruning *p)
{
    int rc = pfl_flow_evidence_cited(p->flow, &p->cited, &p->cited_count, p->err);

    if (rc != PFL_OK) {
        pfl_err_prefix(p->err, "nothing was thinned, because what the documents cite could not be "
                               "found out");
        return rc;
    }
    return pfl_store_yardstick_runs(p->flow->store, p->flow->arena, &p->references,
                                    &p->reference_count, p->err);
}

static bool counts_as_newest(const struct pfl_run_head *head)
{
    return head->kind == PFL_RUN_CONFIGURED && head->complete && !head->partial && !*head->void_why;
}

/* Marks the newest complete runs of each machine. Machines are few: they are found by going back.
 */
static int mark_newest(struct pruning *p)
{
    struct counted {
        const char *machine_id;
        int runs;
    };
    PFL_VEC(counted_list, struct counted);
    struct counted_list counted = {0};
    size_t i, j;

    for (i = p->n; i-- > 0;) {
        if (!counts_as_newest(&p->heads[i]))
            continue;
        for (j = 0; j < counted.n; j++)
            if (strcmp(counted.at[j].machine_id, p->heads[i].machine_id) == 0)
                break;
        if (j == counted.n) {
            struct counted fresh = {p->heads[i].machine_id, 0};

            if (!pfl_vec_push(&counted, &fresh)) {
                pfl_vec_release(&counted);
                return pfl_err_no_memory(p->err);
            }
        }
        if (counted.at[j].runs++ < p->prune->keep_last)
            p->reasons[i] = PFL_PRUNE_NEWEST;
    }
    pfl_vec_release(&counted);
    return PFL_OK;
}

static int is_noted(struct pruning *p, const char *id, bool *noted)
{
    struct pfl_store_remark *remarks;
    struct pfl_arena arena;
    size_t i, n = 0;
    int rc;

    pfl_arena_init(&arena);
    rc = pfl_store_remarks(p->flow->store, id, &arena, &remarks, &n, p->err);
    *noted = false;
    for (i = 0; rc == PFL_OK && i < n; i++)
        *noted = *noted || !remarks[i].is_void;
    pfl_arena_release(&arena);
    return rc;
}

static int reason_of(struct pruning *p, size_t i)
{
    const struct pfl_run_head *head = &p->heads[i];
    enum pfl_prune_reason *reason = &p->reasons[i];
    bool noted = false;
    int rc;

    if (p->machine_id && strcmp(head->machine_id, p->machine_id) != 0)
        *reason = PFL_PRUNE_ELSEWHERE;
    else if (head->thinned_unix_ns)
        *reason = PFL_PRUNE_BEFORE;
    else if (head->started_unix_ns >= p->before_ns)
        *reason = PFL_PRUNE_RECENT;
    else if (is_among(head->id, p->cited, p->cited_count))
        *reason = *reason ? *reason : PFL_PRUNE_CITED;
    else if (is_among(head->id, p->references, p->reference_count))
        *reason = *reason ? *reason : PFL_PRUNE_REFERENCE;
    if (*reason)
        return PFL_OK;
    rc = is_noted(p, head->id, &noted);
    if (noted)
        *reason = PFL_PRUNE_NOTED;
    return rc;
}

static int decide(struct pruning *p)
{
    size_t i;
    int rc;

    p->reasons = pfl_arena_array(p->flow->arena, p->n, sizeof *p->reasons);
    if (!p->reasons)
        return pfl_err_no_memory(p->err);
    rc = mark_newest(p);
    for (i = 0; rc == PFL_OK && i < p->n; i++) {
        rc = reason_of(p, i);
        if (rc == PFL_OK && p->reasons[i])
            p->prune->reasons[p->reasons[i]]++;
        else if (rc == PFL_OK && !pfl_vec_push(&p->ids, &p->heads[i].id))
            rc = pfl_err_no_memory(p->err);
    }
    return rc;
}

/* ---- doing it ---- */

/* What loading computes from samples, and what a thinned run must therefore hold. */
static int settle(void *context, struct pfl_run *run, struct pfl_err *err)
{
    (void)context;
    return run->yardstick_count ? pfl_judge_summarise(run, err) : PFL_OK;
}

static bool stop_asked(void *context, size_t done)
{
    const struct pruning *p = context;

    return p->params->stop_asked && p->params->stop_asked(p->params->context, done);
}

static int thin(struct pruning *p)
{
    const struct pfl_store_thin_params params = {
        .ids = p->ids.at,
        .n = p->ids.n,
        .unix_ns = p->flow->clock->unix_ns(p->flow->clock->context),
        .dry_run = p->params->dry_run,
        .settle = settle,
        .stop_asked = stop_asked,
        .context = p,
    };
    struct pfl_store_thinned done = {0};
    int rc = pfl_store_thin(p->flow->store, &params, &done, p->err);

    p->prune->reasons[PFL_PRUNE_THIN] = done.runs;
    p->prune->reasons[PFL_PRUNE_DAMAGED] = done.damaged;
    p->prune->reasons[PFL_PRUNE_EMPTY] = rc ? 0 : p->ids.n - done.runs - done.damaged;
    p->prune->bytes = done.bytes;
    p->prune->interrupted = rc == PFL_EINTERRUPTED;
    return rc;
}

/* "the copy that this takes needs 12.3 MiB more on the disk"; NULL: no memory. */
static const char *say_short(struct pruning *p, int64_t bytes)
{
    const char *text = NULL;
    struct pfl_buf buf;

    pfl_buf_init(&buf, 256);
    pfl_buf_text(&buf, "the copy that this takes needs ");
    pfl_units_write(&buf, (double)bytes, "B", 3);
    pfl_buf_text(&buf, " more on the disk");
    if (!buf.error)
        text = pfl_arena_text(p->flow->arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return text;
}

static int compact(struct pruning *p)
{
    struct pfl_prune *prune = p->prune;
    struct pfl_err why;
    int rc;

    if (p->params->dry_run)
        return PFL_OK;
    rc = pfl_store_compact(p->flow->store, &prune->file, &why);
    if (rc != PFL_OK)
        prune->not_compacted = pfl_arena_text(p->flow->arena, why.message);
    else if (prune->file.short_of)
        prune->not_compacted = say_short(p, prune->file.short_of);
    else
        return PFL_OK;
    return prune->not_compacted && rc != PFL_ENOMEM ? PFL_OK : pfl_err_no_memory(p->err);
}

static int list(struct pruning *p)
{
    const struct pfl_store_query all = {.with_void = true};
    int rc = pfl_store_list(p->flow->store, &all, p->flow->arena, &p->heads, &p->n, p->err);

    p->prune->runs = rc == PFL_OK ? p->n : 0;
    return rc;
}

int pfl_flow_prune(struct pfl_flow *flow, const struct pfl_prune_params *params,
                   struct pfl_prune *prune, struct pfl_err *err)
{
    struct pruning p = {.flow = flow, .params = params, .prune = prune, .err = err};
    struct pfl_store *store;
    int rc;

    memset(prune, 0, sizeof *prune);
    rc = read_limits(&p);
    if (rc == PFL_OK)
        rc = pfl_flow_store(flow, params->dry_run ? PFL_FLOW_READ : PFL_FLOW_REMARK, &store, err);
    if (rc == PFL_OK)
        rc = list(&p);
    if (rc == PFL_OK)
        rc = find_machine(&p);
    if (rc == PFL_OK)
        rc = read_kept(&p);
    if (rc == PFL_OK)
        rc = decide(&p);
    if (rc == PFL_OK)
        rc = thin(&p);
    if (rc == PFL_OK)
        rc = compact(&p);
    pfl_vec_release(&p.ids);
    return rc;
}
