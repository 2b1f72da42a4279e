/*
 * What the files of judge/ share: the context of one comparison and the steps it is made of.
 * Nothing outside the folder includes this.
 *
 *     compare.c   walks base and head side by side, one benchmark after the other
 *       gates.c     which gates and targets speak of a benchmark and metric
 *       rows.c      one row per metric: estimate, effect, verdict
 *         effect.c    two estimates → ratio, interval, p
 *         verdict.c   effect + tolerance → verdict and its reason
 *       limits.c    max, min, relative_to, targets: rows of their own
 *     moved.c     did the whole machine move between the two
 *     normalise.c which results follow a yardstick
 *     normalise_inside.c  which ran it beside their own samples
 *     instrumented.c  numbers of sanitizers and debug builds, which no gate holds
 *     discovery.c false discoveries over all deciding rows
 *     machine.c   may the two runs be compared at all; what differs around them
 *     outcome.c   counts, notes, exit code
 *     confirm.c, release.c  what a race has to say of it afterwards
 */
#ifndef PFL_JUDGE_INTERNAL_H
#define PFL_JUDGE_INTERNAL_H

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "judge/judge.h"
#include "stats/stats.h"

#include <math.h>

/* Quantiles that depend on small whole numbers only: a suite asks for the same few thousands of
 * times. */
enum { PFL_JUDGE_TABLE = 512 };

struct pfl_judge_tables {
    double confidence;
    double normal; /* two-sided quantile at that confidence */
    double quantile[PFL_JUDGE_TABLE +
                    1]; /* the same for t with i degrees of freedom; 0 = not yet asked for */
    double divisor[PFL_JUDGE_TABLE + 1]; /* pfl_stats_median_se_divisor(i) */
};
void pfl_judge_tables_init(struct pfl_judge_tables *tables, double confidence);
double pfl_judge_t_quantile(struct pfl_judge_tables *tables, double df);
double pfl_judge_p(double t,
                   double df); /* two-sided, by the same degrees of freedom as the quantile */

/* What is known of the session deviation of a series. */
struct pfl_judge_session {
    double sd;       /* relative */
    double df;       /* degrees of freedom of that figure; infinite for an assumed one */
    size_t sessions; /* 0: assumed */
};

/* Two estimates compared. Without a ratio (a value that is not positive or not finite) all numbers
 * are NaN. */
struct pfl_judge_effect {
    bool has_ratio;
    bool scatter_assumed; /* a side has one launch: its scatter is taken from the other side or the
                             metric */
    double log_ratio;
    double base_variance, head_variance; /* of the log medians, over launches */
    double session_variance;             /* of the difference, all of it */
    double machine; /* of log_ratio, what the whole machine moved and was taken out; mostly 0 */
    double se, df, quantile;
    double low, high; /* of the ratio */
    double p;         /* of "no change" */
    double mde;       /* relative */
};

/* "-12 % to +19 %, limit 10 %" (verdict.c), and one more note of a finished comparison. */
void pfl_judge_write_open(struct pfl_buf *words, const struct pfl_row *row);
int pfl_judge_note_more(struct pfl_comparison *comparison, struct pfl_arena *arena,
                        struct pfl_err *err, const char *text);

struct pfl_judge_side {
    double median, variance,
        df; /* variance: of log median; NaN when one launch tells nothing of it */
    size_t launches;
    bool usable;
};
struct pfl_judge_side pfl_judge_side_of(struct pfl_judge_tables *tables,
                                        const struct pfl_summary *summary);
/* The change that such data would show with a power of 80 %, from the standard error of a log
 * ratio. */
double pfl_judge_mde(struct pfl_judge_tables *tables, double se, double df);
double pfl_judge_launch_df(size_t launches); /* degrees of freedom of a variance over launches */
/* Takes a part of the log ratio out that is the machine's, which is itself not known exactly. */
void pfl_judge_effect_shift(struct pfl_judge_tables *tables, struct pfl_judge_effect *effect,
                            double shift, double variance);
void pfl_judge_effect_of(struct pfl_judge_tables *tables, const struct pfl_judge_side *base,
                         const struct pfl_judge_side *head, const struct pfl_judge_session *session,
                         struct pfl_judge_effect *effect);

/* The kinds of limit a gate can have, each judged in a row of its own. */
enum pfl_judge_kind {
    PFL_JUDGE_RELATIVE,
    PFL_JUDGE_MAX,
    PFL_JUDGE_MIN,
    PFL_JUDGE_MAX_RATIO,
    PFL_JUDGE_MIN_RATIO,
};
enum { PFL_JUDGE_KIND_COUNT = 5 };

/* A metric's name met in this comparison, with all that depends on the name alone. */
struct pfl_judge_metric {
    const char *name;
    const struct pfl_metric *builtin; /* NULL: a program's own */
    bool wanted;                      /* policy->only_metric lets it through */
    const unsigned char
        *gates; /* [gate_count] and then [target_count]: 1 where the metric's glob matches */
};
PFL_VEC(pfl_judge_metrics, const struct pfl_judge_metric *);
PFL_VEC(pfl_judge_rows, struct pfl_row);
PFL_VEC(pfl_judge_effects, struct pfl_judge_effect);
PFL_VEC(pfl_judge_texts, const char *);
PFL_VEC(pfl_judge_pairs, struct pfl_pair);

/* The machine between base and head. */
struct pfl_judge_moved {
    bool present;
    enum pfl_yardstick yardstick; /* that shows it */
    double log_ratio, variance;   /* of slowness, head over base, by the yardstick */
    double low, high;             /* of the ratio, 99 % */
    double taken, taken_variance; /* of it, what the benchmarks confirm and rows are relieved of */
    bool cpu_bound, waiting;      /* the benchmarks that it speaks for */
};

/* The gates that win for one benchmark and metric, by kind. */
struct pfl_judge_choice {
    const struct pfl_gate *gate[PFL_JUDGE_KIND_COUNT]; /* NULL: none */
    bool report_only[PFL_JUDGE_KIND_COUNT];
};

struct pfl_judge {
    const struct pfl_judge_params *params;
    const struct pfl_policy *policy;
    struct pfl_arena *arena;
    struct pfl_err *err;
    struct pfl_judge_tables tables;
    struct pfl_judge_moved moved;
    struct pfl_buf words; /* where sentences are put together */
    struct pfl_judge_rows rows;
    struct pfl_judge_effects effects; /* aligned with rows while they are made */
    struct pfl_judge_texts notes;
    struct pfl_judge_pairs differences;
    struct pfl_map metric_index;
    struct pfl_judge_metrics metrics;
    size_t *matching; /* gates (and then targets) that match the benchmark at hand */
    size_t matching_gates, matching_targets;
    unsigned char
        *met;          /* [gate_count + target_count]: matched a benchmark and metric of the head */
    bool default_gate; /* `check` without any gate or target: the deciding metric is held to its
                          default */
    bool same_class;   /* different machines of one named class */
    bool contended;    /* CPU pressure in one of the runs */
    const char *not_gated; /* the benchmark at hand: why gates only report; NULL: they hold */
    size_t unselected, redefined, assumed_sessions, assumed_inside, known_sessions, skipped,
        measured, unjudged_relative, instrumented, softened;
    size_t judged; /* rows that count and could be judged */
};

/* gates.c */
void pfl_judge_match_benchmark(struct pfl_judge *judge, const char *benchmark);
const struct pfl_judge_metric *pfl_judge_metric_of(struct pfl_judge *judge, const char *name);
void pfl_judge_choose(const struct pfl_judge *judge, const struct pfl_judge_metric *metric,
                      struct pfl_judge_choice *choice);
/* The target that wins for the benchmark at hand and this metric; NULL: none. */
const struct pfl_target *pfl_judge_target(const struct pfl_judge *judge,
                                          const struct pfl_judge_metric *metric);
void pfl_judge_mark_met(struct pfl_judge *judge, const struct pfl_judge_metric *metric);
/* relative_to's partner of a benchmark: found in the run or NULL with *name what was looked for.
 * NULL *name: no memory. */
const struct pfl_benchmark *pfl_judge_partner(struct pfl_judge *judge, const struct pfl_gate *gate,
                                              const char *benchmark, const char **name);
/* Would a failing benchmark fail the check? REPORT_ONLY when gates speak of it and all of them only
 * report. */
enum pfl_gate_force pfl_judge_benchmark_force(const struct pfl_judge *judge);

/* instrumented.c: why gates do not hold for these two (base may be NULL), into judge->not_gated.
 * PFL_ENOMEM. */
int pfl_judge_look_for_instruments(struct pfl_judge *judge, const struct pfl_benchmark *base,
                                   const struct pfl_benchmark *head);
/* The same said of two benchmarks; "": gates hold; NULL: no memory. */
const char *pfl_judge_instruments(struct pfl_arena *arena, const struct pfl_benchmark *base,
                                  const struct pfl_benchmark *head);
/* A row that a gate (NULL: a target, a default) holds hard only reports where gates do not hold. */
void pfl_judge_soften(struct pfl_judge *judge, const struct pfl_gate *gate, struct pfl_row *row);

/* rows.c: all return PFL_OK or PFL_ENOMEM */
int pfl_judge_add_row(struct pfl_judge *judge, const struct pfl_row *row,
                      const struct pfl_judge_effect *effect);
void pfl_judge_row_init(struct pfl_row *row, const char *benchmark, const char *metric);
void pfl_judge_estimate(struct pfl_estimate *estimate, const struct pfl_result *result);
int pfl_judge_pair(struct pfl_judge *judge, const struct pfl_benchmark *base,
                   const struct pfl_benchmark *head);

/* normalise_inside.c: the core's clock between two runs, where it makes the verdict. */
struct pfl_judge_clock {
    double shift;              /* |log| of the yardsticks' ratio */
    enum pfl_verdict measured; /* the verdict as measured, which is another than normalised */
    bool claims;               /* normalised it is a difference: then nothing can be told */
};

/* verdict.c */
struct pfl_judge_question {
    const struct pfl_judge_session *session;
    const struct pfl_judge_effect *uncorrected; /* NULL: nothing was taken out */
    const struct pfl_judge_clock *clock;        /* NULL: it makes no difference */
    bool brief; /* a row that decides nothing: a short reason does */
    bool gated; /* the threshold is a gate's */
};
int pfl_judge_verdict(struct pfl_judge *judge, struct pfl_row *row,
                      const struct pfl_judge_effect *effect,
                      const struct pfl_judge_question *question);
/* The verdict alone, from the row's ratio, interval, threshold and direction. */
enum pfl_verdict pfl_judge_decide(const struct pfl_row *row);
/* Verdict and reason where a value is not positive. steady: intervals apart are a difference. */
void pfl_judge_decide_without_ratio(struct pfl_row *row, bool steady);
/* "12.5 % slower (99 % interval +10 % to +15 %)" */
void pfl_judge_write_effect(struct pfl_buf *words, const struct pfl_row *row, double confidence);
double pfl_judge_badness(
    const struct pfl_row *row); /* relative change in the bad direction; negative = better */

/* contention.c: what is different when something else wanted the CPU. */
double pfl_judge_contended_sd(const char *metric, double quiet_sd);
enum pfl_judge_cpu_word {
    PFL_JUDGE_CPU_SILENT,   /* wall-clock time is judged as ever */
    PFL_JUDGE_CPU_CONVICTS, /* CPU time may say regressed, nothing else */
    PFL_JUDGE_CPU_DECIDES,
};
enum pfl_judge_cpu_word pfl_judge_cpu_word(const struct pfl_judge *judge,
                                           const struct pfl_benchmark *base,
                                           const struct pfl_benchmark *head);
bool pfl_judge_is_wall(const char *metric); /* time, throughput: what CPU time can stand for */
/* The deciding cpu row says that it decides; where it may only convict, "unchanged" and "improved"
 * are taken back. */
int pfl_judge_say_who_decides(struct pfl_judge *judge, enum pfl_judge_cpu_word word,
                              struct pfl_row *row);

/* limits.c */
int pfl_judge_limits(struct pfl_judge *judge, const struct pfl_benchmark *head,
                     const struct pfl_result *result, const struct pfl_judge_metric *metric,
                     const struct pfl_judge_choice *choice);

/* launches.c: out[launches] gets each launch's value: the one there is, or the median of its
 * iterations; NaN for none. */
int pfl_judge_by_launch(const struct pfl_result *result, size_t launches, double *out,
                        struct pfl_err *err);

/* normalise.c: values are one per launch of bench, the result's summary is there and `normalised`
 * empty. Where it is proved, sets that and the summary's median and interval. */
enum { PFL_JUDGE_READINGS_LEAST = 8 };
int pfl_judge_normalise(const struct pfl_run *run, const struct pfl_benchmark *bench,
                        const double *values, struct pfl_result *result, struct pfl_err *err);
/* One-sided p of two arrays' partial rank correlation, given the place in them, being positive. */
double pfl_judge_rank_correlation_p(const double *a, const double *b, size_t n);
/* The summary's median and interval become those of the adjusted values; as measured they are kept
 * beside. */
void pfl_judge_set_normalised(struct pfl_result *result, enum pfl_yardstick yardstick,
                              double reference, const struct pfl_summary *adjusted);

/* normalise_inside.c: the same for a benchmark that ran the yardstick beside its samples. */
int pfl_judge_normalise_inside(const struct pfl_run *run, const struct pfl_benchmark *bench,
                               const double *values, struct pfl_result *result,
                               struct pfl_err *err);
/* How much the normalised values of two sessions differ at least, as long as no history tells. */
#define PFL_JUDGE_INSIDE_SD 0.005
struct pfl_judge_verdict_given {
    const struct pfl_row *row;
    const struct pfl_judge_effect *effect;
    const struct pfl_judge_session *session;
};
/* Normalised by it; or `cycles` beside one, which is counted against it in the process. */
bool pfl_judge_is_inside(const struct pfl_benchmark *bench, const struct pfl_result *result);
/* The deviation of the launches' normalised values, relative and robust. */
double pfl_judge_inside_scatter(const struct pfl_result *result);
/* One value per launch, as measured → as the summary's median is; nothing is done to others. */
void pfl_judge_inside_adjust(const struct pfl_benchmark *bench, const struct pfl_result *result,
                             double *values);
/* What is assumed of two such results. */
double pfl_judge_inside_sd(const struct pfl_result *base, const struct pfl_result *head);
/* Do the values as measured and as normalised disagree on the verdict, and is the clock's shift
 * between the two runs more than what sessions are taken to differ by? A difference that only the
 * division makes is none then: nothing tells whether the time follows the clock. */
bool pfl_judge_inside_doubt(struct pfl_judge *judge, const struct pfl_benchmark *const bench[2],
                            const struct pfl_result *const result[2],
                            const struct pfl_judge_verdict_given *given,
                            struct pfl_judge_clock *clock);
/* Its column; NULL: it has none. */
const struct pfl_result *pfl_judge_inside_yardstick(const struct pfl_benchmark *bench);
/* *reference stays when no benchmark has one. */
int pfl_judge_inside_reference(const struct pfl_run *run, double *reference, struct pfl_err *err);
/* The summary with median and interval as measured. */
struct pfl_summary pfl_judge_raw(const struct pfl_result *result);
/* Does it grow with the machine's slowness (times, direction 1), or shrink (rates, -1)? */
bool pfl_judge_follows_machine(const struct pfl_result *result, double *direction);

/* moved.c: sets judge->moved. */
int pfl_judge_moved(struct pfl_judge *judge);
/* How often moved.taken is in the log ratio of this row: 1, -1 for a rate, 0 for a row that has
 * no part in it. */
double pfl_judge_moved_share(const struct pfl_judge *judge, const struct pfl_benchmark *base,
                             const struct pfl_benchmark *head, const struct pfl_result *result);

/* pairs.c: ratio of two results of one run with its interval, from paired rounds where both have
 * them. */
struct pfl_judge_ratio {
    double ratio, low, high;
    size_t pairs; /* 0: not paired, from the two estimates */
    double log_se,
        df;      /* of the log ratio over launches; NaN when one launch of each tells nothing */
    bool inside; /* in: of values normalised inside, where both are; else as measured */
};
int pfl_judge_ratio_of(struct pfl_judge_tables *tables, const struct pfl_benchmark *benchmarks[2],
                       const struct pfl_result *results[2], struct pfl_judge_ratio *ratio,
                       struct pfl_err *err);
/* A row of the second against the first: estimates, ratio and interval; the verdict is the
 * caller's. Neither is there when a value is zero or negative; the interval is not when nothing
 * tells of the scatter. */
int pfl_judge_versus(struct pfl_judge_tables *tables, const struct pfl_benchmark *benchmarks[2],
                     const struct pfl_result *results[2], struct pfl_row *row,
                     struct pfl_judge_ratio *ratio, struct pfl_err *err);

/* The estimate with median and interval as measured. */
void pfl_judge_estimate_raw(struct pfl_estimate *estimate, const struct pfl_result *result);

/* discovery.c, machine.c, outcome.c, order.c */
int pfl_judge_discoveries(struct pfl_judge *judge);
int pfl_judge_machines(struct pfl_judge *judge);
int pfl_judge_differences(struct pfl_judge *judge);
/* The CPU pressure a run recorded, in per cent of the time in which something waited for a CPU:
 * psi_cpu_stall of its environment (over the session), else the highest psi_cpu*. */
double pfl_judge_pressure(const struct pfl_run *run);
enum { PFL_JUDGE_PRESSURE = 10 }; /* per cent: from here on a run is contended */
enum { PFL_JUDGE_BUSY = 3 };      /* per cent: from here on it does not stand for a quiet machine */
int pfl_judge_notes(struct pfl_judge *judge);
void pfl_judge_outcome(struct pfl_judge *judge, struct pfl_comparison *out);
/* compare.c: the house's order of benchmark names */
int pfl_judge_compare_names(const char *a, const char *b);
/* order.c */
void pfl_judge_order_from(struct pfl_judge *judge,
                          size_t first); /* rows of one benchmark, by metric and variant */
/* Items of `size` bytes that begin with a struct pfl_row. */
int pfl_judge_sort(void *items, size_t n, size_t size, const char *sort, struct pfl_err *err);

/* words.c: sentences. A formatted text in the arena, NULL without memory; numbers as people read
 * them. */
const char *pfl_judge_format(struct pfl_judge *judge, const char *format, ...) PFL_PRINTF(2, 3);
int pfl_judge_note(struct pfl_judge *judge, const char *format, ...) PFL_PRINTF(2, 3);
/* Counts, ok and exit code after rows were changed (confirm.c). */
void pfl_judge_count_again(struct pfl_comparison *comparison, bool strict);

void pfl_judge_write_percent(struct pfl_buf *buf, double fraction); /* 0.125 → "12.5 %" */
void pfl_judge_write_change(struct pfl_buf *buf, double ratio);     /* 1.083 → "+8.3 %" */
const char *
pfl_judge_words_end(struct pfl_judge *judge); /* judge->words into the arena; NULL: no memory */

#endif
