/* A measuring session for tests: suites in a scratch folder, a clock that tells what it is told,
 * the run that came of it. */
#ifndef PFL_TESTS_SESSION_H
#define PFL_TESTS_SESSION_H

#include "measure/measure.h"
#include "measure/plan.h"

#include "scratch.h"

enum { SESSION_SUITES = 8 };

struct session {
    struct scratch scratch;
    struct pfl_arena arena;
    struct pfl_suite suites[SESSION_SUITES];
    char *words[SESSION_SUITES][4];
    struct pfl_config config;
    struct pfl_plan_request request;
    struct pfl_measure_params params;
    struct pfl_plan plan;
    struct pfl_run run;
    struct pfl_err err;
    /* the clock: */
    struct pfl_clock clock;
    int64_t now_ns,
        step_ns; /* each look at the monotonic clock is step_ns later than the one before */
    int64_t boot_lead_ns, real_lead_ns; /* gained at each look by the other clocks */
    int64_t boot_ns, real_ns;
    /* Ctrl-C after so many questions; 0: never */
    int stop_after, asked;
};

static inline int64_t session_monotonic(void *context)
{
    struct session *s = context;

    return s->now_ns += s->step_ns;
}

static inline int64_t session_boot(void *context)
{
    struct session *s = context;

    return s->now_ns + (s->boot_ns += s->boot_lead_ns);
}

static inline int64_t session_real(void *context)
{
    struct session *s = context;

    return INT64_C(1700000000000000000) + s->now_ns + (s->real_ns += s->real_lead_ns);
}

static inline bool session_stop(void *context)
{
    struct session *s = context;

    return s->stop_after && ++s->asked >= s->stop_after;
}

static inline int session_begin(void **state)
{
    static struct session session;
    struct session *s = &session;

    memset(s, 0, sizeof *s);
    scratch_make(&s->scratch);
    pfl_arena_init(&s->arena);
    pfl_how_defaults(&s->config.defaults);
    s->config.defaults.set = PFL_HOW_ROUNDS | PFL_HOW_WARMUP;
    s->config.defaults.rounds = 5;
    s->config.defaults.warmup = 0;
    s->config.file = "perfledger.yaml";
    s->config.root = s->scratch.path;
    s->config.suites = s->suites;
    s->request.config = &s->config;
    s->request.tier = PFL_TIER_LONGHAUL;
    s->request.order_seed = 5;
    s->clock = (struct pfl_clock){session_monotonic, session_boot, session_real, s};
    s->step_ns = 1000;
    s->params.clock = &s->clock;
    s->params.stop_asked = session_stop;
    s->params.context = s;
    *state = s;
    return 0;
}

static inline int session_end(void **state)
{
    struct session *s = *state;

    pfl_arena_release(&s->arena);
    scratch_remove(&s->scratch);
    return 0;
}

/* A suite that runs `sh -c script`; more may be set on what is returned. */
static inline struct pfl_suite *session_add(struct session *s, const char *name, const char *script)
{
    size_t i = s->config.suite_count++;
    struct pfl_suite *suite = &s->suites[i];

    s->words[i][0] = (char *)"sh";
    s->words[i][1] = (char *)"-c";
    s->words[i][2] = (char *)script;
    suite->name = name;
    suite->argv = s->words[i];
    suite->argc = 3;
    suite->line = (int)i + 1;
    return suite;
}

static inline int session_try(struct session *s)
{
    int rc = pfl_plan_configured(&s->request, &s->arena, &s->plan, &s->err);

    s->params.plan = &s->plan;
    s->asked = 0;
    if (rc == PFL_OK)
        rc = pfl_measure(&s->params, &s->arena, &s->run, &s->err);
    return rc;
}

static inline void session_run(struct session *s)
{
    memset(&s->run, 0, sizeof s->run);
    s->run.machine.cpus = 1;
    if (session_try(s) != PFL_OK)
        fail_msg("%s", s->err.message);
}

static inline const struct pfl_benchmark *session_find(struct session *s, const char *name)
{
    const struct pfl_benchmark *bench = pfl_run_find(&s->run, name);

    if (!bench)
        fail_msg("no benchmark %s", name);
    return bench;
}

static inline const struct pfl_result *session_result(struct session *s, const char *name,
                                                      const char *metric, const char *variant)
{
    const struct pfl_result *result = pfl_benchmark_find(session_find(s, name), metric, variant);

    if (!result)
        fail_msg("no result %s %s %s", name, metric, variant);
    return result;
}

/* What a file in the scratch folder holds. */
static inline const char *session_file(struct session *s, const char *name)
{
    static char text[4096];
    FILE *file = fopen(scratch_path(&s->scratch, name), "r");
    size_t n = 0;

    if (file) {
        n = fread(text, 1, sizeof text - 1, file);
        fclose(file);
    }
    text[n] = 0;
    return text;
}

static inline bool session_warned(const struct pfl_benchmark *bench, const char *says)
{
    size_t i;

    for (i = 0; i < bench->warning_count; i++)
        if (strstr(bench->warnings[i], says))
            return true;
    return false;
}

#define SESSION_TEST(name) cmocka_unit_test_setup_teardown(name, session_begin, session_end)

#endif
