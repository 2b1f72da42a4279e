/* `doctor`: is this machine fit to measure on, what does it cost, what to do. */
#include "cli/session.h"

#include "flow/doctor.h"
#include "flow/ledger.h"
#include "report/doctor.h"
#include "sys/tty.h"

#define DEFAULT_MAX_TIME_NS INT64_C(10000000000)

struct options {
    int64_t max_time;
    bool reset;
};

static const struct pfl_option options[] = {
    {.name = "--max-time",
     .kind = PFL_OPTION_DURATION,
     .value = "D",
     .offset = offsetof(struct options, max_time),
     .summary = "how long to look (10s); more time, finer figures"},
    {.name = "--reset-yardsticks",
     .kind = PFL_OPTION_FLAG,
     .offset = offsetof(struct options, reset),
     .summary = "forget what this machine's yardsticks are held against; measure nothing"},
    {0},
};

static bool stop_asked(void *context)
{
    (void)context;
    return pfl_signals_stop_asked();
}

static int fill(struct pfl_context *context, const void *data, struct pfl_buf *out,
                struct pfl_err *err)
{
    const struct pfl_flow_doctor_result *result = data;

    if (context->json)
        return pfl_report_doctor_json(&result->evidence, &result->diagnosis, out, err);
    return pfl_report_doctor_terminal(&result->evidence, &result->diagnosis, &context->out,
                                      context->arena, out, err);
}

struct reset {
    const char *machine;
    bool known;
};

static int fill_reset(struct pfl_context *context, const void *data, struct pfl_buf *out,
                      struct pfl_err *err)
{
    const struct reset *reset = data;
    struct pfl_json_writer w;

    (void)err;
    if (context->json) {
        pfl_cli_json_open(&w, out);
        pfl_json_put_string(&w, "machine", reset->machine);
        pfl_json_put_bool(&w, "reset", reset->known);
        pfl_cli_json_close(&w, out);
    } else if (reset->known) {
        pfl_buf_text(out, "the yardsticks' references of this machine are forgotten: the next run "
                          "that records sets new ones\n"
                          "comparisons take both into account; series of what is normalised may "
                          "make a step there (`perfledger changes rebase`)\n");
    } else {
        pfl_buf_text(out, "this machine has no references: the next run that records sets them\n");
    }
    return PFL_OK;
}

static int reset_yardsticks(struct pfl_context *context, struct pfl_err *err)
{
    struct reset reset = {0};
    struct pfl_flow flow;
    int rc = pfl_cli_open(context, &flow, err);

    if (rc != PFL_OK)
        return rc;
    rc = pfl_flow_yardsticks_reset(&flow, &reset.machine, &reset.known, err);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill_reset, &reset, err);
    pfl_flow_close(&flow);
    return rc;
}

static int doctor(struct pfl_context *context, struct pfl_err *err)
{
    const struct options *given = context->options;
    struct pfl_flow_doctor_params params = {.max_time_ns = given->max_time,
                                            .progress = pfl_cli_progress_show,
                                            .stop_asked = stop_asked};
    struct pfl_flow_doctor_result result;
    struct pfl_cli_progress live;
    struct pfl_flow flow;
    int rc = pfl_cli_check_args(context, "doctor", 0, 0, err);

    if (rc == PFL_OK && given->reset)
        return reset_yardsticks(context, err);
    if (rc == PFL_OK)
        rc = pfl_cli_open(context, &flow, err);
    if (rc != PFL_OK)
        return rc;
    if (params.max_time_ns < 0)
        params.max_time_ns = DEFAULT_MAX_TIME_NS;
    pfl_cli_progress_init(&live, context);
    params.context = &live;
    pfl_signals_install();
    rc = pfl_flow_doctor(&flow, &params, &result, err);
    pfl_cli_progress_wipe(&live);
    if (rc == PFL_OK)
        rc = pfl_cli_print_filled(context, fill, &result, err);
    pfl_flow_close(&flow);
    return rc == PFL_OK ? result.diagnosis.exit_code : rc;
}

const struct pfl_command pfl_command_doctor = {
    .name = "doctor",
    .group = "Measure",
    .summary = "is this machine fit to measure on, what does its noise cost, what to do about it",
    .usage = "doctor [--max-time D]\ndoctor --reset-yardsticks",
    .description =
        "Starts one identical command again and again, in pairs, and shows how far the pairs "
        "scatter: the noise floor, in wall-clock and CPU time. From it follows what a gate of 1 %, "
        "3 % or 10 % would cost in time on this machine, for a command of 20 ms and one of 1 s. "
        "Between the pairs it runs yardsticks (core clock, memory, system calls, process start) to "
        "see whether the machine itself drifts. Then it goes through the conditions: load and "
        "pressure, time stolen by a hypervisor, other perfledgers, CPU quota, governor, turbo, "
        "SMT, "
        "pinning, ASLR, huge pages, clocks, hardware counters. Each is good, fair or poor, with "
        "what it costs "
        "and what to do; -v shows the good ones in full, too.\n"
        "--reset-yardsticks is for a machine that is another one now and looks the same (BIOS, "
        "cooling, the virtual machine's host; a new kernel or CPU is noticed): its yardsticks' "
        "references are forgotten, and the next run sets new ones.\n"
        "Else nothing is recorded and nothing is changed. Exit status 0 when the machine is fit; 1 "
        "when "
        "it is not: a 10 % gate could not be held within a minute.",
    .examples = "perfledger doctor\tten seconds' look\n"
                "perfledger doctor --max-time 1m -v\ta thorough one\n"
                "perfledger doctor --json > doctor.json || exit\tin a CI job, before measuring",
    .options = options,
    .options_size = sizeof(struct options),
    .run = doctor,
};
