/*
 * Registered benchmarks become cases: every combination of the values of their arguments, in
 * natural order of names (n=9 before n=10), so that lists and ledgers do not depend on the order of
 * linking.
 *
 * Constructors only put their registration on a list; what is wrong with one is said when cases are
 * collected, with its file and line. All texts of cases are kept once, for the life of the program:
 * a benchmark may keep what pfl_arg_text() gave.
 */
#include "engine.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A registration that pfl_bench_add() made carries its context. */
struct registry_added {
    struct pfl_registration registration; /* first */
    void *context;
    struct registry_added *next;
};

static struct pfl_registration *registry_list;
static struct registry_added *registry_added_list;

/* ---- texts ---- */

struct registry_text {
    struct registry_text *next;
    char text[];
};

enum { REGISTRY_BUCKETS = 1024 };

static struct registry_text *registry_texts[REGISTRY_BUCKETS];

/* The one text like this; lives as long as the program. */
static const char *registry_keep(const char *text)
{
    uint32_t hash = 2166136261u;
    struct registry_text **bucket, *kept;
    const char *at;
    size_t length = strlen(text);

    for (at = text; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    bucket = &registry_texts[hash % REGISTRY_BUCKETS];
    for (kept = *bucket; kept; kept = kept->next)
        if (strcmp(kept->text, text) == 0)
            return kept->text;
    kept = pfl_lib_alloc(sizeof *kept + length + 1);
    memcpy(kept->text, text, length + 1);
    kept->next = *bucket;
    *bucket = kept;
    return kept->text;
}

static const char *registry_take(char *text)
{
    const char *kept = registry_keep(text);

    free(text);
    return kept;
}

/* ---- registering ---- */

void pfl_bench_register(struct pfl_registration *registration)
{
    pfl_lib_build_add(registration->build);
    registration->next = registry_list;
    registry_list = registration;
}

void pfl_bench_add(const char *name, pfl_bench_function *function, void *context,
                   const struct pfl_option *options)
{
    struct registry_added *added = pfl_lib_alloc(sizeof *added);
    struct pfl_option *copy;
    size_t n = 0, i;

    while (options && options[n].kind != PFL_OPTION_END)
        n++;
    copy = pfl_lib_alloc((n + 1) * sizeof *copy);
    for (i = 0; i < n; i++)
        copy[i] = (struct pfl_option){options[i].kind, registry_keep(options[i].name),
                                      registry_keep(options[i].text)};
    copy[n] = (struct pfl_option){PFL_OPTION_END, "", ""};
    *added = (struct registry_added){.registration = {.library = PFL_LIBRARY_VERSION,
                                                      .name = registry_keep(name ? name : ""),
                                                      .function = function,
                                                      .options = copy},
                                     .context = context,
                                     .next = registry_added_list};
    registry_added_list = added;
    pfl_bench_register(&added->registration);
}

/* ---- one registration → its cases ---- */

struct registry_form {
    const struct pfl_registration *from;
    struct pfl_lib_case common;
    const char *names[PFL_LIB_ARGS_MAX];
    struct pfl_lib_arg values[PFL_LIB_ARGS_MAX][PFL_LIB_VALUES_MAX];
    int counts[PFL_LIB_ARGS_MAX];
    size_t args;
    char *problem;
    size_t room;
};

static bool registry_problem(struct registry_form *form, const char *format, ...) PFL_PRINTF(2, 3);
static bool registry_problem(struct registry_form *form, const char *format, ...)
{
    const struct pfl_registration *from = form->from;
    int n = from->file ? snprintf(form->problem, form->room, "%s:%d: benchmark %s: ", from->file,
                                  from->line, from->name)
                       : snprintf(form->problem, form->room, "benchmark %s: ", from->name);
    va_list values;

    va_start(values, format);
    if (n >= 0 && (size_t)n < form->room)
        vsnprintf(form->problem + n, form->room - (size_t)n, format, values);
    va_end(values);
    return false;
}

/* Arguments stay sorted by name. */
static bool registry_argument(struct registry_form *form, const struct pfl_option *option)
{
    char why[300];
    size_t at = form->args, i;
    int n, j, k;

    if (form->args == PFL_LIB_ARGS_MAX)
        return registry_problem(form, "more than %d arguments", PFL_LIB_ARGS_MAX);
    while (at > 0 && strcmp(form->names[at - 1], option->name) > 0)
        at--;
    if (at > 0 && strcmp(form->names[at - 1], option->name) == 0)
        return registry_problem(form, "the argument %s is given twice", option->name);
    for (i = form->args; i > at; i--) {
        form->names[i] = form->names[i - 1];
        form->counts[i] = form->counts[i - 1];
        memcpy(form->values[i], form->values[i - 1], sizeof form->values[i]);
    }
    n = pfl_lib_values_parse(option->text, form->values[at], why, sizeof why);
    if (n < 0)
        return registry_problem(form, "argument %s: %s", option->name, why);
    form->args++;
    form->names[at] = option->name;
    form->counts[at] = n;
    for (j = 0; j < n; j++) {
        form->values[at][j].name = option->name;
        form->values[at][j].text = registry_take((char *)form->values[at][j].text);
    }
    for (j = 0; j < n; j++)
        for (k = 0; k < j; k++)
            if (strcmp(form->values[at][j].text, form->values[at][k].text) == 0)
                return registry_problem(form, "argument %s: the value %s is given twice",
                                        option->name, form->values[at][j].text);
    return true;
}

static bool registry_threads(struct registry_form *form, const struct pfl_option *option)
{
    size_t i;
    int j;

    if (!registry_argument(form, option))
        return false;
    for (i = 0; i < form->args; i++)
        for (j = 0; strcmp(form->names[i], "threads") == 0 && j < form->counts[i]; j++)
            if (!form->values[i][j].is_integer || form->values[i][j].integer < 1 ||
                form->values[i][j].integer > 1024)
                return registry_problem(form, "PFL_THREADS(%s): a number of threads is 1 to 1024",
                                        option->text);
    return true;
}

static bool registry_timeout(struct registry_form *form, const struct pfl_option *option)
{
    struct pfl_lib_arg value;
    char why[300];

    if (!pfl_lib_constant(option->text, &value, why, sizeof why))
        return registry_problem(form, "PFL_TIMEOUT: %s", why);
    if (!(value.number > 0 && value.number <= 1e6))
        return registry_problem(form, "PFL_TIMEOUT(%s): seconds, more than 0 and at most 1000000",
                                option->text);
    form->common.timeout_s = value.number;
    return true;
}

static bool registry_group(struct registry_form *form, const struct pfl_option *option)
{
    if (strchr(form->common.bench, '/'))
        return registry_problem(form, "PFL_GROUP: a benchmark is in one group");
    if (option->text[0] == '\0' || strpbrk(option->text, "[]=, \n\t"))
        return registry_problem(
            form, "PFL_GROUP(\"%s\"): a group's name has no blank and none of [ ] = ,",
            option->text);
    form->common.bench = registry_take(pfl_lib_text("%s/%s", option->text, form->common.bench));
    return true;
}

static bool registry_option(struct registry_form *form, const struct pfl_option *option)
{
    switch (option->kind) {
    case PFL_OPTION_ARGS: return registry_argument(form, option);
    case PFL_OPTION_THREADS: return registry_threads(form, option);
    case PFL_OPTION_TIMEOUT: return registry_timeout(form, option);
    case PFL_OPTION_GROUP: return registry_group(form, option);
    case PFL_OPTION_TAGS:
        form->common.tags = registry_take(pfl_lib_text(
            "%s%s%s", form->common.tags, form->common.tags[0] ? " " : "", option->text));
        return true;
    case PFL_OPTION_COMPLEXITY:
        form->common.complexity_arg = registry_keep(option->name);
        return true;
    case PFL_OPTION_MANUAL_TIME: form->common.manual_time = true; return true;
    case PFL_OPTION_ALLOCATIONS: form->common.allocations = true; return true;
    default: return registry_problem(form, "an option that this version does not know");
    }
}

/* The argument that complexity is fitted over must be there and be of numbers. */
static bool registry_complexity(struct registry_form *form)
{
    const char *name = form->common.complexity_arg;
    size_t i;
    int j;

    if (!name)
        return true;
    for (i = 0; i < form->args && strcmp(form->names[i], name) != 0; i++)
        ;
    if (i == form->args)
        return registry_problem(form, "PFL_COMPLEXITY(%s): it has no argument of that name", name);
    for (j = 0; j < form->counts[i]; j++)
        if (!(form->values[i][j].number > 0))
            return registry_problem(form, "PFL_COMPLEXITY(%s): \"%s\" is no number above 0", name,
                                    form->values[i][j].text);
    return true;
}

static const char *registry_case_name(const struct pfl_lib_case *c)
{
    char *name = pfl_lib_text("%s", c->bench), *longer;
    size_t i;

    for (i = 0; i < c->arg_count; i++) {
        longer = pfl_lib_text("%s%s%s=%s", name, i ? "," : "[", c->args[i].name, c->args[i].text);
        free(name);
        name = longer;
    }
    if (c->arg_count > 0) {
        longer = pfl_lib_text("%s]", name);
        free(name);
        name = longer;
    }
    return registry_take(name);
}

/* Every combination: counts like an odometer, the last argument fastest. */
static void registry_expand(const struct registry_form *form, struct pfl_lib_cases *cases)
{
    int at[PFL_LIB_ARGS_MAX] = {0};
    struct pfl_lib_case *c;
    size_t i;

    for (;;) {
        if ((cases->n & (cases->n - 1)) == 0)
            cases->at = pfl_lib_realloc(cases->at, (cases->n ? 2 * cases->n : 1) * sizeof *c);
        c = &cases->at[cases->n++];
        *c = form->common;
        c->arg_count = form->args;
        for (i = 0; i < form->args; i++) {
            c->args[i] = form->values[i][at[i]];
            if (strcmp(form->names[i], "threads") == 0 && c->args[i].is_integer)
                c->threads = (int)c->args[i].integer;
        }
        c->name = registry_case_name(c);
        for (i = form->args; i > 0 && ++at[i - 1] == form->counts[i - 1]; i--)
            at[i - 1] = 0;
        if (i == 0)
            return;
    }
}

static void *registry_context(const struct pfl_registration *registration)
{
    struct registry_added *added;

    for (added = registry_added_list; added; added = added->next)
        if (&added->registration == registration)
            return added->context;
    return NULL;
}

static bool registry_read(const struct pfl_registration *from, struct registry_form *form)
{
    const struct pfl_option *option;

    form->from = from;
    form->args = 0;
    form->common = (struct pfl_lib_case){.bench = registry_keep(from->name),
                                         .tags = "",
                                         .file = from->file,
                                         .line = from->line,
                                         .function = from->function,
                                         .context = registry_context(from),
                                         .threads = 1,
                                         .timeout_s = 60};
    if (strcmp(from->library, PFL_LIBRARY_VERSION) != 0)
        return registry_problem(form,
                                "compiled against libperfledger %s, but linked with %s: compile it "
                                "again with the headers of the library it is linked with",
                                from->library, PFL_LIBRARY_VERSION);
    if (!from->function || from->name[0] == '\0' || strlen(from->name) >= PFL_LIB_NAME_MAX / 2)
        return registry_problem(form, "it needs a function, and a name of 1 to %d bytes",
                                PFL_LIB_NAME_MAX / 2 - 1);
    for (option = from->options; option && option->kind != PFL_OPTION_END; option++)
        if (!registry_option(form, option))
            return false;
    return registry_complexity(form);
}

/* ---- order ---- */

/* Runs of digits compare as numbers. */
static int registry_natural(const char *a, const char *b)
{
    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            size_t n, m;

            for (; *a == '0' && isdigit((unsigned char)a[1]); a++)
                ;
            for (; *b == '0' && isdigit((unsigned char)b[1]); b++)
                ;
            n = strspn(a, "0123456789");
            m = strspn(b, "0123456789");
            if (n != m)
                return n < m ? -1 : 1;
            if (strncmp(a, b, n) != 0)
                return strncmp(a, b, n);
            a += n;
            b += m;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return *a ? 1 : *b ? -1 : 0;
}

static int registry_order(const void *a, const void *b)
{
    const struct pfl_lib_case *x = a, *y = b;
    int order = registry_natural(x->name, y->name);

    return order ? order : strcmp(x->name, y->name);
}

static const char *registry_place(const struct pfl_lib_case *c, char *out, size_t room)
{
    if (c->file)
        snprintf(out, room, "%s:%d", c->file, c->line);
    else
        snprintf(out, room, "pfl_bench_add()");
    return out;
}

static bool registry_is_twice(const struct pfl_lib_cases *cases, char *problem, size_t room)
{
    char first[PFL_LIB_NAME_MAX], second[PFL_LIB_NAME_MAX];
    size_t i;

    for (i = 1; i < cases->n; i++) {
        const struct pfl_lib_case *a = &cases->at[i - 1], *b = &cases->at[i];

        if (strcmp(a->name, b->name) != 0)
            continue;
        if (a->line > b->line) {
            a = b;
            b = &cases->at[i - 1];
        }
        snprintf(problem, room,
                 "benchmark %s is registered twice: %s and %s; give one another name or "
                 "a PFL_GROUP",
                 a->bench, registry_place(a, first, sizeof first),
                 registry_place(b, second, sizeof second));
        return true;
    }
    return false;
}

void pfl_lib_cases_warn_uncounted(const struct pfl_lib_cases *cases)
{
    size_t i;

    if (pfl_lib_allocations_counted())
        return;
    for (i = 0; i < cases->n && !cases->at[i].allocations; i++)
        ;
    if (i < cases->n)
        pfl_lib_warn("%s wants its allocations counted: put PFL_COUNT_ALLOCATIONS() into one file "
                     "of the program (glibc only, not with a sanitizer)",
                     cases->at[i].bench);
}

bool pfl_lib_cases_collect(struct pfl_lib_cases *cases, char *problem, size_t room)
{
    struct registry_form *form = pfl_lib_alloc(sizeof *form);
    const struct pfl_registration *from;
    struct pfl_lib_cases made = {NULL, 0};
    bool ok = true;

    form->problem = problem;
    form->room = room;
    for (from = registry_list; ok && from; from = from->next) {
        ok = registry_read(from, form);
        if (ok)
            registry_expand(form, &made);
    }
    free(form);
    if (ok && made.n > 0) {
        qsort(made.at, made.n, sizeof *made.at, registry_order);
        ok = !registry_is_twice(&made, problem, room);
    }
    if (!ok) {
        free(made.at);
        return false;
    }
    *cases = made;
    return true;
}

void pfl_lib_cases_release(struct pfl_lib_cases *cases)
{
    if (!cases)
        return;
    free(cases->at);
    *cases = (struct pfl_lib_cases){NULL, 0};
}
