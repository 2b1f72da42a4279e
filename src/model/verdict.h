/* What the judge says: one row per benchmark, metric and check; and what is odd about a result's
 * samples. */
#ifndef PFL_MODEL_VERDICT_H
#define PFL_MODEL_VERDICT_H

#include "model/policy.h"
#include "model/run.h"

enum pfl_verdict {
    PFL_VERDICT_UNCHANGED, /* the whole interval lies within the tolerance */
    PFL_VERDICT_IMPROVED,
    PFL_VERDICT_REGRESSED,    /* the interval excludes no change and the estimate is beyond the
                                 tolerance */
    PFL_VERDICT_INCONCLUSIVE, /* the data cannot tell */
    PFL_VERDICT_NEW,          /* not in the base */
    PFL_VERDICT_MISSING,      /* not in the head */
    PFL_VERDICT_FAILED,       /* the benchmark failed, or an absolute limit is broken */
    PFL_VERDICT_SKIPPED,      /* skipped in the head, with a reason */
};
enum { PFL_VERDICT_COUNT = 8 };

enum pfl_gate_force { PFL_GATE_NONE, PFL_GATE_HARD, PFL_GATE_REPORT_ONLY };

struct pfl_estimate {
    bool present;
    double median, ci_low, ci_high;
    size_t launches;
    const double *samples; /* borrowed from the run; may hold NaN; NULL = none */
    size_t sample_count;
    const char *text; /* text metrics */
};

struct pfl_row {
    const char *benchmark, *metric, *unit;
    const char *variant; /* "" for the comparison itself; "max", "min", "relative to NAME", "target"
                            for the other checks */
    enum pfl_better better;
    struct pfl_estimate base, head;
    double ratio, ratio_low, ratio_high; /* head / base; NaN when there is none */
    enum pfl_verdict verdict;
    bool deciding; /* this row counts for the suite's verdict */
    enum pfl_gate_force gate;
    const char *normalised_by; /* both estimates are normalised by this yardstick; NULL: measured */
    double machine;   /* the machine's ratio that was taken out of this row's; 1 or 0: none */
    double threshold; /* the limit: relative for a regression gate, stored unit for max/min, ratio
                         for relative_to; NaN */
    double margin;    /* room left, relative to the limit's scale; negative = beyond it; NaN */
    double mde;       /* smallest relative change this data could have shown (80 % power); NaN */
    size_t more_launches; /* about how many more would decide; 0 = unknown or none would */
    const char *reason;   /* a sentence */
    const char
        *advice; /* inconclusive: what would decide, the end of the reason; NULL = nothing to say */
    const char *not_gated; /* why a gate that speaks of it only reports, also the beginning of the
                              reason: "built with AddressSanitizer"; NULL: it does as it says */
    bool doubtful; /* in a release gate: the data leave open whether it is beyond its limit */
    bool raced;    /* both builds were raced to decide it */
    const char *gate_file;
    int gate_line;
    const char *snapshot; /* regressed, in a release gate: the newest snapshot that shows it, a path
                             below the repository's root; NULL: none */
    const char *bisect;   /* likewise: the command that finds the commit; NULL */
};

struct pfl_machine_effect {
    bool present;
    double ratio, ratio_low, ratio_high; /* of slowness, head over base; the interval at 99 % */
    const char *yardstick;               /* that shows it: pfl_yardstick_name() */
};

struct pfl_comparison {
    const struct pfl_run *base, *head; /* base may be NULL: only absolute checks were made */
    const char *base_label, *head_label;
    struct pfl_machine_effect machine;
    struct pfl_row *rows; /* sorted by benchmark, metric, variant */
    size_t row_count;
    size_t counts[PFL_VERDICT_COUNT]; /* deciding or gated rows by verdict */
    struct pfl_pair *differences;     /* environment: name → "before → after" */
    size_t difference_count;
    const char *
        *notes; /* what a reader must know: sessions' deviation assumed, few rounds, dirty … */
    size_t note_count;
    unsigned fail_on; /* PFL_FAIL_ON_ bits: the verdicts that made it fail, had there been any */
    bool ok;
    int exit_code; /* an enum of err.h: PFL_OK, PFL_EGATE, PFL_EINCONCLUSIVE, PFL_ENOTHING */
    const char *why_nothing;   /* with PFL_ENOTHING: which of the reasons it is */
    size_t undecided;          /* a release gate's doubtful rows */
    const char *why_undecided; /* "could not decide: 2 rows …", and what would; NULL: none are */
};

/* What is odd about the samples of one result (computed for the report, never stored). */
enum pfl_oddity_kind {
    PFL_ODD_OUTLIERS,   /* beyond 1.5 IQR (Tukey); severe beyond 3 */
    PFL_ODD_BIMODAL,    /* two clusters */
    PFL_ODD_TREND,      /* the rounds get slower or faster */
    PFL_ODD_FIRST_SLOW, /* the first launch stands apart: warm-up missing */
    PFL_ODD_CONTENTION, /* involuntary switches or pressure: CPU time is the better witness */
    PFL_ODD_NOISY,      /* the interval is wider than the tolerance people gate at */
    PFL_ODD_CONSTANT_ZERO,
};

struct pfl_oddity {
    enum pfl_oddity_kind kind;
    const char *text; /* "2 of 30 launches are outliers (up to 2.1×)" */
};

/* A person's view of a run: which results to show first and what to say of them. Aligned with the
 * run's benchmarks. */
struct pfl_assessment {
    const struct pfl_benchmark *benchmark;
    struct pfl_oddity *oddities;
    size_t oddity_count;
};

/* The fit of a metric over a size parameter: value ≈ c · size^exponent. */
struct pfl_fit {
    const char *suite, *param, *metric,
        *others; /* others: the remaining parameters, "" when none */
    double exponent, exponent_low, exponent_high, constant,
        residual; /* residual: RMS of log deviations */
    size_t points;
};

const char *pfl_verdict_text(enum pfl_verdict verdict);  /* "unchanged", … */
unsigned pfl_verdict_fail_bit(enum pfl_verdict verdict); /* its PFL_FAIL_ON_ bit; 0: never fails */
const char *pfl_gate_force_text(enum pfl_gate_force force); /* NULL, "hard", "report_only" */

#endif
