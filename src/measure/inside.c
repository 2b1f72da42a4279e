/*
 * What is different about a program with benchmarks inside: how long it measures each of them,
 * which ones it is asked for, and what it says it holds.
 *
 * A launch measures every benchmark for a moment only (60 ms), because intervals are over launches:
 * ten launches of 60 ms tell more than one of 600 ms, since what differs from process to process
 * (where code and data lie) is then in the interval. No launch is spent on warming up: the program
 * warms each benchmark by itself, and a file that is not in memory yet delays its start only, which
 * nobody measures.
 *
 * Names: a benchmark inside is called `suite/name[…]` with the suite's own parameters among its
 * own. The program knows nothing of those; so a word of the selection is passed on without the
 * brackets when the suite has any, and what comes back is held against the whole word. The list has
 * parameters sorted by name, as results have.
 *
 * The list is asked of the program itself (`--list`, a name a line). A program that is not linked
 * with the library may do anything when started so; it gets ten seconds and no wire, but
 * never more than half of the time that the whole command has left.
 */
#include "measure/inside.h"

#include "base/text.h"
#include "base/vec.h"
#include "measure/around.h"
#include "measure/foreign.h"
#include "measure/harness.h"
#include "measure/name.h"
#include "sys/spawn.h"

#include <math.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

enum { LIST_MAX = 8 << 20, ERRORS_MAX = 64 << 10 };

static const double launch_seconds = 0.06, foreign_seconds = 0.1;
/* A session's time goes also into starting programs, warming up and yardsticks. Below so many
 * seconds a benchmark tells little: then rather fewer rounds, but two. */
static const double worth_sharing = 0.6, least_seconds = 0.002;

int pfl_inside_plan(const struct pfl_source *source, struct pfl_plan_item *item, const char *select,
                    struct pfl_err *err)
{
    if (source->suite->work_value)
        return pfl_source_fail(source, err, PFL_ECONFIG,
                               "work: is for commands; a benchmark inside a program tells its own "
                               "(pfl_items, pfl_bytes)");
    item->select = select;
    if (!(item->how.set & PFL_HOW_WARMUP))
        item->how.warmup = 0;
    return PFL_OK;
}

static int rounds_of(const struct pfl_how *how)
{
    int rounds = how->rounds > 0 ? how->rounds : how->min_rounds;

    return rounds > 0 ? rounds : 1;
}

double pfl_inside_seconds(const struct pfl_plan_item *item)
{
    const struct pfl_harness *harness = pfl_harness_find(item->harness);
    double usual = !harness               ? launch_seconds
                   : harness->seconds > 0 ? harness->seconds
                                          : foreign_seconds;
    double share = (double)item->how.max_time_ns / 1e9 / rounds_of(&item->how);
    double seconds = item->how.max_time_ns > 0 && share < usual ? share : usual;

    return item->inside_seconds > 0 && item->inside_seconds < seconds ? item->inside_seconds
                                                                      : seconds;
}

/* How many benchmarks are inside an item; a harness that does not say it has some, too. */
static double count_of(const struct pfl_plan_item *item, const struct pfl_inside_names *names)
{
    return names->n == 0 && names->by_nature && item->harness ? PFL_FOREIGN_GUESSED
                                                              : (double)names->n;
}

void pfl_inside_share(struct pfl_plan *plan, const struct pfl_inside_names *names)
{
    double left = worth_sharing * (double)plan->max_time_ns / 1e9, launches = 0, all = 0;
    size_t i;

    for (i = 0; i < plan->item_count; i++)
        if (plan->items[i].select) {
            all += count_of(&plan->items[i], &names[i]);
            launches += count_of(&plan->items[i], &names[i]) * rounds_of(&plan->items[i].how);
        }
    if (plan->max_time_ns <= 0 || launches <= 0)
        return;
    for (i = 0; i < plan->item_count; i++)
        if (plan->items[i].select && !names[i].by_nature)
            plan->items[i].inside_seconds =
                fmax(left / launches, fmin(least_seconds, left / all / 2));
}

/* The next of newline-separated words; NULL at the end. */
static const char *next_word(const char **rest, size_t *len)
{
    const char *word = *rest;

    *len = strcspn(word, "\n");
    *rest = word + *len + (word[*len] == '\n');
    return *len ? word : NULL;
}

const char *pfl_inside_select(const struct pfl_plan_item *item, struct pfl_arena *arena)
{
    const char *rest = item->select, *word, *all = "", *bracket;
    size_t len;

    if (item->inside)
        return pfl_arena_format(arena, "%s/%s", item->suite, item->inside);
    if (item->param_count == 0)
        return item->select;
    while (all && (word = next_word(&rest, &len))) {
        bracket = memchr(word, '[', len);
        if (bracket)
            len = (size_t)(bracket - word);
        all = pfl_arena_format(arena, "%s%s%.*s", all, *all ? "\n" : "", (int)len, word);
    }
    return all;
}

bool pfl_inside_selects(const struct pfl_plan_item *item, const char *name)
{
    const char *rest = item->select, *word;
    char pattern[4096];
    size_t len;

    if (!*rest)
        return true;
    while ((word = next_word(&rest, &len))) {
        if (len >= sizeof pattern)
            continue;
        memcpy(pattern, word, len);
        pattern[len] = 0;
        if (pfl_run_selects(pattern, name))
            return true;
    }
    return false;
}

/* Where the parameter at `at` ends: at a comma that another one follows. A value may hold commas;
 * what has no `=` belongs to the value before it. */
static const char *parameter_end(const char *at, const char *end)
{
    const char *comma = memchr(at, ',', (size_t)(end - at)), *next;

    for (; comma; comma = next) {
        next = memchr(comma + 1, ',', (size_t)(end - comma - 1));
        if (memchr(comma + 1, '=', (size_t)((next ? next : end) - comma - 1)))
            return comma;
    }
    return end;
}

/* "sort[kind=random,n=100]" → "sort" and its parameters. false: no memory. */
static bool split_name(struct pfl_arena *arena, const char *line, size_t len, const char **base,
                       struct pfl_pair **params, size_t *count)
{
    const char *open = memchr(line, '[', len), *at, *end = line + len - 1;
    size_t most = 1;

    *count = 0;
    if (!open || *end != ']')
        open = end = line + len;
    for (at = open; at < end; at++)
        most += *at == ',';
    *base = pfl_arena_text_n(arena, line, (size_t)(open - line));
    *params = pfl_arena_array(arena, most, sizeof **params);
    if (!*base || !*params)
        return false;
    for (at = open + 1; at < end;) {
        size_t all = (size_t)(parameter_end(at, end) - at), name = strcspn(at, "=");

        if (name > all)
            name = all;
        (*params)[*count].name = pfl_arena_text_n(arena, at, name);
        (*params)[*count].value =
            pfl_arena_text_n(arena, at + name + (name < all), all - name - (name < all));
        if (!(*params)[*count].name || !(*params)[*count].value)
            return false;
        ++*count;
        at += all + 1;
    }
    return true;
}

const char pfl_inside_nothing_selected[] =
    "it said nothing to PERFLEDGER_FD: none of the benchmarks inside it is selected, or it is not "
    "linked with libperfledger";

struct found {
    const char *name, *inner;
};

PFL_VEC(name_vec, struct found);

/* One line of the list. A program may write names with the suite's in front or without. */
static int add_name(const struct pfl_plan_item *item, struct pfl_arena *arena, const char *line,
                    size_t len, struct name_vec *found, struct pfl_err *err)
{
    size_t prefix = strlen(item->suite), count;
    const char *base;
    struct pfl_pair *params;
    struct found one = {0};

    if (len > prefix && strncmp(line, item->suite, prefix) == 0 && line[prefix] == '/') {
        line += prefix + 1;
        len -= prefix + 1;
    }
    while (len && (unsigned char)line[len - 1] <= ' ')
        len--;
    if (len == 0)
        return PFL_OK;
    one.inner = pfl_arena_text_n(arena, line, len);
    if (item->param_count == 0) /* the program's own text */
        one.name = pfl_arena_format(arena, "%s/%.*s", item->name, (int)len, line);
    else if (split_name(arena, line, len, &base, &params, &count))
        one.name = pfl_name_inside(arena, item->name, base, &params, &count, item->params,
                                   item->param_count);
    if (!one.inner || !one.name)
        return pfl_err_no_memory(err);
    return pfl_vec_push(found, &one) ? PFL_OK : pfl_err_no_memory(err);
}

static int keep_names(const struct pfl_plan_item *item, struct pfl_arena *arena,
                      const struct name_vec *found, struct pfl_inside_names *names,
                      struct pfl_err *err)
{
    size_t i;

    names->at = pfl_arena_array(arena, found->n + 1, sizeof *names->at);
    names->inner = pfl_arena_array(arena, found->n + 1, sizeof *names->inner);
    names->all = pfl_arena_array(arena, found->n + 1, sizeof *names->all);
    if (!names->at || !names->inner || !names->all)
        return pfl_err_no_memory(err);
    for (i = 0; i < found->n; i++) {
        names->all[names->all_n++] = found->at[i].name;
        if (!pfl_inside_selects(item, found->at[i].name))
            continue;
        names->at[names->n] = found->at[i].name;
        names->inner[names->n++] = found->at[i].inner;
    }
    return PFL_OK;
}

static int read_names(const struct pfl_plan_item *item, struct pfl_arena *arena,
                      const struct pfl_buf *output, struct pfl_inside_names *names,
                      struct pfl_err *err)
{
    const char *at = output->len ? output->data : "", *end = at + output->len, *newline;
    struct name_vec found = {0};
    int rc = PFL_OK;

    for (; at < end && rc == PFL_OK; at = newline + 1) {
        newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline)
            newline = end;
        rc = add_name(item, arena, at, (size_t)(newline - at), &found, err);
    }
    if (rc == PFL_OK)
        rc = keep_names(item, arena, &found, names, err);
    pfl_vec_release(&found);
    return rc;
}

/* The command with --list behind it: as a further word, or at the end of a shell's line. */
static char **listing_words(const struct pfl_plan_item *item, struct pfl_arena *arena)
{
    char **words = pfl_arena_grow(arena, item->argv, item->argc, item->argc + 2, sizeof *words);
    size_t at = item->how.shell ? item->argc - 1 : item->argc;

    if (!words)
        return NULL;
    words[at] = item->how.shell ? pfl_arena_format(arena, "%s --list", item->command)
                                : pfl_arena_text(arena, "--list");
    words[at + 1] = NULL;
    return words[at] ? words : NULL;
}

/* false: there is no time left to ask. */
static bool has_time(const struct pfl_inside_asking *asking, int64_t *timeout_ns)
{
    int64_t left;

    *timeout_ns = 10 * SECOND;
    if (!asking->deadline_ns)
        return true;
    left = asking->deadline_ns - asking->clock->monotonic_ns(asking->clock->context);
    if (left / 2 < *timeout_ns)
        *timeout_ns = left / 2;
    return left > 1;
}

/* Its output, or why there is none. */
static int ask(const struct pfl_process_params *params, struct pfl_arena *arena,
               const char **problem, struct pfl_err *err)
{
    struct pfl_err why = {0};
    int status = 0, rc = pfl_process_run(params, &status, &why);

    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    if (rc == PFL_EINTERRUPTED)
        return pfl_err_set(err, rc, "interrupted while %s was asked what is inside it (--list)",
                           params->argv[0]);
    if (rc == PFL_OK && status == 0)
        return PFL_OK;
    *problem = rc != PFL_OK
                   ? pfl_arena_text(arena, why.message)
                   : pfl_around_ending(arena, status, params->errors->data, params->errors->len);
    return *problem ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_inside_list(const struct pfl_inside_asking *asking, const struct pfl_plan *plan,
                    const struct pfl_plan_item *item, struct pfl_inside_names *names,
                    struct pfl_err *err)
{
    struct pfl_arena *arena = asking->arena;
    struct pfl_process_params params = {
        .interrupted = asking->stop_asked, .context = asking->context, .whole_session = true};
    struct pfl_inside_names made = {0};
    struct pfl_buf output, errors;
    int rc;

    if (item->harness)
        return pfl_foreign_list(asking, plan, item, names, err);
    if (!has_time(asking, &params.timeout_ns)) {
        *names = (struct pfl_inside_names){.problem = "the session's time was up"};
        return PFL_OK;
    }
    params.argv = listing_words(item, arena);
    params.envp = pfl_around_environment(arena, item, NULL, asking->other_checkout);
    params.cwd = pfl_around_folder(plan, item, arena);
    if (!params.argv || !params.envp || !params.cwd)
        return pfl_err_no_memory(err);
    pfl_buf_init(&output, LIST_MAX);
    pfl_buf_init(&errors, ERRORS_MAX);
    params.output = &output;
    params.errors = &errors;
    rc = ask(&params, arena, &made.problem, err);
    if (rc == PFL_OK && !made.problem)
        rc = read_names(item, arena, &output, &made, err);
    pfl_buf_release(&output);
    pfl_buf_release(&errors);
    if (rc == PFL_OK)
        *names = made;
    return rc;
}
