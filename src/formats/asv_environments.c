/*
 * Which environments of a machine are one history. asv names an environment by what is in it
 * ("virtualenv-py3.8-numpy1.20"), so a bumped dependency begins a new one, and a matrix of Python
 * versions has several side by side. The first are one line of points with a boundary, which the
 * definition marks; the second must not be mixed, and go into the variant.
 *
 * Two follow one another when a cut parts their commits' dates but for a few: as many as lie on the
 * wrong side of the best cut, and at most one in twenty of the smaller. (The last commits of the
 * old environment are often measured with the new one too, and merges bring dates that go
 * backwards.) Environments are taken by their median date; each goes to the line it follows whose
 * last one has most words in common with it, else begins a line. The line that began first has no
 * variant, the others are called after their first environment: when the archive grows at its end,
 * that stays.
 */
#include "formats/asv.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 20 }; /* one in so many may lie on the wrong side */

struct environment {
    const char *name;
    double *dates; /* sorted */
    size_t n, line;
};
PFL_VEC(environments, struct environment);

struct line {
    const char *variant;
    double *dates; /* of all its environments, sorted */
    size_t n, last;
    double first;
};
PFL_VEC(lines, struct line);

struct sorting {
    struct environments environments;
    struct lines lines;
    struct pfl_arena arena;
};

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int by_median(const void *a, const void *b)
{
    const struct environment *x = a, *y = b;
    int order = by_number(&x->dates[x->n / 2], &y->dates[y->n / 2]);

    return order ? order : strcmp(x->name, y->name);
}

/* How many lie on the wrong side of the best cut between what is before and what is behind. */
static size_t misplaced(const double *before, size_t n, const double *behind, size_t m)
{
    size_t least = n, i = 0, k = 0, wrong; /* all before: n behind the cut */

    while (k < m || i < n) {
        if (i < n && (k == m || before[i] <= behind[k]))
            i++;
        else
            k++;
        wrong = n - i + k;
        if (wrong < least)
            least = wrong;
    }
    return least;
}

static bool follows(const struct sorting *s, const struct line *line, const struct environment *e)
{
    const struct environment *last = &s->environments.at[line->last];
    size_t smaller = last->n < e->n ? last->n : e->n;

    return misplaced(line->dates, line->n, e->dates, e->n) * FEW <= smaller;
}

/* Words of a, parted by '-', that b has, too. */
static size_t in_common(const char *a, const char *b)
{
    size_t n = 0, len, other;
    const char *at;

    for (; *a; a += len + (a[len] == '-')) {
        len = strcspn(a, "-");
        for (at = b; *at; at += other + (at[other] == '-')) {
            other = strcspn(at, "-");
            if (other == len && strncmp(a, at, len) == 0) {
                n++;
                break;
            }
        }
    }
    return n;
}

static bool merge_into(struct sorting *s, struct line *line, size_t at)
{
    const struct environment *e = &s->environments.at[at];
    double *dates = pfl_arena_grow(&s->arena, line->dates, line->n, line->n + e->n, sizeof *dates);

    if (!dates)
        return false;
    memcpy(dates + line->n, e->dates, e->n * sizeof *dates);
    line->n += e->n;
    line->dates = dates;
    qsort(line->dates, line->n, sizeof *line->dates, by_number);
    line->first = line->dates[0];
    line->last = at;
    return true;
}

static bool place_one(struct sorting *s, size_t at)
{
    struct environment *e = &s->environments.at[at];
    struct line fresh = {.variant = e->name};
    size_t best = SIZE_MAX, most = 0, same, i;

    for (i = 0; i < s->lines.n; i++) {
        if (!follows(s, &s->lines.at[i], e))
            continue;
        same = in_common(e->name, s->environments.at[s->lines.at[i].last].name);
        if (best == SIZE_MAX || same > most) {
            best = i;
            most = same;
        }
    }
    if (best == SIZE_MAX) {
        best = s->lines.n;
        if (!pfl_vec_push(&s->lines, &fresh))
            return false;
    }
    e->line = best;
    return merge_into(s, &s->lines.at[best], at);
}

/* The environments with their dates; a file without a date tells nothing of the order. */
static bool collect(struct sorting *s, const struct pfl_asv_head *heads, size_t n,
                    struct pfl_map *places)
{
    struct environment *e;
    size_t *place, i;

    for (i = 0; i < n; i++) {
        place = pfl_map_get(places, heads[i].env);
        if (!place) {
            struct environment fresh = {.name = heads[i].env};

            if (!pfl_vec_push(&s->environments, &fresh) ||
                !pfl_map_set(places, heads[i].env, s->environments.n - 1))
                return false;
            place = pfl_map_get(places, heads[i].env);
        }
        s->environments.at[*place].n++;
    }
    for (i = 0; i < s->environments.n; i++) {
        e = &s->environments.at[i];
        e->dates = pfl_arena_array(&s->arena, e->n, sizeof *e->dates);
        e->n = 0;
        if (!e->dates)
            return false;
    }
    for (i = 0; i < n; i++) {
        e = &s->environments.at[*pfl_map_get(places, heads[i].env)];
        e->dates[e->n++] = isnan(heads[i].date) ? 0 : heads[i].date;
    }
    for (i = 0; i < s->environments.n; i++)
        qsort(s->environments.at[i].dates, s->environments.at[i].n, sizeof(double), by_number);
    return true;
}

static void name_lines(struct sorting *s)
{
    size_t first = 0, i;

    for (i = 1; i < s->lines.n; i++) {
        const struct line *a = &s->lines.at[first], *b = &s->lines.at[i];

        if (b->first < a->first || (b->first == a->first && strcmp(b->variant, a->variant) < 0))
            first = i;
    }
    if (s->lines.n)
        s->lines.at[first].variant = "";
}

static bool sort_out(struct sorting *s, struct pfl_asv_head *heads, size_t n)
{
    struct pfl_map places;
    size_t i;
    bool good;

    pfl_map_init(&places);
    good = collect(s, heads, n, &places);
    if (good && s->environments.n > 1)
        qsort(s->environments.at, s->environments.n, sizeof *s->environments.at, by_median);
    for (i = 0; good && i < s->environments.n; i++)
        good = place_one(s, i) && pfl_map_set(&places, s->environments.at[i].name, i);
    if (good)
        name_lines(s);
    for (i = 0; good && i < n; i++)
        heads[i].variant =
            s->lines.at[s->environments.at[*pfl_map_get(&places, heads[i].env)].line].variant;
    pfl_map_release(&places);
    return good;
}

bool pfl_asv_environments(struct pfl_asv_head *heads, size_t n)
{
    struct sorting s = {0};
    bool good;

    pfl_arena_init(&s.arena);
    good = sort_out(&s, heads, n);
    pfl_vec_release(&s.environments);
    pfl_vec_release(&s.lines);
    pfl_arena_release(&s.arena);
    return good;
}
