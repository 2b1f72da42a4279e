/* `alias add | list | remove`: what was renamed goes on as one series. */
#include "cli/session.h"

#include "base/table.h"
#include "base/text.h"
#include "flow/alias.h"

#include <string.h>

struct options {
    const char *benchmark, *note;
    bool variant, force;
};

#define AT(field) offsetof(struct options, field)

static const struct pfl_option options[] = {
    {.name = "--variant",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(variant),
     .summary =
         "the names are of a variant (an asv environment, a thread count); '' is a name, too"},
    {.name = "--benchmark",
     .kind = PFL_OPTION_TEXT,
     .value = "NAME",
     .offset = AT(benchmark),
     .choices = "benchmark",
     .summary = "with --variant: of this benchmark only"},
    {.name = "--note",
     .kind = PFL_OPTION_TEXT,
     .value = "TEXT",
     .offset = AT(note),
     .summary = "add: why, shown by list and at the boundary"},
    {.name = "--force",
     .kind = PFL_OPTION_FLAG,
     .offset = AT(force),
     .summary = "add: also names under which nothing is recorded yet"},
    {0},
};

enum what { ADDED, REMOVED, LISTED };

struct said {
    enum what what;
    struct pfl_flow_aliases aliases;
};

/* ---- JSON ---- */

static void json_aliases(struct pfl_json_writer *w, const char *key,
                         const struct pfl_store_alias *list, size_t n)
{
    char date[32];
    size_t i;

    pfl_json_key(w, key);
    pfl_json_array(w);
    for (i = 0; i < n; i++) {
        const char *benchmark = list[i].benchmark && *list[i].benchmark ? list[i].benchmark : NULL;

        pfl_clock_text(list[i].unix_ns, date);
        pfl_json_object(w);
        pfl_json_put_string(w, "kind", list[i].variant ? "variant" : "benchmark");
        pfl_json_put_string(w, "benchmark", benchmark);
        pfl_json_put_string(w, "from", list[i].from);
        pfl_json_put_string(w, "to", list[i].to);
        pfl_json_put_string(w, "note", list[i].note && *list[i].note ? list[i].note : NULL);
        pfl_json_put_string(w, "said", date);
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

static void put_json(const struct said *said, struct pfl_buf *out)
{
    static const char *const keys[] = {"added", "removed", "aliases"};
    struct pfl_json_writer w;

    pfl_cli_json_open(&w, out);
    json_aliases(&w, keys[said->what], said->aliases.list, said->aliases.n);
    if (said->what == ADDED) {
        json_aliases(&w, "left_out", said->aliases.left_out, said->aliases.left_out_count);
        pfl_json_put_integer(&w, "hidden_points", (int64_t)said->aliases.hidden);
    }
    pfl_cli_json_close(&w, out);
}

/* ---- for people ---- */

/* A variant may have no name. */
static const char *shown(struct pfl_arena *arena, const char *name)
{
    return name && *name ? pfl_text_shown(arena, name) : "''";
}

static int put_table(struct pfl_context *context, const struct said *said, struct pfl_buf *out,
                     struct pfl_err *err)
{
    static const struct pfl_table_column columns[] = {
        {"older name", PFL_TABLE_NAME, 12, 0}, {"newer name", PFL_TABLE_NAME, 12, 0},
        {"variant of", PFL_TABLE_NAME, 8, 0},  {"said", PFL_TABLE_LEFT, 0, 1},
        {"note", PFL_TABLE_LEFT, 8, 2},
    };
    struct pfl_arena *arena = context->arena;
    struct pfl_table table;
    size_t i;

    pfl_table_init(&table, arena, columns, PFL_COUNT(columns));
    table.blank = "";
    for (i = 0; i < said->aliases.n; i++) {
        const struct pfl_store_alias *alias = &said->aliases.list[i];
        const char *of = alias->variant ? alias->benchmark && *alias->benchmark
                                              ? pfl_text_shown(arena, alias->benchmark)
                                              : "all"
                                        : "";
        char date[32];
        struct pfl_table_cell row[] = {
            {shown(arena, alias->from), 0},
            {shown(arena, alias->to), 0},
            {of, 0},
            {NULL, 0},
            {alias->note ? pfl_text_shown(arena, alias->note) : "", 0},
        };

        pfl_clock_text(alias->unix_ns, date);
        row[3].text = pfl_arena_format(arena, "%.10s", date);
        pfl_table_add(&table, row);
    }
    return pfl_table_render(&table, context->out.width, NULL, out, err);
}

static void put_names(struct pfl_context *context, const struct pfl_store_alias *list, size_t n,
                      struct pfl_buf *out)
{
    enum { FEW = 10 };
    size_t i;

    for (i = 0; i < n && i < FEW; i++)
        pfl_buf_format(out, "  %s → %s\n", shown(context->arena, list[i].from),
                       shown(context->arena, list[i].to));
    if (n > i)
        pfl_buf_format(out, "  and %zu more (--json has all)\n", n - i);
}

static void put_added(struct pfl_context *context, const struct pfl_flow_aliases *aliases,
                      struct pfl_buf *out)
{
    pfl_buf_format(out,
                   "%zu name%s from now on one series with the newer one; nothing recorded "
                   "was changed\n",
                   aliases->n, aliases->n == 1 ? " is" : "s are");
    put_names(context, aliases->list, aliases->n, out);
    if (aliases->left_out_count) {
        pfl_buf_format(out,
                       "%zu left out: nothing is recorded under the newer name (--force joins "
                       "them, too)\n",
                       aliases->left_out_count);
        put_names(context, aliases->left_out, aliases->left_out_count, out);
    }
    if (aliases->hidden)
        pfl_buf_format(out,
                       "%zu value%s no more, because the run has one under the newer name, too: is "
                       "it really a renaming? `perfledger alias remove` takes it back\n",
                       aliases->hidden, aliases->hidden == 1 ? " counts" : "s count");
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct said *said = data;

    if (context->json) {
        put_json(said, out);
    } else if (said->what == ADDED) {
        put_added(context, &said->aliases, out);
    } else if (said->what == REMOVED) {
        pfl_buf_format(out, "%zu alias%s removed; the names are series of their own again\n",
                       said->aliases.n, said->aliases.n == 1 ? "" : "es");
        put_names(context, said->aliases.list, said->aliases.n, out);
    } else if (said->aliases.n == 0) {
        pfl_buf_text(out, "No names are joined. `perfledger alias add OLD NEW` joins two.\n");
    } else {
        return put_table(context, said, out, err);
    }
    return PFL_OK;
}

/* ---- the command ---- */

static int read_params(const struct pfl_context *context, enum what what,
                       struct pfl_flow_alias_params *params, struct pfl_err *err)
{
    const struct options *given = context->options;
    size_t words = what == ADDED ? 3 : what == REMOVED ? 2 : 1;

    if (context->arg_count != words)
        return pfl_err_set(err, PFL_EUSAGE, "`perfledger alias %s` takes %s", context->args[0],
                           what == ADDED     ? "two names: OLD NEW"
                           : what == REMOVED ? "one name: OLD"
                                             : "no arguments");
    if (given->benchmark && !given->variant)
        return pfl_err_set(err, PFL_EUSAGE, "--benchmark is about variants: add --variant");
    if ((given->note || given->force) && what != ADDED)
        return pfl_err_set(err, PFL_EUSAGE, "%s is about adding",
                           given->note ? "--note" : "--force");
    *params = (struct pfl_flow_alias_params){.variant = given->variant,
                                             .benchmark = given->benchmark,
                                             .note = given->note,
                                             .force = given->force};
    params->from = words > 1 ? context->args[1] : "";
    params->to = words > 2 ? context->args[2] : NULL;
    return PFL_OK;
}

static int which(const struct pfl_context *context, enum what *what, struct pfl_err *err)
{
    static const char *const verbs[] = {"add", "remove", "list"};
    const char *near;
    size_t i;

    if (context->arg_count == 0) {
        *what = LISTED;
        return pfl_err_set(err, PFL_EUSAGE,
                           "`perfledger alias` takes a verb: add OLD NEW, list, remove OLD");
    }
    for (i = 0; i < PFL_COUNT(verbs); i++)
        if (strcmp(context->args[0], verbs[i]) == 0) {
            *what = (enum what)i;
            return PFL_OK;
        }
    near = pfl_text_nearest(context->args[0], verbs, PFL_COUNT(verbs));
    return pfl_err_set(
        err, PFL_EUSAGE, "`perfledger alias` does not know `%s`%s%s%s there are add, list, remove",
        context->args[0], near ? "; did you mean `" : "", near ? near : "", near ? "`?" : ";");
}

static int run(struct pfl_context *context, struct pfl_err *err)
{
    struct pfl_flow_alias_params params;
    struct said said = {.what = LISTED};
    struct pfl_flow flow;
    int rc = which(context, &said.what, err);

    if (rc == PFL_OK)
        rc = read_params(context, said.what, &params, err);
    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    rc = said.what == ADDED     ? pfl_flow_alias_add(&flow, &params, &said.aliases, err)
         : said.what == REMOVED ? pfl_flow_alias_remove(&flow, &params, &said.aliases, err)
                                : pfl_flow_alias_list(&flow, &said.aliases, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill, &said, err);
    pfl_flow_close(&flow);
    return rc;
}

const struct pfl_command pfl_command_alias = {
    .name = "alias",
    .group = "Ledger",
    .summary = "join the names of what was renamed, so that it is one series",
    .usage = "alias add OLD NEW [--note TEXT]\n"
             "alias add --variant OLD NEW [--benchmark NAME]\n"
             "alias list\n"
             "alias remove OLD [--variant [--benchmark NAME]]",
    .description =
        "A benchmark that was renamed begins another series. `add` says that the older name goes "
        "on under the newer one: wherever values are read over time (changes, export --history, "
        "how sessions differ) both are one then, with a mark where the name changed. Nothing "
        "recorded changes, and `remove` parts them again. A name may be renamed again later; a "
        "circle is refused.\n"
        "OLD is a benchmark, or a suite: `alias add old new` also joins old[n=1] to new[n=1] and "
        "old/x to new/x. With one * in each, as in 'old_*' 'new_*', whatever the * stands for is "
        "kept. It holds for benchmarks that are recorded by now; say it again for later ones.\n"
        "Variants (an asv environment that is measured beside others, a thread count) are joined "
        "with --variant, for all benchmarks or for one.",
    .examples =
        "perfledger alias add parse decode --note 'renamed in 1.4'\tone benchmark, or a suite\n"
        "perfledger alias add 'bench_old.*' 'bench_new.*'\tall of a renamed module\n"
        "perfledger alias add --variant virtualenv-py3.8 virtualenv-py3.9\tanother environment "
        "goes on",
    .options = options,
    .options_size = sizeof(struct options),
    .verbs = "add list remove",
    .run = run,
};
