/*
 * Who races. A word is a command when it holds a blank, a revision when git knows it as one; else a
 * program along PATH or a file is a command. What both could be is asked back, because measuring a
 * script called `main` instead of the branch would be noticed late. Prefixes (`cmd:`, `rev:`)
 * remove any doubt.
 *
 * Revisions have one plan each, of the work tree's configuration: the same benchmarks, in the same
 * order, in another folder. A command's plan has one benchmark.
 */
#include "flow/race/entrants.h"

#include "base/log.h"
#include "base/text.h"
#include "measure/plan.h"
#include "sys/file.h"
#include "vcs/git.h"

#include <math.h>
#include <string.h>

static const char command_prefix[] = "cmd:", revision_prefix[] = "rev:";

static bool is_program(struct pfl_flow *flow, const char *word)
{
    return pfl_file_which(word, flow->folder, flow->arena) != NULL ||
           (pfl_file_exists(word) && !pfl_file_is_folder(word));
}

static int guess(struct pfl_flow *flow, const char *word, bool *revision, struct pfl_err *err)
{
    bool program = is_program(flow, word);
    int rc = pfl_git_names_revision(flow->root, word, revision, err);

    if (rc != PFL_OK)
        return rc;
    if (*revision && program)
        return pfl_err_set(err, PFL_EUSAGE,
                           "`%s` is a revision and a program; write rev:%s or cmd:%s", word, word,
                           word);
    if (!*revision && !program)
        return pfl_err_set(err, PFL_ENOENT,
                           "`%s` is no revision that git knows in %s, no program along PATH and no "
                           "file; a command with arguments is one quoted word: 'sort big.txt'",
                           word, flow->root);
    return PFL_OK;
}

/* What the word is, and the word without its prefix. */
static int classify(struct pfl_flow *flow, const char *given, const char **word, bool *revision,
                    struct pfl_err *err)
{
    int rc = PFL_OK;

    *word = given;
    if (pfl_text_starts(given, command_prefix)) {
        *word = given + strlen(command_prefix);
        *revision = false;
    } else if (pfl_text_starts(given, revision_prefix)) {
        *word = given + strlen(revision_prefix);
        *revision = true;
    } else if (strcmp(given, ".") == 0) {
        *revision = true;
    } else if (strchr(given, ' ')) {
        *revision = false;
    } else if (*given) {
        rc = guess(flow, given, revision, err);
    }
    if (rc == PFL_OK && **word == 0)
        rc = pfl_err_set(err, PFL_EUSAGE,
                         "`%s` names no contender: a command, a revision, or . for the work tree",
                         given);
    return rc;
}

static bool is_taken(const struct pfl_entrants *entrants, size_t n, const char *label)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strcmp(entrants->at[i].label, label) == 0)
            return true;
    return false;
}

/* A race of something against itself is a good test of the machine; its sides need two names. */
static int set_label(struct pfl_flow *flow, struct pfl_entrants *entrants, size_t at,
                     const char *label, struct pfl_err *err)
{
    const char *unique = label;
    size_t same = 1;

    while (unique && is_taken(entrants, at, unique))
        unique = pfl_arena_format(flow->arena, "%s (%zu)", label, ++same);
    entrants->at[at].label = unique;
    return unique ? PFL_OK : pfl_err_no_memory(err);
}

static int check_kinds(const struct pfl_flow_race_params *params, bool revisions,
                       struct pfl_err *err)
{
    if (revisions && params->inside)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "--inside is for commands, and revisions race here; what is inside their "
            "programs is said by `harness: perfledger` in perfledger.yaml");
    if (revisions && params->name_count)
        return pfl_err_set(err, PFL_EUSAGE,
                           "--name names commands, and revisions race here; they have names");
    if (!revisions && params->select_count)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "--suite selects what revisions are measured by, and commands race here");
    if (params->name_count > params->word_count)
        return pfl_err_set(err, PFL_EUSAGE, "%zu names (--name) for %zu commands",
                           params->name_count, params->word_count);
    return PFL_OK;
}

int pfl_entrants_name(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                      struct pfl_entrants *entrants, struct pfl_err *err)
{
    struct pfl_entrants made = {.n = params->word_count};
    bool revision = false;
    size_t i;
    int rc = PFL_OK;

    if (made.n < 2)
        return pfl_err_set(err, PFL_EUSAGE,
                           "a race needs two contenders at least, %zu given; for instance "
                           "`perfledger race 'sort a.txt' 'sort -u a.txt'`, or `perfledger race "
                           "HEAD~1 .`",
                           made.n);
    made.at = pfl_arena_array(flow->arena, made.n, sizeof *made.at);
    if (!made.at)
        return pfl_err_no_memory(err);
    for (i = 0; rc == PFL_OK && i < made.n; i++) {
        rc = classify(flow, params->words[i], &made.at[i].word, &revision, err);
        if (rc == PFL_OK && i > 0 && revision != made.revisions)
            rc = pfl_err_set(err, PFL_EUSAGE,
                             "`%s` is a %s and `%s` is a %s: commands race commands, revisions "
                             "race revisions (cmd: and rev: in front remove any doubt)",
                             made.at[0].word, made.revisions ? "revision" : "command",
                             made.at[i].word, revision ? "revision" : "command");
        made.revisions = revision;
    }
    if (rc == PFL_OK)
        rc = check_kinds(params, made.revisions, err);
    for (i = 0; rc == PFL_OK && i < made.n; i++)
        rc = set_label(flow, &made, i, i < params->name_count ? params->names[i] : made.at[i].word,
                       err);
    if (rc == PFL_OK)
        *entrants = made;
    return rc;
}

/* ---- plans ---- */

static int plan_command(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                        struct pfl_entrant *entrant, struct pfl_err *err)
{
    struct pfl_plan_adhoc request = {
        .commands = &entrant->word,
        .command_count = 1,
        .names = &entrant->label,
        .name_count = 1,
        .root = flow->folder,
        .order_seed = params->seed,
        .max_time_ns = params->max_time_ns,
        .allow_few = true,
    };
    struct pfl_how how;
    size_t i;
    int rc;

    pfl_how_defaults(&how);
    if (!pfl_how_inherit(&how, &params->how, flow->arena))
        return pfl_err_no_memory(err);
    if (params->inside && !(how.set & PFL_HOW_WARMUP))
        how.warmup = 0;
    request.how = &how;
    rc = pfl_plan_for_commands(&request, flow->arena, &entrant->plan, err);
    for (i = 0; rc == PFL_OK && params->inside && i < entrant->plan.item_count; i++)
        entrant->plan.items[i].select = "";
    return rc;
}

static int plan_revision(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                         struct pfl_entrant *entrant, struct pfl_err *err)
{
    struct pfl_plan_request request = {
        .config = &flow->config,
        .select = params->select,
        .select_count = params->select_count,
        .tier = params->tier,
        .over = &params->how,
        .order_seed = params->seed,
        .max_time_ns = params->max_time_ns,
        .allow_few = true,
    };
    int rc = pfl_plan_configured(&request, flow->arena, &entrant->plan, err);

    if (rc == PFL_OK && entrant->plan.item_count == 0)
        return pfl_err_set(err, PFL_ENOTHING,
                           "nothing to race by: %s has no benchmark in the tier `%s`",
                           flow->config.file, pfl_tier_text(params->tier));
    return rc;
}

/* How long a bout may last: what the settings say, where --max-time does not speak for all; as for
 * `rounds`, which a race does not count, no limit at all would be no answer. */
static void settle_time(struct pfl_plan *plan, int64_t max_time_ns)
{
    struct pfl_how built_in;
    size_t i;

    pfl_how_defaults(&built_in);
    for (i = 0; i < plan->item_count; i++) {
        struct pfl_how *how = &plan->items[i].how;

        if (max_time_ns > 0)
            how->max_time_ns = max_time_ns;
        else if (how->max_time_ns <= 0)
            how->max_time_ns = built_in.max_time_ns;
    }
}

static int plan(struct pfl_flow *flow, const struct pfl_flow_race_params *params, bool revisions,
                struct pfl_entrant *entrant, struct pfl_err *err)
{
    int rc = revisions ? plan_revision(flow, params, entrant, err)
                       : plan_command(flow, params, entrant, err);

    if (rc == PFL_OK)
        settle_time(&entrant->plan, params->max_time_ns);
    return rc;
}

/* ---- builds ---- */

struct telling {
    const struct pfl_flow_race_params *params;
    const char *label;
};

static void tell(void *context, const char *phase)
{
    const struct telling *telling = context;
    struct pfl_race_standing standing = {.benchmark = "",
                                         .challenger = telling->label,
                                         .phase = phase,
                                         .ratio = NAN,
                                         .low = NAN,
                                         .high = NAN,
                                         .seconds_left = NAN};

    if (telling->params->progress)
        telling->params->progress(telling->params->context, &standing);
}

static bool is_stopped(void *context)
{
    const struct telling *telling = context;

    return telling->params->stop_asked && telling->params->stop_asked(telling->params->context);
}

static int build(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                 int64_t deadline_ns, struct pfl_entrant *entrant, struct pfl_err *err)
{
    struct telling telling = {params, entrant->label};
    struct pfl_flow_build_params request = {
        .revision = entrant->word,
        .rebuild = params->rebuild,
        .deadline_ns = deadline_ns,
        .progress = tell,
        .stop_asked = is_stopped,
        .context = &telling,
    };
    int64_t left = deadline_ns - flow->clock->monotonic_ns(flow->clock->context);
    int rc;

    if (deadline_ns)
        request.timeout_ns = left > 0 ? left : 1;
    rc = pfl_flow_build_open(flow, &request, &entrant->build, err);
    if (rc != PFL_OK)
        return rc;
    entrant->opened = true;
    entrant->problem = entrant->build.problem;
    entrant->plan.root = entrant->build.root;
    if (entrant->build.overlaid)
        pfl_log(PFL_LOG_DETAIL, "%s: %zu benchmark files of the work tree were put over its own",
                entrant->build.label, entrant->build.overlaid);
    return PFL_OK;
}

/* A contender that cannot be measured keeps its place in the plans, so that all stay aligned. */
static void skip_all(struct pfl_flow *flow, struct pfl_entrant *entrant)
{
    const char *why = pfl_arena_format(flow->arena, "%s did not build", entrant->label);
    size_t i;

    for (i = 0; i < entrant->plan.item_count; i++)
        if (!entrant->plan.items[i].skip)
            entrant->plan.items[i].skip = why ? why : "it did not build";
}

int pfl_entrants_prepare(struct pfl_flow *flow, const struct pfl_flow_race_params *params,
                         int64_t deadline_ns, struct pfl_entrants *entrants, struct pfl_err *err)
{
    bool noted = false;
    size_t i;
    int rc = PFL_OK;

    if (entrants->revisions && !flow->config.file)
        return pfl_err_set(err, PFL_ECONFIG,
                           "no perfledger.yaml in %s or above it, so nothing says how revisions "
                           "are built and measured; `perfledger init` writes one",
                           flow->folder);
    for (i = 0; rc == PFL_OK && i < entrants->n; i++)
        rc = plan(flow, params, entrants->revisions, &entrants->at[i], err);
    for (i = 0; rc == PFL_OK && entrants->revisions && i < entrants->n; i++) {
        struct pfl_entrant *entrant = &entrants->at[i];

        rc = build(flow, params, deadline_ns, entrant, err);
        if (rc == PFL_OK)
            rc = set_label(flow, entrants, i, entrant->build.label, err);
        if (rc == PFL_OK && entrant->problem)
            skip_all(flow, entrant);
        if (rc == PFL_OK && entrant->build.note && !noted) {
            pfl_log(PFL_LOG_WARNING, "%s", entrant->build.note);
            noted = true;
        }
    }
    return rc;
}

void pfl_entrants_close(struct pfl_entrants *entrants)
{
    size_t i;

    for (i = 0; i < entrants->n; i++)
        if (entrants->at[i].opened)
            pfl_flow_build_close(&entrants->at[i].build);
}
