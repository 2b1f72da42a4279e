/*
 * Where did the level of a series move? Values enter, places with their strength leave.
 *
 * 1. Values become ranks (ties: mid-ranks). Any monotone transform of the series gives the same
 * result, one spike weighs no more than the largest ordinary value, and for independent values of
 * whatever distribution the chance of a false change is one and the same number, so one calibration
 * serves Gaussian, lognormal, spiky and bimodal series.
 * 2. Each candidate interval is split where the likelihood ratio of "two levels" to "one level" is
 * largest: L = m · ln(RSS₀ / RSS₁), m values. No split of a | b values can be surer than 1 / C(m,
 * a), the share of arrangements that look like it, so L ≤ 2 ln C(m, a): that is what keeps ties
 * (two-valued series) honest.
 * 3. Candidates are the seeded intervals of Kovács, Bühlmann, Li, Munk ("Seeded binary
 * segmentation", Biometrika 110, 2023): lengths n, n/√2, n/2 … with half overlap. They see a hump
 * that plain binary segmentation averages away.
 * 4. Autocorrelation: neighbours that resemble each other make levels wander. The AR(1) coefficient
 * φ is the smaller of two estimates: lag 1 of the residuals of the best single split, and V₂ / V₁ −
 * 1 with V_k the mean square difference at distance k, which a few steps or a slow drift hardly
 * touch (the first alone would call a series with two steps autocorrelated). Strength = L · (1 − φ)
 * / (1 + φ), the long-run variance of an AR(1) series.
 * 5. The strongest place is taken while its strength exceeds the calibrated limit for n and φ
 * (changes_table.c), the stretch is divided there, and so on. The limit is the one of the whole
 * stretch: any false change at all is what it bounds. At the end each place is sought anew between
 * its neighbours, and kept if it still stands.
 *
 * Cost: n log n; 500 values take some 50 µs.
 */
#include "judge/changes_find.h"

#include "base/alloc.h"
#include "stats/stats.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

struct pfl_changes_item {
    double value;
    uint32_t at;
};

struct pfl_changes_interval {
    size_t from, to, at;
    double ratio; /* L */
};

/* Two levels count as one habit when the series changes sides at least six times, and every 24
 * values on average. */
enum { REFINEMENTS = 3, SWITCHES = 6, STAYS_MOST = 24 };

/* By how many standard errors of a coefficient V₂ / V₁ − 1 must fall short before it counts. */
static const double slack = 2;

void pfl_changes_scan_release(struct pfl_changes_scan *scan)
{
    if (!scan)
        return;
    pfl_free(scan->places);
    pfl_free(scan->rank);
    pfl_free(scan->items);
    pfl_free(scan->intervals);
    memset(scan, 0, sizeof *scan);
}

/* One block for the five arrays of doubles; the inverses depend on the capacity alone. */
static int reserve(struct pfl_changes_scan *scan, size_t n, struct pfl_err *err)
{
    double *numbers;
    struct pfl_changes_item *items;
    size_t i;

    if (n > UINT32_MAX / 2)
        return pfl_err_set(err, PFL_ELIMIT, "a series of %zu values is too long to be searched", n);
    if (n <= scan->capacity)
        return PFL_OK;
    numbers = pfl_alloc_zeroed(n + 1, 5 * sizeof *numbers);
    items = pfl_alloc_zeroed(n, 2 * sizeof *items);
    if (!numbers || !items) {
        pfl_free(numbers);
        pfl_free(items);
        return pfl_err_no_memory(err);
    }
    pfl_free(scan->rank);
    pfl_free(scan->items);
    scan->rank = numbers;
    scan->sum = numbers + (n + 1);
    scan->square = scan->sum + (n + 1);
    scan->inverse = scan->square + (n + 1);
    scan->sorted = scan->inverse + (n + 1);
    scan->items = items;
    scan->capacity = n;
    for (i = 1; i <= n; i++)
        scan->inverse[i] = 1 / (double)i;
    return PFL_OK;
}

/* Merge sort from the bottom up: stable, no quadratic case. The result is in the first half of
 * items. */
static void sort_items(struct pfl_changes_item *items, size_t n)
{
    struct pfl_changes_item *from = items, *to = items + n, *other;
    size_t width, i, left, right, middle, end, out;

    for (width = 1; width < n; width *= 2) {
        for (i = 0; i < n; i = end) {
            middle = i + width < n ? i + width : n;
            end = middle + width < n ? middle + width : n;
            left = i;
            right = middle;
            for (out = i; out < end; out++)
                if (left < middle && (right >= end || from[left].value <= from[right].value))
                    to[out] = from[left++];
                else
                    to[out] = from[right++];
        }
        other = from;
        from = to;
        to = other;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}

/* Mid-ranks, centred, scaled to -1 … 1, and their running sums. Ties count as broken by chance:
 * their mid-rank is exact on average, and the variance of a uniform value over the group's width is
 * part of the squares. */
static void rank_values(struct pfl_changes_scan *scan, const double *values, size_t n)
{
    struct pfl_changes_item *items = scan->items;
    double middle = ((double)n - 1) / 2, scale = n > 1 ? 1 / middle : 1, width;
    size_t i, j, k;

    for (i = 0; i < n; i++)
        items[i] = (struct pfl_changes_item){values[i], (uint32_t)i};
    sort_items(items, n);
    for (i = 0; i < n; i = j) {
        for (j = i + 1; j < n && items[j].value == items[i].value; j++)
            continue;
        width = (double)(j - i - 1) * scale;
        for (k = i; k < j; k++) {
            scan->rank[items[k].at] = ((double)(i + j - 1) / 2 - middle) * scale;
            scan->square[items[k].at + 1] = width * width / 12;
        }
    }
    scan->sum[0] = scan->square[0] = 0;
    for (i = 0; i < n; i++) {
        scan->sum[i + 1] = scan->sum[i] + scan->rank[i];
        scan->square[i + 1] += scan->square[i] + scan->rank[i] * scan->rank[i];
    }
    scan->n = n;
}

/* 2 ln C(m, a), by Stirling's formula. */
static double arrangements(size_t m, size_t a)
{
    double whole = (double)m, left = (double)a, right = (double)(m - a);

    return 2 * (left * log(whole / left) + right * log(whole / right)) +
           log(whole / (2 * 3.14159265358979 * left * right));
}

/* The best split of [from, to). Without any (too short, all ranks equal): ratio 0. */
static struct pfl_changes_interval split(const struct pfl_changes_scan *scan, size_t from,
                                         size_t to)
{
    struct pfl_changes_interval best = {from, to, from, 0};
    size_t m = to - from, k, at = 0;
    const double *sum = scan->sum + from, *inverse = scan->inverse;
    double total = sum[m] - sum[0], mean = total / (double)m, most = 0, d, q, whole, limit;

    whole = scan->square[to] - scan->square[from] - total * mean;
    if (m < 2 * PFL_CHANGES_SIDE ||
        !(whole > 1e-9 * (double)m / ((double)scan->n * (double)scan->n)))
        return best;
    for (k = PFL_CHANGES_SIDE; k + PFL_CHANGES_SIDE <= m; k++) {
        d = sum[k] - sum[0] - (double)k * mean;
        q = d * d * inverse[k] * inverse[m - k];
        if (q > most) {
            most = q;
            at = k;
        }
    }
    if (at == 0)
        return best;
    q = most * (double)m / whole;
    limit = arrangements(m, at);
    best.at = from + at;
    best.ratio = q < 1 ? -(double)m * log1p(-q) : limit;
    if (best.ratio > limit)
        best.ratio = limit;
    return best;
}

static int add_interval(struct pfl_changes_scan *scan, size_t from, size_t to, struct pfl_err *err)
{
    struct pfl_changes_interval *grown;
    size_t capacity;

    if (scan->interval_count == scan->interval_capacity) {
        capacity = scan->interval_capacity ? 2 * scan->interval_capacity : 256;
        grown = pfl_realloc(scan->intervals, capacity * sizeof *grown);
        if (!grown)
            return pfl_err_no_memory(err);
        scan->intervals = grown;
        scan->interval_capacity = capacity;
    }
    scan->intervals[scan->interval_count++] = split(scan, from, to);
    return PFL_OK;
}

static int seed_intervals(struct pfl_changes_scan *scan, struct pfl_err *err)
{
    double length = (double)scan->n;
    size_t m, count, i, from;
    int rc = PFL_OK;

    scan->interval_count = 0;
    for (m = scan->n; rc == PFL_OK && m >= PFL_CHANGES_LEAST;
         length /= 1.4142135623730951, m = (size_t)length) {
        count = 2 * ((scan->n + m - 1) / m) - 1;
        for (i = 0; rc == PFL_OK && i < count; i++) {
            from =
                count > 1 ? (size_t)((double)(scan->n - m) * (double)i / (double)(count - 1)) : 0;
            rc = add_interval(scan, from, from + m, err);
        }
    }
    return rc;
}

/* The strongest candidate inside [from, to). */
static struct pfl_changes_interval strongest(const struct pfl_changes_scan *scan, size_t from,
                                             size_t to)
{
    struct pfl_changes_interval best = split(scan, from, to);
    const struct pfl_changes_interval *one;
    size_t i;

    for (i = 0; i < scan->interval_count; i++) {
        one = &scan->intervals[i];
        if (one->from >= from && one->to <= to && one->ratio > best.ratio)
            best = *one;
    }
    return best;
}

/* Lag 1 of what is left when every stretch between the bounds has its own mean; corrected for the
 * means taken. */
static double residual_correlation(const struct pfl_changes_scan *scan, const size_t *bounds,
                                   size_t count)
{
    double power = 0, product = 0, mean, left, here, phi;
    size_t i, j;

    for (i = 0; i + 1 < count; i++) {
        mean =
            (scan->sum[bounds[i + 1]] - scan->sum[bounds[i]]) / (double)(bounds[i + 1] - bounds[i]);
        left = 0;
        for (j = bounds[i]; j < bounds[i + 1]; j++) {
            here = scan->rank[j] - mean;
            power += here * here;
            product += here * left;
            left = here;
        }
    }
    if (!(power > 0))
        return 0;
    phi = product / power;
    return phi + (1 + 3 * phi) * (double)(count - 1) / (double)scan->n;
}

/* Lag 1 of what is left of a straight line, corrected for the line. */
static double trend_correlation(const struct pfl_changes_scan *scan)
{
    double middle = ((double)scan->n - 1) / 2, slope = 0, spread = 0, power = 0, product = 0,
           left = 0, here, phi;
    size_t i;

    for (i = 0; i < scan->n; i++) {
        slope += ((double)i - middle) * scan->rank[i];
        spread += ((double)i - middle) * ((double)i - middle);
    }
    slope /= spread;
    for (i = 0; i < scan->n; i++) {
        here = scan->rank[i] - slope * ((double)i - middle);
        power += here * here;
        product += here * left;
        left = here;
    }
    if (!(power > 0))
        return 0;
    phi = product / power;
    return phi + (1 + 3 * phi) * 2 / (double)scan->n;
}

/* V₂ / V₁ − 1; the mean difference (a drift) does not count. */
static double difference_correlation(const struct pfl_changes_scan *scan)
{
    const double *rank = scan->rank;
    double drift = (rank[scan->n - 1] - rank[0]) / (double)(scan->n - 1), one = 0, two = 0, d;
    size_t i;

    for (i = 1; i < scan->n; i++) {
        d = rank[i] - rank[i - 1] - drift;
        one += d * d;
    }
    for (i = 2; i < scan->n; i++) {
        d = rank[i] - rank[i - 2] - 2 * drift;
        two += d * d;
    }
    one /= (double)(scan->n - 1);
    two /= (double)(scan->n - 2);
    return one > 0 ? two / one - 1 : 0;
}

/*
 * Two clusters that the series goes to and fro between (a machine with two speeds): for such a
 * chain the lag 1 of "which cluster" is the whole truth about its autocorrelation, and the noise
 * inside the clusters hides it from the estimates above. 0 when there are not two clusters, or when
 * it changed sides so seldom that each time may be a change of its own.
 */
static double cluster_correlation(const struct pfl_changes_scan *scan, const double *values,
                                  double *sorted, bool *bimodal)
{
    double border, share = 0, product = 0, low, high;
    size_t i, switches = 0, below = 0;
    bool is_high = false;

    for (i = 0; i < scan->n; i++)
        sorted[i] = scan->items[i].value;
    if (!(pfl_stats_bimodality_sorted(sorted, scan->n, &border) >
          pfl_stats_bimodality_limit(scan->n)))
        return 0;
    for (i = 0; i < scan->n; i++)
        below += values[i] <= border;
    low = sorted[below / 2];
    high = sorted[(below + scan->n) / 2];
    share = (double)(scan->n - below);
    share /= (double)scan->n;
    for (i = 1; i < scan->n; i++) {
        if (is_high ? values[i] <= low
                    : values[i] >= high) { /* really there, not just across the border */
            is_high = !is_high;
            switches++;
        }
        product += ((values[i] > border) - share) * ((values[i - 1] > border) - share);
    }
    *bimodal = switches >= SWITCHES && switches * STAYS_MOST >= scan->n;
    return !*bimodal ? 0 : product / ((double)scan->n * share * (1 - share));
}

/* The bounds of the stretches between the places, 0 and n among them, and `extra` (0: none). */
static size_t collect_bounds(const struct pfl_changes_scan *scan, size_t extra, size_t *bounds)
{
    size_t count = 0, i;

    bounds[count++] = 0;
    for (i = 0; i < scan->place_count; i++) {
        if (extra > bounds[count - 1] && extra < scan->places[i].at)
            bounds[count++] = extra;
        bounds[count++] = scan->places[i].at;
    }
    if (extra > bounds[count - 1])
        bounds[count++] = extra;
    bounds[count++] = scan->n;
    return count;
}

/* Puts a place where it belongs; the caller has made room. */
static void insert_place(struct pfl_changes_scan *scan, struct pfl_changes_place place)
{
    size_t i = scan->place_count++;

    for (; i > 0 && scan->places[i - 1].at > place.at; i--)
        scan->places[i] = scan->places[i - 1];
    scan->places[i] = place;
}

static int reserve_places(struct pfl_changes_scan *scan, size_t more, struct pfl_err *err)
{
    struct pfl_changes_place *grown;
    size_t capacity = 2 * (scan->place_count + more) + 8;

    if (scan->place_count + more <= scan->place_capacity)
        return PFL_OK;
    grown = pfl_realloc(scan->places, capacity * sizeof *grown);
    if (!grown)
        return pfl_err_no_memory(err);
    scan->places = grown;
    scan->place_capacity = capacity;
    return PFL_OK;
}

/* The whole stretch is looked at before anything is decided: how do neighbours resemble each other?
 */
static int look(struct pfl_changes_scan *scan, const double *values, struct pfl_err *err)
{
    struct pfl_changes_interval best = {0}, one;
    size_t *bounds = pfl_alloc((scan->place_count + 3) * sizeof *bounds), count, i;
    double by_rest, by_differences, by_clusters;

    if (!bounds)
        return pfl_err_no_memory(err);
    count = collect_bounds(scan, 0, bounds);
    for (i = 0; i + 1 < count; i++) {
        one = split(scan, bounds[i], bounds[i + 1]);
        if (one.ratio > best.ratio)
            best = one;
    }
    scan->split = scan->interval_count ? scan->intervals[0].ratio : 0;
    by_differences = difference_correlation(scan);
    count = collect_bounds(scan, best.at, bounds);
    by_rest = fmin(residual_correlation(scan, bounds, count), trend_correlation(scan));
    scan->autocorrelation =
        fmin(fmax(fmin(by_rest, by_differences + slack / sqrt((double)scan->n)), 0), 0.95);
    by_clusters = cluster_correlation(scan, values, scan->sorted, &scan->bimodal);
    scan->autocorrelation = fmin(fmax(scan->autocorrelation, by_clusters), 0.95);
    pfl_free(bounds);
    return PFL_OK;
}

/* Divides [from, to) as long as there is a place strong enough; the depth is that of the places
 * found. */
static int divide(struct pfl_changes_scan *scan, size_t from, size_t to, double limit,
                  struct pfl_err *err)
{
    struct pfl_changes_interval best;
    int rc;

    while (to - from >= PFL_CHANGES_LEAST) {
        best = strongest(scan, from, to);
        if (best.ratio < limit)
            return PFL_OK;
        rc = reserve_places(scan, 1, err);
        if (rc != PFL_OK)
            return rc;
        insert_place(scan, (struct pfl_changes_place){best.at, best.ratio, false});
        /* The smaller part by recursion, the larger by the loop: the stack stays at log n. */
        if (best.at - from < to - best.at) {
            rc = divide(scan, from, best.at, limit, err);
            from = best.at;
        } else {
            rc = divide(scan, best.at, to, limit, err);
            to = best.at;
        }
        if (rc != PFL_OK)
            return rc;
    }
    return PFL_OK;
}

/* Each place anew between its neighbours; what no longer stands there falls. True when anything
 * moved. */
static bool refine(struct pfl_changes_scan *scan, double limit)
{
    struct pfl_changes_interval best;
    size_t i, from, to, kept = 0;
    bool moved = false;

    for (i = 0; i < scan->place_count; i++) {
        struct pfl_changes_place *place = &scan->places[i];

        from = kept ? scan->places[kept - 1].at : 0;
        to = i + 1 < scan->place_count ? scan->places[i + 1].at : scan->n;
        best = split(scan, from, to);
        if (!place->pinned) {
            moved |= best.at != place->at || best.ratio < limit;
            if (best.ratio < limit)
                continue;
            place->at = best.at;
            place->strength = best.ratio;
        }
        scan->places[kept++] = *place;
    }
    scan->place_count = kept;
    return moved;
}

static int search(struct pfl_changes_scan *scan, double limit, struct pfl_err *err)
{
    size_t *bounds = pfl_alloc((scan->place_count + 2) * sizeof *bounds), count, i;
    int rc = PFL_OK;

    if (!bounds)
        return pfl_err_no_memory(err);
    count = collect_bounds(scan, 0, bounds);
    for (i = 0; rc == PFL_OK && i + 1 < count; i++)
        rc = divide(scan, bounds[i], bounds[i + 1], limit, err);
    pfl_free(bounds);
    for (i = 0; rc == PFL_OK && i < REFINEMENTS && refine(scan, limit); i++)
        continue;
    return rc;
}

int pfl_changes_find(struct pfl_changes_scan *scan, const double *values, size_t n,
                     const size_t *pins, size_t pin_count, double alpha, struct pfl_err *err)
{
    double wander; /* long-run variance over variance */
    size_t i;
    int rc;

    scan->n = scan->place_count = 0;
    scan->autocorrelation = 0;
    scan->bimodal = false;
    scan->split = 0;
    rc = reserve_places(scan, pin_count, err);
    for (i = 0; rc == PFL_OK && i < pin_count; i++)
        insert_place(scan, (struct pfl_changes_place){pins[i], 0, true});
    if (rc == PFL_OK)
        rc = reserve(scan, n, err);
    if (rc != PFL_OK || n < PFL_CHANGES_LEAST)
        return rc;
    rank_values(scan, values, n);
    rc = seed_intervals(scan, err);
    if (rc == PFL_OK)
        rc = look(scan, values, err);
    if (rc != PFL_OK)
        return rc;
    wander = (1 + scan->autocorrelation) / (1 - scan->autocorrelation);
    rc = search(scan, wander * pfl_changes_limit(alpha, n, scan->autocorrelation), err);
    for (i = 0; i < scan->place_count; i++)
        scan->places[i].strength /= wander;
    return rc;
}

int pfl_changes_strongest(struct pfl_changes_scan *scan, double *strength, struct pfl_err *err)
{
    double wander = (1 + scan->autocorrelation) / (1 - scan->autocorrelation), low = 0, high = 0,
           limit;
    const double exact = 0.02;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < scan->interval_count; i++)
        high = fmax(high, scan->intervals[i].ratio);
    if (scan->interval_count)
        low = scan->intervals[0].ratio; /* the whole stretch: its place stands between its
                                           neighbours, there are none */
    while (rc == PFL_OK && high - low > exact * wander) {
        limit = (low + high) / 2;
        scan->place_count = 0;
        rc = search(scan, limit, err);
        if (scan->place_count)
            low = limit;
        else
            high = limit;
    }
    scan->place_count = 0;
    if (rc == PFL_OK)
        *strength = low / wander;
    return rc;
}
