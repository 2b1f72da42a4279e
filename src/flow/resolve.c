/*
 * What a word on the command line names. Tried in this order, because a person who has a file of
 * that name means the file, and baselines are few and named on purpose: file, baseline, run,
 * revision. A prefix ("rev:…") skips the others. When nothing fits, the message says what was tried
 * and what there is.
 */
#include "flow/flow.h"

#include "base/map.h"
#include "base/text.h"
#include "flow/exchange/exchange.h"
#include "judge/judge.h"
#include "project/baseline.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <string.h>

int pfl_flow_read_run(const char *path, struct pfl_arena *arena, struct pfl_run *run,
                      struct pfl_err *err)
{
    const struct pfl_exchange own = {.format = "perfledger"};
    int rc = pfl_exchange_read_one(&own, path, arena, run, err);

    if (rc == PFL_ENOTHING) { /* it should be a run: that it is none is damage */
        rc = PFL_EPARSE;
        if (err)
            err->code = rc;
    }
    return rc;
}

static int resolve_file(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                        const char **label, struct pfl_err *err)
{
    const struct pfl_exchange any = {0};
    int rc = pfl_exchange_read_one(&any, word, flow->arena, run, err);

    if (rc == PFL_OK)
        *label = word;
    return rc;
}

static int resolve_baseline(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                            const char **label, struct pfl_err *err)
{
    const struct pfl_machine *machine;
    struct pfl_baseline found;
    const char *text;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc == PFL_OK)
        rc = pfl_baseline_find(flow->baseline_folder, machine->platform, word, flow->arena, &found,
                               err);
    if (rc == PFL_OK)
        rc = pfl_flow_read_run(found.path, flow->arena, run, err);
    if (rc != PFL_OK)
        return rc;
    text = pfl_arena_format(flow->arena, "baseline %04d%s%s", found.number, *found.name ? " " : "",
                            found.name);
    if (!text)
        return pfl_err_no_memory(err);
    *label = text;
    return PFL_OK;
}

int pfl_flow_load(struct pfl_flow *flow, const char *id, struct pfl_run *run, struct pfl_err *err)
{
    int rc = pfl_store_load(flow->store, id, flow->arena, run, err);

    if (rc == PFL_OK && run->yardstick_count) /* what normalises is not stored */
        return pfl_judge_summarise(run, err);
    if (rc == PFL_OK)
        pfl_judge_state(run, NULL);
    return rc;
}

static int load_run(struct pfl_flow *flow, const char *id, struct pfl_run *run, const char **label,
                    struct pfl_err *err)
{
    const char *text;
    int rc = pfl_flow_load(flow, id, run, err);

    if (rc != PFL_OK)
        return rc;
    text =
        pfl_arena_format(flow->arena, "run %.8s%s%s", run->id, *run->label ? " " : "", run->label);
    if (!text)
        return pfl_err_no_memory(err);
    *label = text;
    return PFL_OK;
}

static int resolve_run(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                       const char **label, struct pfl_err *err)
{
    struct pfl_store_query query = {.without_races = true, .last = 1};
    struct pfl_run_head *heads;
    struct pfl_store *store;
    size_t n;
    int rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);

    if (rc != PFL_OK)
        return rc;
    if (strcmp(word, "latest") != 0)
        return load_run(flow, word, run, label, err);
    rc = pfl_store_list(store, &query, flow->arena, &heads, &n, err);
    if (rc == PFL_OK && n == 0)
        rc = pfl_err_set(err, PFL_ENOENT,
                         "the ledger %s holds no run yet (what a race measured is kept apart; "
                         "`perfledger list` shows it too)",
                         flow->ledger_url);
    return rc == PFL_OK ? load_run(flow, heads[0].id, run, label, err) : rc;
}

int pfl_flow_last_tag(struct pfl_flow *flow, const char **tag, struct pfl_err *err)
{
    return pfl_git_last_tag(flow->root, flow->config.documents.release_tags, flow->arena, tag, err);
}

int pfl_flow_commit(struct pfl_flow *flow, const char *word, const char **commit,
                    struct pfl_err *err)
{
    const char *tag;
    int rc;

    if (strcmp(word, "last-tag") != 0)
        return pfl_git_resolve(flow->root, word, flow->arena, commit, err);
    rc = pfl_flow_last_tag(flow, &tag, err);
    if (rc == PFL_OK && !(tag = pfl_arena_format(flow->arena, "refs/tags/%s", tag)))
        rc = pfl_err_no_memory(err);
    return rc == PFL_OK ? pfl_git_resolve(flow->root, tag, flow->arena, commit, err) : rc;
}

/* The last measured commit before one that is not, for the message: whoever merged and wrote a row
 * in between takes HEAD~1 for what was measured. "" where there is none, or git does not tell. */
static const char *measured_before(struct pfl_flow *flow, const char *commit)
{
    struct pfl_store_query query = {.complete_only = true, .without_races = true};
    struct pfl_run_head *heads;
    const char **commits;
    size_t n, count, i;
    struct pfl_map runs;
    const char *text = NULL;

    if (pfl_git_ancestry(flow->root, commit, flow->arena, &commits, &n, NULL) != PFL_OK ||
        pfl_store_list(flow->store, &query, flow->arena, &heads, &count, NULL) != PFL_OK)
        return "";
    pfl_map_init(&runs);
    for (i = 0; i < count; i++)
        if (!heads[i].dirty && !pfl_map_set(&runs, heads[i].commit, i))
            break;
    while (i == count && n-- > 0 && !text) {
        const size_t *at = pfl_map_get(&runs, commits[n]);

        if (at)
            text = pfl_arena_format(flow->arena,
                                    "; the last commit before it that has one is %.10s (run %.8s)",
                                    commits[n], heads[*at].id);
    }
    pfl_map_release(&runs);
    return text ? text : "";
}

/* The newest run of a commit that is worth comparing: complete configured ones first. That there is
 * none is said as PFL_ENOTHING, because the word did name a revision. */
static int resolve_revision(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                            const char **label, struct pfl_err *err)
{
    struct pfl_store_query query = {.complete_only = true, .without_races = true, .last = 1};
    struct pfl_run_head *heads;
    struct pfl_store *store;
    const char *commit;
    size_t n = 0;
    int rc = pfl_flow_commit(flow, word, &commit, err);

    if (rc == PFL_OK)
        rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);
    if (rc != PFL_OK)
        return rc;
    query.commit = commit;
    rc = pfl_store_list(store, &query, flow->arena, &heads, &n, err);
    if (rc == PFL_OK && n == 0) {
        query.complete_only = false;
        rc = pfl_store_list(store, &query, flow->arena, &heads, &n, err);
    }
    if (rc == PFL_OK && n == 0)
        return pfl_err_set(
            err, PFL_ENOTHING,
            "nothing was measured at %s: the ledger holds no run of its commit %.10s; check it out "
            "and `perfledger run` it%s",
            word, commit, measured_before(flow, commit));
    if (rc == PFL_OK)
        rc = load_run(flow, heads[0].id, run, label, err);
    if (rc == PFL_OK) {
        *label = pfl_arena_format(flow->arena, "%s (%s)", word, *label);
        if (!*label)
            rc = pfl_err_no_memory(err);
    }
    return rc;
}

typedef int resolve_fn(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                       const char **label, struct pfl_err *err);

/* The start of a run's id: hexadecimal, and not so short that it is a tag (`v1`, `abc`). */
static bool may_be_run(const char *word)
{
    size_t digits = strspn(word, "0123456789abcdef");

    return digits >= 4 && word[digits] == 0;
}

/* Answers "not that kind" by PFL_ENOENT, so that the next kind is tried; any other failure is
 * final. */
static int try_all(struct pfl_flow *flow, const char *word, struct pfl_run *run, const char **label,
                   struct pfl_err *err)
{
    static resolve_fn *const kinds[] = {resolve_baseline, resolve_run, resolve_revision};
    struct pfl_err why;
    size_t i;
    int rc;

    if (pfl_file_exists(word))
        return resolve_file(flow, word, run, label, err);
    for (i = 0; i < PFL_COUNT(kinds); i++) {
        if (kinds[i] == resolve_run && !may_be_run(word))
            continue;
        rc = kinds[i](flow, word, run, label, &why);
        if (rc != PFL_ENOENT) {
            if (rc != PFL_OK && err)
                *err = why;
            return rc;
        }
    }
    return pfl_err_set(
        err, PFL_ENOENT,
        "`%s` is no file, no baseline in %s, no run in the ledger %s and no revision "
        "with a run there; `perfledger list` and `perfledger baseline list` show what "
        "there is",
        word, flow->baseline_folder, flow->ledger_url);
}

int pfl_flow_resolve(struct pfl_flow *flow, const char *word, struct pfl_run *run,
                     const char **label, struct pfl_err *err)
{
    static const struct {
        const char *prefix;
        resolve_fn *resolve;
    } prefixes[] = {{"file:", resolve_file},
                    {"baseline:", resolve_baseline},
                    {"run:", resolve_run},
                    {"rev:", resolve_revision}};
    size_t i;

    for (i = 0; i < PFL_COUNT(prefixes); i++)
        if (pfl_text_starts(word, prefixes[i].prefix))
            return prefixes[i].resolve(flow, word + strlen(prefixes[i].prefix), run, label, err);
    if (*word == 0)
        return pfl_err_set(err, PFL_EUSAGE,
                           "an empty word names no run, baseline, revision or file");
    if (strcmp(word, "-") == 0) /* standard input, as for cat(1) */
        return resolve_file(flow, word, run, label, err);
    if (strcmp(word, "baseline") == 0)
        return resolve_baseline(flow, "", run, label, err);
    if (strcmp(word, "latest") == 0)
        return resolve_run(flow, word, run, label, err);
    if (strcmp(word, "last-tag") == 0)
        return resolve_revision(flow, word, run, label, err);
    return try_all(flow, word, run, label, err);
}

int pfl_flow_latest(struct pfl_flow *flow, struct pfl_run *run, struct pfl_err *err)
{
    struct pfl_store_query query = {.complete_only = true, .last = 1};
    const struct pfl_machine *machine;
    struct pfl_run_head *heads;
    struct pfl_store *store;
    const char *label;
    size_t n = 0;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc == PFL_OK)
        rc = pfl_flow_store(flow, PFL_FLOW_READ, &store, err);
    if (rc == PFL_ENOENT)
        return pfl_err_set(err, PFL_ENOTHING,
                           "nothing to judge: nothing was measured yet (there is no ledger %s); "
                           "`perfledger run` measures the configured suites",
                           flow->ledger_url);
    if (rc != PFL_OK)
        return rc;
    query.machine_id = machine->id;
    rc = pfl_store_list(store, &query, flow->arena, &heads, &n, err);
    if (rc == PFL_OK && n == 0)
        return pfl_err_set(
            err, PFL_ENOTHING,
            "nothing to judge: the ledger %s holds no complete configured run of this "
            "machine (%s); `perfledger run` makes one",
            flow->ledger_url, machine->name);
    return rc == PFL_OK ? load_run(flow, heads[0].id, run, &label, err) : rc;
}
