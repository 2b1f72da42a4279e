/*
 * `check --against REVISION`: the head, what it is held against, and the verdict.
 *
 * A stored run of this machine is compared as `check` always does. Where there is none, both builds
 * are raced (race.c), with the work tree as head when that is what the head's run measured,
 * or when nothing was measured yet. Where that is not possible either, numbers of another machine
 * are shown and hold nothing; and where there are none at all, the error says what was looked for.
 *
 * Nothing passes by default: the same commit on both sides, no tag, a shallow clone are each said
 * and end with "nothing to judge".
 */
#include "flow/release/release.h"

#include "base/text.h"
#include "flow/release/base.h"
#include "flow/release/path_rules.h"
#include "flow/release/race.h"
#include "judge/release.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <string.h>

/* ---- the word ---- */

/* A baseline or a run of that name stands before a revision, as everywhere. */
static int names_other(struct pfl_flow *flow, const char *word, bool *other, struct pfl_err *err)
{
    const char *prefixes[] = {"baseline:", "run:"}, *label, *whole;
    struct pfl_run run;
    size_t i;
    int rc;

    *other = pfl_file_exists(word);
    for (i = 0; i < PFL_COUNT(prefixes) && !*other; i++) {
        size_t digits = strspn(word, "0123456789abcdef");

        if (i == 1 && (digits < 4 || word[digits]))
            continue;
        whole = pfl_arena_format(flow->arena, "%s%s", prefixes[i], word);
        if (!whole)
            return pfl_err_no_memory(err);
        rc = pfl_flow_resolve(flow, whole, &run, &label, err);
        if (rc == PFL_ENOMEM)
            return rc;
        *other = rc == PFL_OK || (rc != PFL_ENOENT && rc != PFL_ENOTHING);
    }
    return PFL_OK;
}

/* Said before anything is measured or looked for: a typo is no lack of numbers. git's words hold
 * the nearest name, and what a shallow clone lacks. */
static int names_nothing(struct pfl_flow *flow, const char *word, struct pfl_err *err)
{
    const char *commit;
    int rc = pfl_git_resolve(flow->root, word, flow->arena, &commit, err);

    if (rc == PFL_ENOENT)
        pfl_err_prefix(err,
                       "`%s` is no file, no baseline in %s, no run in the ledger and no revision",
                       word, flow->baseline_folder);
    return rc;
}

int pfl_flow_release_word(struct pfl_flow *flow, const char *word, const char **revision,
                          struct pfl_err *err)
{
    static const char *const others[] = {"file:", "baseline:", "run:"};
    bool other, names;
    size_t i;
    int rc;

    *revision = NULL;
    if (!word || !*word || strcmp(word, "-") == 0 || strcmp(word, "baseline") == 0 ||
        strcmp(word, "latest") == 0)
        return PFL_OK;
    for (i = 0; i < PFL_COUNT(others); i++)
        if (pfl_text_starts(word, others[i]))
            return PFL_OK;
    if (pfl_text_starts(word, "rev:"))
        *revision = word + strlen("rev:");
    else if (strcmp(word, "last-tag") == 0)
        *revision = word;
    if (*revision)
        return PFL_OK;
    rc = names_other(flow, word, &other, err);
    if (rc != PFL_OK || other)
        return rc;
    rc = pfl_git_names_revision(flow->root, word, &names, err);
    if (rc == PFL_OK && names)
        *revision = word;
    return rc == PFL_OK && !names ? names_nothing(flow, word, err) : rc;
}

/* ---- what is asked for ---- */

static int resolve(struct pfl_flow *flow, const char *revision, struct pfl_release_base *base,
                   struct pfl_err *err)
{
    const struct pfl_revision *now;
    bool last_tag = strcmp(revision, "last-tag") == 0;
    int rc = pfl_flow_revision(flow, &now, err);

    base->name = revision;
    if (rc == PFL_OK && last_tag)
        rc = pfl_flow_last_tag(flow, &base->name, err);
    if (rc == PFL_ENOENT && last_tag) {
        pfl_err_prefix(err, "nothing to judge, there is no release to compare with");
        if (err)
            err->code = PFL_ENOTHING;
        return PFL_ENOTHING;
    }
    if (rc == PFL_OK)
        rc = pfl_flow_commit(flow, revision, &base->commit, err);
    return rc;
}

static int add_note(struct pfl_flow *flow, struct pfl_comparison *out, const char *note,
                    struct pfl_err *err)
{
    const char **notes = pfl_arena_grow(flow->arena, out->notes, out->note_count,
                                        out->note_count + 1, sizeof *notes);
    if (!notes || !note)
        return pfl_err_no_memory(err);
    notes[out->note_count++] = note;
    out->notes = notes;
    return PFL_OK;
}

/* A run that another commit than the checked-out one was measured for is judged, and it is said. */
static int note_age(struct pfl_flow *flow, struct pfl_comparison *out, const struct pfl_run *head,
                    struct pfl_err *err)
{
    const struct pfl_revision *now = &flow->revision;

    if (!*head->revision.commit || !*now->commit || strcmp(head->revision.commit, now->commit) == 0)
        return PFL_OK;
    return add_note(flow, out,
                    pfl_arena_format(flow->arena,
                                     "the run judged here is of %.10s, and %.10s is checked out: "
                                     "`perfledger run` measures that",
                                     head->revision.commit, now->commit),
                    err);
}

static int no_base(const struct pfl_flow *flow, const struct pfl_release_base *base,
                   const char *why_not, struct pfl_err *err)
{
    return pfl_err_set(
        err, PFL_ENOTHING,
        "nothing to judge: there is nothing to compare with. %s (%.10s) has no complete run in the "
        "ledger %s and none in %s/runs, and it cannot be raced: %s\nCheck it out and `perfledger "
        "run` there, or configure `build`",
        base->name, base->commit, flow->ledger_url, flow->config.documents.folder, why_not);
}

/* ---- verdicts ---- */

static int judge_stored(struct pfl_flow *flow, struct pfl_flow_compare_params *check,
                        const struct pfl_release_base *base, struct pfl_comparison *out,
                        struct pfl_err *err)
{
    int rc;

    check->allow_machine_change = check->allow_machine_change || base->elsewhere;
    rc = pfl_flow_check_run(flow, check, base->run, base->label, base->head, out, err);
    if (rc == PFL_OK && !base->elsewhere)
        pfl_judge_doubt(out);
    if (rc == PFL_OK && base->elsewhere) {
        const char *nothing = pfl_arena_format(
            flow->arena,
            "%s was measured on another machine (%s), so nothing could be held; configure "
            "`build` to race it here, or check it out and `perfledger run` there",
            base->name, base->run->machine.name);

        rc = nothing ? pfl_judge_hold_nothing(out, "the base was measured on another machine",
                                              nothing, flow->arena, err)
                     : pfl_err_no_memory(err);
    }
    if (rc == PFL_OK && base->gap)
        rc = add_note(
            flow, out,
            pfl_arena_format(flow->arena,
                             "%s and what else only a stale page of %s has a run of was held "
                             "against nothing; configure `build` to race it",
                             base->gap, base->name),
            err);
    return rc == PFL_OK ? note_age(flow, out, base->head, err) : rc;
}

static int find_gates(struct pfl_flow *flow, const struct pfl_release_base *base,
                      struct pfl_flow_compare_params *check, struct pfl_err *err)
{
    const struct pfl_revision *head = base->head ? &base->head->revision : &flow->revision;
    struct pfl_path_gates gates;
    int rc = pfl_flow_path_gates(flow, base->commit,
                                 head->dirty || !*head->commit ? NULL : head->commit, &gates, err);

    if (rc == PFL_OK) {
        check->release = true;
        check->implied = gates.at;
        check->implied_count = gates.n;
    }
    return rc;
}

static bool is_same_commit(const struct pfl_flow *flow, const struct pfl_release_base *base)
{
    const struct pfl_revision *head = base->head ? &base->head->revision : &flow->revision;

    return !head->dirty && strcmp(head->commit, base->commit) == 0;
}

/* Nothing to race: the two would be one build. */
static int same_files(struct pfl_flow *flow, const struct pfl_release_base *base,
                      struct pfl_err *err)
{
    const struct pfl_revision *head = base->head ? &base->head->revision : &flow->revision;

    if (is_same_commit(flow, base))
        return pfl_err_set(err, PFL_ENOTHING,
                           "nothing to judge: %s is the very commit that was measured (%.10s), and "
                           "there is no other run of it; name an older one",
                           base->name, base->commit);
    if (!head->dirty && *head->commit && !base->run &&
        pfl_path_same_files(flow, base->commit, head->commit))
        return pfl_err_set(err, PFL_ENOTHING,
                           "nothing to judge: %s (%.10s) and %.10s hold the same files, and there "
                           "is no run of %s to compare with; name an older revision",
                           base->name, base->commit, head->commit, base->name);
    return PFL_OK;
}

int pfl_flow_release(struct pfl_flow *flow, const struct pfl_flow_release_params *params,
                     struct pfl_comparison *out, bool *raced, struct pfl_err *err)
{
    struct pfl_flow_compare_params check = *params->check;
    struct pfl_release_base base = {.any_machine = check.allow_machine_change};
    const struct pfl_release_race asked = {params, &check, &base};
    struct pfl_run *head = pfl_arena_alloc(flow->arena, sizeof *head);
    const char *why_not = NULL;
    struct pfl_err no_head;
    int rc;

    if (!head)
        return pfl_err_no_memory(err);
    rc = resolve(flow, params->revision, &base, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_check_head(flow, check.run, head, &no_head);
    if (rc == PFL_OK)
        base.head = head;
    else if (rc != PFL_ENOTHING || check.run || params->no_race || !flow->config.build) {
        if (err)
            *err = no_head;
        return rc;
    }
    rc = base.head ? pfl_release_base_find(flow, &base, err) : PFL_OK;
    if (rc == PFL_OK)
        rc = find_gates(flow, &base, &check, err);
    if (rc != PFL_OK)
        return rc;
    *raced = false;
    if (base.run && !base.elsewhere && !base.gap)
        return judge_stored(flow, &check, &base, out, err);
    rc = base.gap ? PFL_OK : same_files(flow, &base, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_release_race(flow, &asked, out, &why_not, err);
    if (rc != PFL_OK || !why_not) {
        *raced = rc == PFL_OK;
        return rc;
    }
    return base.run ? judge_stored(flow, &check, &base, out, err)
                    : no_base(flow, &base, why_not, err);
}
