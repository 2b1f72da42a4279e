/*
 * What is inside a foreign harness, before anything is measured.
 *
 * Some can say it (Google Benchmark's --benchmark_list_tests); those are asked as libperfledger's
 * programs are. The others know it only when they have run: for a race, which measures benchmark by
 * benchmark and needs their names, they are run once with next to no time for each benchmark, and
 * what the results name is inside. For a list on the terminal nobody waits for that; it has the
 * suite's name then.
 *
 * A list has ten seconds. What must be compiled for it first (cargo) is compiled by a step of its
 * own, which has the suite's time.
 */
#include "measure/foreign.h"

#include "base/vec.h"
#include "sys/file.h"
#include "sys/folder.h"
#include "sys/lock.h"
#include "sys/spawn.h"
#include "sys/tree.h"

#include <string.h>

#define SECOND INT64_C(1000000000)

enum { LIST_MAX = 8 << 20, ERRORS_MAX = 64 << 10 };
static const double next_to_nothing = 0.001;

PFL_VEC(text_list, const char *);

struct lister {
    const struct pfl_inside_asking *asking;
    const struct pfl_plan *plan;
    const struct pfl_plan_item *item;
    const struct pfl_harness *harness;
    struct pfl_harness_launch launch;
    struct pfl_foreign foreign;
    char **envp;
    struct pfl_buf output, errors;
    int lock;               /* holds the folder */
    struct text_list found; /* as the harness calls them */
    const char *problem;
};

static int take(struct lister *l, const char *name, struct pfl_err *err)
{
    if (name && !*name)
        return PFL_OK;
    return name && pfl_vec_push(&l->found, &name) ? PFL_OK : pfl_err_no_memory(err);
}

static int take_line(struct lister *l, const char *line, size_t len, struct pfl_err *err)
{
    while (len && (unsigned char)line[len - 1] <= ' ')
        len--;
    if (l->harness->listed)
        return take(l, l->harness->listed(l->asking->arena, line, len), err);
    return take(l, pfl_arena_text_n(l->asking->arena, line, len), err);
}

static int take_lines(struct lister *l, struct pfl_err *err)
{
    const char *at = l->output.len ? l->output.data : "", *end = at + l->output.len, *newline;
    int rc = PFL_OK;

    for (; at < end && rc == PFL_OK; at = newline + 1) {
        newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            newline = end;
        rc = take_line(l, at, (size_t)(newline - at), err);
    }
    return rc;
}

static int take_results(struct lister *l, struct pfl_err *err)
{
    const struct pfl_inside_asking *asking = l->asking;
    struct pfl_run run = {0};
    struct pfl_err why = {0};
    size_t i;
    int rc = PFL_OK;

    if (l->harness && l->foreign.command.results == PFL_HARNESS_STDOUT && l->output.len)
        rc = pfl_file_write(l->foreign.results, l->output.data, l->output.len, false, &why);
    if (rc == PFL_OK)
        rc = asking->read_results(asking->read_context, l->harness->format, l->foreign.results,
                                  asking->arena, &run, &why);
    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (rc != PFL_OK) {
        l->problem = pfl_arena_text(asking->arena, why.message);
        return l->problem ? PFL_OK : pfl_err_no_memory(err);
    }
    for (i = 0; rc == PFL_OK && i < run.benchmark_count; i++)
        rc = take(l, pfl_foreign_inner(asking->arena, &l->foreign, &run.benchmarks[i]), err);
    return rc;
}

static int64_t timeout_of(const struct lister *l, bool list)
{
    const struct pfl_inside_asking *asking = l->asking;
    int64_t timeout_ns = list ? 10 * SECOND : l->item->how.timeout_ns, left;

    if (!asking->deadline_ns)
        return timeout_ns;
    left = asking->deadline_ns - asking->clock->monotonic_ns(asking->clock->context);
    left = left / 2 > 1 ? left / 2 : 1;
    return timeout_ns <= 0 || left < timeout_ns ? left : timeout_ns;
}

/* l->problem: why it did not end well. A harness that ran something which failed may have left
 * results all the same. */
static int run(struct lister *l, char **argv, char **envp, bool building, struct pfl_err *err)
{
    const struct pfl_inside_asking *asking = l->asking;
    struct pfl_process_params params = {
        .argv = argv,
        .envp = envp,
        .cwd = l->launch.folder,
        .timeout_ns = timeout_of(l, l->launch.list && !building),
        .output = &l->output,
        .errors = &l->errors,
        .interrupted = asking->stop_asked,
        .context = asking->context,
        .whole_session = true,
    };
    struct pfl_err why = {0};
    int status = 0, rc = pfl_process_run(&params, &status, &why);

    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (rc == PFL_EINTERRUPTED)
        return pfl_err_set(err, rc, "interrupted while %s was asked what is inside it",
                           params.argv[0]);
    if (rc == PFL_OK && (status == 0 || (!l->launch.list && !building)))
        return PFL_OK;
    l->problem = rc != PFL_OK ? pfl_arena_text(asking->arena, why.message)
                              : pfl_foreign_ending(asking->arena, status, &l->errors, &l->output);
    return l->problem ? PFL_OK : pfl_err_no_memory(err);
}

static int cannot_ask(struct lister *l, int rc, const struct pfl_err *why, struct pfl_err *err)
{
    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    l->problem = pfl_arena_text(l->asking->arena, why->message);
    return l->problem ? PFL_OK : pfl_err_no_memory(err);
}

/* What it says is of no use afterwards. */
static int build(struct lister *l, struct pfl_err *err)
{
    struct pfl_harness_launch launch = l->launch;
    struct pfl_harness_command made = {0};
    struct pfl_err why = {0};
    int rc;

    if (!l->harness->build || !l->launch.list || l->item->how.shell)
        return PFL_OK;
    launch.argv = l->item->argv;
    launch.argc = l->item->argc;
    rc = l->harness->build(&launch, l->asking->arena, &made, &why);
    if (rc != PFL_OK)
        return cannot_ask(l, rc, &why, err);
    if (made.argc)
        rc = run(l, made.argv, l->envp, true, err);
    if (!l->problem) {
        pfl_buf_clear(&l->output);
        pfl_buf_clear(&l->errors);
    }
    return rc;
}

static int ask(struct lister *l, struct pfl_err *err)
{
    struct pfl_err why = {0};
    int rc = pfl_foreign_words(&l->launch, l->envp, l->asking->arena, &l->foreign, &why);

    if (rc != PFL_OK)
        return cannot_ask(l, rc, &why, err);
    rc = build(l, err);
    if (rc != PFL_OK || l->problem)
        return rc;
    rc = run(l, l->foreign.argv, l->foreign.envp, false, err);
    if (rc != PFL_OK || l->problem)
        return rc;
    return l->launch.list ? take_lines(l, err) : take_results(l, err);
}

static int prepare(struct lister *l, const char **folder, struct pfl_err *err)
{
    struct pfl_arena *arena = l->asking->arena;
    const char *cwd = pfl_around_folder(l->plan, l->item, arena), *made;
    int rc = pfl_folder_temporary_held("perfledger-harness", arena, &made, &l->lock, err);

    if (rc != PFL_OK)
        return rc;
    *folder = made;
    made = pfl_file_absolute(NULL, made, arena);
    l->launch.results = made ? pfl_file_join(made, "results.json", arena) : NULL;
    l->launch.folder = cwd ? pfl_file_absolute(NULL, cwd, arena) : NULL;
    l->envp = pfl_around_environment(arena, l->item, NULL, l->asking->other_checkout);
    return l->launch.results && l->launch.folder && l->envp ? PFL_OK : pfl_err_no_memory(err);
}

static int keep(const struct lister *l, struct pfl_inside_names *names, struct pfl_err *err)
{
    struct pfl_arena *arena = l->asking->arena;
    const char *name;
    size_t i;

    names->at = pfl_arena_array(arena, l->found.n + 1, sizeof *names->at);
    names->inner = pfl_arena_array(arena, l->found.n + 1, sizeof *names->inner);
    names->all = pfl_arena_array(arena, l->found.n + 1, sizeof *names->all);
    if (!names->at || !names->inner || !names->all)
        return pfl_err_no_memory(err);
    for (i = 0; i < l->found.n; i++) {
        name = pfl_foreign_name(arena, l->item, l->found.at[i], strlen(l->found.at[i]));
        if (!name)
            return pfl_err_no_memory(err);
        names->all[names->all_n++] = name;
        if (!pfl_inside_selects(l->item, name))
            continue;
        names->at[names->n] = name;
        names->inner[names->n++] = l->found.at[i];
    }
    if (l->found.n == 0)
        names->problem = "it names none";
    return PFL_OK;
}

int pfl_foreign_list(const struct pfl_inside_asking *asking, const struct pfl_plan *plan,
                     const struct pfl_plan_item *item, struct pfl_inside_names *names,
                     struct pfl_err *err)
{
    struct lister l = {.asking = asking, .plan = plan, .item = item};
    struct pfl_inside_names made = {0};
    const char *folder = NULL;
    int rc;

    l.harness = l.foreign.harness = pfl_harness_find(item->harness);
    l.launch = (struct pfl_harness_launch){
        .item = item, .seconds = next_to_nothing, .list = l.harness->lists};
    if (!l.harness->lists && !asking->read_results) {
        made.by_nature = true;
        made.problem = pfl_arena_format(
            asking->arena, "%s does not say what is inside before it has run", item->harness);
        *names = made;
        return made.problem ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_buf_init(&l.output, LIST_MAX);
    pfl_buf_init(&l.errors, ERRORS_MAX);
    rc = prepare(&l, &folder, err);
    if (rc == PFL_OK)
        rc = ask(&l, err);
    if (rc == PFL_OK && !l.problem)
        rc = keep(&l, &made, err);
    if (l.problem)
        made.problem = l.problem;
    if (folder) {
        pfl_tree_remove(folder, NULL);
        pfl_lock_close(l.lock);
    }
    pfl_buf_release(&l.output);
    pfl_buf_release(&l.errors);
    pfl_vec_release(&l.found);
    if (rc == PFL_OK)
        *names = made;
    return rc;
}
