/*
 * A measuring session from inside: what the files of measure/ share while pfl_measure() runs.
 * Nobody outside includes this.
 *
 * Errors: a function returns a negative code only for what ends the session (memory, the launcher
 * gone); what goes wrong with a measured program is noted in its item and the session goes on.
 */
#ifndef PFL_MEASURE_SESSION_H
#define PFL_MEASURE_SESSION_H

#include "base/map.h"
#include "base/vec.h"
#include "measure/around.h"
#include "measure/collect.h"
#include "measure/measure.h"
#include "measure/wire.h"
#include "measure/yardsticks.h"
#include "sys/machine.h"
#include "sys/spawn.h"

PFL_VEC(pfl_launches, struct pfl_launch);
PFL_VEC(pfl_insides, struct pfl_collect *);

/* What an empty command costs in a shell: subtracted from its commands' times. */
struct pfl_shell_cost {
    const char *shell;
    double time, user, sys; /* seconds; zeros when it could not be calibrated */
    const char *note; /* for its benchmarks' warnings: what was subtracted, or why nothing was */
};

PFL_VEC(pfl_shell_costs, struct pfl_shell_cost);

struct pfl_foreign;

struct pfl_session_item {
    const struct pfl_plan_item *plan;
    bool over;              /* wants no more launches */
    bool set_up;            /* setup began: cleanup is due */
    bool cut_short;         /* interrupted, or the whole session's time was up */
    bool lacking;           /* race: its program is not there, which is no failure */
    const char *unmeasured; /* race: why it had no launch though nothing is wrong with it */
    const char *cwd;
    const char *program; /* found along PATH; NULL until the first launch */
    char **envp;
    int rounds;       /* launches recorded */
    int solo_rounds;  /* race: of them, those that went well with no rival beside them */
    int64_t began_ns; /* its last step */
    int64_t
        spent_ns; /* of its time budget: recorded launches and their prepare; warm-up not counted */
    int64_t steps_ns; /* all launches with prepare, conclude …: what the next one may take */
    int steps;
    struct pfl_shell_cost cost; /* zeros without a shell */
    struct pfl_launches launches;
    struct pfl_collect own;
    struct pfl_insides insides; /* benchmarks inside the program, by "bench" on the wire */
    struct pfl_map inside_index;
    const struct pfl_wire_message *begun; /* in the launch at hand, and has not ended; NULL: none */
    const char *excluded;        /* newline-separated, those that ended the program; NULL: none */
    struct pfl_foreign *foreign; /* the launch at hand of a harness; NULL: there is none */
};

struct pfl_step_steering;

struct pfl_session {
    const struct pfl_measure_params *params;
    const struct pfl_plan *plan;
    struct pfl_arena *arena;  /* the run's */
    struct pfl_arena scratch; /* one launch's */
    struct pfl_run *run;
    struct pfl_launcher *launcher;
    struct pfl_wire wire;
    struct pfl_step_steering *steering; /* this launch: who hears it first; NULL: nobody */
    bool peaks_unknown;      /* this launch: the kernel would not reset a high-water mark */
    int64_t tree_peak_bytes; /* this launch: largest sum over the process tree seen */
    struct pfl_session_item *items;
    size_t item_count;
    int64_t begun_ns, latest_ns;      /* monotonic */
    int64_t deadline_ns;              /* 0: none */
    uint32_t own_position, *position; /* of the next launch; *position may be shared */
    bool race;        /* the plan's rounds do not count: somebody else says when there are enough */
    bool stopped;     /* Ctrl-C */
    bool out_of_time; /* the deadline has come */
    size_t round;     /* of the session, for progress */
    struct pfl_readings readings;
    double left_s; /* estimated at the round's begin */
    int64_t left_at_ns;
    struct pfl_shell_costs shells;
    struct pfl_map probes; /* a requirement → place in probe_problems */
    struct pfl_texts probe_problems;
    struct pfl_texts warnings;
    struct pfl_pairs environment;
    struct pfl_doubles sorted;  /* progress' scratch */
    const char *foreign_folder; /* of launches of harnesses; NULL: none yet */
    int foreign_lock;           /* which holds it */
    size_t foreign_count;
};

/* The injected clock, which may go back: this one does not. */
int64_t pfl_session_now(struct pfl_session *session);
/* True when no further launch may begin: asked to stop, or the session's time is up. Remembers it.
 */
bool pfl_session_over(struct pfl_session *session);
/* Ctrl-C? A callback for what waits for a process; context is the session. */
bool pfl_session_interrupted(void *session);
/* Ctrl-C again? Likewise a callback. */
bool pfl_session_hurried(void *session);
/* How long something may take: `timeout_ns` (0: none) cut by the deadline; *cut: the deadline is
 * the tighter one. */
int64_t pfl_session_timeout(struct pfl_session *session, int64_t timeout_ns, bool *cut);
/* reason NULL counts as no memory. */
int pfl_session_fail(struct pfl_session_item *item, enum pfl_status status, const char *reason,
                     struct pfl_err *err);

/* session.c: a session's life. Memory of the run comes from the arena; params, arena and run are
 * borrowed. The launcher is the caller's to open, to put into the session and to close. */
int pfl_session_open(struct pfl_session *session, const struct pfl_measure_params *params,
                     struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err);
void pfl_session_close(struct pfl_session *session); /* also after a failed opening */
int pfl_session_probe(struct pfl_session *session, struct pfl_err *err);
int pfl_session_set_up(struct pfl_session *session, struct pfl_err *err);
bool pfl_session_any_left(const struct pfl_session *session); /* a benchmark that is not over */
/* One launch of each benchmark that wants more than `turn` of them; *more is set when one did. */
int pfl_session_warm_up(struct pfl_session *session, int turn, bool *more, struct pfl_err *err);
/* After a yardstick reading, see session.c: one unrecorded launch of a benchmark that it matters
 * to.
 */
int pfl_session_warm_again(struct pfl_session *session, struct pfl_session_item *item,
                           struct pfl_err *err);
/* When all cleanup has to be over (0: no limit), and how many are due. */
int64_t pfl_session_cleanup_end(struct pfl_session *session);
size_t pfl_session_cleanups(const struct pfl_session *session);
/* All of this session; *due: how many are still to come, of all sessions that clean up until then.
 * One that cannot be run does not keep the others from running; the first error is the answer. The
 * time is shared fairly: one that hangs does not take it from the others. */
int pfl_session_clean_up(struct pfl_session *session, int64_t until_ns, size_t *due,
                         struct pfl_err *err);

/* around.c: what happens around launches. */
int pfl_around_prepare_item(struct pfl_session *session, struct pfl_session_item *item,
                            struct pfl_err *err); /* cwd, environment */
bool pfl_around_find_program(struct pfl_session *session, struct pfl_session_item *item);
struct pfl_around {
    const char *what;    /* "setup" */
    const char *command; /* for sh -c; NULL: nothing to do */
    int64_t timeout_ns;
    bool at_all_costs; /* cleanup: also when the session's time is up and after the first Ctrl-C */
};
/* *problem: NULL when it went well (or there was nothing to do), else a sentence. */
int pfl_around_run(struct pfl_session *session, struct pfl_session_item *item,
                   const struct pfl_around *around, const char **problem, struct pfl_err *err);
/* Skips the item with a reason when its plan says so, or when something of `requires` is absent. */
int pfl_around_probe(struct pfl_session *session, struct pfl_session_item *item,
                     struct pfl_err *err);
/* shell.c: calibrates the item's shell once per session and notes what it costs. */
int pfl_shell_calibrate(struct pfl_session *session, struct pfl_session_item *item,
                        struct pfl_err *err);

/* A launch whose program is told what to do while it runs. */
struct pfl_step_steering {
    struct pfl_control control;
    /* What it writes; messages go on to pfl_wire_feed(). */
    void (*hear)(void *context, const char *bytes, size_t len, int64_t at_ns, int pid);
    void (*ended)(void *context);
    /* All has been heard, before the messages are read. true: somebody else spoiled it; the launch
     * never was. */
    bool (*finish)(void *context, const struct pfl_launch_result *result);
    bool answered; /* it did, at least once: known after finish() */
    void *context;
};

/* step.c: one launch with everything around it, or two that run at the same moment. */
struct pfl_step {
    struct pfl_session *session;
    struct pfl_session_item *item;
    bool recorded;
    struct pfl_launcher *launcher;      /* NULL: the session's */
    const char *program;                /* to be executed; NULL: as found along PATH */
    const char *cpus;                   /* to pin to; NULL: as the plan says */
    const char *output;                 /* file for standard output; NULL: as the plan says */
    int64_t delay_ns;                   /* of two: begins so much after the common moment */
    uint32_t flags;                     /* of the launch, added to what is found */
    struct pfl_step_steering *steering; /* NULL: it runs by itself */
    /* out: */
    bool launched;                   /* a process ran to an end of its own; then: */
    struct pfl_launch books;         /* its place in the record, with all flags */
    struct pfl_launch_result result; /* numbers only, texts are gone */
    /* own: */
    struct pfl_launch_request request;
    bool prepared, ready, cut, by_deadline;
};
/* Prepare commands of all run first, one after the other, conclude commands of all last. When one
 * of them cannot be prepared, none is launched. Each session is in one step only. */
int pfl_step_run(struct pfl_step *steps, size_t count, struct pfl_err *err);
int pfl_step(struct pfl_session *session, struct pfl_session_item *item, bool recorded,
             struct pfl_err *err);
/* step_request.c: step->request and the beginning of step->books; the wire is ready to be heard. */
void pfl_step_request(struct pfl_step *step);
/* A race's last `validate`: a launch that turns out to be wrong is no sample any more, and the
 * benchmark failed. */
int pfl_step_validate_last(struct pfl_session *session, struct pfl_session_item *item,
                           struct pfl_err *err);
/* The launch wanted next would be beyond the first. false: the item has what it wants. */
bool pfl_step_wanted(const struct pfl_session_item *item);
int pfl_step_goal(const struct pfl_how *how);  /* rounds it may get at most */
int pfl_step_least(const struct pfl_how *how); /* rounds it gets whatever its time budget says */

/* record.c, messages.c: what a launch gave → the item's columns. launch: its flags are added to. */
int pfl_record_launch(struct pfl_session *session, struct pfl_session_item *item,
                      const struct pfl_launch_result *result, struct pfl_launch *launch,
                      struct pfl_err *err);
int pfl_messages_apply(struct pfl_session *session, struct pfl_session_item *item,
                       const struct pfl_launch_result *result, struct pfl_launch *launch,
                       int64_t *peak_bytes, struct pfl_err *err);

/* begun.c: a benchmark inside begins, or none is at hand any more. */
int pfl_begun_hear(struct pfl_session *session, struct pfl_session_item *item,
                   const struct pfl_wire_message *message, struct pfl_err *err);
/* The program ended in the middle of item->begun: that one failed, later launches leave it out. */
int pfl_begun_blame(struct pfl_session *session, struct pfl_session_item *item,
                    const struct pfl_launch_result *result, struct pfl_launch *launch,
                    struct pfl_err *err);
/* messages.c: the benchmark a message is about: the program itself, or one inside it. NULL: no
 * memory. */
struct pfl_collect *pfl_messages_addressee(struct pfl_session *session,
                                           struct pfl_session_item *item,
                                           const struct pfl_wire_message *message);
/* around.c: the environment of later launches names item->excluded. false: no memory. */
bool pfl_around_exclude(struct pfl_arena *arena, struct pfl_session_item *item);

/* artifact.c: a launch's artefact → its size and hash in `to`, and a copy of it in the plan's
 * folder. *problem: why it cannot be read; NULL: it could. */
int pfl_artifact_hear(struct pfl_session *session, const struct pfl_session_item *item,
                      struct pfl_collect *to, const struct pfl_wire_message *message,
                      const char **problem, struct pfl_err *err);

/* busy.c: how busy the machine is, before and after. */
int pfl_busy_before(struct pfl_session *session, struct pfl_machine_load *load,
                    struct pfl_machine_presence *presence, struct pfl_err *err);
/* Warns when the machine is too busy to be measured on; false: no memory. */
bool pfl_busy_judge(struct pfl_session *session, const struct pfl_machine_load *load);
int pfl_busy_after(struct pfl_session *session, const struct pfl_machine_load *before,
                   struct pfl_machine_presence *presence, struct pfl_err *err);

/* progress.c */
void pfl_progress_round(
    struct pfl_session *session); /* a round begins: the time left is estimated anew */
void pfl_progress_tell(struct pfl_session *session, const char *phase,
                       const struct pfl_session_item *item);

/* freeze.c: the items → run->benchmarks, sorted; warnings and environment too. */
int pfl_session_freeze(struct pfl_session *session, struct pfl_err *err);

#endif
