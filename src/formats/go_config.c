/*
 * Configuration lines of Go benchmark files. A key begins with a lower-case letter and holds no
 * blanks and no capitals; anything that looks so counts, for that is how the format is defined. A
 * value holds until the key is said anew; an empty one takes it back. Keys known here say where a
 * run comes from (goos, goarch, cpu, host, commit, branch, date); the rest is its environment.
 */
#include "formats/go.h"
#include "formats/go_events.h"
#include "formats/words.h"

#include <ctype.h>
#include <string.h>

enum { CONFIG_MAX = 256, CONFIG_VALUE_MAX = 1024 };

void pfl_go_config_init(struct pfl_go_config *config)
{
    *config = (struct pfl_go_config){.package = ""};
    pfl_arena_init(&config->arena);
}

void pfl_go_config_release(struct pfl_go_config *config)
{
    pfl_vec_release(&config->pairs);
    pfl_vec_release(&config->of_run);
    pfl_arena_release(&config->arena);
}

/* How long the key is; 0: the line is none. */
static size_t key_of(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len && text[i] != ':'; i++)
        if (isupper((unsigned char)text[i]) || isspace((unsigned char)text[i]))
            return 0;
    if (i == 0 || i == len || !islower((unsigned char)text[0]))
        return 0;
    return i + 1 == len || text[i + 1] == ' ' || text[i + 1] == '\t' ? i : 0;
}

static const char *keep(struct pfl_go_config *config, const char *text, size_t len)
{
    char *kept = pfl_arena_text_n(&config->arena, text, len);

    if (!kept)
        config->no_memory = true;
    return kept ? kept : "";
}

static uint64_t hash_of(const struct pfl_build_pairs *pairs)
{
    uint64_t hash = 0; /* their order does not matter */
    size_t i;

    for (i = 0; i < pairs->n; i++)
        hash += pfl_map_hash(pairs->at[i].name, strlen(pairs->at[i].name)) * 31 ^
                pfl_map_hash(pairs->at[i].value, strlen(pairs->at[i].value));
    return hash;
}

static void set(struct pfl_go_config *config, const char *key, const char *value)
{
    struct pfl_pair pair = {key, value};
    size_t i;

    if (strcmp(key, "pkg") == 0) {
        config->package = value;
        return;
    }
    for (i = 0; i < config->pairs.n && strcmp(config->pairs.at[i].name, key) != 0; i++)
        ;
    if (i < config->pairs.n)
        config->pairs.at[i] = pair;
    else if (i < CONFIG_MAX && !pfl_vec_push(&config->pairs, &pair))
        config->no_memory = true;
    config->changed = true;
    config->hash = hash_of(&config->pairs);
}

void pfl_go_config_read(struct pfl_go_config *config, const struct pfl_buf *line)
{
    const char *text = pfl_buf_cstr(line);
    size_t key = key_of(text, line->len);
    struct pfl_word value;

    if (key == 0)
        return;
    value = pfl_word_trimmed(text + key + 1, line->len - key - 1);
    if (value.len <= CONFIG_VALUE_MAX)
        set(config, keep(config, text, key), keep(config, value.at, value.len));
}

void pfl_go_config_result(struct pfl_go_config *config)
{
    size_t i;

    if (!config->changed)
        return;
    config->of_run.n = 0;
    for (i = 0; i < config->pairs.n; i++)
        if (!pfl_vec_push(&config->of_run, &config->pairs.at[i]))
            config->no_memory = true;
    config->changed = false;
}

static bool is_commit(const char *text)
{
    size_t len = strspn(text, "0123456789abcdefABCDEF");

    return text[len] == 0 && len >= 7 && len <= 64;
}

static void give(struct pfl_build *b, const char *name, const char *value)
{
    struct pfl_run *run = b->run;

    if (strcmp(name, "goos") == 0)
        run->machine.os = value;
    else if (strcmp(name, "goarch") == 0)
        run->machine.arch = value;
    else if (strcmp(name, "cpu") == 0)
        run->machine.cpu_model = value;
    else if (strcmp(name, "commit") == 0 && is_commit(value))
        run->revision.commit = value;
    else if (strcmp(name, "branch") == 0)
        run->revision.branch = value;
    else if (strcmp(name, "host") == 0 || strcmp(name, "hostname") == 0)
        pfl_build_machine(b, value);
    else
        pfl_build_environment(b, name, value);
    if (strcmp(name, "commit-time") == 0)
        run->revision.commit_time = pfl_build_seconds(value);
    if (strcmp(name, "date") == 0 || strcmp(name, "upload-time") == 0)
        pfl_build_started(b, value);
}

void pfl_go_config_give(const struct pfl_go_config *config, struct pfl_build *b)
{
    size_t i;

    for (i = 0; i < config->of_run.n; i++)
        if (*config->of_run.at[i].value) /* else taken back */
            give(b, config->of_run.at[i].name, pfl_build_keep(b, config->of_run.at[i].value));
}

static bool has_benchmark_events(const struct pfl_format_probe *probe)
{
    return pfl_go_is_events(probe->bytes, probe->len) &&
           memmem(probe->bytes, probe->len, "\"Output\":\"Benchmark", 19);
}

/* A line that begins with Benchmark and goes on with two numbers and a unit; or events of such. */
int pfl_go_recognise(const struct pfl_format_probe *probe)
{
    const char *at = probe->bytes, *stop = at + probe->len, *end;
    struct pfl_word words[4];
    double value;
    size_t n;

    if (!probe->folder && pfl_format_has(probe, "Action") && pfl_format_has(probe, "Package"))
        return has_benchmark_events(probe) ? 2 : 1;
    for (; !probe->folder && probe->path_count == 0 && at < stop; at = end + 1) {
        end = memchr(at, '\n', (size_t)(stop - at));
        if (!end)
            end = stop;
        if (end - at < 9 || memcmp(at, "Benchmark", 9) != 0)
            continue;
        for (n = 0; n < 4 && pfl_word_next(&at, end, &words[n]); n++)
            ;
        if (n == 4 && pfl_word_number(&words[1], PFL_WORD_PLAIN, &value) &&
            pfl_word_number(&words[2], PFL_WORD_PLAIN, &value))
            return 2;
    }
    return 0;
}
