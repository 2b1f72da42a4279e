#!/usr/bin/env python3
"""Writes golden.csv: what NumPy and SciPy say about the functions of src/stats. Only for generating; no test runs it.

Columns: function, its arguments (values of a sample separated by blanks), then the results. SciPy 1.10's own t.ppf is good to 1e-9
only, so quantiles are refined by Newton steps on its t.cdf, which is good to the last digits.
"""
import random
import sys

import numpy
import scipy
from scipy import stats


def text(values):
    return " ".join(repr(float(v)) for v in values)


def t_quantile(p, df):
    tail = min(p, 1 - p)
    x = stats.t.ppf(tail, df)
    for _ in range(20):
        step = (stats.t.cdf(x, df) - tail) / stats.t.pdf(x, df)
        x -= step
        if abs(step) < 1e-15 * abs(x):
            break
    return x if p < 0.5 else -x


def interval(sample, confidence):
    """Hettmansperger & Sheather 1986, from SciPy's binomial distribution."""
    x, n = sorted(sample), len(sample)
    cover = lambda k: 1 - 2 * stats.binom.cdf(k - 1, n, 0.5)
    ks = [k for k in range(1, n // 2 + 1) if cover(k) >= confidence]
    if not ks:
        return x[0], x[-1]
    k = ks[-1]
    if 2 * k >= n:
        return x[k - 1], x[n - k]
    share = (cover(k) - confidence) / (cover(k) - cover(k + 1))
    w = (n - k) * share / (k + (n - 2 * k) * share)
    return (1 - w) * x[k - 1] + w * x[k], (1 - w) * x[n - k] + w * x[n - k - 1]


def main():
    rnd = random.Random(20240607)
    out = sys.stdout
    print(f"# made by generate.py with Python {sys.version.split()[0]}, NumPy {numpy.__version__}, SciPy {scipy.__version__}", file=out)
    for p in (1e-40, 1e-10, 1e-4, 0.01, 0.025, 0.07, 0.2, 0.42, 0.6, 0.9, 0.975, 0.999):
        print("normal_quantile", p, repr(float(stats.norm.ppf(p))), sep=",", file=out)
        for df in (1, 1.5, 2, 2.7, 3, 4, 6, 9.5, 29, 120, 2000):
            print("t_quantile", f"{p} {df}", repr(float(t_quantile(p, df))), sep=",", file=out)
    for z in (-38, -8, -2.5, -0.3, 0, 0.7, 3, 7):
        print("normal_cdf", z, repr(float(stats.norm.cdf(z))), sep=",", file=out)
        for df in (1, 2.5, 5, 30, 500):
            print("t_cdf", f"{z} {df}", repr(float(stats.t.cdf(z, df))), sep=",", file=out)
    samples = []
    for n in (2, 3, 4, 5, 6, 7, 10, 11, 23, 50, 101, 300):
        samples.append([rnd.lognormvariate(0, 0.4) for _ in range(n)])
        samples.append([float(rnd.randrange(6)) + 1 for _ in range(n)])
    samples.append([281474976710656.0 + k for k in (1, 5, 2, 9, 3, 7)])
    for s in samples:
        a = numpy.array(s)
        t = text(s)
        print("mean", t, repr(float(numpy.mean(a))), sep=",", file=out)
        print("stddev", t, repr(float(numpy.std(a, ddof=1))), sep=",", file=out)
        print("median", t, repr(float(numpy.median(a))), sep=",", file=out)
        print("mad", t, repr(float(stats.median_abs_deviation(a))), sep=",", file=out)
        for p in (0, 0.1, 0.25, 0.5, 0.75, 0.99, 1):
            print("quantile", f"{p} {t}", repr(float(numpy.quantile(a, p))), sep=",", file=out)
        for c in (0.9, 0.95, 0.99):
            print("interval", f"{c} {t}", text(interval(s, c)), sep=",", file=out)
        if len(s) > 2 and len(set(s)) > 1:
            k = stats.kendalltau(range(len(s)), a, method="asymptotic")
            print("trend", t, text((k.statistic, k.pvalue)), sep=",", file=out)
            x = [float(i * i) for i in range(len(s))]
            line = stats.linregress(x, a)
            print("line", t, text((line.slope, line.intercept, line.stderr)), sep=",", file=out)
    for n in (1, 2, 5, 40):
        p = [rnd.random() ** 3 for _ in range(n)]
        if n > 2:
            p[1] = p[0]
        a = numpy.sort(p)[::-1] * n / numpy.arange(n, 0, -1)  # statsmodels' recipe, spelled out
        adjusted = numpy.empty(n)
        adjusted[numpy.argsort(p, kind="stable")[::-1]] = numpy.minimum(1, numpy.minimum.accumulate(a))
        print("benjamini_hochberg", text(p), text(adjusted), sep=",", file=out)


main()
