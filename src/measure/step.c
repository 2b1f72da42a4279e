/*
 * One launch: prepare, the process itself, validate, conclude, and the books kept about them.
 *
 * Between two launches nothing happens that is not needed for them; reading the wire and filling
 * columns comes right after the process is gone. `validate` runs after a benchmark's first recorded
 * launch and after the one that turns out to be its last: checking every launch would cost more
 * than measuring it. A launch that Ctrl-C or the end of the session's time cut off never was: its
 * numbers are dropped. The first launch that fails ends its benchmark, the others go on.
 *
 * Two launches at the same moment are the same three parts, each done for both: what comes before
 * the launcher, the launcher, what comes after. So nothing of ours runs beside a measured command.
 */
#include "measure/session.h"

#include "measure/foreign.h"
#include "sys/file.h"

#include <errno.h>
#include <string.h>

#define MILLISECOND INT64_C(1000000)

struct moment { /* the three clocks read together */
    int64_t monotonic, boot, real;
};

static struct moment read_clocks(const struct pfl_clock *clock)
{
    return (struct moment){clock->monotonic_ns(clock->context), clock->boot_ns(clock->context),
                           clock->unix_ns(clock->context)};
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/*
 * Did time pass that the launch did not see (suspend, a stopped virtual machine), or did a clock
 * jump? The boot clock runs on in suspend; the wall clock is set right after a stop. A wall clock
 * that is only being slewed (500 ppm at most) must not count, hence the share of the duration.
 */
static int64_t clock_gap(const struct moment *a, const struct moment *b,
                         const struct pfl_launch_result *result)
{
    int64_t passed = b->monotonic - a->monotonic;
    int64_t suspended = larger((b->boot - a->boot) - passed, result->boot_gap_ns);
    int64_t jumped = (b->real - a->real) - passed;
    int64_t gap = larger(suspended, -passed); /* a monotonic clock that went back is a gap, too */

    if (jumped < 0)
        jumped = -jumped;
    if (jumped > MILLISECOND + (passed > 0 ? passed / 1000 : 0))
        gap = larger(gap, jumped);
    return gap > MILLISECOND ? gap : 0;
}

int pfl_step_goal(const struct pfl_how *how)
{
    return how->rounds > 0 ? how->rounds : how->max_rounds;
}

int pfl_step_least(const struct pfl_how *how)
{
    int goal = pfl_step_goal(how);

    return how->min_rounds < goal ? how->min_rounds : goal;
}

bool pfl_step_wanted(const struct pfl_session_item *item)
{
    const struct pfl_how *how = &item->plan->how;
    int64_t next = item->rounds ? item->spent_ns / item->rounds : 0;
    int64_t inside = item->plan->select && item->insides.n ? (int64_t)item->insides.n : 1;

    if (item->over || item->rounds >= pfl_step_goal(how))
        return false;
    return item->rounds < pfl_step_least(how) || how->max_time_ns <= 0 ||
           (item->spent_ns + next) / inside <= how->max_time_ns; /* it is per benchmark */
}

/* A launcher that still lives could not do this one launch (no such input file, a CPU that is not
 * there): the benchmark's failure. One that is gone ends the session. */
static int launcher_refused(struct pfl_step *step, const struct pfl_launcher *launcher, int rc,
                            struct pfl_err *why, struct pfl_err *err)
{
    if (rc != PFL_ENOMEM && pfl_launcher_pid(launcher) > 0)
        return pfl_session_fail(step->item, PFL_STATUS_FAILED,
                                pfl_arena_text(step->session->arena, why->message), err);
    if (err)
        *err = *why;
    return rc;
}

/* The kernel's word about a program that is there: ENOENT is about another file then. */
static const char *why_no_exec(int exec_errno)
{
    switch (exec_errno) {
    case ENOENT:
        return "the interpreter that its first line (#!) or its ELF header names is not there, or "
               "the program is gone by now";
    case ENOEXEC:
        return "it is neither a program of this machine nor a script that begins with #!; run it "
               "by its interpreter (sh FILE) or with --shell";
    case E2BIG: return "its arguments and environment are longer than this system takes";
    default: return strerror(exec_errno);
    }
}

/* A name without a slash was looked for along PATH; one with a slash says where it should be. */
static const char *why_no_program(struct pfl_session *s, const struct pfl_session_item *item)
{
    const char *word = item->plan->argv[0];
    const char *path = strchr(word, '/') ? pfl_file_join(item->cwd, word, s->arena) : NULL;

    if (!path)
        return "there is no such program along PATH";
    if (!pfl_file_exists(path))
        return "there is no such file";
    if (pfl_file_is_folder(path))
        return "it is a folder";
    return "permission denied: it is not executable (chmod +x)";
}

static int not_started(struct pfl_session *s, struct pfl_session_item *item, const char *why,
                       struct pfl_err *err)
{
    if (pfl_foreign_skips(item->plan))
        return pfl_session_fail(
            item, PFL_STATUS_SKIPPED,
            pfl_arena_format(s->arena, "%s is not installed: %s", item->plan->argv[0], why), err);
    return pfl_session_fail(
        item, PFL_STATUS_FAILED,
        pfl_arena_format(s->arena, "%s cannot be started: %s", item->plan->argv[0], why), err);
}

static int run_around(struct pfl_session *s, struct pfl_session_item *item, const char *what,
                      const char *command, const char **problem, struct pfl_err *err)
{
    struct pfl_around around = {what, command, item->plan->how.timeout_ns, false};

    return pfl_around_run(s, item, &around, problem, err);
}

/* Is the result right? Asked after the first recorded launch and after the last. */
static int validate(struct pfl_session *s, struct pfl_session_item *item, struct pfl_launch *launch,
                    struct pfl_err *err)
{
    const char *problem;
    int rc;

    bool last = !s->race && !pfl_step_wanted(item);

    if (!item->plan->how.validate || item->over || (item->rounds > 1 && !last))
        return PFL_OK;
    rc = run_around(s, item, "validate", item->plan->how.validate, &problem, err);
    if (rc != PFL_OK || !problem || pfl_session_over(s))
        return rc;
    launch->flags |= PFL_LAUNCH_INVALID;
    return pfl_session_fail(item, PFL_STATUS_FAILED, problem, err);
}

static bool end_launch(struct pfl_session_item *item, const struct pfl_launch *launch)
{
    const uint32_t bad = PFL_LAUNCH_FAILED | PFL_LAUNCH_TIMED_OUT | PFL_LAUNCH_INVALID;
    bool counts = !(launch->flags & bad), ok;
    size_t i;

    ok = pfl_collect_end_launch(&item->own, counts);
    for (i = 0; ok && i < item->insides.n; i++)
        ok = pfl_collect_end_launch(item->insides.at[i], counts);
    return ok && pfl_vec_push(&item->launches, launch);
}

int pfl_step_validate_last(struct pfl_session *s, struct pfl_session_item *item,
                           struct pfl_err *err)
{
    const char *problem;
    size_t i;
    int rc;

    if (!item->plan->how.validate || item->over || item->launches.n < 2)
        return PFL_OK;
    rc = run_around(s, item, "validate", item->plan->how.validate, &problem, err);
    pfl_arena_release(&s->scratch);
    if (rc != PFL_OK || !problem || pfl_session_over(s))
        return rc;
    item->launches.at[item->launches.n - 1].flags |= PFL_LAUNCH_INVALID;
    pfl_collect_void_last(&item->own);
    for (i = 0; i < item->insides.n; i++)
        pfl_collect_void_last(item->insides.at[i]);
    return pfl_session_fail(item, PFL_STATUS_FAILED, problem, err);
}

static void drop_launch(struct pfl_session_item *item)
{
    size_t i;

    pfl_collect_drop_launch(&item->own);
    for (i = 0; i < item->insides.n; i++)
        pfl_collect_drop_launch(item->insides.at[i]);
}

/* The process ran to some end of its own: into the books. */
static int keep(struct pfl_session *s, struct pfl_session_item *item, bool recorded,
                struct pfl_launch *launch, const struct pfl_launch_result *result,
                struct pfl_err *err)
{
    int rc = pfl_record_launch(s, item, result, launch, err);

    if (rc != PFL_OK)
        return rc;
    /* A program that asks to be skipped was not measured: nothing to record of this launch. */
    if (!recorded || item->own.status == PFL_STATUS_SKIPPED) {
        drop_launch(item);
        return PFL_OK;
    }
    item->rounds++;
    launch->position = (*s->position)++;
    item->spent_ns += pfl_session_now(s) - item->began_ns;
    rc = validate(s, item, launch, err);
    if (rc == PFL_OK && !end_launch(item, launch))
        rc = pfl_err_no_memory(err);
    return rc;
}

/* Everything before the launcher's part. step->ready: nothing is in the way. */
static int begin(struct pfl_step *step, struct pfl_err *err)
{
    struct pfl_session *s = step->session;
    struct pfl_session_item *item = step->item;
    const char *problem;
    int rc;

    item->began_ns = pfl_session_now(s);
    rc = run_around(s, item, "prepare", item->plan->how.prepare, &problem, err);
    if (rc != PFL_OK || (problem && pfl_session_over(s)))
        return rc;
    if (problem)
        return pfl_session_fail(item, PFL_STATUS_FAILED, problem, err);
    step->prepared = true;
    if (!item->program && !pfl_around_find_program(s, item))
        return not_started(s, item, why_no_program(s, item), err);
    rc = pfl_foreign_begin(s, item, err);
    step->ready = rc == PFL_OK && !item->over;
    return rc;
}

static void look_at_end(struct pfl_step *step, const struct moment *before,
                        const struct moment *after)
{
    struct pfl_session *s = step->session;
    const struct pfl_launch_result *result = &step->result;

    bool excused = false;

    step->launched = true;
    if (step->steering)
        excused = step->steering->finish(step->steering->context, result);
    pfl_wire_finish(&s->wire, result->started_ns + result->wall_ns);
    step->books.gap_ns = clock_gap(before, after, result);
    if (step->books.gap_ns)
        step->books.flags |= PFL_LAUNCH_GAP;
    if (result->interrupted)
        s->stopped = true;
    if (result->timed_out && step->by_deadline)
        s->out_of_time = true;
    step->cut = result->interrupted || excused || (result->timed_out && step->by_deadline);
}

/* The launches proper, clocks read around them. */
static int launch(struct pfl_step *steps, size_t count, struct pfl_err *err)
{
    struct pfl_launch_together parts[PFL_TOGETHER_MAX];
    const struct pfl_clock *clock = steps[0].session->params->clock;
    struct moment before, after;
    struct pfl_err why = {0};
    size_t i, failed = 0;
    int rc;

    for (i = 0; i < count; i++) {
        pfl_step_request(&steps[i]);
        parts[i] = (struct pfl_launch_together){
            .launcher = steps[i].launcher ? steps[i].launcher : steps[i].session->launcher,
            .request = &steps[i].request,
            .delay_ns = steps[i].delay_ns,
        };
    }
    before = read_clocks(clock);
    rc = pfl_launcher_run_together(parts, count, &failed, &why);
    after = read_clocks(clock);
    if (rc != PFL_OK)
        return launcher_refused(&steps[failed], parts[failed].launcher, rc, &why, err);
    for (i = 0; i < count; i++) {
        steps[i].result = parts[i].result;
        look_at_end(&steps[i], &before, &after);
    }
    return PFL_OK;
}

/* What is to be known of a launch that ran. Another one's failure leaves it as it is. */
static int take_in(struct pfl_step *step, struct pfl_err *err)
{
    struct pfl_session *s = step->session;
    struct pfl_session_item *item = step->item;
    int rc = PFL_OK;

    if (step->cut)
        item->cut_short = true;
    else if (step->result.exec_errno)
        rc = not_started(s, item, why_no_exec(step->result.exec_errno), err);
    else
        rc = keep(s, item, step->recorded, &step->books, &step->result, err);
    if (step->cut || step->result.exec_errno)
        step->launched = false;
    return rc;
}

static int finish(struct pfl_step *step, struct pfl_err *err)
{
    struct pfl_session *s = step->session;
    struct pfl_session_item *item = step->item;
    const char *problem = NULL;
    int rc = step->launched ? take_in(step, err) : PFL_OK;

    pfl_foreign_end(s, item);
    if (rc == PFL_OK)
        rc = run_around(s, item, "conclude", item->plan->how.conclude, &problem, err);
    if (rc == PFL_OK && problem && !pfl_session_over(s))
        rc = pfl_session_fail(item, PFL_STATUS_FAILED, problem, err);
    item->steps_ns += pfl_session_now(s) - item->began_ns;
    item->steps++;
    return rc;
}

int pfl_step_run(struct pfl_step *steps, size_t count, struct pfl_err *err)
{
    bool all_ready = true;
    int rc = PFL_OK, finished;
    size_t i;

    for (i = 0; i < count && rc == PFL_OK && all_ready; i++) {
        rc = begin(&steps[i], err);
        all_ready = steps[i].ready;
    }
    if (rc == PFL_OK && all_ready)
        rc = launch(steps, count, err);
    for (i = 0; i < count && rc != PFL_ENOMEM; i++)
        if (steps[i].prepared) {
            finished = finish(&steps[i], rc == PFL_OK ? err : NULL);
            rc = rc == PFL_OK ? finished : rc;
        }
    for (i = 0; i < count; i++) {
        pfl_launch_result_release(&steps[i].result);
        steps[i].result.stderr_tail = steps[i].result.output = (struct pfl_buf){0};
        pfl_arena_release(&steps[i].session->scratch);
    }
    return rc;
}

int pfl_step(struct pfl_session *s, struct pfl_session_item *item, bool recorded,
             struct pfl_err *err)
{
    struct pfl_step step = {.session = s, .item = item, .recorded = recorded};

    return pfl_step_run(&step, 1, err);
}
