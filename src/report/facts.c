/*
 * A run's results as words: what speaks for a benchmark, the facts beside it, its stages, and the
 * small picture of its spread.
 *
 * The picture is a histogram between the smallest and the largest sample, five bins or eight: an
 * outlier shows as a lone bar at the far end, two clusters as two hills. An empty bin is the lowest
 * bar, so that one sample is never invisible.
 */
#include "report/internal.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

enum { BINS_FEW = 5, BINS_MANY = 8, MANY_SAMPLES = 20, HASH_SHOWN = 12 };

static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

static bool is_number(const struct pfl_result *result)
{
    return !result->text && !isnan(result->summary.median);
}

const struct pfl_result *pfl_report_main_result(const struct pfl_benchmark *bench)
{
    const struct pfl_result *time = pfl_benchmark_find(bench, "time", "");
    size_t i;

    if (time && is_number(time))
        return time;
    for (i = 0; i < bench->result_count; i++)
        if (is_number(&bench->results[i]))
            return &bench->results[i];
    return NULL;
}

static size_t bin_of(double value, double min, double max, size_t bins)
{
    size_t bin = max > min ? (size_t)((value - min) / (max - min) * (double)bins) : bins / 2;

    return bin < bins ? bin : bins - 1;
}

const char *pfl_report_picture(struct pfl_report_words *words, const struct pfl_result *result)
{
    size_t counts[BINS_MANY] = {0}, n = 0, most = 0, bins, i;
    double min = INFINITY, max = -INFINITY;

    for (i = 0; i < result->n; i++)
        if (isfinite(result->values[i])) {
            min = fmin(min, result->values[i]);
            max = fmax(max, result->values[i]);
            n++;
        }
    if (n < 3)
        return "";
    bins = n < MANY_SAMPLES ? BINS_FEW : BINS_MANY;
    for (i = 0; i < result->n; i++)
        if (isfinite(result->values[i]))
            counts[bin_of(result->values[i], min, max, bins)]++;
    for (i = 0; i < bins; i++)
        most = counts[i] > most ? counts[i] : most;
    for (i = 0; i < bins; i++)
        pfl_buf_text(&words->buf, bars[(counts[i] * (PFL_COUNT(bars) - 1) + most - 1) / most]);
    return pfl_report_words_end(words);
}

static const struct pfl_result *number_of(const struct pfl_benchmark *bench, const char *metric)
{
    const struct pfl_result *result = pfl_benchmark_find(bench, metric, "");

    return result && is_number(result) ? result : NULL;
}

/* "cpu 1.21 ms (user 1.00, sys 0.21)": the parts in the scale of the whole. */
static const char *cpu_fact(struct pfl_report_words *words, const struct pfl_benchmark *bench)
{
    const struct pfl_result *cpu = number_of(bench, "cpu"), *user = number_of(bench, "user");
    const struct pfl_result *sys = number_of(bench, "sys");
    struct pfl_buf *buf = &words->buf;
    struct pfl_units_scale scale;

    pfl_buf_text(buf, "cpu ");
    pfl_units_write(buf, cpu->summary.median, "s", 3);
    if (user && sys) {
        scale = pfl_units_scale_for(cpu->summary.median, "s");
        pfl_buf_text(buf, " (user ");
        pfl_units_write_scaled(buf, user->summary.median, &scale, 2);
        pfl_buf_text(buf, ", sys ");
        pfl_units_write_scaled(buf, sys->summary.median, &scale, 2);
        pfl_buf_char(buf, ')');
    }
    return pfl_report_words_end(words);
}

static const char *plain_fact(struct pfl_report_words *words, const struct pfl_result *result)
{
    static const struct {
        const char *metric, *shown;
    } names[] = {{"peak_rss", "peak RSS"},       {"peak_rss_tree", "peak RSS of the tree"},
                 {"page_faults", "page faults"}, {"context_switches", "context switches"},
                 {"first_call", "first call"},   {"compile_time", "compile time"}};
    struct pfl_buf *buf = &words->buf;
    const char *name = result->metric;
    size_t i;

    for (i = 0; i < PFL_COUNT(names); i++)
        if (strcmp(name, names[i].metric) == 0)
            name = names[i].shown;
    if (strcmp(name, "throughput") != 0)
        pfl_buf_format(buf, "%s ", name);
    if (*result->variant)
        pfl_buf_format(buf, "(%s) ", result->variant);
    if (result->text)
        pfl_buf_format(buf, "%.*s%s", HASH_SHOWN, result->text,
                       strlen(result->text) > HASH_SHOWN ? "…" : "");
    else
        pfl_units_write(buf, result->summary.median, result->unit, 3);
    return pfl_report_words_end(words);
}

static bool is_side_fact(const struct pfl_result *result)
{
    static const char *const detail[] = {"page_faults", "context_switches", "yardstick"};
    size_t i;

    for (i = 0; i < PFL_COUNT(detail); i++)
        if (strcmp(result->metric, detail[i]) == 0)
            return true;
    return false;
}

static bool is_stage(const struct pfl_result *result)
{
    return pfl_text_starts(result->metric, "time:") || pfl_text_starts(result->metric, "peak_rss:");
}

size_t pfl_report_facts(struct pfl_report_words *words, const struct pfl_benchmark *bench,
                        bool everything, const char **facts, size_t most)
{
    const struct pfl_result *main_result = pfl_report_main_result(bench), *result;
    bool has_cpu = number_of(bench, "cpu") != NULL;
    size_t i, n = 0;

    for (i = 0; i < bench->result_count && n < most; i++) {
        result = &bench->results[i];
        if (result == main_result || is_stage(result) || (!result->text && !is_number(result)))
            continue;
        if (!everything && is_side_fact(result))
            continue;
        if (has_cpu && !*result->variant &&
            (strcmp(result->metric, "user") == 0 || strcmp(result->metric, "sys") == 0))
            continue;
        if (strcmp(result->metric, "cpu") == 0 && !*result->variant && has_cpu)
            facts[n++] = cpu_fact(words, bench);
        else
            facts[n++] = plain_fact(words, result);
    }
    return n;
}

size_t pfl_report_stages(struct pfl_report_words *words, const struct pfl_benchmark *bench,
                         const char **stages, size_t most)
{
    const struct pfl_result *result, *memory;
    const char *stage, *metric;
    size_t i, n = 0;

    for (i = 0; i < bench->result_count && n < most; i++) {
        result = &bench->results[i];
        if (!pfl_text_starts(result->metric, "time:") || !is_number(result))
            continue;
        stage = result->metric + strlen("time:");
        metric = pfl_report_format(words, "peak_rss:%s", stage);
        memory = number_of(bench, metric);
        pfl_buf_format(&words->buf, "%s ", stage);
        pfl_units_write(&words->buf, result->summary.median, result->unit, 3);
        if (memory) {
            pfl_buf_char(&words->buf, ' ');
            pfl_units_write(&words->buf, memory->summary.median, memory->unit, 3);
        }
        stages[n++] = pfl_report_words_end(words);
    }
    return n;
}

/* How one launch failed, in words; "" when it did not. */
static const char *failure_of(struct pfl_report_words *words, const struct pfl_launch *launch)
{
    if (launch->flags & PFL_LAUNCH_TIMED_OUT)
        return "over the time limit";
    if (launch->flags & PFL_LAUNCH_INVALID)
        return "wrong result";
    if (!(launch->flags & (PFL_LAUNCH_FAILED | PFL_LAUNCH_IGNORED)))
        return "";
    return launch->signal ? pfl_report_format(words, "signal %d", launch->signal)
                          : pfl_report_format(words, "exit code %d", launch->exit_code);
}

const char *pfl_report_launch_failures(struct pfl_report_words *words,
                                       const struct pfl_benchmark *bench)
{
    const char *first = "", *failure;
    size_t i, n = 0;
    bool mixed = false;

    for (i = 0; i < bench->launch_count; i++) {
        failure = failure_of(words, &bench->launches[i]);
        if (!*failure)
            continue;
        mixed = mixed || (n && strcmp(first, failure) != 0);
        first = n ? first : failure;
        n++;
    }
    if (n == 0)
        return "";
    return pfl_report_format(words, "%zu of %zu launches failed (%s%s)", n, bench->launch_count,
                             first, mixed ? " and others" : "");
}

const char *pfl_report_launch_count(struct pfl_report_words *words,
                                    const struct pfl_benchmark *bench)
{
    const struct pfl_result *result = pfl_report_main_result(bench);
    size_t n = bench->launch_count ? bench->launch_count : result ? result->summary.n : 0;
    bool samples = !bench->launch_count && result && !*bench->command && !bench->reason[0];

    /* Of an imported file that knows of no processes: repetitions within one. */
    return pfl_report_format(words, "%zu %s%s%s%s", n, samples ? "sample" : "launch",
                             n == 1    ? ""
                             : samples ? "s"
                                       : "es",
                             bench->few ? " (few)" : "", bench->partial ? " (stopped early)" : "");
}

/* Two decimals, from integers: no locale's point. */
static void write_hundredths(struct pfl_buf *buf, double value)
{
    long long hundredths = fabs(value) < 1e9 ? llround(fabs(value) * 100) : 0;

    pfl_buf_format(buf, "%s%lld.%02lld", value < 0 && hundredths ? "-" : "", hundredths / 100,
                   hundredths % 100);
}

bool pfl_report_fit_holds(const struct pfl_fit *fit)
{
    return fit->exponent_high - fit->exponent_low <= 2 * 0.5;
}

const char *pfl_report_fit(struct pfl_report_words *words, const struct pfl_fit *fit)
{
    struct pfl_buf *buf = &words->buf;

    pfl_buf_format(buf, "%s%s%s%s: ", fit->suite, *fit->others ? "[" : "", fit->others,
                   *fit->others ? "]" : "");
    if (!pfl_report_fit_holds(fit)) {
        pfl_buf_format(buf, "%s over %s: %zu sizes do not tell how it grows", fit->metric,
                       fit->param, fit->points);
        return pfl_report_words_end(words);
    }
    pfl_buf_format(buf, "%s grows as %s^", fit->metric, fit->param);
    write_hundredths(buf, fit->exponent);
    pfl_buf_text(buf, " (");
    write_hundredths(buf, fit->exponent_low);
    pfl_buf_text(buf, " … ");
    write_hundredths(buf, fit->exponent_high);
    pfl_buf_format(buf, ") over %zu sizes", fit->points);
    return pfl_report_words_end(words);
}
