/*
 * --format NAME: the content is not asked, but it is looked at.
 *
 * Readers pass over what they do not know, for tools write more with every version. So a file of
 * another tool would be read to its end without a word, and nothing would come of it. Here, once
 * for all formats: what its own format does not recognise and gives no result is an error that
 * says what was looked for (the format's `sought`) and what the content looks like instead. A file
 * that does give results is taken as asked, with a warning when it looks like another tool's: the
 * looking sees the first 64 KiB only, and it may be wrong.
 */
#include "flow/exchange/exchange_asked.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct passing {
    const struct pfl_format_sink *to;
    const struct pfl_format *asked;
    const struct pfl_exchange_look *look;
    const char *path;
    bool any; /* a run was handed on */
};

int pfl_exchange_look(const struct pfl_format *asked, struct pfl_format_probe *probe,
                      struct pfl_exchange_look *look, struct pfl_err *err)
{
    struct pfl_arena arena;
    int rc = PFL_OK;

    pfl_arena_init(&arena);
    if (!probe->folder)
        rc = pfl_format_probe_json(probe, &arena, err);
    if (rc == PFL_OK) {
        *look = (struct pfl_exchange_look){.otherwise = pfl_format_recognise(probe),
                                           .is_asked = asked->recognise(probe) > 0,
                                           .json = probe->path_count > 0};
        if (look->otherwise == asked)
            look->otherwise = NULL;
    }
    probe->path_count = 0; /* they lie in the arena */
    pfl_arena_release(&arena);
    return rc;
}

static bool has_value(const struct pfl_benchmark *bench)
{
    size_t i, k;

    for (i = 0; i < bench->result_count; i++) {
        const struct pfl_result *result = &bench->results[i];

        for (k = 0; k < result->n; k++)
            if (!isnan(result->values[k]))
                return true;
        if (!isnan(result->summary.median) || !isnan(result->summary.mean))
            return true;
    }
    return false;
}

/* A name with neither a value nor a reason is what is left of another tool's entry. */
static bool has_results(const struct pfl_run *run)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (has_value(&run->benchmarks[i]) || run->benchmarks[i].status != PFL_STATUS_OK)
            return true;
    return false;
}

static int warn_once(struct passing *p)
{
    const struct pfl_format_place place = {.path = p->path};
    char text[256];

    if (p->any || !p->look->otherwise)
        return PFL_OK;
    snprintf(text, sizeof text, "read as %s; by its content it is %s (--format %s)",
             p->asked->title, p->look->otherwise->title, p->look->otherwise->name);
    return p->to->warn(p->to->context, &place, text);
}

static int pass_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                    struct pfl_err *err)
{
    struct passing *p = context;

    if (!has_results(run))
        return PFL_OK;
    if (warn_once(p) != PFL_OK)
        return pfl_err_no_memory(err);
    p->any = true;
    return p->to->run(p->to->context, run, arena, err);
}

static int pass_warning(void *context, const struct pfl_format_place *place, const char *what)
{
    struct passing *p = context;

    return p->to->warn(p->to->context, place, what);
}

static int nothing_of_it(const struct passing *p, struct pfl_err *err)
{
    const struct pfl_format *otherwise = p->look->otherwise;

    if (otherwise)
        return pfl_err_set(err, PFL_ENOTHING,
                           "%s: there is no %s, as %s files have; by its content it is %s "
                           "(--format %s)",
                           p->path, p->asked->sought, p->asked->name, otherwise->title,
                           otherwise->name);
    return pfl_err_set(err, PFL_ENOTHING,
                       "%s: there is no %s, as %s files have; it is of no other format that is "
                       "known, either",
                       p->path, p->asked->sought, p->asked->name);
}

/* A reader's own error names the place; the cause is mostly the other tool. */
static int say_otherwise(const struct passing *p, int rc, struct pfl_err *err)
{
    const struct pfl_format *otherwise = p->look->otherwise;
    size_t len = err ? strlen(err->message) : 0;

    if (err && otherwise && rc != PFL_ENOMEM && rc != PFL_EINTERRUPTED)
        snprintf(err->message + len, sizeof err->message - len,
                 "; by its content it is %s (--format %s)", otherwise->title, otherwise->name);
    return rc;
}

int pfl_exchange_read_asked(const struct pfl_format **asked, const struct pfl_exchange_look *look,
                            const struct pfl_format_input *input,
                            const struct pfl_format_sink *sink, struct pfl_err *err)
{
    struct passing p = {.to = sink, .asked = *asked, .look = look, .path = input->path};
    const struct pfl_format_sink passing = {pass_run, pass_warning, &p};
    int rc;

    if (look->is_asked)
        return (*asked)->read(input, sink, err);
    rc = (*asked)->read(input, &passing, err);
    if (p.any)
        return rc;
    /* No JSON at all has no place where it stops being JSON. */
    if (rc != PFL_OK && (rc != PFL_EPARSE || look->json))
        return say_otherwise(&p, rc, err);
    *asked = NULL;
    return nothing_of_it(&p, err);
}
