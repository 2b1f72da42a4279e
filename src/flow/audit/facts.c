/*
 * Facts behind a right seal: what they say that the runs, git or the ledger know is held against
 * these.
 *
 * A text that was made again proves nothing of what it was made from, and whoever changes facts can
 * seal them. So the machine must be the run's, a tag that of the commit, links those of origin; and
 * what `log add` refuses it would have refused in this row, too. How much sessions differ is asked
 * of the ledger: it may be stated wider than it is, not narrower. An older row saw fewer sessions,
 * and runs that are older still may have been imported since, so as many sessions in a row as it
 * speaks of are looked for. Without that history a deviation far below what the run's own launches
 * allow is found.
 */
#include "flow/audit/facing.h"

#include "base/text.h"
#include "documents/words.h"
#include "flow/log/points.h"
#include "flow/log/record.h"
#include "flow/log/row_parts.h"
#include "flow/sessions.h"
#include "judge/judge.h"
#include "sys/file.h"
#include "vcs/git.h"
#include "vcs/remote.h"

#include <math.h>
#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

/* Sessions may be stated to differ by so much of what the ledger says (runs are declared void and
 * imported later on), or of the standard error that the run's launches give their median. */
static const double narrower_than_ledger = 0.7, narrower_than_launches = 0.1;
static const double confidence_least = 0.95;
enum { RUN_MAX = 1 << 30 };

const char *pfl_audit_shown(const struct pfl_audit_facing *f, const char *text)
{
    const char *safe = pfl_text_shown(f->auditor->arena, text);

    return safe ? safe : "";
}

bool pfl_audit_asks_git(const struct pfl_audit_facing *f)
{
    return f->auditor->git && !f->auditor->shallow;
}

/* A refusal of `log add` is a finding here. */
static int refused(const struct pfl_audit_facing *f, int rc, const struct pfl_err *why)
{
    if (rc == PFL_EGATE || rc == PFL_ENOTHING || rc == PFL_ENOENT || rc == PFL_EINVAL ||
        rc == PFL_EUSAGE)
        return PFL_AUDIT_FIND(f, "this may not stand in the log: %s", why->message);
    if (rc != PFL_OK && f->auditor->err)
        *f->auditor->err = *why;
    return rc;
}

/* ---- tags and commits ---- */

int pfl_audit_tag(const struct pfl_audit_facing *f, const char *tag, const struct pfl_run *run)
{
    struct pfl_auditor *auditor = f->auditor;
    struct pfl_arena *arena = auditor->flow->arena;
    const char *name = pfl_arena_format(arena, "refs/tags/%s^{commit}", tag), *commit = NULL;
    int rc;

    if (!*tag || strcmp(tag, run->revision.tag) == 0 || !pfl_audit_asks_git(f))
        return PFL_OK;
    rc = name ? pfl_git_resolve(auditor->flow->root, name, arena, &commit, NULL) : PFL_ENOMEM;
    if (rc != PFL_OK && rc != PFL_ENOENT)
        return pfl_err_set(auditor->err, rc, "asking git for the tag %s failed", tag);
    if (rc == PFL_OK && strcmp(commit, run->revision.commit) == 0)
        return PFL_OK;
    return commit ? PFL_AUDIT_FIND(
                        f,
                        "the tag %s is not of %.10s, which run %.8s measured: it is of %.10s; if "
                        "it was moved on purpose, take this block away, retract it and write it "
                        "anew",
                        pfl_audit_shown(f, tag), run->revision.commit, run->id, commit)
                  : PFL_AUDIT_FIND(
                        f,
                        "git knows no tag %s, which is said to be of %.10s; `git fetch --tags` if "
                        "this clone lacks it, `git tag %s %.10s` if it was deleted",
                        pfl_audit_shown(f, tag), run->revision.commit, pfl_audit_shown(f, tag),
                        run->revision.commit);
}

/* Both sides' commits are here; that one is not was told of the run. */
static int knows_sides(const struct pfl_audit_facing *f, bool *known)
{
    int rc = PFL_OK;

    *known = pfl_audit_asks_git(f) && *f->head->revision.commit &&
             (!f->base || *f->base->revision.commit);
    if (*known)
        rc = pfl_audit_has_commit(f->auditor, f->head->revision.commit, known);
    if (rc == PFL_OK && *known && f->base)
        rc = pfl_audit_has_commit(f->auditor, f->base->revision.commit, known);
    return rc;
}

/* On the default branch, or in what is checked out: there the row stands. */
static int look_at_merged(const struct pfl_audit_facing *f)
{
    struct pfl_flow *flow = f->auditor->flow;
    const char *commit = f->head->revision.commit, *ref;
    bool merged = false;
    int rc;

    if (pfl_map_get(&f->auditor->commits, commit)) /* knows_sides() asked for all of HEAD's */
        return PFL_OK;
    rc = pfl_log_branch(flow, &ref, f->auditor->err);
    if (rc == PFL_OK && ref)
        rc = pfl_git_is_ancestor(flow->root, commit, ref, &merged, f->auditor->err);
    return rc == PFL_OK && !merged
               ? PFL_AUDIT_FIND(f, "%.10s, where run %.8s was measured, is not merged into %s",
                                commit, f->head->id, ref ? ref : "what is checked out")
               : rc;
}

/* *known: it is a commit. */
static int look_at_cause(const struct pfl_audit_facing *f, bool *known)
{
    struct pfl_flow *flow = f->auditor->flow;
    struct pfl_revision revision;
    struct pfl_err why = {0};
    const char *cause = f->row.cause, *commit;
    int rc;

    *known = *cause != 0;
    if (!*known)
        return PFL_OK;
    if (f->row.kind != PFL_ROW_DIAGNOSIS)
        return PFL_AUDIT_FIND(f, "only a diagnosis has a cause, and this is none");
    rc = pfl_git_resolve(flow->root, cause, flow->arena, &commit, &why);
    *known = rc == PFL_OK && strcmp(commit, cause) == 0;
    if (rc == PFL_ENOENT || rc == PFL_EUSAGE || (rc == PFL_OK && !*known))
        return PFL_AUDIT_FIND(f, "git knows no commit %s, which is said to be the cause",
                              pfl_audit_shown(f, cause));
    if (rc == PFL_OK)
        rc = pfl_git_describe_commit(flow->root, cause, flow->arena, &revision, &why);
    if (rc != PFL_OK)
        return refused(f, rc, &why);
    return strcmp(revision.subject, f->row.cause_subject) == 0
               ? PFL_OK
               : PFL_AUDIT_FIND(f, "the cause, %.10s, is not \"%s\" but \"%s\"", cause,
                                pfl_audit_shown(f, f->row.cause_subject),
                                pfl_audit_shown(f, revision.subject));
}

static int look_at_commits(const struct pfl_audit_facing *f)
{
    struct pfl_row_facts row = f->row;
    struct pfl_err why = {0};
    bool known;
    int rc = knows_sides(f, &known);

    if (rc != PFL_OK || !known)
        return rc;
    rc = look_at_cause(f, &known);
    if (!known)
        row.cause = "";
    if (rc == PFL_OK)
        rc = refused(f, pfl_log_row_refuse_sides(f->auditor->flow, &row, f->base, f->head, &why),
                     &why);
    return rc == PFL_OK && f->row.kind != PFL_ROW_DIAGNOSIS ? look_at_merged(f) : rc;
}

/* ---- links ---- */

/* The host and what is before it: "https://github.com/". */
static size_t host_length(const char *url)
{
    const char *at = strstr(url, "://");

    return at ? (size_t)(at + 3 - url) + strcspn(at + 3, "/") + 1 : 0;
}

static bool is_outside(const char *path)
{
    return *path == '/' || strchr(path, ':') != NULL;
}

static int learn_origin(struct pfl_auditor *auditor)
{
    int rc = auditor->origin_known
                 ? PFL_OK
                 : pfl_git_web(auditor->flow->root, auditor->arena, &auditor->origin, auditor->err);

    auditor->origin_known = rc == PFL_OK;
    return rc;
}

/* The name of a project may have changed since, and a fork has another owner: the host stays. */
static int look_at_links(const struct pfl_audit_facing *f)
{
    struct pfl_arena *arena = f->auditor->flow->arena;
    const char *url = f->row.commit_url, *request = f->row.pull_request, *project, *expected;
    struct pfl_git_web web = {"", "", '#'}, origin;
    size_t len = strlen(url);
    int rc = PFL_OK;

    if (is_outside(f->row.runs_folder) || is_outside(f->row.snapshot))
        return PFL_AUDIT_FIND(
            f, "the runs and the snapshot of a row are in the repository, not at %s",
            pfl_audit_shown(f, is_outside(f->row.snapshot) ? f->row.snapshot : f->row.runs_folder));
    len -= pfl_text_ends(url, "/-/commit/") ? 10 : pfl_text_ends(url, "/commit/") ? 8 : 0;
    project = pfl_arena_text_n(arena, url, len);
    if (!project || !pfl_git_web_of(project, arena, &web))
        return pfl_err_no_memory(f->auditor->err);
    if (f->auditor->git)
        rc = learn_origin(f->auditor);
    if (rc != PFL_OK)
        return rc;
    origin = f->auditor->origin;
    if (strcmp(web.commits, url) != 0 ||
        (*url && *origin.commits && strncmp(url, origin.commits, host_length(origin.commits)) != 0))
        return PFL_AUDIT_FIND(f, "%s is not where this repository's commits are to be seen%s%s",
                              pfl_audit_shown(f, url), *origin.commits ? "; that is " : "",
                              origin.commits);
    expected = !*request || !*web.pull_requests
                   ? ""
                   : pfl_arena_format(arena, "%s%s", web.pull_requests, request + 1);
    if (!expected)
        return pfl_err_no_memory(f->auditor->err);
    if (*request && ((*request != '#' && *request != '!') || !request[1] ||
                     request[1 + strspn(request + 1, "0123456789")]))
        return PFL_AUDIT_FIND(f, "%s is no number of a pull request", pfl_audit_shown(f, request));
    return strcmp(expected, f->row.pull_request_url) == 0
               ? PFL_OK
               : PFL_AUDIT_FIND(f, "%s is not where the pull request %s is to be seen",
                                pfl_audit_shown(f, f->row.pull_request_url),
                                pfl_audit_shown(f, request));
}

static bool same_content(const char *one, const char *other, struct pfl_arena *arena)
{
    const char *real = pfl_file_real(one, arena), *other_real = pfl_file_real(other, arena);
    struct pfl_buf a, b;
    bool same;

    if (real && other_real && strcmp(real, other_real) == 0)
        return true;

    pfl_buf_init(&a, RUN_MAX);
    pfl_buf_init(&b, RUN_MAX);
    same = pfl_file_read(one, &a, NULL) == PFL_OK && pfl_file_read(other, &b, NULL) == PFL_OK &&
           a.len == b.len && memcmp(pfl_buf_cstr(&a), pfl_buf_cstr(&b), a.len) == 0;
    pfl_buf_release(&a);
    pfl_buf_release(&b);
    return same;
}

/* What is proven is the file in the documents' folder. The row may name an earlier folder; what
 * still lies there must be the same. */
static int look_at_places(const struct pfl_audit_facing *f)
{
    struct pfl_flow *flow = f->auditor->flow;
    const char *folder = pfl_file_folder_of(f->document->path, flow->arena), *here, *there;
    size_t i;

    for (i = 0; i < f->block->run_count; i++) {
        here = pfl_arena_format(flow->arena, "%s/%s/runs/%s.json", flow->root,
                                flow->config.documents.folder, f->block->runs[i]);
        there = pfl_arena_format(flow->arena, "%s/%s/%s/%s.json", flow->root, folder ? folder : "",
                                 f->row.runs_folder, f->block->runs[i]);
        if (!folder || !here || !there)
            return pfl_err_no_memory(f->auditor->err);
        if (pfl_file_exists(there) &&
            !(pfl_file_is_regular(there) && same_content(here, there, flow->arena)))
            return PFL_AUDIT_FIND(f, "%s/%.16s.json, which this row links, is not the run of %s",
                                  pfl_audit_shown(f, f->row.runs_folder), f->block->runs[i],
                                  flow->config.documents.folder);
    }
    return PFL_OK;
}

/* ---- the machine ---- */

static int look_at_machine(const struct pfl_audit_facing *f)
{
    const char *name = pfl_words_machine(&f->head->machine), *reference = f->row.reference_machine;
    bool was;
    int rc;

    if (strcmp(name, f->row.machine) != 0)
        return PFL_AUDIT_FIND(f, "run %.8s was measured on %s, not on %s", f->head->id,
                              pfl_audit_shown(f, name), pfl_audit_shown(f, f->row.machine));
    if (!*reference)
        return PFL_OK;
    rc = pfl_audit_was_reference(f, NULL, reference, &was);
    if (rc == PFL_OK && !was)
        rc = PFL_AUDIT_FIND(
            f, "%s was never the reference machine in any perfledger.yaml that was committed",
            pfl_audit_shown(f, reference));
    if (rc != PFL_OK || !was || pfl_machine_is(&f->head->machine, reference) != f->row.external)
        return rc;
    return f->row.external
               ? PFL_AUDIT_FIND(
                     f, "run %.8s was measured on %s, the reference machine: it is not external",
                     f->head->id, pfl_audit_shown(f, name))
               : PFL_AUDIT_FIND(
                     f,
                     "run %.8s was measured on %s, not on the reference machine %s: this may "
                     "stand among the external timings only",
                     f->head->id, pfl_audit_shown(f, name), pfl_audit_shown(f, reference));
}

/* ---- how it was judged ---- */

static double standard_error(const struct pfl_run *run, const struct pfl_log_deviation *stated)
{
    const struct pfl_benchmark *bench = run ? pfl_run_find(run, stated->benchmark) : NULL;
    const struct pfl_result *result =
        bench ? pfl_benchmark_find(bench, stated->metric, stated->variant) : NULL;

    if (!result || result->text || result->summary.n < 2 || !(fabs(result->summary.median) > 0))
        return 0;
    return result->summary.stddev / fabs(result->summary.median) / sqrt((double)result->summary.n);
}

/* *known: the ledger has so many sessions. *least: what it says they differ by. */
static void ask_ledger(const struct pfl_audit_facing *f, const struct pfl_log_deviation *stated,
                       bool *known, double *least)
{
    struct pfl_flow_sessions of;
    struct pfl_store *store;
    size_t sessions = 0;
    double sd;

    *known = false;
    *least = INFINITY;
    if (pfl_flow_store(f->auditor->flow, PFL_FLOW_READ, &store, NULL) != PFL_OK)
        return;
    of = pfl_flow_sessions_of(store, &f->head->machine);
    for (of.first = stated->sessions; *least * narrower_than_ledger > stated->sd; of.skip++) {
        sd =
            pfl_flow_session_sd(&of, stated->benchmark, stated->metric, stated->variant, &sessions);
        if (sessions < stated->sessions)
            return;
        *known = true;
        if (sd < *least)
            *least = sd;
    }
}

int pfl_audit_deviation(const struct pfl_audit_facing *f, const struct pfl_log_deviation *stated)
{
    double here = standard_error(f->head, stated), there = standard_error(f->base, stated), least;
    const char *benchmark = pfl_audit_shown(f, stated->benchmark),
               *metric = pfl_audit_shown(f, stated->metric);
    bool known;

    if (!(stated->sd >= 0) || !isfinite(stated->sd) || stated->sessions < PFL_JUDGE_SESSIONS_LEAST)
        return PFL_AUDIT_FIND(f, "%s of %s: from %zu sessions nobody can know how much they differ",
                              metric, benchmark, stated->sessions);
    ask_ledger(f, stated, &known, &least);
    if (known && isfinite(least) && stated->sd < narrower_than_ledger * least)
        return PFL_AUDIT_FIND(
            f,
            "%s of %s: sessions are said to differ by %.2g %%, but the ledger's differ by "
            "%.2g %%",
            metric, benchmark, 100 * stated->sd, 100 * least);
    if (f->base && there < here)
        here = there;
    if (stated->sd < narrower_than_launches * here)
        return PFL_AUDIT_FIND(
            f,
            "%s of %s: sessions are said to differ by %.2g %%, which is less than the "
            "launches of one run allow (%.2g %%)",
            metric, benchmark, 100 * stated->sd, 100 * here);
    f->auditor->unproven += !known;
    return PFL_OK;
}

/* Another version may have been stricter or less strict, but no version was lax. */
static bool may_judge_so(const struct pfl_audit_facing *f, const struct pfl_policy *policy)
{
    if (strcmp(f->row.tool, "perfledger " PFL_VERSION) == 0)
        return f->row.confidence == policy->confidence &&
               f->row.false_discovery_rate == policy->false_discovery_rate;
    return f->row.confidence >= confidence_least &&
           f->row.false_discovery_rate <= 1 - confidence_least;
}

static int look_at_tolerances(const struct pfl_audit_facing *f)
{
    size_t i;
    bool was = true;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < f->row.tolerance_count; i++) {
        rc = pfl_audit_was_written(f, f->row.tolerances[i].max_regression, "%", &was);
        if (rc == PFL_OK && !was)
            rc = PFL_AUDIT_FIND(f,
                                "a tolerance of %g %% was in no perfledger.yaml that was "
                                "committed, nor is it in today's",
                                100 * f->row.tolerances[i].max_regression);
    }
    return rc;
}

static int look_at_judging(const struct pfl_audit_facing *f)
{
    struct pfl_policy policy;
    size_t i;
    int rc = look_at_tolerances(f);

    pfl_policy_defaults(&policy);
    if (rc == PFL_OK && f->base && !may_judge_so(f, &policy))
        return PFL_AUDIT_FIND(
            f,
            "this was judged with a confidence of %g and a false discovery rate of %g, "
            "but rows are with %g and %g",
            f->row.confidence, f->row.false_discovery_rate, policy.confidence,
            policy.false_discovery_rate);
    for (i = 0; rc == PFL_OK && i < f->row.series_count; i++) {
        const struct pfl_row_series *s = &f->row.series[i];
        const struct pfl_log_deviation stated = {s->benchmark, s->metric, s->variant, s->session_sd,
                                                 s->sessions};

        rc = pfl_audit_deviation(f, &stated);
    }
    return rc;
}

/* ---- rows ---- */

static int look_at_refusals(const struct pfl_audit_facing *f)
{
    struct pfl_flow *flow = f->auditor->flow;
    struct pfl_comparison comparison;
    struct pfl_err why = {0};
    int rc = PFL_OK;

    if (f->base)
        rc = pfl_log_row_refuse_content(&f->row, f->base, "base", &why);
    if (rc == PFL_OK)
        rc = pfl_log_row_refuse_content(&f->row, f->head, f->base ? "head" : "baseline", &why);
    if (rc != PFL_OK)
        return refused(f, rc, &why);
    rc = pfl_log_row_compare(flow, &f->row, f->base, f->head, &comparison, &why);
    if (rc == PFL_EINVAL)
        return PFL_OK; /* said of the text already */
    if (rc == PFL_OK)
        rc = pfl_log_row_refuse_claim(&f->row, &comparison, flow->arena, &why);
    if (rc != PFL_OK)
        return refused(f, rc, &why);
    return f->base ? pfl_audit_pools(f, &comparison) : PFL_OK;
}

static int look_at_row(struct pfl_audit_facing *f)
{
    static int (*const looks[])(const struct pfl_audit_facing *) = {
        look_at_machine, look_at_commits, look_at_links,
        look_at_places,  look_at_judging, look_at_refusals};
    struct pfl_flow *flow = f->auditor->flow;
    size_t i;
    int rc = pfl_row_facts_read(f->block->facts, f->block->facts_len, flow->arena, &f->row, NULL);

    if (rc == PFL_EINVAL)
        return PFL_OK; /* said of the text already */
    if (rc == PFL_OK)
        rc = pfl_log_measured(flow, f->row.head, &f->head, f->auditor->err);
    if (rc == PFL_OK && *f->row.base)
        rc = pfl_log_measured(flow, f->row.base, &f->base, f->auditor->err);
    if (rc == PFL_OK && (f->row.kind == PFL_ROW_BASELINE) == (f->base != NULL))
        return PFL_AUDIT_FIND(f, "a baseline has nothing before it, and all other rows have");
    if (rc == PFL_OK)
        rc = pfl_audit_tag(f, f->row.tag, f->head);
    for (i = 0; rc == PFL_OK && i < PFL_COUNT(looks); i++)
        rc = looks[i](f);
    return rc;
}

int pfl_audit_facts(struct pfl_auditor *auditor, const struct pfl_audit_document *document,
                    const struct pfl_block *block)
{
    struct pfl_audit_facing f = {.auditor = auditor, .document = document, .block = block};
    int rc = strcmp(block->kind, "row") == 0 ? look_at_row(&f) : pfl_audit_page(&f);

    /* a run that facts name beside "runs": its absence was told when the text was made again */
    return rc == PFL_ENOENT || rc == PFL_ECORRUPT ? PFL_OK : rc;
}
