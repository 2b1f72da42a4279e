/*
 * Options are parsed from the cards' tables: long names with `--name VALUE` or `--name=VALUE`,
 * letters with `-r 10` or
 * `-r10` (`-r=10` too), flags in a bunch (`-qv`). Global options may stand before or after the
 * command; a command's own option wins over a global one of the same spelling. `--` ends options:
 * what follows is a command to be measured. Values are read here, by kind, so that every command
 * refuses
 * "--rounds ten" with the same words.
 */
#include "cli/options.h"

#include "base/text.h"
#include "base/units.h"
#include "base/vec.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GLOBAL(field) offsetof(struct pfl_global_options, field)

const struct pfl_option pfl_global_options[] = {
    {.name = "--directory",
     .letter = 'C',
     .kind = PFL_OPTION_TEXT,
     .value = "DIR",
     .offset = GLOBAL(folder),
     .summary = "work in DIR, as if started there",
     .choices = "folder"},
    {.name = "--config",
     .kind = PFL_OPTION_TEXT,
     .value = "FILE",
     .offset = GLOBAL(config),
     .summary = "this perfledger.yaml instead of the one here or above",
     .choices = "file"},
    {.name = "--ledger",
     .kind = PFL_OPTION_TEXT,
     .value = "URL",
     .offset = GLOBAL(ledger),
     .summary = "the ledger: a file (default .perfledger/ledger.db beside perfledger.yaml)",
     .choices = "file"},
    {.name = "--json",
     .kind = PFL_OPTION_FLAG,
     .offset = GLOBAL(json),
     .summary = "one JSON document on standard output, and nothing else there"},
    {.name = "--color",
     .kind = PFL_OPTION_CHOICE,
     .value = "WHEN",
     .offset = GLOBAL(color),
     .choices = "auto always never",
     .summary = "colour: auto (on a terminal), always, never"},
    {.name = "--quiet",
     .letter = 'q',
     .kind = PFL_OPTION_FLAG,
     .offset = GLOBAL(quiet),
     .summary = "less on the terminal: no progress, no notices"},
    {.name = "--verbose",
     .letter = 'v',
     .kind = PFL_OPTION_FLAG,
     .offset = GLOBAL(verbose),
     .summary = "more: every row, every metric"},
    {.name = "--help",
     .letter = 'h',
     .kind = PFL_OPTION_FLAG,
     .offset = GLOBAL(help),
     .summary = "help on the command"},
    {.name = "--version",
     .kind = PFL_OPTION_FLAG,
     .offset = GLOBAL(version),
     .summary = "the version",
     .hidden = true},
    {0},
};

PFL_VEC(word_list, char *);

struct parser {
    char **words;
    size_t count, at;
    struct pfl_arena *arena;
    struct pfl_parsed *parsed;
    struct pfl_err *err;
};

const struct pfl_command *pfl_command_find(const char *name)
{
    size_t i;

    for (i = 0; pfl_commands[i]; i++)
        if (strcmp(pfl_commands[i]->name, name) == 0)
            return pfl_commands[i];
    return NULL;
}

static size_t list_commands(const char **names, size_t most)
{
    size_t n;

    for (n = 0; n < most && pfl_commands[n]; n++)
        names[n] = pfl_commands[n]->name;
    return n;
}

int pfl_command_unknown(const char *word, struct pfl_err *err)
{
    const char *names[64];
    const char *near = pfl_text_nearest(word, names, list_commands(names, PFL_COUNT(names)));

    if (near)
        return pfl_err_set(err, PFL_EUSAGE, "there is no command `%s`; did you mean `%s`?", word,
                           near);
    return pfl_err_set(
        err, PFL_EUSAGE,
        "there is no command `%s`; `perfledger help` lists them (to measure a command: "
        "`perfledger run -- %s`)",
        word, word);
}

/* Fields start as "not given": NULL, NaN, -1, false. */
static void preset(void *options, const struct pfl_option *table)
{
    const struct pfl_option *option;

    for (option = table; option && option->name; option++) {
        char *field = (char *)options + option->offset;

        switch (option->kind) {
        case PFL_OPTION_COUNT: *(int *)(void *)field = -1; break;
        case PFL_OPTION_DURATION: *(int64_t *)(void *)field = -1; break;
        case PFL_OPTION_FRACTION:
        case PFL_OPTION_FACTOR: *(double *)(void *)field = NAN; break;
        case PFL_OPTION_FLAG:
        case PFL_OPTION_TEXT:
        case PFL_OPTION_SEED:
        case PFL_OPTION_CHOICE:
        case PFL_OPTION_LIST: break;
        }
    }
}

static int choose_command(struct parser *p, const struct pfl_command *command)
{
    p->parsed->command = command;
    p->parsed->options =
        pfl_arena_alloc(p->arena, command->options_size ? command->options_size : 1);
    if (!p->parsed->options)
        return pfl_err_no_memory(p->err);
    preset(p->parsed->options, command->options);
    return PFL_OK;
}

static bool choice_holds(const char *choices, const char *word)
{
    size_t len;

    for (; *choices; choices += len + (choices[len] == ' ')) {
        len = strcspn(choices, " ");
        if (strlen(word) == len && strncmp(choices, word, len) == 0)
            return true;
    }
    return false;
}

static int read_seed(const char *text, struct pfl_option_seed *seed, struct pfl_err *err)
{
    unsigned long long value;
    char *end;

    errno = 0;
    value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno == ERANGE)
        return pfl_err_set(err, PFL_EINVAL,
                           "`%s` is no seed: a whole number from 0 to 18446744073709551615", text);
    *seed = (struct pfl_option_seed){.given = true, .value = value};
    return PFL_OK;
}

/* No option of that kind means anything below zero; and `--tolerance 5` would be 500 %, which lets
 * everything pass: surely 5 % was meant. */
static int read_fraction(const char *text, double *fraction, struct pfl_err *err)
{
    double value;
    int rc = pfl_units_read_fraction(text, &value, err);

    if (rc != PFL_OK)
        return rc;
    if (value < 0)
        return pfl_err_set(err, PFL_EINVAL, "`%s` is negative: write a size, as in 10%%", text);
    if (value > 1 && !strchr(text, '%'))
        return pfl_err_set(err, PFL_EINVAL, "%s without a percent sign is %s times; write %s%%",
                           text, text, text);
    *fraction = value;
    return PFL_OK;
}

static int add_to_list(struct parser *p, struct pfl_option_list *list, const char *value)
{
    const char **grown =
        pfl_arena_grow(p->arena, (void *)(uintptr_t)list->at, list->n, list->n + 1, sizeof *grown);

    if (!grown)
        return pfl_err_no_memory(p->err);
    grown[list->n++] = value;
    list->at = grown;
    return PFL_OK;
}

static int read_value(struct parser *p, const struct pfl_option *option, void *field, char *value)
{
    int64_t count;

    switch (option->kind) {
    case PFL_OPTION_FLAG: *(bool *)field = true; return PFL_OK;
    case PFL_OPTION_TEXT: *(const char **)field = value; return PFL_OK;
    case PFL_OPTION_LIST: return add_to_list(p, field, value);
    case PFL_OPTION_DURATION: return pfl_units_read_duration(value, field, p->err);
    case PFL_OPTION_FRACTION: return read_fraction(value, field, p->err);
    case PFL_OPTION_FACTOR: return pfl_units_read_factor(value, field, p->err);
    case PFL_OPTION_SEED: return read_seed(value, field, p->err);
    case PFL_OPTION_COUNT:
        if (pfl_units_read_count(value, option->min, 1000000000, &count, p->err) != PFL_OK)
            return PFL_EINVAL;
        *(int *)field = (int)count;
        return PFL_OK;
    case PFL_OPTION_CHOICE:
        if (!choice_holds(option->choices, value))
            return pfl_err_set(p->err, PFL_EINVAL, "`%s` is none of: %s", value, option->choices);
        *(const char **)field = value;
        return PFL_OK;
    }
    PFL_BUG("option %s has a kind that cannot be read", option->name);
}

/* A value that was left out. */
static int read_first_choice(struct parser *p, const struct pfl_option *option, void *field)
{
    char *first = pfl_arena_text_n(p->arena, option->choices, strcspn(option->choices, " "));

    return first ? read_value(p, option, field, first) : pfl_err_no_memory(p->err);
}

/* Takes the option's value(s): `attached` from --name=VALUE or -r10, else the next words. */
static int take(struct parser *p, const struct pfl_option *option, void *options, char *attached)
{
    void *field = (char *)options + option->offset;
    int words = option->kind == PFL_OPTION_FLAG ? 0
                : option->words                 ? option->words
                                                : 1,
        i, rc = PFL_OK;
    char *value;

    if (words == 0)
        return read_value(p, option, field, NULL);
    if (option->value[0] == '[' && !attached &&
        (option->value[1] == '=' || p->at == p->count || p->words[p->at][0] == '-'))
        return read_first_choice(p, option, field);
    for (i = 0; rc == PFL_OK && i < words; i++) {
        value = i == 0 && attached ? attached : p->at < p->count ? p->words[p->at++] : NULL;
        if (!value)
            return pfl_err_set(p->err, PFL_EUSAGE, "%s needs %s: %s", option->name, option->value,
                               option->summary);
        rc = read_value(p, option, field, value);
    }
    if (rc != PFL_OK && rc != PFL_ENOMEM && p->err) {
        pfl_err_prefix(p->err, "%s", option->name);
        p->err->code = PFL_EUSAGE;
        rc = PFL_EUSAGE;
    }
    return rc;
}

static const struct pfl_option *find_long(const struct pfl_option *table, const char *name,
                                          size_t len)
{
    for (; table && table->name; table++)
        if (strlen(table->name) == len && strncmp(table->name, name, len) == 0)
            return table;
    return NULL;
}

static const struct pfl_option *find_letter(const struct pfl_option *table, char letter)
{
    for (; table && table->name; table++)
        if (table->letter && table->letter == letter)
            return table;
    return NULL;
}

static int unknown_option(struct parser *p, const char *word)
{
    const struct pfl_command *command = p->parsed->command;
    const struct pfl_option *option;
    const char *names[128], *near;
    size_t n = 0;

    for (option = command ? command->options : NULL; option && option->name; option++)
        if (n < PFL_COUNT(names))
            names[n++] = option->name;
    for (option = pfl_global_options; option->name; option++)
        if (n < PFL_COUNT(names))
            names[n++] = option->name;
    near = pfl_text_nearest(word, names, n);
    if (near)
        return pfl_err_set(p->err, PFL_EUSAGE, "there is no option %s; did you mean %s?", word,
                           near);
    if (command)
        return pfl_err_set(p->err, PFL_EUSAGE,
                           "`perfledger %s` has no option %s; `perfledger help %s` lists them",
                           command->name, word, command->name);
    return pfl_err_set(p->err, PFL_EUSAGE, "there is no option %s; `perfledger help` lists them",
                       word);
}

static int parse_long(struct parser *p, char *word)
{
    char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    const struct pfl_command *command = p->parsed->command;
    const struct pfl_option *option = find_long(command ? command->options : NULL, word, len);
    void *options = p->parsed->options;

    if (!option) {
        option = find_long(pfl_global_options, word, len);
        options = &p->parsed->globals;
    }
    if (!option)
        return unknown_option(p, word);
    if (equals && option->kind == PFL_OPTION_FLAG)
        return pfl_err_set(p->err, PFL_EUSAGE, "%s takes no value", option->name);
    return take(p, option, options, equals ? equals + 1 : NULL);
}

static int parse_letters(struct parser *p, char *word)
{
    const struct pfl_command *command = p->parsed->command;
    const struct pfl_option *option;
    char *at = word + 1, letter[3] = {'-', 0, 0};
    void *options;
    int rc = PFL_OK;

    while (rc == PFL_OK && *at) {
        option = find_letter(command ? command->options : NULL, *at);
        options = p->parsed->options;
        if (!option) {
            option = find_letter(pfl_global_options, *at);
            options = &p->parsed->globals;
        }
        if (!option) {
            letter[1] = *at;
            return unknown_option(p, letter);
        }
        at++;
        if (option->kind != PFL_OPTION_FLAG) { /* the rest of the word, if any, is the value */
            at += *at == '=';
            return take(p, option, options, *at || at[-1] == '=' ? at : NULL);
        }
        rc = take(p, option, options, NULL);
    }
    return rc;
}

static int parse_word(struct parser *p, char *word, struct word_list *args)
{
    const struct pfl_command *command;

    if (word[0] == '-' && word[1] == '-')
        return parse_long(p, word);
    if (word[0] == '-' && word[1])
        return parse_letters(p, word);
    if (p->parsed->command)
        return pfl_vec_push(args, &word) ? PFL_OK : pfl_err_no_memory(p->err);
    command = pfl_command_find(word);
    return command ? choose_command(p, command) : pfl_command_unknown(word, p->err);
}

static int parse_all(struct parser *p, struct word_list *args)
{
    struct pfl_parsed *parsed = p->parsed;
    int rc = PFL_OK;

    while (rc == PFL_OK && p->at < p->count) {
        char *word = p->words[p->at++];

        if (strcmp(word, "--") == 0) {
            parsed->dashes = true;
            break;
        }
        rc = parse_word(p, word, args);
    }
    parsed->args_before_dashes = args->n;
    while (rc == PFL_OK && p->at < p->count)
        if (!pfl_vec_push(args, &p->words[p->at++]))
            rc = pfl_err_no_memory(p->err);
    if (rc == PFL_OK) {
        parsed->args = pfl_arena_grow(p->arena, args->at, args->n, args->n + 1, sizeof *args->at);
        parsed->arg_count = args->n;
        if (!parsed->args)
            rc = pfl_err_no_memory(p->err);
    }
    return rc;
}

int pfl_options_parse(char **words, size_t count, struct pfl_arena *arena,
                      struct pfl_parsed *parsed, struct pfl_err *err)
{
    struct parser p = {
        .words = words, .count = count, .at = 1, .arena = arena, .parsed = parsed, .err = err};
    struct word_list args = {0};
    int rc;

    memset(parsed, 0, sizeof *parsed);
    rc = parse_all(&p, &args);
    pfl_vec_release(&args);
    return rc;
}

int pfl_options_fail_on(const char *text, unsigned *bits, struct pfl_err *err)
{
    static const struct {
        const char *name;
        unsigned bit;
    } names[] = {{"regressed", PFL_FAIL_ON_REGRESSED},
                 {"failed", PFL_FAIL_ON_FAILED},
                 {"missing", PFL_FAIL_ON_MISSING},
                 {"inconclusive", PFL_FAIL_ON_INCONCLUSIVE},
                 {"new", PFL_FAIL_ON_NEW},
                 {"improved", PFL_FAIL_ON_IMPROVED},
                 {"none", 0}};
    unsigned found = 0;
    size_t len, i;

    do {
        len = strcspn(text, ",");
        for (i = 0; i < PFL_COUNT(names); i++)
            if (strlen(names[i].name) == len && strncmp(names[i].name, text, len) == 0)
                break;
        if (i == PFL_COUNT(names))
            return pfl_err_set(
                err, PFL_EUSAGE,
                "--fail-on: `%.*s` is none of: regressed failed missing inconclusive new "
                "improved none",
                (int)len, text);
        found |= names[i].bit;
        text += len + (text[len] == ',');
    } while (*text);
    *bits = found;
    return PFL_OK;
}
