/*
 * A CSV series and what is made of it: whatever is read is judged, and every change has its place
 * inside the series, in order. The same bytes are read as a file of decisions, too.
 */
#include "formats/series_csv.h"
#include "judge/changes.h"
#include "project/acknowledgements.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void judge(const struct pfl_series *series, const struct pfl_review *reviews,
                  size_t review_count, struct pfl_arena *arena)
{
    struct pfl_changes_params params = {
        .series = series, .reviews = reviews, .review_count = review_count};
    struct pfl_changes_finder *finder = pfl_changes_finder_new();
    struct pfl_series_changes out;
    size_t i;

    check(finder && pfl_judge_changes(finder, &params, arena, &out, NULL) == PFL_OK);
    for (i = 0; i < out.change_count; i++) {
        check(out.changes[i].index < series->n && out.changes[i].end <= series->n);
        check(out.changes[i].end >= out.changes[i].index);
        check(i == 0 || out.changes[i].index > out.changes[i - 1].index);
    }
    pfl_changes_finder_free(finder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct pfl_review pinned[] = {
        {PFL_REVIEW_ACKNOWLEDGE, "*", "*", "#7", "#11", "x", 1},
        {PFL_REVIEW_REBASE, "*", "*", "#30", "", "x", 2},
        {PFL_REVIEW_EXPECT, "*", "*", "#20", "", "x", 3},
    };
    struct pfl_review *reviews;
    struct pfl_series series;
    struct pfl_arena arena;
    char *text = malloc(size + 1);
    size_t n;

    check(text);
    if (size)
        memcpy(text, data, size);
    text[size] = 0;
    pfl_arena_init(&arena);
    if (pfl_series_csv_read("fuzz.csv", text, size, &arena, &series, NULL) == PFL_OK) {
        judge(&series, NULL, 0, &arena);
        judge(&series, pinned, sizeof pinned / sizeof *pinned, &arena);
    }
    if (pfl_reviews_parse("fuzz", text, size, &arena, &reviews, &n, NULL) == PFL_OK && n)
        check(*reviews[0].at && *reviews[0].note);
    pfl_arena_release(&arena);
    free(text);
    return 0;
}
