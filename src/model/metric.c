/*
 * The table of built-in metrics. The tolerances are the thresholds people know (10 % time, 5 %
 * memory); the between-session deviations are the conservative figures used until a series has a
 * history of its own (5 % wall and 3 % CPU time: measured on a shared two-core machine, where the
 * host's clock steps by 4–8 % for minutes).
 */
#include "model/metric.h"

#include <string.h>

static const struct pfl_metric metrics[] = {
    {"time", "s", PFL_BETTER_LOWER, 0.10, 0.05, "wall-clock time of a launch"},
    {"cpu", "s", PFL_BETTER_LOWER, 0.10, 0.03, "user plus system time of a launch"},
    {"user", "s", PFL_BETTER_LOWER, 0.10, 0.03, "user time of a launch"},
    {"sys", "s", PFL_BETTER_LOWER, 0.10, 0.05, "system time of a launch"},
    {"throughput", "1/s", PFL_BETTER_HIGHER, 0.10, 0.05, "work done per second of wall-clock time"},
    {"first_call", "s", PFL_BETTER_LOWER, 0.10, 0.10, "time of the first call in a process"},
    {"cycles", "1", PFL_BETTER_LOWER, 0.10, 0.02, "core clock cycles of one iteration"},
    {"compile_time", "s", PFL_BETTER_LOWER, 0.10, 0.05, "time of a compile command"},
    {"peak_rss", "B", PFL_BETTER_LOWER, 0.05, 0.01, "peak resident memory of the largest process"},
    {"peak_rss_tree", "B", PFL_BETTER_LOWER, 0.05, 0.02,
     "peak resident memory of the process tree"},
    {"instructions", "1", PFL_BETTER_LOWER, 0.01, 0.001, "instructions executed in user space"},
    {"page_faults", "1", PFL_BETTER_LOWER, 0.05, 0.02, "page faults, minor and major"},
    {"context_switches", "1", PFL_BETTER_LOWER, 0.50, 0.25, "context switches, of both kinds"},
    {"parity_error", "1", PFL_BETTER_LOWER, 0.0, 0.0, "error against a reference implementation"},
    {"pass_rate", "1", PFL_BETTER_HIGHER, 0.0, 0.0, "share of scenarios that passed"},
    {"yardstick", "s", PFL_BETTER_NEITHER, 0.10, 0.05,
     "one step of the yardstick beside a benchmark's samples"},
    {"artifact_size", "B", PFL_BETTER_LOWER, 0.0, 0.0, "size of a produced file"},
    {"artifact_hash", "", PFL_BETTER_NEITHER, 0.0, 0.0, "SHA-256 of a produced file"},
};

const struct pfl_metric *pfl_metric_find(const char *name)
{
    size_t len = strcspn(name, ":"), i;

    for (i = 0; i < PFL_COUNT(metrics); i++)
        if (strncmp(metrics[i].name, name, len) == 0 && metrics[i].name[len] == 0)
            return &metrics[i];
    return NULL;
}

int pfl_metric_rank(const char *name)
{
    const struct pfl_metric *metric = pfl_metric_find(name);

    return metric ? (int)(metric - metrics) : (int)PFL_COUNT(metrics);
}

static const char *const better_texts[] = {"lower", "higher", "neither"};

const char *pfl_metric_better_text(enum pfl_better better)
{
    return better_texts[better];
}

bool pfl_metric_better_read(const char *text, enum pfl_better *better)
{
    int i;

    for (i = 0; i < (int)PFL_COUNT(better_texts); i++)
        if (strcmp(text, better_texts[i]) == 0) {
            *better = (enum pfl_better)i;
            return true;
        }
    return false;
}
