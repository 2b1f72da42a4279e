/*
 * One launch: prepare, the process itself, validate, conclude, and the books kept about them.
 *
 * Between two launches nothing happens that is not needed for them; reading the wire and filling
 * columns comes right after the process is gone. `validate` runs after a benchmark's first recorded
 * launch and after the one that turns out to be its last: checking every launch would cost more
 * than measuring it. A launch that Ctrl-C or the end of the session's time cut off never was: its
 * numbers are dropped. The first launch that fails ends its benchmark, the others go on.
 */
#include "measure/session.h"

#include "sys/file.h"

#include <errno.h>
#include <string.h>

#define MILLISECOND INT64_C(1000000)

enum { TREE_POLL_MS = 10, CAPTURE_MAX = 64 << 10 };

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

    if (item->over || item->rounds >= pfl_step_goal(how))
        return false;
    return item->rounds < pfl_step_least(how) || how->max_time_ns <= 0 ||
           item->spent_ns + next <= how->max_time_ns;
}

static void on_wire(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct pfl_session *s = context;

    pfl_wire_feed(&s->wire, bytes, len, at_ns, pid);
}

static void on_poll(void *context, int pid)
{
    struct pfl_session *s = context;
    struct pfl_memory_tree tree = {0};

    pfl_memory_tree(pid, &tree);
    s->tree_peak_bytes = larger(s->tree_peak_bytes, tree.resident_bytes);
}

/* A stage begins: the peak so far, and back to zero. Unknown from then on where the kernel does not
 * let us. */
static int64_t take_peak(void *context, int pid)
{
    struct pfl_session *s = context;
    struct pfl_memory_tree tree = {0};

    if (pfl_memory_tree_take(pid, &tree))
        return tree.largest_peak_bytes;
    s->peaks_unknown = true;
    return -1;
}

static void choose_output(const struct pfl_session *s, const struct pfl_how *how,
                          struct pfl_launch_request *request)
{
    const char *output = how->output ? how->output : "null";

    request->inherit_stderr = s->plan->show_output;
    if (s->plan->show_output || strcmp(output, "inherit") == 0) {
        request->output_mode = PFL_OUTPUT_INHERIT;
    } else if (strcmp(output, "null") == 0) {
        request->output_mode = PFL_OUTPUT_NULL;
    } else if (strcmp(output, "pipe") == 0) {
        request->output_mode = PFL_OUTPUT_CAPTURE;
        request->capture_max = CAPTURE_MAX;
    } else {
        request->output_mode = PFL_OUTPUT_FILE;
        request->output = output;
    }
}

static void make_request(struct pfl_session *s, struct pfl_session_item *item,
                         struct pfl_launch_request *request)
{
    const struct pfl_how *how = &item->plan->how;

    *request = (struct pfl_launch_request){
        .argv = item->plan->argv,
        .envp = item->envp,
        .program = item->program,
        .cwd = item->cwd,
        .input = how->input,
        .wire = true,
        .cpus = how->pin,
        .on_wire = on_wire,
        .on_poll = how->memory_tree ? on_poll : NULL,
        .poll_ns = how->memory_tree ? TREE_POLL_MS * MILLISECOND : 0,
        .interrupted = pfl_session_interrupted,
        .context = s,
    };
    choose_output(s, how, request);
}

/* A launcher that still lives could not do this one launch (no such input file, a CPU that is not
 * there): the benchmark's failure. One that is gone ends the session. */
static int launcher_refused(struct pfl_session *s, struct pfl_session_item *item, int rc,
                            struct pfl_err *why, struct pfl_err *err)
{
    if (rc != PFL_ENOMEM && pfl_launcher_pid(s->launcher) > 0)
        return pfl_session_fail(item, PFL_STATUS_FAILED, pfl_arena_text(s->arena, why->message),
                                err);
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

    if (!item->plan->how.validate || item->over || (item->rounds > 1 && pfl_step_wanted(item)))
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
    launch->position = s->position++;
    item->spent_ns += pfl_session_now(s) - item->began_ns;
    rc = validate(s, item, launch, err);
    if (rc == PFL_OK && !end_launch(item, launch))
        rc = pfl_err_no_memory(err);
    return rc;
}

/* The launch proper, clocks read around it. *cut: the session ended it, not the program. */
static int launch(struct pfl_session *s, struct pfl_session_item *item,
                  struct pfl_launch_result *result, struct pfl_launch *books, bool *cut,
                  struct pfl_err *err)
{
    struct pfl_launch_request request;
    struct moment before, after;
    struct pfl_err why = {0};
    bool by_deadline;
    int rc;

    make_request(s, item, &request);
    request.timeout_ns = pfl_session_timeout(s, item->plan->how.timeout_ns, &by_deadline);
    s->tree_peak_bytes = 0;
    s->peaks_unknown = false;
    pfl_wire_clear(&s->wire);
    s->wire.take_peak = take_peak;
    s->wire.context = s;
    books->started_ns = pfl_session_now(s) - s->begun_ns;
    before = read_clocks(s->params->clock);
    rc = pfl_launcher_run(s->launcher, &request, result, &why);
    after = read_clocks(s->params->clock);
    if (rc != PFL_OK)
        return launcher_refused(s, item, rc, &why, err);
    pfl_wire_finish(&s->wire, result->started_ns + result->wall_ns);
    books->gap_ns = clock_gap(&before, &after, result);
    if (books->gap_ns)
        books->flags |= PFL_LAUNCH_GAP;
    if (result->interrupted)
        s->stopped = true;
    if (result->timed_out && by_deadline)
        s->out_of_time = true;
    *cut = result->interrupted || (result->timed_out && by_deadline);
    return PFL_OK;
}

static int run_process(struct pfl_session *s, struct pfl_session_item *item, bool recorded,
                       struct pfl_err *err)
{
    struct pfl_launch_result result = {0};
    struct pfl_launch books = {.round = (uint32_t)item->rounds};
    bool cut = false;
    int rc;

    if (!item->program && !pfl_around_find_program(s, item))
        return not_started(s, item, why_no_program(s, item), err);
    rc = launch(s, item, &result, &books, &cut, err);
    if (rc == PFL_OK && cut)
        item->cut_short = true;
    else if (rc == PFL_OK && !item->over && result.exec_errno)
        rc = not_started(s, item, why_no_exec(result.exec_errno), err);
    else if (rc == PFL_OK && !item->over)
        rc = keep(s, item, recorded, &books, &result, err);
    pfl_launch_result_release(&result);
    return rc;
}

int pfl_step(struct pfl_session *s, struct pfl_session_item *item, bool recorded,
             struct pfl_err *err)
{
    const char *problem;
    int rc;

    item->began_ns = pfl_session_now(s);
    rc = run_around(s, item, "prepare", item->plan->how.prepare, &problem, err);
    if (rc != PFL_OK || (problem && pfl_session_over(s)))
        return rc;
    if (problem)
        return pfl_session_fail(item, PFL_STATUS_FAILED, problem, err);
    rc = run_process(s, item, recorded, err);
    if (rc == PFL_OK)
        rc = run_around(s, item, "conclude", item->plan->how.conclude, &problem, err);
    if (rc == PFL_OK && problem && !pfl_session_over(s))
        rc = pfl_session_fail(item, PFL_STATUS_FAILED, problem, err);
    item->steps_ns += pfl_session_now(s) - item->began_ns;
    item->steps++;
    pfl_arena_release(&s->scratch);
    return rc;
}
