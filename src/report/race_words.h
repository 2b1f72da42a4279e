/* The sentences about a race that the terminal and Markdown share. Raw text: each report escapes it
 * for its own medium. */
#ifndef PFL_REPORT_RACE_WORDS_H
#define PFL_REPORT_RACE_WORDS_H

#include "report/internal.h"
#include "report/race.h"

pfl_report_race_fn pfl_report_race_terminal, pfl_report_race_markdown, pfl_report_race_json;

/* Is there something to compare: neither failed nor skipped. */
bool pfl_report_race_is_raced(const struct pfl_bout_result *bout);
/* The row that decides a bout; NULL when it has none. */
const struct pfl_row *pfl_report_race_row(const struct pfl_bout_result *bout);
const char *pfl_report_race_label(const struct pfl_race *race, size_t contender);

/* "B is 0.98 % slower than A (99 % interval +0.70 % to +1.20 %)". */
const char *pfl_report_race_verdict(struct pfl_report_words *words, const struct pfl_race *race,
                                    const struct pfl_bout_result *bout);
/* "+0.98 %", "3.02×"; "+0.70 % to +1.20 %": as many decimals as the interval makes sense of. "" for
 * none. */
const char *pfl_report_race_change(struct pfl_report_words *words, const struct pfl_row *row);
const char *pfl_report_race_interval(struct pfl_report_words *words, const struct pfl_row *row);
/* "time, because …". */
const char *pfl_report_race_decider(struct pfl_report_words *words,
                                    const struct pfl_bout_result *bout);
/* "120 pairs at the same moment and 8 one after the other, in 7.2 s; decided early". */
const char *pfl_report_race_measured(struct pfl_report_words *words,
                                     const struct pfl_bout_result *bout);
/* "the bar is met: …"; NULL when there is none. */
const char *pfl_report_race_bar(struct pfl_report_words *words, const struct pfl_race *race);
/* "raced: 1 regressed, 3 unchanged (seed 42, 12 s)". */
const char *pfl_report_race_outcome(struct pfl_report_words *words, const struct pfl_race *race);

/* The bouts as reports tell them: by benchmark (natural order), among challengers the best first.
 * NULL: no memory. */
const struct pfl_bout_result **pfl_report_race_order(const struct pfl_race *race,
                                                     struct pfl_arena *arena);
/* How many benchmarks were raced. */
size_t pfl_report_race_benchmarks(const struct pfl_race *race);
/* A row's metric; a variant that only names the challenger is left out. */
const char *pfl_report_race_metric(struct pfl_report_words *words, const struct pfl_race *race,
                                   const struct pfl_row *row, const struct pfl_bout_result *bout);
/* Does this row of the comparison speak of that bout? */
bool pfl_report_race_is_of(const struct pfl_race *race, const struct pfl_row *row,
                           const struct pfl_bout_result *bout);

#endif
