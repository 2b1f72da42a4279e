/*
 * Runs as a trend sees them, and where two of them no longer compare.
 *
 * The marks of an epoch are the ledger's own: another fingerprint of the machine, another
 * definition of the benchmark. In what a machine changed is said as far as a run keeps it.
 */
#include "flow/log/points.h"

#include "flow/log/evidence.h"
#include "flow/log/record.h"

#include <math.h>
#include <string.h>

int pfl_log_measured(struct pfl_flow *flow, const char *id, const struct pfl_run **run,
                     struct pfl_err *err)
{
    struct pfl_log_measured *at;
    int rc;

    for (at = flow->measured; at; at = at->next)
        if (strcmp(at->run.id, id) == 0) {
            *run = &at->run;
            return PFL_OK;
        }
    at = pfl_arena_alloc(flow->arena, sizeof *at);
    if (!at)
        return pfl_err_no_memory(err);
    rc = pfl_flow_evidence_load(flow, id, &at->run, err);
    if (rc != PFL_OK)
        return rc;
    at->next = flow->measured;
    flow->measured = at;
    *run = &at->run;
    return PFL_OK;
}

void pfl_log_measured_forget(struct pfl_flow *flow)
{
    flow->measured = NULL;
}

const struct pfl_result *pfl_log_number(const struct pfl_run *run, const char *benchmark,
                                        const char *metric, const char *variant)
{
    const struct pfl_benchmark *bench = pfl_run_find(run, benchmark);
    const struct pfl_result *result = bench ? pfl_benchmark_find(bench, metric, variant) : NULL;

    return result && !result->text && isfinite(result->summary.median) && !pfl_log_unfit(bench)
               ? result
               : NULL;
}

static int machine_change(struct pfl_flow *flow, const struct pfl_machine *a,
                          const struct pfl_machine *b, const char **more, struct pfl_err *err)
{
    const struct {
        const char *what, *before, *now;
    } parts[] = {{"CPU", a->cpu_model, b->cpu_model},
                 {"kernel", a->kernel, b->kernel},
                 {"governor", a->governor, b->governor}};
    const char *text = "";
    size_t i;

    for (i = 0; text && i < PFL_COUNT(parts); i++)
        if (strcmp(parts[i].before, parts[i].now) != 0)
            text = pfl_arena_format(flow->arena, "%s%s%s %s → %s", text, *text ? ", " : "",
                                    parts[i].what, *parts[i].before ? parts[i].before : "unknown",
                                    *parts[i].now ? parts[i].now : "unknown");
    if (text && a->cpus != b->cpus)
        text = pfl_arena_format(flow->arena, "%s%sCPUs %d → %d", text, *text ? ", " : "", a->cpus,
                                b->cpus);
    if (!text)
        return pfl_err_no_memory(err);
    *more = text;
    return PFL_OK;
}

int pfl_log_epoch(struct pfl_flow *flow, struct pfl_log_epoch *epoch, struct pfl_err *err)
{
    const struct pfl_run *before = epoch->before, *now = epoch->now;
    const struct pfl_benchmark *a = pfl_run_find(before, epoch->benchmark);
    const struct pfl_benchmark *b = pfl_run_find(now, epoch->benchmark);
    bool machine = strcmp(before->machine.id, now->machine.id) != 0 ||
                   strcmp(before->machine.fingerprint, now->machine.fingerprint) != 0;
    bool definition = a && b && strcmp(a->definition, b->definition) != 0;

    epoch->more = "";
    epoch->what = machine && definition ? "machine and benchmark changed"
                  : machine             ? "machine changed"
                  : definition          ? "benchmark changed"
                                        : "";
    return machine ? machine_change(flow, &before->machine, &now->machine, &epoch->more, err)
                   : PFL_OK;
}
