/*
 * The environment of a run as a table for people.
 *
 * What is unknown has no line. Load and pressure, which a run keeps as separate figures from before
 * and after, are one line each. Everything else that the run recorded of its environment is a
 * variable and keeps its name.
 */
#include "documents/environment.h"

#include "base/text.h"
#include "base/units.h"
#include "base/vec.h"
#include "documents/markdown.h"
#include "documents/words.h"

#include <string.h>

PFL_VEC(name_list, const char *);

struct environment {
    struct pfl_document_words *words;
    const struct pfl_run *runs[2]; /* before, after; [0] NULL: only one */
    struct pfl_table table;
};

/* What a run says in one line of the table, raw; "" when it is unknown. */
typedef const char *say_fn(struct pfl_document_words *words, const struct pfl_run *run);

static const char *find(const struct pfl_run *run, const char *name)
{
    return pfl_pair_find(run->environment, run->environment_count, name);
}

static const char *say_machine(struct pfl_document_words *words, const struct pfl_run *run)
{
    (void)words;
    return pfl_words_machine(&run->machine);
}

static const char *say_cpu(struct pfl_document_words *words, const struct pfl_run *run)
{
    const struct pfl_machine *machine = &run->machine;
    const char *sep = *machine->cpu_model ? ", " : "";

    if (machine->cores > 0 && machine->cpus > 0)
        return pfl_document_format(words, "%s%s%d core%s, %d CPU%s", machine->cpu_model, sep,
                                   machine->cores, machine->cores == 1 ? "" : "s", machine->cpus,
                                   machine->cpus == 1 ? "" : "s");
    if (machine->cpus > 0)
        return pfl_document_format(words, "%s%s%d CPU%s", machine->cpu_model, sep, machine->cpus,
                                   machine->cpus == 1 ? "" : "s");
    return machine->cpu_model;
}

static const char *say_governor(struct pfl_document_words *words, const struct pfl_run *run)
{
    (void)words;
    return run->machine.governor;
}

static const char *say_turbo(struct pfl_document_words *words, const struct pfl_run *run)
{
    (void)words;
    return run->machine.turbo;
}

static const char *say_memory(struct pfl_document_words *words, const struct pfl_run *run)
{
    if (run->machine.memory_bytes <= 0)
        return "";
    pfl_units_write(&words->buf, (double)run->machine.memory_bytes, "B", 3);
    return pfl_document_end(words);
}

static const char *say_kernel(struct pfl_document_words *words, const struct pfl_run *run)
{
    if (!*run->machine.kernel)
        return "";
    return pfl_document_format(words, "%s%s%s", run->machine.kernel, *run->machine.arch ? ", " : "",
                               run->machine.arch);
}

static const char *say_system(struct pfl_document_words *words, const struct pfl_run *run)
{
    const char *sep = *run->machine.os && *run->machine.libc ? ", " : "";

    return pfl_document_format(words, "%s%s%s", run->machine.os, sep, run->machine.libc);
}

static bool is_named(const char *text)
{
    return *text && strcmp(text, "none") != 0;
}

static const char *say_virtual(struct pfl_document_words *words, const struct pfl_run *run)
{
    const char *vm = run->machine.virtualisation, *container = run->machine.container;

    if (is_named(vm) && is_named(container))
        return pfl_document_format(words, "%s, %s", vm, container);
    return is_named(container) ? container : vm;
}

static const char *say_compiler(struct pfl_document_words *words, const struct pfl_run *run)
{
    pfl_words_compiler(&words->buf, find(run, "compiler"));
    return pfl_document_end(words);
}

static const char *say_load(struct pfl_document_words *words, const struct pfl_run *run)
{
    const char *before = find(run, "load_before"), *after = find(run, "load_after");

    if (!*before && !*after)
        return "";
    return pfl_document_format(words, "%s%s%s%s", *before ? before : "", *before ? " before" : "",
                               *before && *after ? ", " : "",
                               *after ? pfl_document_format(words, "%s after", after) : "");
}

static const char *say_pressure(struct pfl_document_words *words, const struct pfl_run *run)
{
    static const char *const kinds[][2] = {
        {"psi_cpu_stall", "CPU"}, {"psi_memory_stall", "memory"}, {"psi_io_stall", "disk"}};
    const char *text = "", *share;
    size_t i;

    for (i = 0; i < PFL_COUNT(kinds); i++) {
        share = find(run, kinds[i][0]);
        if (*share)
            text = pfl_document_format(words, "%s%s%s %s", text, *text ? ", " : "", kinds[i][1],
                                       share);
    }
    return text;
}

static const char *say_tier(struct pfl_document_words *words, const struct pfl_run *run)
{
    if (!*run->selection)
        return run->tier;
    return *run->tier ? pfl_document_format(words, "%s, only %s", run->tier, run->selection)
                      : run->selection;
}

static const char *say_order(struct pfl_document_words *words, const struct pfl_run *run)
{
    if (run->seed == 0) /* nobody shuffled, as in what was imported */
        return "";
    return pfl_document_format(words, "random, seed %llu", (unsigned long long)run->seed);
}

static const char *say_tool(struct pfl_document_words *words, const struct pfl_run *run)
{
    (void)words;
    return run->tool;
}

static void add_line(struct environment *e, const char *label, const char *before,
                     const char *after)
{
    struct pfl_table_cell cells[3] = {{0}};

    if (!*after && (!e->runs[0] || !*before))
        return;
    cells[0].text = label;
    if (!e->runs[0]) {
        cells[1].text = pfl_document_text(e->words, after);
    } else {
        cells[1].text = *before ? pfl_document_text(e->words, before) : "–";
        cells[2].text = strcmp(before, after) == 0 ? "same"
                        : *after                   ? pfl_document_text(e->words, after)
                                                   : "–";
    }
    pfl_table_add(&e->table, cells);
}

/* Figures of the load have lines of their own. */
static bool is_variable(const char *name)
{
    return strcmp(name, "compiler") != 0 && !pfl_text_starts(name, "load_") &&
           !pfl_text_starts(name, "psi_");
}

static bool add_names(struct name_list *names, const struct pfl_run *run)
{
    size_t i, j;

    for (i = 0; run && i < run->environment_count; i++) {
        for (j = 0; j < names->n && strcmp(names->at[j], run->environment[i].name) != 0; j++)
            ;
        if (j == names->n && is_variable(run->environment[i].name) &&
            !pfl_vec_push(names, &run->environment[i].name))
            return false;
    }
    return true;
}

static bool add_variables(struct environment *e)
{
    struct name_list names = {0};
    bool ok = add_names(&names, e->runs[0]) && add_names(&names, e->runs[1]);
    size_t i;

    for (i = 0; ok && i < names.n; i++)
        add_line(e, pfl_document_code(e->words, names.at[i]),
                 e->runs[0] ? find(e->runs[0], names.at[i]) : "", find(e->runs[1], names.at[i]));
    pfl_vec_release(&names);
    return ok;
}

int pfl_document_environment(struct pfl_document_words *words, const struct pfl_run *base,
                             const struct pfl_run *head, struct pfl_buf *out, struct pfl_err *err)
{
    static const struct pfl_table_column one[] = {{"", PFL_TABLE_LEFT, 0, 0},
                                                  {"value", PFL_TABLE_LEFT, 0, 0}},
                                         two[] = {{"", PFL_TABLE_LEFT, 0, 0},
                                                  {"before", PFL_TABLE_LEFT, 0, 0},
                                                  {"after", PFL_TABLE_LEFT, 0, 0}};
    static const struct {
        const char *label;
        say_fn *say;
    } lines[] = {{"machine", say_machine},
                 {"CPU", say_cpu},
                 {"governor", say_governor},
                 {"turbo", say_turbo},
                 {"memory", say_memory},
                 {"kernel", say_kernel},
                 {"system", say_system},
                 {"virtualisation", say_virtual},
                 {"compiler", say_compiler},
                 {"load", say_load},
                 {"time spent waiting", say_pressure},
                 {"tier", say_tier},
                 {"order of launches", say_order},
                 {"measured by", say_tool}};
    struct environment e = {.words = words, .runs = {base, head}};
    size_t i;

    pfl_table_init(&e.table, words->arena, base ? two : one, base ? 3 : 2);
    for (i = 0; i < PFL_COUNT(lines); i++)
        add_line(&e, lines[i].label, base ? lines[i].say(words, base) : "",
                 lines[i].say(words, head));
    if (!add_variables(&e))
        return pfl_err_no_memory(err);
    return pfl_markdown_table(&e.table, out, err);
}
