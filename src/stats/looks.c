/*
 * Group-sequential bounds: which |z| at the k-th look keeps the chance of ever crossing, over all
 * looks so far, at what the spending function allows by then.
 *
 * Spending: Lan & DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70
 * (1983): the looks need not be planned, only their information be known when they happen.
 * Computation: Armitage, McPherson & Rowe, "Repeated significance tests on accumulating data", JRSS
 * A 132 (1969). On the scale s = z √t the statistic is a Brownian motion; the density f_k(s) of
 * those still running at look k is ∫ f_{k−1}(u) φ((s − u) / σ) / σ du over the region of look k −
 * 1, σ² = t_k − t_{k−1}, and the bound solves ∫ f_{k−1}(u) P(|s| ≥ bound √t | u) du = what may be
 * spent.
 *
 * Quadrature: Gauss–Legendre with five nodes on panels of at most 1.5 times the narrower of the two
 * kernels that meet there, the one that made the density and the one that will smooth it; hence the
 * grid of a look is made only when the next look is known. Panels that short are good to 10^-8 at
 * these Gaussians, and only nodes within 8.5 σ take part, so that many looks stay cheap.
 */
#include "stats/sequential.h"

#include "base/alloc.h"

#include <math.h>

enum { NODES = 5, NEWTON_MOST = 200 };

static const double reach = 8.5;            /* standard deviations beyond which nothing is left */
static const double least_step = 1e-6;      /* of information */
static const double least_spending = 1e-14; /* below it the bound is infinite; it is spent later */

static const double gauss_node[NODES] = {-0.90617984593866399280, -0.53846931010568309104, 0,
                                         0.53846931010568309104, 0.90617984593866399280};
static const double gauss_weight[NODES] = {0.23692688505618908751, 0.47862867049936646804,
                                           0.56888888888888888889, 0.47862867049936646804,
                                           0.23692688505618908751};

/* The density of those still running at one look: nodes on the score scale, each with density ×
 * quadrature weight. */
struct grid {
    double *node, *mass; /* one allocation, node owns it */
    size_t count;
};

struct pfl_looks {
    enum pfl_spending spending;
    double alpha;
    int sides;
    size_t count; /* looks so far */
    double share; /* of the last look */
    double sigma; /* of the step that led to it */
    double bound; /* of the last look, z scale */
    double spent;
    struct grid before; /* at the look before the last one; none while count < 2 */
};

double pfl_stats_spending(enum pfl_spending spending, double alpha, double share)
{
    double t = share < 1 ? share : 1;

    if (!(alpha > 0 && alpha < 1) || isnan(share))
        return NAN;
    if (t <= 0)
        return 0;
    if (spending == PFL_SPENDING_POCOCK)
        return alpha * log1p(1.71828182845904523536 * t);
    return 2 * pfl_stats_normal_cdf(pfl_stats_normal_quantile(alpha / 2) / sqrt(t));
}

struct pfl_looks *pfl_looks_new(enum pfl_spending spending, double alpha, int sides,
                                struct pfl_err *err)
{
    struct pfl_looks *looks;

    if (!(alpha > 0 && alpha <= 0.5) || (sides != 1 && sides != 2)) {
        pfl_err_set(err, PFL_EINVAL,
                    "sequential bounds need an error rate above 0 and at most 0.5 and one or two "
                    "sides, not %g and %d",
                    alpha, sides);
        return NULL;
    }
    looks = pfl_alloc_zeroed(1, sizeof *looks);
    if (!looks) {
        pfl_err_no_memory(err);
        return NULL;
    }
    looks->spending = spending;
    looks->alpha = alpha;
    looks->sides = sides;
    return looks;
}

void pfl_looks_free(struct pfl_looks *looks)
{
    if (!looks)
        return;
    pfl_free(looks->before.node);
    pfl_free(looks);
}

static double normal_density(double z)
{
    return 0.39894228040143267794 * exp(-z * z / 2);
}

/* The density at s one step of deviation sigma after `from`; *first is where to start, moving up
 * with s. */
static double density_after(const struct grid *from, double sigma, double s, size_t *first)
{
    double sum = 0;
    size_t i;

    while (*first < from->count && from->node[*first] < s - reach * sigma)
        ++*first;
    for (i = *first; i < from->count && from->node[i] <= s + reach * sigma; i++)
        sum += from->mass[i] * normal_density((s - from->node[i]) / sigma);
    return sum / sigma;
}

/* The grid of the last look, fine enough for a next step of deviation next_sigma. */
static int make_grid(const struct pfl_looks *looks, double next_sigma, struct grid *grid,
                     struct pfl_err *err)
{
    double wide = sqrt(looks->share), high = fmin(looks->bound, reach) * wide;
    double low = looks->sides == 2 ? -high : -reach * wide;
    double panel = 1.5 * fmin(looks->sigma, next_sigma), middle, f;
    size_t panels = (size_t)ceil((high - low) / panel) + 1, i, j, first = 0;
    double half = (high - low) / (double)panels / 2;

    grid->count = panels * NODES;
    grid->node = pfl_alloc_zeroed(2 * grid->count, sizeof *grid->node);
    if (!grid->node)
        return pfl_err_no_memory(err);
    grid->mass = grid->node + grid->count;
    for (i = 0; i < panels; i++) {
        middle = low + (double)(2 * i + 1) * half;
        for (j = 0; j < NODES; j++) {
            double s = middle + half * gauss_node[j];

            f = looks->count == 1 ? normal_density(s / wide) / wide
                                  : density_after(&looks->before, looks->sigma, s, &first);
            grid->node[i * NODES + j] = s;
            grid->mass[i * NODES + j] = f * half * gauss_weight[j];
        }
    }
    return PFL_OK;
}

/* The next step, for which the bound is sought. */
struct step {
    const struct grid *from; /* NULL: the first look */
    double share, sigma;
    int sides;
};

/* The chance to cross at this step when the bound is b. */
static double chance(const struct step *step, double b)
{
    double c = b * sqrt(step->share), sum = 0, sides;
    size_t i;

    if (!step->from)
        return step->sides * pfl_stats_normal_cdf(-b);
    for (i = 0; i < step->from->count; i++) {
        sides = pfl_stats_normal_cdf((step->from->node[i] - c) / step->sigma);
        if (step->sides == 2)
            sides += pfl_stats_normal_cdf((-c - step->from->node[i]) / step->sigma);
        sum += step->from->mass[i] * sides;
    }
    return sum;
}

/* Its derivative with the sign turned. */
static double chance_slope(const struct step *step, double b)
{
    double wide = sqrt(step->share);
    size_t first = 0;
    double low;

    if (!step->from)
        return step->sides * normal_density(b);
    low = step->sides == 2 ? density_after(step->from, step->sigma, -b * wide, &first) : 0;
    first = 0;
    return wide * (low + density_after(step->from, step->sigma, b * wide, &first));
}

/* chance(b) = target by Newton steps on its logarithm, which is concave: they come from the right
 * and never overshoot but once. A bracket catches what rounding does. */
static double solve(const struct step *step, double target, double start)
{
    double low = -reach, high = reach + 2, b = start, p, slope, next;
    int i;

    for (i = 0; i < NEWTON_MOST && high - low > 1e-12; i++) {
        p = chance(step, b);
        if (p > target)
            low = b;
        else
            high = b;
        slope = chance_slope(step, b);
        next = p > 0 && slope > 0 ? b + log(p / target) * p / slope : INFINITY;
        if (fabs(next - b) < 1e-11)
            break;
        b = next > low && next < high ? next : low + (high - low) / 2;
    }
    return b;
}

static int check_share(const struct pfl_looks *looks, double share, struct pfl_err *err)
{
    if (share >= looks->share + least_step && share <= 2)
        return PFL_OK;
    return pfl_err_set(err, PFL_EINVAL,
                       "a look at the share %g of the planned information cannot follow one at %g; "
                       "shares ascend, by 0.000001 at least, up to 2",
                       share, looks->share);
}

int pfl_looks_next(struct pfl_looks *looks, double share, double *bound, struct pfl_err *err)
{
    double per_side = looks->alpha / looks->sides, may_spend, found = INFINITY;
    struct step step = {NULL, share, 0, looks->sides};
    struct grid grid = {NULL, NULL, 0};
    int code = check_share(looks, share, err);

    if (code)
        return code;
    step.sigma = sqrt(share - looks->share);
    if (looks->count > 0) {
        code = make_grid(looks, step.sigma, &grid, err);
        if (code)
            return code;
        step.from = &grid;
    }
    may_spend = looks->sides * pfl_stats_spending(looks->spending, per_side, share) - looks->spent;
    if (may_spend > least_spending) {
        found = solve(&step, may_spend, isfinite(looks->bound) && looks->count ? looks->bound : 3);
        looks->spent += may_spend;
    }
    pfl_free(looks->before.node);
    looks->before = grid;
    looks->share = share;
    looks->sigma = step.sigma;
    looks->bound = found;
    looks->count++;
    *bound = found;
    return PFL_OK;
}
