/*
 * Before and after one launch of a harness: a folder of its own for what it writes, the words and
 * the environment that make it write there.
 *
 * The folder is below one of the session's in $TMPDIR: `N/results` is the harness's, empty;
 * N/output catches standard output, which is where many harnesses say what went wrong. It goes away
 * right after the launch, and whatever is left when the session is closed, however it ended.
 *
 * With a shell the further words are quoted and put behind the line, so a harness that wants them
 * somewhere else cannot be run so.
 */
#include "measure/foreign.h"

#include "base/text.h"
#include "sys/file.h"
#include "sys/folder.h"
#include "sys/lock.h"
#include "sys/tree.h"

#include <string.h>

static const double share_of_time = 0.6, least_seconds = 0.002;

/* ---- words ---- */

/* The suite's command as words, also of one that a shell runs. */
static int own_words(const struct pfl_plan_item *item, struct pfl_arena *arena,
                     struct pfl_harness_launch *launch, struct pfl_err *err)
{
    char **words = NULL, ignored;
    size_t n = 0;

    launch->argv = item->argv;
    launch->argc = item->argc;
    if (!item->how.shell)
        return PFL_OK;
    if (pfl_text_split_command(arena, item->command, &words, &n, &ignored, NULL) == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (n == 0) { /* nothing that has words; the shell will say so */
        words = item->argv;
        n = 1;
    }
    launch->argv = words;
    launch->argc = n;
    return PFL_OK;
}

static int into_line(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                     struct pfl_foreign *foreign, struct pfl_err *err)
{
    const struct pfl_plan_item *item = launch->item;
    const struct pfl_harness_command *c = &foreign->command;
    struct pfl_buf line;
    size_t i;

    for (i = 0; i < launch->argc; i++)
        if (i >= c->argc || strcmp(c->argv[i], launch->argv[i]) != 0)
            return pfl_err_set(err, PFL_ECONFIG,
                               "%s wants options in the middle of `%s`, which a shell's line does "
                               "not allow; write the command without shell:",
                               foreign->harness->name, item->command);
    foreign->argv = pfl_arena_grow(arena, item->argv, item->argc, item->argc + 1, sizeof(char *));
    pfl_buf_init(&line, 1 << 20);
    pfl_buf_text(&line, item->command);
    for (; i < c->argc; i++) {
        pfl_buf_char(&line, ' ');
        pfl_text_quote(&line, c->argv[i]);
    }
    if (foreign->argv) {
        foreign->argv[item->argc] = NULL;
        foreign->argv[item->argc - 1] =
            line.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&line));
    }
    pfl_buf_release(&line);
    return foreign->argv && foreign->argv[item->argc - 1] ? PFL_OK : pfl_err_no_memory(err);
}

static size_t find_variable(char *const *envp, size_t n, const char *name)
{
    size_t len = strlen(name), i;

    for (i = 0; i < n; i++)
        if (strncmp(envp[i], name, len) == 0 && envp[i][len] == '=')
            break;
    return i;
}

static bool is_users(const struct pfl_plan_item *item, const char *name)
{
    size_t i;

    for (i = 0; i < item->how.env_count; i++)
        if (strcmp(item->how.env[i].name, name) == 0)
            return true;
    return false;
}

static bool set_variable(struct pfl_arena *arena, char **envp, size_t *n, const char *name,
                         const char *value)
{
    size_t at = find_variable(envp, *n, name);
    char *entry = value ? pfl_arena_format(arena, "%s=%s", name, value) : NULL;

    if (value && !entry)
        return false;
    if (value) {
        envp[at] = entry;
        *n += at == *n;
    } else if (at < *n) {
        envp[at] = envp[--*n];
    }
    return true;
}

static bool make_environment(const struct pfl_harness_launch *launch, char *const *envp,
                             struct pfl_arena *arena, struct pfl_foreign *foreign)
{
    const struct pfl_harness_command *c = &foreign->command;
    size_t n = 0, i;
    bool ok;

    while (envp[n])
        n++;
    foreign->envp = pfl_arena_grow(arena, envp, n, n + c->env_count + 2, sizeof(char *));
    if (!foreign->envp)
        return false;
    ok = set_variable(arena, foreign->envp, &n, "PERFLEDGER_RESULTS", launch->results);
    for (i = 0; ok && i < c->env_count; i++)
        if (!is_users(launch->item, c->env[i].name))
            ok = set_variable(arena, foreign->envp, &n, c->env[i].name, c->env[i].value);
    foreign->envp[n] = NULL;
    return ok;
}

int pfl_foreign_words(const struct pfl_harness_launch *asked, char *const *envp,
                      struct pfl_arena *arena, struct pfl_foreign *foreign, struct pfl_err *err)
{
    struct pfl_harness_launch launch = *asked;
    int rc = own_words(launch.item, arena, &launch, err);

    if (rc == PFL_OK)
        rc = foreign->harness->command(&launch, arena, &foreign->command, err);
    if (rc != PFL_OK)
        return rc;
    foreign->argv = foreign->command.argv;
    if (launch.item->how.shell)
        rc = into_line(&launch, arena, foreign, err);
    foreign->results = foreign->command.path ? foreign->command.path : launch.results;
    if (rc == PFL_OK && !make_environment(&launch, envp, arena, foreign))
        rc = pfl_err_no_memory(err);
    return rc;
}

/* ---- time ---- */

/* What is left of the session's time, over all launches of all benchmarks to come. */
static double share(struct pfl_session *s, const struct pfl_session_item *item)
{
    double launches = 0, left = (double)(s->deadline_ns - pfl_session_now(s)) / 1e9;
    size_t i;

    for (i = 0; i < s->item_count; i++) {
        const struct pfl_session_item *other = &s->items[i];
        int rounds = pfl_step_goal(&other->plan->how) - other->rounds;
        size_t inside = other->insides.n ? other->insides.n : PFL_FOREIGN_GUESSED;

        if (!other->over && rounds > 0)
            launches += rounds * (other->plan->harness ? (double)inside : 1);
    }
    left = launches > 0 ? share_of_time * left / launches : item->plan->inside_seconds;
    return left > least_seconds ? left : least_seconds;
}

/* Where the list said what is inside, the plan's time was shared out already. */
static double seconds_for(struct pfl_session *s, const struct pfl_session_item *item)
{
    double seconds = pfl_inside_seconds(item->plan), part;

    if (!s->deadline_ns || s->race || item->plan->inside_seconds > 0)
        return seconds;
    part = share(s, item);
    return part < seconds ? part : seconds;
}

/* ---- one launch ---- */

static int make_folder(struct pfl_session *s, struct pfl_foreign *foreign,
                       struct pfl_harness_launch *launch, struct pfl_err *err)
{
    const char *made, *inner;
    int rc;

    if (!s->foreign_folder) {
        rc =
            pfl_folder_temporary_held("perfledger-harness", s->arena, &made, &s->foreign_lock, err);
        if (rc != PFL_OK)
            return rc;
        s->foreign_folder = pfl_file_absolute(NULL, made, s->arena);
        if (!s->foreign_folder) {
            pfl_folder_remove_temporary(made);
            pfl_lock_close(s->foreign_lock);
            return pfl_err_no_memory(err);
        }
    }
    foreign->folder =
        pfl_arena_format(&s->scratch, "%s/%zu", s->foreign_folder, ++s->foreign_count);
    inner = foreign->folder ? pfl_file_join(foreign->folder, "results", &s->scratch) : NULL;
    launch->results = inner ? pfl_file_join(inner, "results.json", &s->scratch) : NULL;
    return launch->results ? pfl_file_make_folders(inner, err) : pfl_err_no_memory(err);
}

static void choose_output(struct pfl_session *s, const struct pfl_session_item *item,
                          struct pfl_foreign *foreign)
{
    const char *said = item->plan->how.output;

    if (foreign->command.results == PFL_HARNESS_STDOUT)
        foreign->output = foreign->results;
    else if (!s->plan->show_output && (!said || strcmp(said, "null") == 0))
        foreign->output = pfl_file_join(foreign->folder, "output", &s->scratch);
}

/* What went wrong is the item's failure, if it is not the end of everything. */
static int not_ready(struct pfl_session *s, struct pfl_session_item *item, int rc,
                     const struct pfl_err *why, struct pfl_err *err)
{
    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    return pfl_session_fail(item, PFL_STATUS_FAILED, pfl_arena_text(s->arena, why->message), err);
}

int pfl_foreign_begin(struct pfl_session *s, struct pfl_session_item *item, struct pfl_err *err)
{
    struct pfl_harness_launch launch = {.item = item->plan};
    struct pfl_foreign *foreign;
    struct pfl_err why = {0};
    int rc;

    item->foreign = NULL;
    if (!item->plan->harness)
        return PFL_OK;
    foreign = pfl_arena_alloc(&s->scratch, sizeof *foreign);
    if (!foreign)
        return pfl_err_no_memory(err);
    foreign->harness = pfl_harness_find(item->plan->harness);
    launch.folder = pfl_file_absolute(NULL, item->cwd, &s->scratch);
    launch.seconds = seconds_for(s, item);
    item->foreign = foreign;
    rc = launch.folder ? make_folder(s, foreign, &launch, &why) : pfl_err_no_memory(&why);
    if (rc == PFL_OK)
        rc = pfl_foreign_words(&launch, item->envp, &s->scratch, foreign, &why);
    if (rc != PFL_OK)
        return not_ready(s, item, rc, &why, err);
    choose_output(s, item, foreign);
    return PFL_OK;
}

void pfl_foreign_end(struct pfl_session *s, struct pfl_session_item *item)
{
    (void)s;
    if (item->foreign && item->foreign->folder)
        pfl_tree_remove(item->foreign->folder, NULL);
    item->foreign = NULL;
}

void pfl_foreign_close(struct pfl_session *s)
{
    if (s->foreign_folder) {
        pfl_tree_remove(s->foreign_folder, NULL);
        pfl_lock_close(s->foreign_lock);
    }
    s->foreign_folder = NULL;
}
