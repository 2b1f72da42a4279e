/*
 * What surrounds launches: the child's environment, the commands before and after it, the probes of
 * `requires`.
 *
 * Commands around the measured one are shell lines (`sh -c`) in the benchmark's own folder and
 * environment; they are not measured, so they need not go through the launcher. Every relative path
 * of a benchmark (input, output, an artefact) is relative to its working folder, as a shell's `<`
 * and `>` would be; `requires` is relative to perfledger.yaml, because it is asked before the
 * folder need exist. Probes are asked once per session, however many benchmarks share them.
 */
#include "measure/session.h"

#include "base/text.h"
#include "base/units.h"
#include "measure/inside.h"
#include "sys/file.h"
#include "sys/tty.h"

#include <signal.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

static const char *const clean_names[] = {"PATH", "HOME", "TMPDIR"};
/* An outer perfledger's wire is not the measured program's. */
static const char *const dropped_names[] = {
    "PERFLEDGER_FD",           "PERFLEDGER_CONTROL_FD", "PERFLEDGER_SEED",
    "PERFLEDGER_SUITE",        "PERFLEDGER_SELECT",     "PERFLEDGER_BENCH_SECONDS",
    "PERFLEDGER_ARTIFACT_DIR", "PERFLEDGER_EXCLUDE",    "PERFLEDGER_RESULTS"};

static bool names_variable(const char *entry, const char *name)
{
    size_t len = strlen(name);

    return strncmp(entry, name, len) == 0 && entry[len] == '=';
}

/* Sets NAME=VALUE in envp (room for one more), replacing an earlier one. */
static bool set_variable(struct pfl_arena *arena, char **envp, size_t *n, const char *name,
                         const char *value)
{
    char *entry = pfl_arena_format(arena, "%s=%s", name, value);
    size_t i;

    if (!entry)
        return false;
    for (i = 0; i < *n && !names_variable(envp[i], name); i++)
        ;
    envp[i] = entry;
    if (i == *n)
        ++*n;
    return true;
}

/* other_checkout: what binds git to the repository of an outer hook is left out. */
static void inherit_all(char **envp, size_t *n, bool other_checkout)
{
    char **ours = pfl_environment_all();
    size_t i, k;

    for (i = 0; ours[i]; i++) {
        for (k = 0; k < PFL_COUNT(dropped_names); k++)
            if (names_variable(ours[i], dropped_names[k]))
                break;
        if (k == PFL_COUNT(dropped_names) &&
            !(other_checkout && pfl_environment_binds_git(ours[i])))
            envp[(*n)++] = ours[i];
    }
}

static bool inherit_few(struct pfl_arena *arena, char **envp, size_t *n)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(clean_names); i++) {
        const char *value = pfl_environment(clean_names[i]);

        if (value && !set_variable(arena, envp, n, clean_names[i], value))
            return false;
    }
    return set_variable(arena, envp, n, "LANG", "C.UTF-8");
}

static bool set_seed(struct pfl_arena *arena, const struct pfl_how *how, char **envp, size_t *n)
{
    const char *seed = pfl_arena_format(arena, "%llu", (unsigned long long)how->seed);

    return seed && set_variable(arena, envp, n, "PERFLEDGER_SEED", seed);
}

/* What a program with benchmarks inside is told of its task. */
static bool set_task(struct pfl_arena *arena, const struct pfl_plan_item *item, char **envp,
                     size_t *n)
{
    const char *select = pfl_inside_select(item, arena);
    char seconds[PFL_UNITS_NUMBER_MAX];

    pfl_units_number_text(seconds, pfl_inside_seconds(item));
    return select && set_variable(arena, envp, n, "PERFLEDGER_SUITE", item->suite) &&
           set_variable(arena, envp, n, "PERFLEDGER_SELECT", select) &&
           set_variable(arena, envp, n, "PERFLEDGER_BENCH_SECONDS", seconds);
}

char **pfl_around_environment(struct pfl_arena *arena, const struct pfl_plan_item *item,
                              const char *artifacts, bool other_checkout)
{
    const struct pfl_how *how = &item->how;
    char **ours = pfl_environment_all(), **envp;
    size_t count = 0, n = 0, i;
    bool ok = true;

    while (ours[count])
        count++;
    envp = pfl_arena_array(arena, count + how->env_count + 12, sizeof *envp);
    if (!envp)
        return NULL;
    if (how->clean_env)
        ok = inherit_few(arena, envp, &n);
    else
        inherit_all(envp, &n, other_checkout);
    if (ok && (how->set & PFL_HOW_SEED))
        ok = set_seed(arena, how, envp, &n);
    if (ok && item->select)
        ok = set_task(arena, item, envp, &n);
    if (ok && artifacts)
        ok = set_variable(arena, envp, &n, "PERFLEDGER_ARTIFACT_DIR", artifacts);
    for (i = 0; ok && i < how->env_count; i++)
        ok = set_variable(arena, envp, &n, how->env[i].name, how->env[i].value);
    return ok ? envp : NULL;
}

bool pfl_around_exclude(struct pfl_arena *arena, struct pfl_session_item *item)
{
    size_t n = 0;
    char **envp;

    while (item->envp[n])
        n++;
    envp = pfl_arena_grow(arena, item->envp, n, n + 2, sizeof *envp);
    if (!envp || !set_variable(arena, envp, &n, "PERFLEDGER_EXCLUDE", item->excluded))
        return false;
    envp[n] = NULL;
    item->envp = envp;
    return true;
}

const char *pfl_around_folder(const struct pfl_plan *plan, const struct pfl_plan_item *item,
                              struct pfl_arena *arena)
{
    const char *root = plan->root ? plan->root : ".";

    return item->how.cwd ? pfl_file_join(root, item->how.cwd, arena) : root;
}

int pfl_around_prepare_item(struct pfl_session *s, struct pfl_session_item *item,
                            struct pfl_err *err)
{
    const char *artifacts = NULL;

    if (s->params->artifacts && item->plan->select) {
        artifacts = pfl_file_join(s->params->artifacts, "written", s->arena);
        if (!artifacts)
            return pfl_err_no_memory(err);
    }
    item->cwd = pfl_around_folder(s->plan, item->plan, s->arena);
    item->envp = pfl_around_environment(s->arena, item->plan, artifacts, s->params->other_checkout);
    return item->cwd && item->envp ? PFL_OK : pfl_err_no_memory(err);
}

/* What is looked for along PATH is executed by the path found. A relative word is executed as it
 * stands, from the working folder: the kernel puts the path on the new process's stack, and two
 * check-outs whose paths differ in length would lay out the same program differently. */
static bool found_here(struct pfl_session *s, struct pfl_session_item *item, const char *word)
{
    const char *path = word ? pfl_file_which(word, item->cwd, s->arena) : NULL;

    if (path)
        item->program = *word != '/' && strchr(word, '/') ? word : path;
    return path != NULL;
}

/* Along the PATH that the child will have: its own `env` may change it. */
bool pfl_around_find_program(struct pfl_session *s, struct pfl_session_item *item)
{
    const char *word = item->plan->argv[0], *path = NULL, *end;
    size_t i;

    for (i = 0; item->envp[i]; i++)
        if (names_variable(item->envp[i], "PATH"))
            path = item->envp[i] + 5;
    if (strchr(word, '/') || !path)
        return found_here(s, item, word);
    for (; *path; path = *end ? end + 1 : end) {
        end = path + strcspn(path, ":");
        if (end > path &&
            found_here(s, item,
                       pfl_arena_format(s->arena, "%.*s/%s", (int)(end - path), path, word)))
            return true;
    }
    return false;
}

static const struct {
    int number;
    const char *name;
} signal_names[] = {
    {SIGHUP, "SIGHUP"},   {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},
    {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
    {SIGKILL, "SIGKILL"}, {SIGUSR1, "SIGUSR1"}, {SIGSEGV, "SIGSEGV"}, {SIGUSR2, "SIGUSR2"},
    {SIGPIPE, "SIGPIPE"}, {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"}, {SIGXCPU, "SIGXCPU"},
    {SIGXFSZ, "SIGXFSZ"}, {SIGSYS, "SIGSYS"},
};

static const char *signal_name(int number)
{
    size_t i;

    for (i = 0; i < PFL_COUNT(signal_names); i++)
        if (signal_names[i].number == number)
            return signal_names[i].name;
    return "no common one";
}

/* The last line that is not blank. */
static const char *last_line(const char *text, size_t len, size_t *line_len)
{
    size_t from;

    while (len && (unsigned char)text[len - 1] <= ' ')
        len--;
    for (from = len; from && text[from - 1] != '\n'; from--)
        ;
    *line_len = len - from;
    return text ? text + from : "";
}

const char *pfl_around_ending(struct pfl_arena *arena, int status, const char *errors, size_t len)
{
    struct pfl_buf text;
    const char *line, *result;
    size_t line_len;

    pfl_buf_init(&text, 4096);
    if (status < 0)
        pfl_buf_format(&text, "ended by signal %d, %s", -status, signal_name(-status));
    else
        pfl_buf_format(&text, "exit code %d", status);
    line = last_line(errors, len, &line_len);
    if (line_len) {
        pfl_buf_text(&text, "; it said: ");
        pfl_wire_quote(&text, line, line_len);
    }
    result = text.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&text));
    pfl_buf_release(&text);
    return result;
}

static const char *side_problem(struct pfl_arena *arena, const struct pfl_around *around, int rc,
                                int status, const struct pfl_buf *errors, const struct pfl_err *why)
{
    const char *shown = pfl_text_shown(arena, around->command), *ending;

    if (!shown)
        return NULL;
    if (rc != PFL_OK)
        return pfl_arena_format(arena, "%s `%s`: %s", around->what, shown, why->message);
    ending = pfl_around_ending(arena, status, errors->data, errors->len);
    return ending ? pfl_arena_format(arena, "%s `%s` failed: %s", around->what, shown, ending)
                  : NULL;
}

int pfl_around_run(struct pfl_session *s, struct pfl_session_item *item,
                   const struct pfl_around *around, const char **problem, struct pfl_err *err)
{
    char *argv[] = {(char *)"sh", (char *)"-c", (char *)around->command, NULL};
    struct pfl_buf errors;
    struct pfl_err why = {0};
    int status = 0, rc;
    bool cut;
    struct pfl_process_params params = {
        .argv = argv,
        .envp = item->envp,
        .cwd = item->cwd,
        .timeout_ns = around->timeout_ns,
        .errors = &errors,
        .context = s,
    };

    *problem = NULL;
    if (!around->command)
        return PFL_OK;
    if (!around->at_all_costs) {
        params.timeout_ns = pfl_session_timeout(s, around->timeout_ns, &cut);
        params.interrupted = pfl_session_interrupted;
    } else {
        params.interrupted = pfl_session_hurried;
    }
    pfl_buf_init(&errors, 64 << 10);
    rc = pfl_process_run(&params, &status, &why);
    if (rc == PFL_ENOMEM) {
        if (err)
            *err = why;
    } else if (rc != PFL_OK || status != 0) {
        *problem = side_problem(s->arena, around, rc, status, &errors, &why);
        rc = *problem ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_buf_release(&errors);
    return rc;
}

/* NULL in *problem: it is there. */
static int probe(struct pfl_session *s, struct pfl_session_item *item, const char *requirement,
                 const char **problem, struct pfl_err *err)
{
    const char *path, *shown;
    struct pfl_around around = {.what = "requires", .timeout_ns = 60 * SECOND};

    *problem = NULL;
    if (pfl_text_starts(requirement, "cmd:")) {
        struct pfl_session_item here = *item;

        here.cwd = s->plan->root ? s->plan->root : ".";
        around.command = requirement + 4 + strspn(requirement + 4, " ");
        return pfl_around_run(s, &here, &around, problem, err);
    }
    path = pfl_file_join(s->plan->root ? s->plan->root : ".", requirement, s->arena);
    shown = pfl_text_shown(s->arena, requirement);
    if (!path || !shown)
        return pfl_err_no_memory(err);
    if (pfl_file_exists(path))
        return PFL_OK;
    *problem = pfl_arena_format(s->arena, "requires %s, which is not there", shown);
    return *problem ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_around_probe(struct pfl_session *s, struct pfl_session_item *item, struct pfl_err *err)
{
    size_t i;

    if (item->plan->skip)
        return pfl_session_fail(item, PFL_STATUS_SKIPPED, item->plan->skip, err);
    for (i = 0; i < item->plan->require_count && !item->over; i++) {
        const char *requirement = item->plan->requires[i], *problem;
        const size_t *known = pfl_map_get(&s->probes, requirement);
        int rc;

        if (!known) {
            rc = probe(s, item, requirement, &problem, err);
            if (rc != PFL_OK)
                return rc;
            if (!pfl_map_set(&s->probes, requirement, s->probe_problems.n) ||
                !pfl_vec_push(&s->probe_problems, &problem))
                return pfl_err_no_memory(err);
            known = pfl_map_get(&s->probes, requirement);
        }
        if (s->probe_problems.at[*known])
            pfl_session_fail(item, PFL_STATUS_SKIPPED, s->probe_problems.at[*known], err);
    }
    return PFL_OK;
}
