/*
 * The runs that a record may rest on.
 *
 * The default branch is asked once for all its commits; "merged" is to be among them, and their
 * order is what a trend follows: runs of old commits are often measured later than those of new
 * ones. Where the branch is only known as origin's (a CI job's checkout), or origin's is ahead,
 * that one is meant. Rows of the log ask the same (row_refuse.c).
 *
 * Without a reference machine in the configuration the machine at hand is it: figures of two
 * machines never make one series.
 */
#include "flow/log/record.h"

#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"
#include "flow/log/evidence.h"
#include "sys/clock.h"
#include "vcs/git.h"

#include <stdlib.h>
#include <string.h>

PFL_VEC(record_list, struct pfl_log_record);
PFL_VEC(refusal_list, struct pfl_log_refusal);

struct choosing {
    struct pfl_flow *flow;
    struct pfl_map places;   /* commit → place in the branch */
    struct pfl_map machines; /* id → is it the reference machine? */
    struct record_list list;
    struct refusal_list refused;
};

static int unknown_area(struct pfl_flow *flow, const char *area, struct pfl_err *err)
{
    const struct pfl_documents *documents = &flow->config.documents;
    const char *names = "", *near = NULL;
    const char **list = pfl_arena_array(flow->arena, documents->area_count + 1, sizeof *list);
    size_t i;

    if (!list)
        return pfl_err_no_memory(err);
    for (i = 0; i < documents->area_count; i++) {
        list[i] = documents->areas[i].name;
        names = pfl_arena_format(flow->arena, "%s%s%s", names, i ? ", " : "", list[i]);
        if (!names)
            return pfl_err_no_memory(err);
    }
    if (documents->area_count == 0)
        return pfl_err_set(err, PFL_EUSAGE,
                           "there is no area '%s': perfledger.yaml names none; `areas: { %s: "
                           "[GLOB…] }` makes one",
                           area, area);
    near = pfl_text_nearest(area, list, documents->area_count);
    return near ? pfl_err_set(err, PFL_EUSAGE, "there is no area '%s'; did you mean '%s'?", area,
                              near)
                : pfl_err_set(err, PFL_EUSAGE, "there is no area '%s'; the areas are: %s", area,
                              names);
}

int pfl_flow_chosen(struct pfl_flow *flow, const char *benchmark, const char *area,
                    const char ***globs, size_t *n, struct pfl_err *err)
{
    const struct pfl_documents *documents = &flow->config.documents;
    const char **one = pfl_arena_array(flow->arena, 1, sizeof *one);
    size_t i;

    if (!one)
        return pfl_err_no_memory(err);
    if (benchmark && area)
        return pfl_err_set(err, PFL_EUSAGE, "--benchmark and --area both choose: give one of them");
    *globs = one;
    *n = 0;
    if (benchmark) {
        one[0] = benchmark;
        *n = 1;
    }
    if (!area)
        return PFL_OK;
    for (i = 0; i < documents->area_count; i++)
        if (strcmp(documents->areas[i].name, area) == 0) {
            *globs = documents->areas[i].benchmarks;
            *n = documents->areas[i].benchmark_count;
            return PFL_OK;
        }
    return unknown_area(flow, area, err);
}

const char *pfl_log_unfit(const struct pfl_benchmark *bench)
{
    size_t i;

    if (bench->status != PFL_STATUS_OK)
        return pfl_status_text(bench->status);
    if (bench->partial)
        return "stopped before its rounds were done";
    if (pfl_benchmark_instrumented(bench))
        return pfl_benchmark_instrumented(bench);
    for (i = 0; i < bench->result_count; i++)
        if (bench->results[i].summary.n >= PFL_LOG_LAUNCHES_LEAST)
            return NULL;
    return bench->few || bench->result_count ? "fewer than 5 launches" : "nothing was measured";
}

int pfl_log_void(struct pfl_flow *flow, const char *id, const char **why, struct pfl_err *err)
{
    struct pfl_store_remark *remarks;
    struct pfl_store *store;
    size_t i, n = 0;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);

    *why = NULL;
    if (rc == PFL_OK)
        rc = pfl_store_remarks(store, id, flow->arena, &remarks, &n, err);
    for (i = 0; rc == PFL_OK && i < n; i++)
        if (remarks[i].is_void)
            *why = remarks[i].text;
    return rc == PFL_ENOENT ? PFL_OK : rc;
}

/* ---- the default branch ---- */

int pfl_log_branch(struct pfl_flow *flow, const char **ref, struct pfl_err *err)
{
    const char *local = flow->config.default_branch ? flow->config.default_branch : "main";
    const char *remote = pfl_arena_format(flow->arena, "origin/%s", local);
    bool here = false, there = false, behind = false;
    int rc =
        remote ? pfl_git_names_revision(flow->root, local, &here, err) : pfl_err_no_memory(err);

    if (rc == PFL_OK)
        rc = pfl_git_names_revision(flow->root, remote, &there, err);
    if (rc == PFL_OK && here && there)
        rc = pfl_git_is_ancestor(flow->root, local, remote, &behind, err);
    if (rc == PFL_OK)
        *ref = here && !behind ? local : there ? remote : NULL;
    return rc;
}

static int commits_of(struct pfl_flow *flow, struct pfl_log_records *records, const char ***commits,
                      size_t *n, struct pfl_err *err)
{
    const char *ref;
    int rc = pfl_log_branch(flow, &ref, err);

    if (rc != PFL_OK)
        return rc;
    records->branch = flow->config.default_branch ? flow->config.default_branch : "main";
    rc = pfl_git_ancestry(flow->root, ref ? ref : records->branch, flow->arena, commits, n, err);
    if (rc == PFL_ENOENT)
        pfl_err_prefix(err, "which revisions are merged is not known without the default branch "
                            "(`default_branch:` in perfledger.yaml)");
    return rc;
}

/* ---- the machine ---- */

bool pfl_log_is_reference(const struct pfl_flow *flow, const struct pfl_machine *machine,
                          const struct pfl_machine *here)
{
    const char *reference = flow->config.reference_machine;

    return reference ? pfl_machine_is(machine, reference) : strcmp(machine->id, here->id) == 0;
}

/* A run's head has the id of its machine alone: its name is asked of the run, once for each id. */
static int learn_machine(struct choosing *c, const struct pfl_run_head *head, struct pfl_err *err)
{
    struct pfl_flow *flow = c->flow;
    struct pfl_arena scratch, *kept = flow->arena;
    struct pfl_run run;
    int rc;

    if (pfl_map_get(&c->machines, head->machine_id))
        return PFL_OK;
    pfl_arena_init(&scratch);
    flow->arena = &scratch;
    rc = pfl_flow_load(flow, head->id, &run, err);
    flow->arena = kept;
    if (rc == PFL_OK && !pfl_map_set(&c->machines, head->machine_id,
                                     pfl_log_is_reference(flow, &run.machine, &flow->machine)))
        rc = pfl_err_no_memory(err);
    pfl_arena_release(&scratch);
    return rc;
}

/* ---- runs ---- */

/* NULL: it may. */
static const char *refusal(struct pfl_flow *flow, const struct pfl_run_head *head,
                           const struct pfl_log_records *records, const struct choosing *c)
{
    if (!*pfl_map_get(&c->machines, head->machine_id))
        return pfl_arena_format(flow->arena,
                                "run %.8s was measured on another machine (%s) than the reference "
                                "one (%s)",
                                head->id, head->machine_id, records->machine);
    if (!*head->commit)
        return pfl_arena_format(flow->arena, "run %.8s belongs to no commit", head->id);
    if (head->dirty)
        return pfl_arena_format(flow->arena,
                                "run %.8s was measured with changes that were not committed (near "
                                "%.10s)",
                                head->id, head->commit);
    if (!pfl_map_get(&c->places, head->commit))
        return pfl_arena_format(flow->arena,
                                "%.10s, which run %.8s measured, is not merged into %s",
                                head->commit, head->id, records->branch);
    if (!pfl_flow_evidence_whole(flow, head)) {
        char day[32];

        pfl_clock_text(head->thinned_unix_ns, day);
        return pfl_arena_format(flow->arena,
                                "the samples of run %.8s were thinned by prune on %.10s, so nobody "
                                "could check its figures",
                                head->id, day);
    }
    return NULL;
}

static int compare_records(const void *a, const void *b)
{
    const struct pfl_log_record *x = a, *y = b;

    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->head->started_unix_ns != y->head->started_unix_ns)
        return x->head->started_unix_ns < y->head->started_unix_ns ? -1 : 1;
    return strcmp(x->head->id, y->head->id);
}

static int sort_out(struct choosing *c, const struct pfl_run_head *head,
                    struct pfl_log_records *records, struct pfl_err *err)
{
    struct pfl_log_refusal refusal_of = {.run = head->id};
    struct pfl_log_record record = {.head = head};
    int rc = learn_machine(c, head, err);

    if (rc != PFL_OK)
        return rc;
    refusal_of.why = refusal(c->flow, head, records, c);
    records->newest_refused = refusal_of.why;
    records->thinned += refusal_of.why && head->thinned_unix_ns;
    if (refusal_of.why)
        return pfl_vec_push(&c->refused, &refusal_of) ? PFL_OK : pfl_err_no_memory(err);
    record.place = *pfl_map_get(&c->places, head->commit);
    return pfl_vec_push(&c->list, &record) ? PFL_OK : pfl_err_no_memory(err);
}

static int choose(struct choosing *c, struct pfl_log_records *records, struct pfl_err *err)
{
    const struct pfl_store_query query = {.complete_only = true};
    struct pfl_arena *arena = c->flow->arena;
    struct pfl_run_head *heads;
    size_t i, n;
    int rc = pfl_store_list(c->flow->store, &query, arena, &heads, &n, err);

    for (i = 0; rc == PFL_OK && i < records->commit_count; i++)
        if (!pfl_map_set(&c->places, records->commits[i], i))
            rc = pfl_err_no_memory(err);
    for (i = 0; rc == PFL_OK && i < n; i++)
        rc = sort_out(c, &heads[i], records, err);
    if (rc != PFL_OK)
        return rc;
    if (c->list.n > 1)
        qsort(c->list.at, c->list.n, sizeof *c->list.at, compare_records);
    records->at = pfl_arena_grow(arena, c->list.at, c->list.n, c->list.n + 1, sizeof *records->at);
    records->n = c->list.n;
    records->refused = pfl_arena_grow(arena, c->refused.at, c->refused.n, c->refused.n + 1,
                                      sizeof *records->refused);
    records->refused_count = c->refused.n;
    return records->at && records->refused ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_log_records(struct pfl_flow *flow, struct pfl_log_records *records, struct pfl_err *err)
{
    struct pfl_log_records found = {0};
    struct choosing choosing = {.flow = flow};
    const struct pfl_machine *machine;
    struct pfl_store *store;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc == PFL_OK)
        rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);
    if (rc == PFL_OK)
        rc = commits_of(flow, &found, &found.commits, &found.commit_count, err);
    if (rc != PFL_OK)
        return rc;
    found.machine = flow->config.reference_machine ? flow->config.reference_machine : machine->id;
    pfl_map_init(&choosing.places);
    pfl_map_init(&choosing.machines);
    rc = choose(&choosing, &found, err);
    pfl_map_release(&choosing.places);
    pfl_map_release(&choosing.machines);
    pfl_vec_release(&choosing.list);
    pfl_vec_release(&choosing.refused);
    if (rc == PFL_OK)
        *records = found;
    return rc;
}
