/*
 * Putting words behind a user's command.
 *
 * What the user wrote comes first and is not changed, but for options that name a file for results,
 * which every launch would write anew; a flag that is there already is left to
 * him, which is the caller's to ask (pfl_words_given). Words behind a `--` belong to whatever the
 * harness starts, so flags of the harness go in front of it.
 *
 * A selection becomes a filter that may take too much but never too little: what is reported beside
 * is left out afterwards. So brackets are cut off where the suite has parameters of its own, which
 * the harness knows nothing of.
 */
#include "measure/harness_words.h"

#include "base/buf.h"
#include "sys/tty.h"

#include <stdarg.h>
#include <string.h>

enum { MORE = 8 };

void pfl_words_begin(struct pfl_words *w, const struct pfl_harness_launch *launch,
                     struct pfl_arena *arena, struct pfl_harness_command *command)
{
    *w = (struct pfl_words){.arena = arena, .launch = launch, .command = command};
    *command = (struct pfl_harness_command){0};
    command->argv =
        pfl_arena_grow(arena, launch->argv, launch->argc, launch->argc + MORE, sizeof(char *));
    command->argc = launch->argc;
    w->no_memory = !command->argv;
    w->room = launch->argc + MORE;
    if (command->argv)
        command->argv[command->argc] = NULL;
}

void pfl_words_insert(struct pfl_words *w, size_t at, const char *word)
{
    struct pfl_harness_command *c = w->command;
    char *copy = word ? pfl_arena_text(w->arena, word) : NULL;
    char **more;

    if (w->no_memory || !copy) {
        w->no_memory = true;
        return;
    }
    if (c->argc + 2 > w->room) {
        w->room += MORE;
        more = pfl_arena_grow(w->arena, c->argv, c->argc, w->room, sizeof *more);
        if (!more) {
            w->no_memory = true;
            return;
        }
        c->argv = more;
    }
    memmove(c->argv + at + 1, c->argv + at, (c->argc - at) * sizeof *c->argv);
    c->argv[at] = copy;
    c->argv[++c->argc] = NULL;
}

static size_t own_words(const struct pfl_harness_launch *launch)
{
    size_t i;

    for (i = 0; i < launch->argc && strcmp(launch->argv[i], "--") != 0; i++)
        ;
    return i;
}

void pfl_words_add(struct pfl_words *w, const char *word)
{
    size_t behind = w->launch->argc - own_words(w->launch);

    pfl_words_insert(w, w->no_memory ? 0 : w->command->argc - behind, word);
}

void pfl_words_format(struct pfl_words *w, const char *format, ...)
{
    struct pfl_buf buf;
    va_list args;

    pfl_buf_init(&buf, 1 << 20);
    va_start(args, format);
    pfl_buf_vformat(&buf, format, args);
    va_end(args);
    pfl_words_add(w, buf.error ? NULL : pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
}

void pfl_words_take_out(struct pfl_words *w, const char *option)
{
    struct pfl_harness_command *c = w->command;
    size_t len = strlen(option), i = 1, gone;

    while (!w->no_memory && i < c->argc && strcmp(c->argv[i], "--") != 0) {
        if (strncmp(c->argv[i], option, len) != 0 || (c->argv[i][len] && c->argv[i][len] != '=')) {
            i++;
            continue;
        }
        gone = c->argv[i][len] == '=' || i + 1 == c->argc ? 1 : 2;
        memmove(c->argv + i, c->argv + i + gone, (c->argc - i - gone + 1) * sizeof *c->argv);
        c->argc -= gone;
    }
}

void pfl_words_environment(struct pfl_words *w, const char *name, const char *value)
{
    struct pfl_harness_command *c = w->command;
    struct pfl_pair *more;
    const char *copy = value ? pfl_arena_text(w->arena, value) : NULL;

    if (c->env_count == w->env_room) {
        more = pfl_arena_grow(w->arena, c->env, c->env_count, w->env_room + MORE, sizeof *more);
        if (!more) {
            w->no_memory = true;
            return;
        }
        c->env = more;
        w->env_room += MORE;
    }
    w->no_memory = w->no_memory || (value && !copy);
    c->env[c->env_count++] = (struct pfl_pair){name, copy};
}

int pfl_words_end(struct pfl_words *w, struct pfl_err *err)
{
    return w->no_memory ? pfl_err_no_memory(err) : PFL_OK;
}

bool pfl_words_given(const struct pfl_harness_launch *launch, const char *flag)
{
    size_t len = strlen(flag), n = own_words(launch), i;

    for (i = 0; i < n; i++)
        if (strncmp(launch->argv[i], flag, len) == 0 &&
            (launch->argv[i][len] == 0 || launch->argv[i][len] == '=' ||
             (len == 2 && flag[1] != '-')))
            return true;
    return false;
}

const char *pfl_words_variable(const struct pfl_harness_launch *launch, const char *name)
{
    const struct pfl_how *how = &launch->item->how;
    size_t len = strlen(name), i;
    const char *outer;

    for (i = 0; i < launch->argc; i++)
        if (strncmp(launch->argv[i], name, len) == 0 && launch->argv[i][len] == '=')
            return launch->argv[i] + len + 1;
    for (i = 0; i < how->env_count; i++)
        if (strcmp(how->env[i].name, name) == 0)
            return how->env[i].value ? how->env[i].value : "";
    outer = how->clean_env ? NULL : pfl_environment(name);
    return outer ? outer : "";
}

const char *pfl_words_next(const char **rest, size_t *len)
{
    const char *word = *rest;

    *len = strcspn(word, "\n");
    *rest = word + *len + (word[*len] == '\n');
    return *len ? word : NULL;
}

/* "suite/glob" → "glob". A pattern may begin to vary within the suite's name: then "*". */
static const char *without_suite(const struct pfl_plan_item *item, struct pfl_arena *arena,
                                 const char *word, size_t len)
{
    size_t suite = strlen(item->suite);
    const char *bracket;
    bool cut = false;

    if (len <= suite || strncmp(word, item->suite, suite) != 0 || word[suite] != '/' ||
        memchr(word, '\\', len))
        return "*";
    word += suite + 1;
    len -= suite + 1;
    bracket = item->param_count ? memchr(word, '[', len) : NULL;
    if (bracket) {
        cut = true;
        len = (size_t)(bracket - word);
    }
    return pfl_arena_format(arena, "%.*s%s", (int)len, word, cut ? "*" : "");
}

const char *pfl_words_wanted(const struct pfl_plan_item *item, struct pfl_arena *arena, bool *exact)
{
    const char *rest = item->select, *word, *all = "", *one;
    size_t len;

    *exact = item->inside != NULL;
    if (item->inside)
        return item->inside;
    while (all && (word = pfl_words_next(&rest, &len))) {
        one = without_suite(item, arena, word, len);
        if (one && strcmp(one, "*") == 0)
            return "";
        all = one ? pfl_arena_format(arena, "%s%s%s", all, *all ? "\n" : "", one) : NULL;
    }
    return all;
}

static void put_regex(struct pfl_buf *buf, const char *glob, size_t len, bool exact)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (!exact && glob[i] == '*')
            pfl_buf_text(buf, ".*");
        else if (!exact && glob[i] == '?')
            pfl_buf_char(buf, '.');
        else {
            if (strchr(".[]{}()*+?^$|\\", glob[i]))
                pfl_buf_char(buf, '\\');
            pfl_buf_char(buf, glob[i]);
        }
    }
}

const char *pfl_words_regex(const struct pfl_plan_item *item, struct pfl_arena *arena)
{
    bool exact, any = false;
    const char *rest = pfl_words_wanted(item, arena, &exact), *word, *made;
    struct pfl_buf buf;
    size_t len;

    if (!rest || !*rest)
        return rest;
    pfl_buf_init(&buf, 1 << 20);
    pfl_buf_text(&buf, "^(");
    while ((word = pfl_words_next(&rest, &len))) {
        pfl_buf_text(&buf, any ? "|" : "");
        put_regex(&buf, word, len, exact);
        any = true;
    }
    pfl_buf_text(&buf, ")$");
    made = buf.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return made;
}

const char *pfl_words_prefix_regex(const struct pfl_plan_item *item, struct pfl_arena *arena,
                                   const char *end)
{
    bool exact, any = false;
    const char *rest = pfl_words_wanted(item, arena, &exact), *word, *made;
    struct pfl_buf buf;
    size_t len, plain;

    if (!rest || !*rest)
        return rest;
    pfl_buf_init(&buf, 1 << 20);
    while ((word = pfl_words_next(&rest, &len))) {
        for (plain = 0; plain < len && !strchr(exact ? "[" : "[*?\\", word[plain]); plain++)
            ;
        if (plain == 0) { /* it begins with a wildcard: any will do */
            pfl_buf_clear(&buf);
            break;
        }
        pfl_buf_text(&buf, any ? "|^" : "^");
        put_regex(&buf, word, plain, true);
        if (plain == len || word[plain] == '[')
            pfl_buf_text(&buf, end);
        any = true;
    }
    made = buf.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&buf));
    pfl_buf_release(&buf);
    return made;
}
