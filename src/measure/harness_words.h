/* Command lines of harnesses, put together word by word behind what the user wrote. Errors stick:
 * `pfl_words_end` says them. */
#ifndef PFL_MEASURE_HARNESS_WORDS_H
#define PFL_MEASURE_HARNESS_WORDS_H

#include "base/macros.h"
#include "measure/harness.h"

struct pfl_words {
    struct pfl_arena *arena;
    const struct pfl_harness_launch *launch;
    struct pfl_harness_command *command;
    size_t room, env_room;
    bool no_memory;
};

/* command: zeroed, then the user's words; further ones come behind them. */
void pfl_words_begin(struct pfl_words *words, const struct pfl_harness_launch *launch,
                     struct pfl_arena *arena, struct pfl_harness_command *command);
void pfl_words_add(struct pfl_words *words, const char *word);
void pfl_words_format(struct pfl_words *words, const char *format, ...) PFL_PRINTF(2, 3);
/* Before the word at that place (0: the program). Not for a suite with a shell, whose line words
 * can only follow. */
void pfl_words_insert(struct pfl_words *words, size_t at, const char *word);
/* Takes out "option VALUE" and "option=VALUE". Not for a suite with a shell, either. */
void pfl_words_take_out(struct pfl_words *words, const char *option);
/* For the environment; NULL: the variable is taken away. A variable that the suite's own `env` sets
 * stays as it is there. */
void pfl_words_environment(struct pfl_words *words, const char *name, const char *value);
int pfl_words_end(struct pfl_words *words, struct pfl_err *err);

/* Did the user write it himself, as a word of its own or as "flag=…", or one of a single letter
 * with its value attached ("-kslow")? Words behind "--" do not count. */
bool pfl_words_given(const struct pfl_harness_launch *launch, const char *flag);

/* What the variable will be for the command: as the command itself says ("env NAME=x go test"),
 * else the suite's `env`, else what is exported here, unless the suite begins with a clean
 * environment.
 * "": it is not set. */
const char *pfl_words_variable(const struct pfl_harness_launch *launch, const char *name);

/* What of the benchmarks inside is wanted: globs over the harness's own names, newline-separated,
 * without the suite's name in front. "": all of them. A race wants one: its name then, with *exact
 * set, which is no glob. They may take more than is wanted, never less. NULL: no memory. */
const char *pfl_words_wanted(const struct pfl_plan_item *item, struct pfl_arena *arena,
                             bool *exact);
/* The next of them; NULL at the end. */
const char *pfl_words_next(const char **rest, size_t *len);
/* The same as an extended regular expression that matches whole names: "^(BM_a.*|BM_b)$". "": all.
 * NULL: no memory. */
const char *pfl_words_regex(const struct pfl_plan_item *item, struct pfl_arena *arena);
/* For harnesses that match names without parameters, which results have in square brackets behind:
 * each name up to its bracket with `end` behind it, or up to its first wildcard, which might reach
 * into the bracket. "^a\\.b$|^a\\.c". "": all. NULL: no memory. */
const char *pfl_words_prefix_regex(const struct pfl_plan_item *item, struct pfl_arena *arena,
                                   const char *end);

#endif
