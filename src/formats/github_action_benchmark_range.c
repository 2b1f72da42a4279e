/*
 * Ranges of github-action-benchmark: a text beside the value, which means what the tool that was
 * extracted means by it. cargo: libtest's range of all samples; catch2, benchmarkdotnet: the
 * standard deviation; benchmarkjs: a relative margin of error at 95 %; pytest: "stddev: S", of the
 * times in seconds, while the value is 1/mean; custom: the user's own ±.
 */
#include "formats/github_action_benchmark.h"

#include "formats/words.h"

#include <math.h>
#include <string.h>

/* The first number in the text; *percent: "%" follows it. NaN: there is none. */
static double first_number(const char *text, bool *percent)
{
    const char *at = text + strcspn(text, "0123456789");
    struct pfl_word word = {at, strspn(at, "0123456789.,eE+-")};
    double value;

    if (at > text && at[-1] == '.') {
        word.at--;
        word.len++;
    }
    while (word.len && strchr(".,eE+-", word.at[word.len - 1]))
        word.len--;
    *percent = word.at[word.len] == '%';
    return word.len && pfl_word_number(&word, PFL_WORD_GROUPED, &value) ? value : (double)NAN;
}

/* "100 samples", "rounds: 12"; 0: not said. */
static size_t samples_of(const char *extra)
{
    const char *at = strstr(extra, "rounds: "), *end;
    struct pfl_word word;
    double n;

    if (at) {
        at += 8;
        word = (struct pfl_word){at, strspn(at, "0123456789")};
    } else {
        end = strstr(extra, " samples");
        if (!end)
            return 0;
        for (at = end; at > extra && at[-1] >= '0' && at[-1] <= '9'; at--)
            ;
        word = (struct pfl_word){at, (size_t)(end - at)};
    }
    return pfl_word_number(&word, PFL_WORD_PLAIN, &n) && n >= 1 && n < 1e9 ? (size_t)n : 0;
}

static bool is_one_of(const char *tool, const char *a, const char *b)
{
    return strcmp(tool, a) == 0 || strcmp(tool, b) == 0;
}

enum pfl_gab_range pfl_gab_range(const char *tool, const char *range, const char *extra,
                                 struct pfl_summary *summary)
{
    bool percent = false, deviation = is_one_of(tool, "catch2", "benchmarkdotnet");
    double half = first_number(range, &percent);

    summary->n = samples_of(extra);
    if (isnan(half))
        return PFL_GAB_NONE;
    if (percent)
        half = fabs(summary->median) * half / 100;
    if (strncmp(range, "stddev: ", 8) == 0) {
        half *= summary->median * summary->median;
        deviation = true;
    }
    if (!deviation) {
        summary->ci_low = summary->median - half;
        summary->ci_high = summary->median + half;
        return PFL_GAB_PLUS_MINUS;
    }
    summary->mean = summary->median;
    summary->stddev = half;
    pfl_build_interval_of_mean(summary, &summary->ci_low, &summary->ci_high);
    return strncmp(range, "stddev: ", 8) == 0 ? PFL_GAB_DEVIATION_OF_TIMES : PFL_GAB_DEVIATION;
}
