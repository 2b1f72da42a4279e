/* The diagnosis as JSON: every figure with the evidence's own numbers, seconds and fractions; what
 * is not known is null. */
#include "report/doctor.h"

#include "base/json.h"

static void put_text(struct pfl_json_writer *w, const char *key, const char *text)
{
    pfl_json_put_string(w, key, text && *text ? text : NULL);
}

static void put_machine(struct pfl_json_writer *w, const struct pfl_machine *machine)
{
    pfl_json_key(w, "machine");
    pfl_json_object(w);
    put_text(w, "id", machine->id);
    put_text(w, "name", machine->name);
    put_text(w, "hostname", machine->hostname);
    put_text(w, "fingerprint", machine->fingerprint);
    put_text(w, "os", machine->os);
    put_text(w, "kernel", machine->kernel);
    put_text(w, "arch", machine->arch);
    put_text(w, "cpu_model", machine->cpu_model);
    pfl_json_put_integer(w, "cores", machine->cores);
    pfl_json_put_integer(w, "cpus", machine->cpus);
    pfl_json_put_integer(w, "memory_bytes", machine->memory_bytes);
    pfl_json_object_end(w);
}

static void put_floors(struct pfl_json_writer *w, const struct pfl_diagnosis *diagnosis)
{
    size_t i;

    pfl_json_key(w, "noise_floor");
    pfl_json_array(w);
    for (i = 0; i < PFL_FLOOR_COUNT; i++) {
        const struct pfl_floor *floor = &diagnosis->floors[i];
        const double interval[2] = {floor->ratio_low, floor->ratio_high};

        pfl_json_object(w);
        pfl_json_put_string(w, "metric", floor->metric);
        pfl_json_put_integer(w, "pairs", (int64_t)floor->pairs);
        pfl_json_put_number(w, "command_seconds", floor->command_s);
        pfl_json_put_number(w, "pair_scatter", floor->scatter);
        pfl_json_put_number(w, "ratio", floor->ratio);
        pfl_json_key(w, "ratio_ci");
        pfl_json_numbers(w, interval, 2);
        pfl_json_put_number(w, "smallest", floor->smallest);
        pfl_json_put_string(w, "verdict", pfl_fitness_text(floor->verdict));
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

static void put_gates(struct pfl_json_writer *w, const struct pfl_diagnosis *diagnosis)
{
    size_t i;

    pfl_json_key(w, "gates");
    pfl_json_array(w);
    for (i = 0; i < PFL_GATE_COST_COUNT; i++) {
        const struct pfl_gate_cost *gate = &diagnosis->gates[i];

        pfl_json_object(w);
        pfl_json_put_number(w, "tolerance", gate->tolerance);
        pfl_json_put_number(w, "command_seconds", gate->command_s);
        pfl_json_put_string(w, "metric", gate->metric);
        pfl_json_put_number(w, "pair_scatter", gate->scatter);
        pfl_json_put_number(w, "pairs", gate->pairs);
        pfl_json_put_number(w, "seconds", gate->seconds);
        pfl_json_put_bool(w, "deciding", gate->deciding);
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

static void put_checks(struct pfl_json_writer *w, const struct pfl_diagnosis *diagnosis)
{
    size_t i;

    pfl_json_key(w, "checks");
    pfl_json_array(w);
    for (i = 0; i < diagnosis->check_count; i++) {
        const struct pfl_check *check = &diagnosis->checks[i];

        pfl_json_object(w);
        pfl_json_put_string(w, "name", check->name);
        pfl_json_put_string(w, "state", check->state);
        pfl_json_put_string(w, "verdict", pfl_fitness_text(check->verdict));
        pfl_json_put_string(w, "cost", check->cost);
        put_text(w, "advice", check->advice);
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

static void put_yardsticks(struct pfl_json_writer *w, const struct pfl_evidence *evidence,
                           const struct pfl_diagnosis *diagnosis)
{
    size_t i;

    pfl_json_key(w, "yardsticks");
    pfl_json_array(w);
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++) {
        const struct pfl_yardstick_summary *yardstick = &diagnosis->yardsticks[i];

        pfl_json_object(w);
        pfl_json_put_string(w, "name", yardstick->name);
        pfl_json_put_integer(w, "batches", (int64_t)evidence->yardstick_count);
        pfl_json_put_number(w, "median", yardstick->median_s);
        pfl_json_put_number(w, "spread", yardstick->spread);
        pfl_json_put_number(w, "drift", yardstick->drift);
        pfl_json_put_string(w, "verdict", pfl_fitness_text(yardstick->verdict));
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

static void put_clocks(struct pfl_json_writer *w, const struct pfl_evidence *evidence)
{
    size_t i;

    pfl_json_key(w, "clocks");
    pfl_json_array(w);
    for (i = 0; i < evidence->timer_count; i++) {
        pfl_json_object(w);
        pfl_json_put_string(w, "name", evidence->timers[i].name);
        pfl_json_put_number(w, "cost", evidence->timers[i].cost_s);
        pfl_json_put_number(w, "step", evidence->timers[i].step_s);
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

int pfl_report_doctor_json(const struct pfl_evidence *evidence,
                           const struct pfl_diagnosis *diagnosis, struct pfl_buf *out,
                           struct pfl_err *err)
{
    struct pfl_json_writer w;

    pfl_json_writer_init(&w, out, 1);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_json_put_bool(&w, "fit", diagnosis->fit);
    pfl_json_put_string(&w, "verdict", pfl_fitness_text(diagnosis->verdict));
    pfl_json_put_string(&w, "reason", diagnosis->reason);
    pfl_json_put_number(&w, "seconds", evidence->took_s);
    pfl_json_put_number(&w, "launch_overhead", evidence->overhead_s);
    put_machine(&w, &evidence->conditions.machine);
    put_floors(&w, diagnosis);
    put_gates(&w, diagnosis);
    put_checks(&w, diagnosis);
    put_yardsticks(&w, evidence, diagnosis);
    put_clocks(&w, evidence);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    return pfl_buf_check(out, err, "writing the diagnosis as JSON");
}
