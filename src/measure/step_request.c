/*
 * What the launcher is asked for one launch: the plan's words, with the limits of this moment, and
 * who hears the wire.
 *
 * What is done while the command runs is only what cannot be done later: bytes of the wire are kept
 * with their arrival, the memory of the tree is sampled when that was asked for, and a stage's peak
 * is read and set back at its line.
 */
#include "measure/foreign.h"

#include <string.h>

#define MILLISECOND INT64_C(1000000)

enum { TREE_POLL_MS = 10, CAPTURE_MAX = 64 << 10 };

static void on_wire(void *context, const char *bytes, size_t len, int64_t at_ns, int pid)
{
    struct pfl_session *s = context;

    if (s->steering)
        s->steering->hear(s->steering->context, bytes, len, at_ns, pid);
    else
        pfl_wire_feed(&s->wire, bytes, len, at_ns, pid);
}

static void on_ended(void *context)
{
    struct pfl_session *s = context;

    s->steering->ended(s->steering->context);
}

static void on_poll(void *context, int pid)
{
    struct pfl_session *s = context;
    struct pfl_memory_tree tree = {0};

    pfl_memory_tree(pid, &tree);
    s->tree_peak_bytes =
        tree.resident_bytes > s->tree_peak_bytes ? tree.resident_bytes : s->tree_peak_bytes;
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

/* In the words and the environment of this launch. */
static void apply_harness(const struct pfl_foreign *foreign, struct pfl_launch_request *request)
{
    request->argv = foreign->argv;
    request->envp = foreign->envp;
    if (!foreign->output)
        return;
    request->output_mode = PFL_OUTPUT_FILE;
    request->output = foreign->output;
}

void pfl_step_request(struct pfl_step *step)
{
    struct pfl_session *s = step->session;

    make_request(s, step->item, &step->request);
    s->steering = step->steering;
    if (step->steering) {
        step->request.control = &step->steering->control;
        step->request.on_ended = on_ended;
    }
    if (step->program)
        step->request.program = step->program;
    if (step->cpus)
        step->request.cpus = step->cpus;
    if (step->item->foreign)
        apply_harness(step->item->foreign, &step->request);
    if (step->output) {
        step->request.output_mode = PFL_OUTPUT_FILE;
        step->request.output = step->output;
    }
    step->request.timeout_ns =
        pfl_session_timeout(s, step->item->plan->how.timeout_ns, &step->by_deadline);
    s->tree_peak_bytes = 0;
    s->peaks_unknown = false;
    pfl_wire_clear(&s->wire);
    s->wire.take_peak = take_peak;
    s->wire.context = s;
    step->books.round = (uint32_t)step->item->rounds;
    step->books.flags = step->flags;
    step->books.started_ns = pfl_session_now(s) - s->begun_ns;
}
