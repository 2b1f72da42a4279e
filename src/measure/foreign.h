/*
 * A launch of a foreign harness (harness.h): what is made ready for it, and what became of it. For
 * the files of measure/ that work on a session.
 */
#ifndef PFL_MEASURE_FOREIGN_H
#define PFL_MEASURE_FOREIGN_H

#include "measure/expand.h"
#include "measure/harness.h"
#include "measure/inside.h"
#include "measure/session.h"

/* Benchmarks inside, as long as it is not known how many there are. */
enum { PFL_FOREIGN_GUESSED = 10 };

/* The launch at hand. Texts are the session's scratch arena's. */
struct pfl_foreign {
    const struct pfl_harness *harness;
    struct pfl_harness_command command;
    char **argv, **envp;
    const char *folder;  /* its own; what is in it is gone after the launch */
    const char *results; /* what is read afterwards */
    const char *output;  /* file that catches standard output; NULL: as the plan says */
};

/* Makes an item of one that is planned; see pfl_inside_plan(). */
int pfl_foreign_plan(const struct pfl_source *source, struct pfl_plan_item *item,
                     const char *select, struct pfl_err *err);

/* The words and the environment of a launch; also for listing. envp: the item's. */
int pfl_foreign_words(const struct pfl_harness_launch *launch, char *const *envp,
                      struct pfl_arena *arena, struct pfl_foreign *foreign, struct pfl_err *err);

/* item->foreign for the launch that comes now; NULL without a harness. What keeps the launch from
 * being made is the item's failure. */
int pfl_foreign_begin(struct pfl_session *session, struct pfl_session_item *item,
                      struct pfl_err *err);
/* Its folder is gone, and item->foreign is NULL. */
void pfl_foreign_end(struct pfl_session *session, struct pfl_session_item *item);
/* All folders of the session are gone. */
void pfl_foreign_close(struct pfl_session *session);

/* The program is not there: is that a reason to skip the suite? A tool that is looked for along
 * PATH, yes; a program of the project, no: it was not built. */
bool pfl_foreign_skips(const struct pfl_plan_item *item);

/* The process has ended, which the launch's flags tell of already: what it left → columns. *done:
 * its ending is explained. */
int pfl_foreign_record(struct pfl_session *session, struct pfl_session_item *item,
                       const struct pfl_launch_result *result, struct pfl_launch *launch,
                       struct pfl_err *err);

/* pfl_inside_list() of an item with a harness. */
int pfl_foreign_list(const struct pfl_inside_asking *asking, const struct pfl_plan *plan,
                     const struct pfl_plan_item *item, struct pfl_inside_names *names,
                     struct pfl_err *err);

/* "exit code 2; it said: …": the last line that speaks of an error, else the last one, of its
 * standard error, or of its output where that is empty. NULL: no memory. */
const char *pfl_foreign_ending(struct pfl_arena *arena, int status, const struct pfl_buf *errors,
                               const struct pfl_buf *output);

/* What a benchmark of the results is called inside: its name, with its suite in front where the
 * command wants it so (qualify). NULL: no memory. */
const char *pfl_foreign_inner(struct pfl_arena *arena, const struct pfl_foreign *foreign,
                              const struct pfl_benchmark *bench);
/* A name of the harness as an identity: "py[size=10]" and "test_a.py::test_b[1]" make
 * "py/test_a.py::test_b[1][size=10]". NULL: no memory. */
const char *pfl_foreign_name(struct pfl_arena *arena, const struct pfl_plan_item *item,
                             const char *inner, size_t len);

#endif
