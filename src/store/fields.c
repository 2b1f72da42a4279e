/*
 * Groups of a run's fields that more than one form of record has, in the order in which they are
 * stored (docs/ledger.md). Enums travel as their texts, so that their order in the model may
 * change.
 */
#include "store/fields.h"

#include <stddef.h>

void pfl_store_put_pairs(struct pfl_store_pack *p, struct pfl_pair **pairs, size_t *n)
{
    size_t count = pfl_store_pack_array(p, (void **)pairs, n, sizeof **pairs), i;

    for (i = 0; i < count; i++) {
        pfl_store_pack_text(p, &(*pairs)[i].name);
        pfl_store_pack_text(p, &(*pairs)[i].value);
    }
}

void pfl_store_put_texts(struct pfl_store_pack *p, const char ***texts, size_t *n)
{
    size_t count = pfl_store_pack_array(p, (void **)texts, n, sizeof **texts), i;

    for (i = 0; i < count; i++)
        pfl_store_pack_text(p, &(*texts)[i]);
}

static void put_kind(struct pfl_store_pack *p, enum pfl_run_kind *kind)
{
    const char *text = p->reading ? "" : pfl_run_kind_text(*kind);

    pfl_store_pack_text(p, &text);
    if (p->reading && !(text && pfl_run_kind_read(text, kind)))
        pfl_store_pack_fail(p, PFL_ECORRUPT);
}

void pfl_store_put_status(struct pfl_store_pack *p, enum pfl_status *status)
{
    const char *text = p->reading ? "" : pfl_status_text(*status);

    pfl_store_pack_text(p, &text);
    if (p->reading && !(text && pfl_status_read(text, status)))
        pfl_store_pack_fail(p, PFL_ECORRUPT);
}

void pfl_store_put_better(struct pfl_store_pack *p, enum pfl_better *better)
{
    const char *text = p->reading ? "" : pfl_metric_better_text(*better);

    pfl_store_pack_text(p, &text);
    if (p->reading && !(text && pfl_metric_better_read(text, better)))
        pfl_store_pack_fail(p, PFL_ECORRUPT);
}

static void put_revision(struct pfl_store_pack *p, struct pfl_revision *revision)
{
    pfl_store_pack_text(p, &revision->commit);
    pfl_store_pack_text(p, &revision->branch);
    pfl_store_pack_text(p, &revision->tag);
    pfl_store_pack_text(p, &revision->pull_request);
    pfl_store_pack_text(p, &revision->subject);
    pfl_store_pack_i64(p, &revision->commit_time);
    pfl_store_pack_bool(p, &revision->dirty);
}

static void put_machine(struct pfl_store_pack *p, struct pfl_machine *machine)
{
    pfl_store_pack_text(p, &machine->name);
    pfl_store_pack_text(p, &machine->id);
    pfl_store_pack_text(p, &machine->fingerprint);
    pfl_store_pack_text(p, &machine->platform);
    pfl_store_pack_text(p, &machine->hostname);
    pfl_store_pack_text(p, &machine->os);
    pfl_store_pack_text(p, &machine->kernel);
    pfl_store_pack_text(p, &machine->arch);
    pfl_store_pack_text(p, &machine->cpu_model);
    pfl_store_pack_text(p, &machine->governor);
    pfl_store_pack_text(p, &machine->turbo);
    pfl_store_pack_text(p, &machine->virtualisation);
    pfl_store_pack_text(p, &machine->container);
    pfl_store_pack_text(p, &machine->libc);
    pfl_store_pack_int(p, &machine->cores);
    pfl_store_pack_int(p, &machine->cpus);
    pfl_store_pack_i64(p, &machine->memory_bytes);
}

static void put_reading_column(struct pfl_store_pack *p, struct pfl_run *run, size_t which)
{
    double *values = pfl_store_pack_scratch(p, run->yardstick_count);
    size_t i;

    for (i = 0; values && i < run->yardstick_count; i++)
        values[i] = p->reading ? 0 : run->yardsticks[i].value[which];
    if (values)
        pfl_store_pack_values(p, values, run->yardstick_count);
    for (i = 0; p->reading && !p->error && i < run->yardstick_count; i++)
        run->yardsticks[i].value[which] = values[i];
}

/* By column, as launches. */
void pfl_store_put_yardsticks(struct pfl_store_pack *p, struct pfl_run *run)
{
    size_t n = pfl_store_pack_column(p, (void **)&run->yardsticks, &run->yardstick_count,
                                     sizeof *run->yardsticks),
           i;
    int64_t *at = n ? pfl_store_pack_scratch(p, n) : NULL;

    if (!at)
        return;
    for (i = 0; i < n && !p->reading; i++)
        at[i] = run->yardsticks[i].at_ns;
    pfl_store_pack_ints(p, at, n);
    for (i = 0; i < n && p->reading && !p->error; i++)
        run->yardsticks[i].at_ns = at[i];
    for (i = 0; i < PFL_YARDSTICK_COUNT && !p->error; i++)
        put_reading_column(p, run, i);
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
        pfl_store_pack_double(p, &run->yardstick_reference[i]);
}

void pfl_store_put_head(struct pfl_store_pack *p, struct pfl_run *run)
{
    pfl_store_pack_text(p, &run->label);
    pfl_store_pack_text(p, &run->project);
    put_kind(p, &run->kind);
    put_revision(p, &run->revision);
    pfl_store_pack_bool(p, &run->partial);
    pfl_store_pack_bool(p, &run->complete);
    pfl_store_pack_text(p, &run->selection);
    pfl_store_pack_text(p, &run->tier);
    pfl_store_pack_i64(p, &run->started_unix_ns);
    pfl_store_pack_i64(p, &run->finished_unix_ns);
    pfl_store_pack_u64(p, &run->seed);
    pfl_store_pack_text(p, &run->tool);
    put_machine(p, &run->machine);
    pfl_store_put_pairs(p, &run->environment, &run->environment_count);
    pfl_store_put_texts(p, &run->warnings, &run->warning_count);
}

void pfl_store_put_normalised(struct pfl_store_pack *p, struct pfl_normalised *normalised)
{
    bool given = normalised->by != NULL;
    uint64_t which = normalised->yardstick;
    double *const numbers[] = {
        &normalised->reference, &normalised->raw_median, &normalised->raw_low,
        &normalised->raw_high,  &normalised->reduction,  &normalised->scatter,
        &normalised->min,       &normalised->max,
    };
    size_t i;

    pfl_store_pack_bool(p, &given);
    if (!given || p->error)
        return;
    pfl_store_pack_u64(p, &which);
    pfl_store_pack_bool(p, &normalised->inside);
    for (i = 0; i < PFL_COUNT(numbers); i++)
        pfl_store_pack_double(p, numbers[i]);
    if (which >= PFL_YARDSTICK_COUNT) {
        pfl_store_pack_fail(p, PFL_ECORRUPT);
        return;
    }
    normalised->yardstick = (enum pfl_yardstick)which;
    normalised->by = pfl_yardstick_name(normalised->yardstick);
}

double *pfl_store_summary_field(struct pfl_summary *summary, size_t field)
{
    static const size_t places[PFL_STORE_SUMMARY_FIELDS] = {
        offsetof(struct pfl_summary, median),  offsetof(struct pfl_summary, ci_low),
        offsetof(struct pfl_summary, ci_high), offsetof(struct pfl_summary, mean),
        offsetof(struct pfl_summary, stddev),  offsetof(struct pfl_summary, min),
        offsetof(struct pfl_summary, max),     offsetof(struct pfl_summary, q1),
        offsetof(struct pfl_summary, q3),
    };

    return (double *)(void *)((char *)summary + places[field]);
}
