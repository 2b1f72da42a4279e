#!/usr/bin/env python3
"""Writes golden_tests.csv: estimators, tests and sequential bounds of src/stats as SciPy, brute force or another way of computing
has them. Only for generating; no test runs it. Columns: function, arguments, results, as in golden.csv; two samples are given as
the size of the first (base), then all values.

Independent on purpose: pairwise means are all formed and sorted, small null distributions enumerated by SciPy's
permutation_test, group-sequential bounds integrated by Simpson's rule on a dense grid (and compared here with SciPy's
multivariate normal), the sequential t test from the non-central t distribution. The bootstrap is SciPy's own, fed with
the resamples of a second implementation of the generator.
"""
import math
import random
import sys
import warnings

import numpy
import scipy
from scipy import integrate, optimize, special, stats

M64 = (1 << 64) - 1


def text(values):
    return " ".join(repr(float(v)) for v in values)


def row(function, arguments, results):
    print(function, arguments, text(results), sep=",")


# ---- Hodges-Lehmann ----

def signed_null(n):
    ways = [1]
    for r in range(1, n + 1):
        more = [0] * (len(ways) + r)
        for s, w in enumerate(ways):
            more[s] += w
            more[s + r] += w
        ways = more
    return ways


def rank_sum_null(m, n):
    """Of U: the Gaussian binomial coefficient, in whole numbers."""
    top, bottom = [1], [1]
    for i in range(1, m + 1):
        for poly, power in ((top, n + i), (bottom, i)):
            shifted = [0] * power + poly
            poly.extend([0] * power)
            poly[:] = [a - b for a, b in zip(poly, shifted)]
    quotient, rest = [], top[:]
    for i in range(m * n + 1):
        q = rest[i] // bottom[0]
        quotient.append(q)
        for j, b in enumerate(bottom):
            if i + j < len(rest):
                rest[i + j] -= q * b
    return quotient


def critical(ways, tail):
    total, below, k = sum(ways), 0, 0
    while (below + ways[k]) / total <= tail * (1 + 1e-12):
        below += ways[k]
        k += 1
    if k == 0:
        below, k = ways[0], 1
    return k, max(0, 1 - 2 * below / total)


def critical_normal(mean, sd, tail):
    k = math.floor(mean + 0.5 + stats.norm.ppf(tail) * sd)
    return k, 1 - 2 * stats.norm.cdf((k - 0.5 - mean) / sd)


def hodges_lehmann(x, confidence):
    n, tail = len(x), (1 - confidence) / 2
    means = sorted((x[i] + x[j]) / 2 for i in range(n) for j in range(i, n))
    if n <= 100:
        k, covers = critical(signed_null(n), tail)
    else:
        k, covers = critical_normal(n * (n + 1) / 4, math.sqrt(n * (n + 1) * (2 * n + 1) / 24), tail)
    return numpy.median(means), means[k - 1], means[-k], covers


def shift(base, head, confidence):
    m, n, tail = len(base), len(head), (1 - confidence) / 2
    differences = sorted(h - b for h in head for b in base)
    if (m + n) * min(m, n) <= 3600:
        k, covers = critical(rank_sum_null(m, n), tail)
    else:
        k, covers = critical_normal(m * n / 2, math.sqrt(m * n * (m + n + 1) / 12), tail)
    k = min(k, (m * n + 1) // 2)
    return numpy.median(differences), differences[k - 1], differences[-k], covers


# ---- tests ----

def three(p_of):
    less, greater = p_of("less"), p_of("greater")
    return min(1, 2 * min(less, greater)), less, greater


def mann_whitney(base, head):
    tied = len(set(base + head)) < len(base + head)
    exact = (len(base) + len(head)) * min(len(base), len(head)) <= 3600
    u = stats.mannwhitneyu(head, base, method="asymptotic").statistic
    if exact and tied:
        ranks = stats.rankdata(head + base)
        sum_first = lambda a, b, axis: numpy.sum(a, axis=axis)
        p = three(lambda side: stats.permutation_test((ranks[: len(head)], ranks[len(head):]), sum_first, n_resamples=numpy.inf,
                                                      vectorized=True, alternative=side).pvalue)
    else:
        p = three(lambda side: stats.mannwhitneyu(head, base, alternative=side, method="exact" if exact else "asymptotic").pvalue)
    return (u, *p, exact)


def signed_rank(d, pratt):
    used = [x for x in d if x != 0]
    zeros = len(d) - len(used)
    ranked = stats.rankdata(numpy.abs(d if pratt else used))
    if pratt:
        ranked = ranked[numpy.array(d) != 0]
    plus = sum(r for r, x in zip(ranked, used) if x > 0)
    exact = len(used) <= 100 and (not pratt or zeros <= 100)
    if not exact:
        p = three(lambda side: stats.wilcoxon(d, zero_method="pratt" if pratt else "wilcox", correction=True, alternative=side,
                                              method="approx").pvalue)
    elif zeros == 0 and len(set(map(abs, d))) == len(d) and len(d) <= 50:
        p = three(lambda side: stats.wilcoxon(d, alternative=side, method="exact").pvalue)
    else:
        signed = numpy.array([r if x > 0 else -r for r, x in zip(ranked, used)])
        p = three(lambda side: stats.permutation_test((signed,), lambda x, axis: numpy.sum(x, axis=axis), n_resamples=numpy.inf,
                                                      permutation_type="samples", vectorized=True, alternative=side).pvalue)
    return (plus, *p, exact)


def permutation(samples, statistic, kind):
    p = three(lambda side: stats.permutation_test(samples, statistic, n_resamples=numpy.inf, permutation_type=kind, vectorized=True,
                                                  alternative=side).pvalue)
    return (statistic(*samples, axis=-1), *p)


# ---- bootstrap: xoshiro256** and Lemire once more, in whole numbers ----

class Xoshiro(numpy.random.RandomState):
    def __init__(self, seed):
        super().__init__(0)
        self.s = []
        for _ in range(4):
            seed = (seed + 0x9E3779B97F4A7C15) & M64
            z = seed
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
            self.s.append(z ^ (z >> 31))

    def word(self):
        rotate = lambda x, k: ((x << k) | (x >> (64 - k))) & M64
        s = self.s
        result, t = (rotate(s[1] * 5 & M64, 7) * 9) & M64, (s[1] << 17) & M64
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)
        return result

    def randint(self, low, high=None, size=None, dtype=int):
        out = numpy.empty(size, dtype=int)
        for i in range(out.size):
            while True:
                wide = self.word() * (high - low)
                if wide & M64 >= (1 << 64) % (high - low):
                    break
            out.flat[i] = low + (wide >> 64)
        return out


def bca(x, statistic, resamples, confidence, seed):
    r = stats.bootstrap((numpy.array(x),), statistic, n_resamples=resamples, confidence_level=confidence, method="BCa",
                        vectorized=True, random_state=Xoshiro(seed))
    return statistic(numpy.array(x), axis=-1), r.confidence_interval.low, r.confidence_interval.high


# ---- series ----

def ar1(x):
    d = numpy.array(x) - numpy.mean(x)
    n = len(x)
    r = numpy.dot(d[:-1], d[1:]) / numpy.dot(d, d)
    return max(-0.99, min(0.99, (n * r + 1) / (n - 4)))


def effective(n, phi):
    return n / (1 + 2 * sum((1 - k / n) * phi**k for k in range(1, n))) if phi > 0 else n


# ---- group sequential ----

def spent(kind, alpha, t):
    if kind == 1:
        return alpha * math.log(1 + (math.e - 1) * t)
    return 2 * stats.norm.sf(stats.norm.isf(alpha / 2) / math.sqrt(t))


def bounds(kind, alpha, sides, shares):
    result, done, before = [], 0.0, None
    for k, t in enumerate(shares):
        target = sides * (spent(kind, alpha / sides, t) - done)
        done = spent(kind, alpha / sides, t)
        wide = math.sqrt(t)
        if k == 0:
            b = stats.norm.isf(target / sides)
        else:
            sigma = math.sqrt(t - shares[k - 1])
            u, mass = before

            def cross(b):
                p = stats.norm.sf((b * wide - u) / sigma)
                if sides == 2:
                    p = p + stats.norm.cdf((-b * wide - u) / sigma)
                return float(numpy.dot(mass, p))

            b = optimize.brentq(lambda b: math.log(max(cross(b), 1e-300)) - math.log(target), 0.1, 9, xtol=1e-13)
        result.append(b)
        high = min(b, 9) * wide
        s = numpy.linspace(-high if sides == 2 else -9 * wide, high, 1501)
        weights = numpy.ones(1501)
        weights[1:-1:2], weights[2:-1:2] = 4, 2
        weights *= (s[1] - s[0]) / 3
        if k == 0:
            density = stats.norm.pdf(s / wide) / wide
        else:
            density = stats.norm.pdf((s[:, None] - u[None, :]) / sigma) @ mass / sigma
        before = s, density * weights
    if len(shares) <= 4 and sides == 1:  # all looks below their bounds: a box of the multivariate normal
        t = numpy.array(shares)
        cov = numpy.minimum.outer(t, t) / numpy.sqrt(numpy.outer(t, t))
        p = 1 - stats.multivariate_normal.cdf(result, cov=cov, abseps=1e-8, releps=1e-8, maxpts=10**7)
        assert abs(p - spent(kind, alpha, shares[-1])) < 1e-6, (p, alpha)
    return result


# ---- anytime-valid ----

def mixture_rho(variance, alpha):
    return variance / (-float(special.lambertw(-alpha**2 / math.e, -1).real) - 1)


def mixture_bound(variance, rho, alpha):
    def log_wealth(s):
        f = lambda x: math.exp(x * s - x * x * (variance + rho) / 2 - s * s / (2 * (variance + rho))) * math.sqrt(rho / 2 / math.pi)
        peak, sd = s / (variance + rho), (variance + rho) ** -0.5
        return math.log(integrate.quad(f, peak - 12 * sd, peak + 12 * sd, epsabs=0, epsrel=1e-12)[0]) + s * s / (2 * (variance + rho))
    return optimize.brentq(lambda s: log_wealth(s) + math.log(alpha), 0, 100 * math.sqrt(variance + rho))


def anytime_mean(x, confidence, tune):
    n, alpha = len(x), 1 - confidence
    g = 1 / mixture_rho(tune, alpha)

    def log_factor(t):
        f = lambda d: stats.nct.pdf(t, n - 1, d * math.sqrt(n)) * stats.norm.pdf(d, 0, math.sqrt(g))
        centre, sd, most = t / math.sqrt(n), math.sqrt((1 + t * t / 2 / n) / n), 8 * math.sqrt(g)
        low, high = max(-most, centre - 8 * sd), min(most, centre + 8 * sd)  # beyond, SciPy's nct.pdf is no number
        return math.log(integrate.quad(f, low, high, epsabs=0, epsrel=1e-10, limit=400)[0] / stats.t.pdf(t, n - 1))

    t = optimize.brentq(lambda t: log_factor(t) + math.log(alpha), 0.5, 10 if n < 10 else 5, xtol=1e-11)
    assert abs(log_factor(t) + math.log(alpha)) < 1e-8
    half = t * stats.sem(x)
    return numpy.mean(x), numpy.mean(x) - half, numpy.mean(x) + half


def anytime_median(x, confidence, tune):
    x, n, alpha = sorted(x), len(x), 1 - confidence
    a = max(0.5, (mixture_rho(tune, alpha) - 1) / 2)
    prior = stats.beta(a, a)
    refuted = [k for k in range(n // 2 + 1)
               if integrate.quad(lambda p: (2 * p) ** k * (2 - 2 * p) ** (n - k) * prior.pdf(p), 0, 1, epsrel=1e-10)[0] >= 1 / alpha]
    if not refuted:
        return numpy.median(x), -math.inf, math.inf
    k = max(refuted) + 1
    return numpy.median(x), x[k - 1], x[n - k]


def bounded_mean(x, low, high, confidence):
    y, alpha = (numpy.array(x) - low) / (high - low), 1 - confidence
    t = numpy.arange(1, len(y) + 1)
    mean = (0.5 + numpy.cumsum(y)) / (t + 1)
    variance = (0.25 + numpy.cumsum((y - mean) ** 2)) / (t + 1)
    mean_before = numpy.concatenate(([0.5], mean[:-1]))
    variance_before = numpy.concatenate(([0.25], variance[:-1]))
    stake = numpy.minimum(0.5, numpy.sqrt(2 * math.log(2 / alpha) / (variance_before * t * numpy.log(1 + t))))
    cost = 4 * (y - mean_before) ** 2 * (-numpy.log(1 - stake) - stake) / 4
    centre = numpy.sum(stake * y) / numpy.sum(stake)
    half = (math.log(2 / alpha) + numpy.sum(cost)) / numpy.sum(stake)
    back = lambda v: low + (high - low) * v
    return back(centre), max(low, back(centre - half)), min(high, back(centre + half))


def equivalence(x, low, high):
    return max(stats.ttest_1samp(x, low, alternative="greater").pvalue, stats.ttest_1samp(x, high, alternative="less").pvalue)


# ---- what is asked ----

def two(base, head):
    return f"{len(base)} {text(base + head)}"


def locations_and_tests(rnd):
    smooth = lambda n, by=0.0: [rnd.lognormvariate(by, 0.3) for _ in range(n)]
    coarse = lambda n, by=0: [float(rnd.randrange(5) + by) for _ in range(n)]
    for n in (1, 2, 3, 5, 6, 7, 10, 19, 40, 75, 100, 101, 150):
        for x in (smooth(n), coarse(n), [3.0] * n if n in (1, 6, 101) else smooth(n)):
            for c in (0.9, 0.95, 0.99):
                row("hodges_lehmann", f"{c} {text(x)}", hodges_lehmann(x, c))
    pairs = [(1, 1), (1, 3), (2, 3), (4, 4), (5, 4), (3, 8), (10, 10), (12, 25), (42, 42), (43, 43), (60, 5), (100, 90)]
    for m, n in pairs:
        for base, head in ((smooth(m), smooth(n, 0.2)), (coarse(m), coarse(n, 1))):
            row("shift", f"0.95 {two(base, head)}", shift(base, head, 0.95))
            small = m + n <= 12 and min(m, n) > 1  # what permutation_test takes
            if small or len(set(base + head)) == m + n or (m + n) * min(m, n) > 3600:
                row("mann_whitney", two(base, head), mann_whitney(base, head))
    for n in (1, 2, 4, 6, 9, 12, 30, 50, 101, 140):
        even = [rnd.gauss(0.2, 1) for _ in range(n)]
        tied = [float(rnd.randrange(-3, 5)) for _ in range(n)]
        row("signed_rank_dropped", text(even), signed_rank(even, False))
        if 2 < n <= 12 or n > 120:
            row("signed_rank_dropped", text(tied), signed_rank(tied, False))
            row("signed_rank_pratt", text(tied), signed_rank(tied, True))
    mean = lambda x, axis: numpy.mean(x, axis=axis)
    median = lambda x, axis: numpy.median(x, axis=axis)
    for n in (3, 7, 11):
        d = [rnd.gauss(0.4, 1) for _ in range(n)]
        row("permutation_paired_mean", text(d), permutation((d,), mean, "samples"))
        row("permutation_paired_median", text(d), permutation((d,), median, "samples"))
    for m, n in ((2, 2), (2, 3), (5, 6), (4, 7)):
        for base, head in ((smooth(m), smooth(n, 0.4)), (coarse(m), coarse(n))):
            for name, f in (("mean", mean), ("median", median)):
                row(f"permutation_two_{name}", two(base, head),
                    permutation((head, base), lambda a, b, axis: f(a, axis=axis) - f(b, axis=axis), "independent"))
    for n in (5, 12, 40):
        x = smooth(n)
        row("bca_mean", f"400 0.95 {n} {text(x)}", bca(x, mean, 400, 0.95, n))
        row("bca_median", f"300 0.9 {n} {text(x)}", bca(x, median, 300, 0.9, n))
    for n in (6, 10, 50, 200):
        x = [rnd.gauss(0, 1)]
        while len(x) < n:
            x.append(0.6 * x[-1] + rnd.gauss(0, 1))
        row("ar1", text(x), [ar1(x)])
    for n in (1, 2, 10, 500):
        for phi in (-0.5, 0, 0.3, 0.6, 0.95, 0.99):
            row("effective_n", f"{n} {phi}", [effective(n, phi)])
    for n in (3, 10, 50):
        x = [rnd.gauss(0.01, 0.02) for _ in range(n)]
        row("equivalence", f"-0.03 0.03 {text(x)}", [equivalence(x, -0.03, 0.03)])
        for power in (0.5, 0.8, 0.95):
            row("detectable", f"0.0123 {n - 1} 0.01 {power}", [0.0123 * (stats.t.ppf(0.995, n - 1) + stats.t.ppf(power, n - 1))])


def sequential(rnd):
    for alpha in (0.01, 0.05):
        for sides in (1, 2):
            for kind in (0, 1):
                for shares in ([1], [0.5, 1], [0.25, 0.5, 0.75, 1], [0.2, 0.4, 0.6, 0.8, 1], [0.3, 0.35, 0.9, 0.92],
                               [k / 20 for k in range(3, 21)]):
                    row("looks", f"{kind} {alpha} {sides} {text(shares)}", bounds(kind, alpha, sides, shares))
    for variance in (1, 30, 1000):
        for alpha in (0.01, 0.1):
            rho = mixture_rho(20, alpha)
            row("mixture_rho", f"{variance} {alpha}", [mixture_rho(variance, alpha)])
            row("mixture_bound", f"{variance} {rho!r} {alpha}", [mixture_bound(variance, rho, alpha)])
    for n in (8, 20, 45):
        x = [rnd.gauss(0.5, 1) for _ in range(n)]
        row("anytime_mean", f"0.95 30 {text(x)}", anytime_mean(x, 0.95, 30))
        row("anytime_median", f"0.95 30 {text(x)}", anytime_median(x, 0.95, 30))
        row("anytime_median", f"0.8 100 {text(x)}", anytime_median(x, 0.8, 100))
        y = [min(1.0, max(-1.0, v / 3)) for v in x]
        row("bounded_mean", f"0.95 -1 1 {text(y)}", bounded_mean(y, -1, 1, 0.95))
    y = [0.02 * rnd.random() for _ in range(400)]
    row("bounded_mean", f"0.99 -0.5 0.5 {text(y)}", bounded_mean(y, -0.5, 0.5, 0.99))


def main():
    warnings.simplefilter("ignore")
    print(f"# made by generate_tests.py with Python {sys.version.split()[0]}, NumPy {numpy.__version__}, SciPy {scipy.__version__}")
    locations_and_tests(random.Random(20240701))
    sequential(random.Random(20240702))


main()
