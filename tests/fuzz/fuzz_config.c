/*
 * perfledger.yaml from anybody: must never crash, never hang, never print, and either give a config
 * that can be walked from end to end or an error with a message and a place inside the text. The
 * same text serves as the file that `thresholds:` names.
 */
#include "config/config.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7 loses 512 bytes for a quoted text with many escapes in a row (its issue 233):
 * theirs, small, and once a file. Leaks of our own do not pass through it. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static const struct pfl_config_params *current;

static int load(void *context, const char *path, struct pfl_arena *arena, const char **text,
                size_t *len, struct pfl_err *err)
{
    (void)context;
    if (strcmp(path, "missing") == 0)
        return pfl_err_set(err, PFL_ENOENT, "cannot open 'missing'");
    *text = pfl_arena_text_n(arena, current->text, current->len);
    *len = current->len;
    return *text ? PFL_OK : pfl_err_no_memory(err);
}

static size_t walk_suite(const struct pfl_suite *suite)
{
    size_t sum = strlen(suite->name) + strlen(suite->command) + strlen(suite->harness), i, j;

    for (i = 0; i < suite->argc; i++)
        sum += strlen(suite->argv[i]);
    for (i = 0; i < suite->axis_count; i++)
        for (j = 0; j < suite->axes[i].value_count; j++)
            sum += strlen(suite->axes[i].values[j]);
    for (i = 0; i < suite->exclude_count; i++)
        for (j = 0; j < suite->excludes[i].param_count; j++)
            sum += strlen(suite->excludes[i].params[j].value);
    for (i = 0; i < suite->require_count; i++)
        sum += strlen(suite->requires[i]);
    for (i = 0; i < suite->how.env_count; i++)
        sum += strlen(suite->how.env[i].name) + strlen(suite->how.env[i].value);
    return sum;
}

static void walk(const struct pfl_config *config)
{
    size_t sum = strlen(config->project), i;

    for (i = 0; i < config->suite_count; i++)
        sum += walk_suite(&config->suites[i]);
    for (i = 0; i < config->gate_count; i++)
        sum += strlen(config->gates[i].match) + strlen(config->gates[i].metric);
    for (i = 0; i < config->target_count; i++)
        sum += strlen(config->targets[i].benchmark) + strlen(config->targets[i].metric);
    if (sum == (size_t)-1)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pfl_config_params params = {.file = "perfledger.yaml",
                                       .root = "/r",
                                       .text = (const char *)data,
                                       .len = size,
                                       .load = load};
    struct pfl_config config;
    struct pfl_arena arena;
    struct pfl_err err;
    int code;

    current = &params;
    pfl_arena_init(&arena);
    pfl_err_clear(&err);
    code = pfl_config_parse(&params, &arena, &config, &err);
    if (code == PFL_OK)
        walk(&config);
    else if (code != PFL_ECONFIG || err.code != code || err.line < 1 || err.column < 1 ||
             !strstr(err.message, ": "))
        abort();
    pfl_arena_release(&arena);
    return 0;
}
