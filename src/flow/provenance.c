/*
 * A number without provenance is folklore: this file gathers where a run's numbers come from. Only
 * variables of the short built-in list and those that perfledger.yaml names are recorded:
 * everything else in the environment may be a secret.
 */
#include "flow/provenance.h"

#include "base/text.h"
#include "judge/judge.h"
#include "sys/elf.h"
#include "sys/file.h"
#include "sys/tty.h"
#include "vcs/git.h"

#include <stdlib.h>
#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

/* Variables that change how fast programs run and never hold secrets. */
static const char *const built_in_variables[] = {
    "CI",
    "GLIBC_TUNABLES",
    "GODEBUG",
    "GOGC",
    "GOMAXPROCS",
    "GOMEMLIMIT",
    "KMP_AFFINITY",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "MALLOC_ARENA_MAX",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OMP_PLACES",
    "OMP_PROC_BIND",
    "OPENBLAS_NUM_THREADS",
    "PYTHONHASHSEED",
    "PYTHONOPTIMIZE",
    "RAYON_NUM_THREADS",
    "TZ",
};

static int compare_pairs(const void *a, const void *b)
{
    return strcmp(((const struct pfl_pair *)a)->name, ((const struct pfl_pair *)b)->name);
}

struct pair_list {
    struct pfl_pair *at;
    size_t n;
};

static void add_pair(struct pair_list *list, const char *name, const char *value)
{
    size_t i;

    if (!value || !*value)
        return;
    for (i = 0; i < list->n; i++)
        if (strcmp(list->at[i].name, name) == 0)
            return;
    list->at[list->n++] = (struct pfl_pair){name, value};
}

static int fill_environment(struct pfl_flow *flow, const char *compiler, struct pfl_run *run,
                            struct pfl_err *err)
{
    const struct pfl_config *config = &flow->config;
    size_t most =
        run->environment_count + PFL_COUNT(built_in_variables) + config->environment_count + 1;
    struct pair_list list;
    const char *value;
    size_t i;

    list.at = pfl_arena_grow(flow->arena, run->environment, run->environment_count, most,
                             sizeof *list.at);
    if (!list.at)
        return pfl_err_no_memory(err);
    list.n = run->environment_count;
    add_pair(&list, "compiler", compiler);
    for (i = 0; i < PFL_COUNT(built_in_variables); i++)
        add_pair(&list, built_in_variables[i], pfl_environment(built_in_variables[i]));
    for (i = 0; i < config->environment_count; i++)
        add_pair(&list, config->environment[i], pfl_environment(config->environment[i]));
    for (i = run->environment_count; i < list.n; i++) {
        value = pfl_arena_text(flow->arena, list.at[i].value);
        if (!value)
            return pfl_err_no_memory(err);
        list.at[i].value = value;
    }
    qsort(list.at, list.n, sizeof *list.at, compare_pairs);
    run->environment = list.at;
    run->environment_count = list.n;
    return PFL_OK;
}

static const char *project_name(const struct pfl_flow *flow)
{
    const char *slash;

    if (flow->config.project)
        return flow->config.project;
    slash = strrchr(flow->root, '/');
    return slash && slash[1] ? slash + 1 : flow->root;
}

static int warn_of_yardsticks(struct pfl_flow *flow, struct pfl_run *run, struct pfl_err *err)
{
    const char *first = NULL;
    size_t i, n = 0;

    for (i = 0; i < run->benchmark_count; i++)
        if (pfl_benchmark_find(&run->benchmarks[i], "yardstick",
                               pfl_yardstick_key(PFL_YARDSTICK_CORE)) &&
            !pfl_judge_inside_trusted(run, &run->benchmarks[i]) && ++n == 1)
            first = run->benchmarks[i].name;
    return n == 0 ? PFL_OK
                  : pfl_flow_warn(
                        flow, run,
                        pfl_arena_format(flow->arena,
                                         "the yardstick that %s reports beside its samples cannot "
                                         "be this core's and is not used%s: its times are as "
                                         "measured",
                                         first, n > 1 ? " (and those of others)" : ""),
                        err);
}

/* What the yardsticks are held against: the ledger's word about this machine; where it has none,
 * this run, which thereby becomes the reference when it is recorded. Without any nothing is
 * normalised. */
static int fill_reference(struct pfl_flow *flow, struct pfl_run *run, struct pfl_err *err)
{
    double known[PFL_YARDSTICK_COUNT] = {0};
    struct pfl_store *store;
    int rc = pfl_judge_yardstick_reference(run, run->yardstick_reference, err), i;

    if (rc == PFL_OK && pfl_flow_store(flow, PFL_FLOW_READ, &store, NULL) == PFL_OK)
        rc = pfl_store_yardsticks(store, run->machine.id, run->machine.fingerprint, known, err);
    for (i = 0; i < PFL_YARDSTICK_COUNT && rc == PFL_OK; i++)
        if (known[i] > 0)
            run->yardstick_reference[i] = known[i];
    run->own_reference = !(known[PFL_YARDSTICK_CORE] > 0);
    return rc == PFL_OK ? warn_of_yardsticks(flow, run, err) : rc;
}

int pfl_flow_provenance(struct pfl_flow *flow, const char *compiler, struct pfl_run *run,
                        struct pfl_err *err)
{
    const struct pfl_machine *machine;
    const struct pfl_revision *revision;
    int rc = pfl_flow_machine(flow, &machine, err);

    if (rc == PFL_OK)
        rc = pfl_flow_revision(flow, &revision, err);
    if (rc != PFL_OK)
        return rc;
    run->machine = *machine;
    run->revision = *revision;
    run->project = project_name(flow);
    run->tool = "perfledger " PFL_VERSION;
    if (run->yardstick_count || pfl_judge_has_inside_yardstick(run))
        rc = fill_reference(flow, run, err);
    return rc == PFL_OK ? fill_environment(flow, compiler, run, err) : rc;
}

int pfl_flow_warn(struct pfl_flow *flow, struct pfl_run *run, const char *text, struct pfl_err *err)
{
    const char **grown = pfl_arena_grow(flow->arena, (void *)(uintptr_t)run->warnings,
                                        run->warning_count, run->warning_count + 1, sizeof *grown);

    if (!grown || !text)
        return pfl_err_no_memory(err);
    grown[run->warning_count] = text;
    run->warnings = grown;
    run->warning_count++;
    return PFL_OK;
}

static int warn_item(struct pfl_flow *flow, struct pfl_plan_item *item, const char *text,
                     struct pfl_err *err)
{
    const char **grown =
        pfl_arena_grow(flow->arena, (void *)(uintptr_t)item->warnings, item->warning_count,
                       item->warning_count + 1, sizeof *grown);

    if (!grown || !text)
        return pfl_err_no_memory(err);
    grown[item->warning_count++] = text;
    item->warnings = grown;
    return PFL_OK;
}

/* Was it built after the sources that its debug information names were last written? */
static bool newer_than_sources(struct pfl_flow *flow, const char *program, int64_t modified_ns)
{
    const char *source;
    int64_t newest_ns = 0;

    return pfl_elf_newest_source(program, flow->arena, &newest_ns, &source, NULL) == PFL_OK &&
           newest_ns > 0 && newest_ns <= modified_ns;
}

/* When the newest of all files that git knows was written: who edits, builds and then commits has
 * programs that are newer. -1: not known. */
static int64_t newest_tracked_ns(struct pfl_flow *flow)
{
    static const char *const all[] = {"*"};
    const char **files, *path;
    int64_t newest_ns = -1, size, ns;
    size_t i, n;

    if (pfl_git_list_tracked(flow->git_root, all, PFL_COUNT(all), flow->arena, &files, &n, NULL) !=
        PFL_OK)
        return -1;
    for (i = 0; i < n; i++) {
        path = pfl_file_join(flow->git_root, files[i], flow->arena);
        if (path && pfl_file_stat(path, &size, &ns, NULL) == PFL_OK && ns > newest_ns)
            newest_ns = ns;
    }
    return newest_ns;
}

/* Asked once a run, and only when it matters. */
struct tracked {
    bool known;
    int64_t newest_ns;
};

static bool newer_than_tracked(struct pfl_flow *flow, struct tracked *tracked, int64_t modified_ns)
{
    if (!tracked->known)
        tracked->newest_ns = newest_tracked_ns(flow);
    tracked->known = true;
    return tracked->newest_ns >= 0 && tracked->newest_ns <= modified_ns;
}

/*
 * A program built inside the repository that is older than the commit it is said to be was perhaps
 * built from something else: perhaps, because people also commit after building. Where its sources
 * are known they decide (measure/ looks at them), else all files that git knows; scripts are their
 * own sources.
 */
static int check_age(struct pfl_flow *flow, struct tracked *tracked, struct pfl_plan_item *item,
                     struct pfl_err *err)
{
    const char *cwd, *program, *root = flow->git_root;
    int64_t size, modified_ns;
    struct pfl_elf elf;
    size_t len;

    if (item->how.shell || item->argc == 0 || !root)
        return PFL_OK;
    cwd = item->how.cwd ? pfl_file_absolute(flow->root, item->how.cwd, flow->arena) : flow->root;
    if (!cwd)
        return pfl_err_no_memory(err);
    program = pfl_file_which(item->argv[0], cwd, flow->arena);
    if (program)
        program = pfl_file_absolute(cwd, program, flow->arena);
    len = strlen(root);
    if (!program || strncmp(program, root, len) != 0 || program[len] != '/')
        return PFL_OK;
    if (pfl_file_stat(program, &size, &modified_ns, NULL) != PFL_OK ||
        modified_ns / 1000000000 >= flow->revision.commit_time ||
        pfl_elf_inspect(program, flow->arena, &elf, NULL) != PFL_OK || !elf.is_elf ||
        newer_than_sources(flow, program, modified_ns) ||
        newer_than_tracked(flow, tracked, modified_ns))
        return PFL_OK;
    return warn_item(
        flow, item,
        pfl_arena_format(flow->arena,
                         "%s is older than the checked-out commit %.10s: rebuild it, or the "
                         "numbers belong to another revision",
                         item->argv[0], flow->revision.commit),
        err);
}

int pfl_flow_pitfalls(struct pfl_flow *flow, struct pfl_plan *plan, struct pfl_run *run,
                      struct pfl_err *err)
{
    const struct pfl_revision *revision;
    struct tracked tracked = {false, -1};
    int rc = pfl_flow_revision(flow, &revision, err);
    size_t i;

    if (rc == PFL_OK && !*revision->commit)
        rc = pfl_flow_warn(
            flow, run,
            "no git revision: a number without provenance is folklore (commit first, or run "
            "inside a repository)",
            err);
    else if (rc == PFL_OK && revision->dirty)
        rc = pfl_flow_warn(
            flow, run, "the work tree is dirty: the numbers belong to no commit, only near to one",
            err);
    for (i = 0; rc == PFL_OK && *revision->commit && i < plan->item_count; i++)
        rc = check_age(flow, &tracked, &plan->items[i], err);
    return rc;
}
