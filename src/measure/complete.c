/*
 * One combination → one item that can be launched: every {name} replaced, the command split into
 * words, the work computed, the definition hashed.
 *
 * A command given as text is substituted first and split then, so that a parameter may hold several
 * words ("-O2 -g") as it may in a Makefile; a command given as a list is substituted word by word
 * and never split. With a shell the words are `SHELL -c COMMAND`. The first failure sticks in
 * `struct filler`, so that the dozen texts need no dozen checks.
 */
#include "measure/expand.h"

#include "base/text.h"
#include "base/units.h"
#include "measure/work.h"

#include <string.h>

struct filler {
    const struct pfl_source *source;
    struct pfl_arena *arena;
    const char **names, **values; /* the parameters, and seed */
    size_t n;
    int rc;
    struct pfl_err *err;
};

static void no_memory(struct filler *f)
{
    if (f->rc == PFL_OK)
        f->rc = pfl_err_no_memory(f->err);
}

static void unknown_name(struct filler *f, const char *where, const char *name)
{
    const char *nearest = pfl_text_nearest(name, f->names, f->n);

    if (strcmp(name, "seed") == 0)
        f->rc = pfl_source_fail(f->source, f->err, PFL_ECONFIG,
                                "its %s uses {seed}, but no seed: is given", where);
    else if (nearest)
        f->rc = pfl_source_fail(f->source, f->err, PFL_ECONFIG,
                                "its %s uses {%s}, which is no parameter; did you mean {%s}?",
                                where, name, nearest);
    else
        f->rc = pfl_source_fail(f->source, f->err, PFL_ECONFIG,
                                "its %s uses {%s}, which is no parameter of it (literal braces "
                                "are written {{ and }})",
                                where, name);
}

static const char *filled(struct filler *f, const char *where, const char *text)
{
    const char *unknown = NULL, *result;

    if (f->rc != PFL_OK || !text || f->source->literal || !strpbrk(text, "{}"))
        return text;
    result = pfl_text_substitute(f->arena, text, f->names, f->values, f->n, &unknown);
    if (!result)
        no_memory(f);
    else if (unknown && !f->source->lenient)
        unknown_name(f, where, unknown);
    return result;
}

/* The names a text may use: the parameters, and the seed under "seed" when no parameter is called
 * so. */
static void gather_names(struct filler *f, const struct pfl_combination *c, struct pfl_how *how)
{
    bool has_seed = false;
    int64_t seed;
    size_t i;

    f->names = pfl_arena_array(f->arena, c->param_count + 1, sizeof *f->names);
    f->values = pfl_arena_array(f->arena, c->param_count + 1, sizeof *f->values);
    if (!f->names || !f->values) {
        no_memory(f);
        return;
    }
    for (i = 0; i < c->param_count; i++) {
        f->names[i] = c->params[i].name;
        f->values[i] = c->params[i].value;
        if (strcmp(f->names[i], "seed") != 0)
            continue;
        has_seed = true;
        if (pfl_units_read_count(f->values[i], 0, INT64_MAX, &seed, NULL) == PFL_OK) {
            how->seed = (uint64_t)seed;
            how->set |= PFL_HOW_SEED;
        }
    }
    f->n = c->param_count;
    if (has_seed || !(how->set & PFL_HOW_SEED))
        return;
    f->names[f->n] = "seed";
    f->values[f->n] = pfl_arena_format(f->arena, "%llu", (unsigned long long)how->seed);
    if (!f->values[f->n++])
        no_memory(f);
}

static void fill_how(struct filler *f, struct pfl_how *how)
{
    struct pfl_pair *env = how->env;
    size_t i;

    how->cwd = filled(f, "cwd", how->cwd);
    how->input = filled(f, "input", how->input);
    how->output = filled(f, "output", how->output);
    how->setup = filled(f, "setup", how->setup);
    how->prepare = filled(f, "prepare", how->prepare);
    how->conclude = filled(f, "conclude", how->conclude);
    how->cleanup = filled(f, "cleanup", how->cleanup);
    how->validate = filled(f, "validate", how->validate);
    if (how->env_count == 0)
        return;
    how->env = pfl_arena_array(f->arena, how->env_count, sizeof *how->env);
    if (!how->env)
        no_memory(f);
    for (i = 0; how->env && i < how->env_count; i++)
        how->env[i] = (struct pfl_pair){env[i].name, filled(f, "env", env[i].value)};
}

static void fill_requires(struct filler *f, struct pfl_plan_item *item)
{
    const struct pfl_suite *suite = f->source->suite;
    size_t i;

    if (suite->require_count == 0)
        return;
    item->requires = pfl_arena_array(f->arena, suite->require_count, sizeof *item->requires);
    if (!item->requires) {
        no_memory(f);
        return;
    }
    item->require_count = suite->require_count;
    for (i = 0; i < suite->require_count; i++)
    item->requires[i] = filled(f, "requires", suite->requires[i]);
}

static void warn_of_shell_char(struct filler *f, struct pfl_plan_item *item, char c)
{
    const char **warnings = pfl_arena_array(f->arena, 1, sizeof *warnings);
    const char *text =
        pfl_arena_format(f->arena,
                         "no shell runs: \"%c\" is passed to the program as it stands; to have a "
                         "shell, use --shell (in perfledger.yaml, shell: true)",
                         c);

    if (!warnings || !text) {
        no_memory(f);
        return;
    }
    warnings[0] = text;
    item->warnings = warnings;
    item->warning_count = 1;
}

/* The words of a list, each substituted; and how a person would type them. */
static void fill_words(struct filler *f, struct pfl_plan_item *item)
{
    const struct pfl_suite *suite = f->source->suite;
    struct pfl_buf shown;
    size_t i;

    item->argv = pfl_arena_array(f->arena, suite->argc + 1, sizeof *item->argv);
    if (!item->argv) {
        no_memory(f);
        return;
    }
    item->argc = suite->argc;
    pfl_buf_init(&shown, 1 << 20);
    for (i = 0; i < suite->argc && f->rc == PFL_OK; i++) {
        const char *word = filled(f, "command", suite->argv[i]);

        if (f->rc != PFL_OK)
            break;
        item->argv[i] = pfl_arena_text(f->arena, word);
        if (!item->argv[i])
            no_memory(f);
        if (i)
            pfl_buf_char(&shown, ' ');
        pfl_text_quote(&shown, word);
    }
    if (f->rc == PFL_OK)
        f->rc = pfl_buf_check(&shown, f->err, "writing a command");
    item->command = pfl_arena_text(f->arena, pfl_buf_cstr(&shown));
    if (!item->command)
        no_memory(f);
    pfl_buf_release(&shown);
}

static void split(struct filler *f, struct pfl_plan_item *item)
{
    struct pfl_err why;
    char shell_char = 0;
    int rc = pfl_text_split_command(f->arena, item->command, &item->argv, &item->argc, &shell_char,
                                    &why);

    if (rc == PFL_ENOMEM)
        no_memory(f);
    else if (rc != PFL_OK)
        f->rc = pfl_source_fail(f->source, f->err, PFL_ECONFIG, "splitting its command: %s",
                                why.message);
    else if (shell_char)
        warn_of_shell_char(f, item, shell_char);
}

static void wrap_in_shell(struct filler *f, struct pfl_plan_item *item)
{
    char **words, **all, ignored;
    size_t n;
    int rc = pfl_text_split_command(f->arena, item->how.shell, &words, &n, &ignored, NULL);

    if (rc == PFL_ENOMEM) {
        no_memory(f);
    } else if (rc != PFL_OK || n == 0) {
        f->rc = pfl_source_fail(f->source, f->err, PFL_ECONFIG,
                                "its shell \"%s\" is no command; write for instance sh, or bash "
                                "--norc",
                                item->how.shell);
    } else if (!(all = pfl_arena_grow(f->arena, words, n, n + 3, sizeof *all)) ||
               !(all[n] = pfl_arena_text(f->arena, "-c")) ||
               !(all[n + 1] = pfl_arena_text(f->arena, item->command))) {
        no_memory(f);
    } else {
        item->argv = all;
        item->argc = n + 2;
    }
}

static void fill_command(struct filler *f, struct pfl_plan_item *item)
{
    if (f->source->suite->argv)
        fill_words(f, item);
    else
        item->command = filled(f, "command", f->source->suite->command);
    if (f->rc != PFL_OK)
        return;
    if (item->how.shell && item->command && *item->command)
        wrap_in_shell(f, item);
    else if (!f->source->suite->argv && item->command)
        split(f, item);
    if (f->rc == PFL_OK && (item->argc == 0 || *item->argv[0] == 0))
        f->rc = pfl_source_fail(f->source, f->err, PFL_ECONFIG, "its command is empty");
}

static void fill_work(struct filler *f, struct pfl_plan_item *item)
{
    const char *text = filled(f, "work", f->source->suite->work_value);
    struct pfl_err why;

    item->work_unit = f->source->suite->work_unit ? f->source->suite->work_unit : "";
    if (f->rc != PFL_OK || !text)
        return;
    if (pfl_work_evaluate(text, &item->work, &why) != PFL_OK)
        f->rc = pfl_source_fail(f->source, f->err, PFL_ECONFIG, "%s", why.message);
}

int pfl_expand_complete(const struct pfl_source *source, const struct pfl_combination *c,
                        const struct pfl_how *how, struct pfl_arena *arena,
                        struct pfl_plan_item *item, struct pfl_err *err)
{
    struct filler f = {.source = source, .arena = arena, .err = err};
    struct pfl_plan_item made = {
        .name = c->name,
        .suite = source->group,
        .params = c->params,
        .param_count = c->param_count,
        .tier = c->tier,
        .how = *how,
    };

    gather_names(&f, c, &made.how);
    if (f.rc == PFL_OK)
        fill_how(&f, &made.how);
    if (f.rc == PFL_OK)
        fill_command(&f, &made);
    if (f.rc == PFL_OK)
        fill_requires(&f, &made);
    if (f.rc == PFL_OK)
        fill_work(&f, &made);
    if (f.rc == PFL_OK && !(made.definition = pfl_definition_hash(&made, arena)))
        no_memory(&f);
    if (f.rc == PFL_OK)
        *item = made;
    return f.rc;
}
