/*
 * May these two runs be compared, and what differs around them.
 *
 * Numbers of different machines compare machines, not programs: a different fingerprint (CPU model,
 * cores, kernel, governor) is refused unless asked for. Two machines that the user gave one name
 * are a class: they may be compared, and the variance between sessions is doubled for the variance
 * between machines. A run without a fingerprint (imported) cannot be checked; a note says so.
 *
 * Differences are for the reader: what of the machine, the revision and the recorded environment is
 * not the same. Load and pressure differ always and are left out.
 */
#include "judge/internal.h"

#include "base/text.h"

#include <string.h>

struct field {
    const char *name, *before, *after;
};

enum { NUMBER_TEXT = 24, FIELD_COUNT = 12, REFUSED_FIELDS = 4 };

static void number_text(struct pfl_buf *buf, long long value, const char **out)
{
    *out = "";
    if (value > 0) {
        *out = buf->data + buf->len; /* room was made for all of them: the place stays */
        pfl_buf_format(buf, "%lld", value);
        pfl_buf_char(buf, 0);
    }
}

/* The fields of two machines side by side; those of the fingerprint first. */
static void list_fields(const struct pfl_machine *a, const struct pfl_machine *b,
                        struct pfl_buf *numbers, struct field fields[FIELD_COUNT])
{
    const struct field all[FIELD_COUNT] = {
        {"CPU", a->cpu_model, b->cpu_model},
        {"cores", NULL, NULL},
        {"kernel", a->kernel, b->kernel},
        {"governor", a->governor, b->governor},
        {"logical CPUs", NULL, NULL},
        {"memory", NULL, NULL},
        {"turbo", a->turbo, b->turbo},
        {"system", a->os, b->os},
        {"libc", a->libc, b->libc},
        {"virtualisation", a->virtualisation, b->virtualisation},
        {"container", a->container, b->container},
        {"host", a->hostname, b->hostname},
    };

    memcpy(fields, all, sizeof all);
    number_text(numbers, a->cores, &fields[1].before);
    number_text(numbers, b->cores, &fields[1].after);
    number_text(numbers, a->cpus, &fields[4].before);
    number_text(numbers, b->cpus, &fields[4].after);
    number_text(numbers, a->memory_bytes, &fields[5].before);
    number_text(numbers, b->memory_bytes, &fields[5].after);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static int refuse(struct pfl_judge *judge, const struct pfl_machine *a, const struct pfl_machine *b,
                  const struct field fields[FIELD_COUNT])
{
    struct pfl_buf *words = &judge->words;
    const char *before, *after, *list;
    size_t i;

    for (i = 0; i < REFUSED_FIELDS; i++) {
        before = or_empty(fields[i].before);
        after = or_empty(fields[i].after);
        if (strcmp(before, after) == 0)
            continue;
        pfl_buf_format(words, "%s%s: ", words->len ? "; " : "", fields[i].name);
        pfl_text_escape(words, before[0] ? before : "unknown",
                        strlen(before[0] ? before : "unknown"));
        pfl_buf_text(words, " before, ");
        pfl_text_escape(words, after[0] ? after : "unknown", strlen(after[0] ? after : "unknown"));
        pfl_buf_text(words, " now");
    }
    if (words->len == 0)
        pfl_buf_format(words, "fingerprint: %s before, %s now", a->fingerprint, b->fingerprint);
    list = pfl_judge_words_end(judge);
    if (!list)
        return pfl_err_no_memory(judge->err);
    return pfl_err_set(judge->err, PFL_EINVAL,
                       "comparing %s with %s: they were measured on different machines (%s). "
                       "Measure both on one machine, "
                       "give machines that count as one the same machine name in perfledger.yaml, "
                       "or allow it with "
                       "--allow-machine-change",
                       judge->params->base_label ? judge->params->base_label : "the base",
                       judge->params->head_label ? judge->params->head_label : "the head", list);
}

static bool one_class(const struct pfl_machine *a, const struct pfl_machine *b)
{
    const char *name = or_empty(a->name);

    return name[0] && strcmp(name, "auto") != 0 && strcmp(name, or_empty(b->name)) == 0;
}

/* Files of other tools name a host at most. */
static int unknown_machine(struct pfl_judge *judge, const struct pfl_machine *a,
                           const struct pfl_machine *b)
{
    const char *base = or_empty(a->hostname), *head = or_empty(b->hostname);

    if (base[0] && head[0] && strcmp(base, head) != 0)
        return pfl_judge_note(judge,
                              "base and head were measured on two hosts, %s and %s: differences "
                              "may be the machines'",
                              base, head);
    return pfl_judge_note(
        judge, "a run does not say which machine it was measured on: that both are of one machine "
               "is taken on trust");
}

int pfl_judge_machines(struct pfl_judge *judge)
{
    const struct pfl_machine *a, *b;
    struct field fields[FIELD_COUNT];
    struct pfl_buf numbers;
    int rc;

    if (!judge->params->base)
        return PFL_OK;
    a = &judge->params->base->machine;
    b = &judge->params->head->machine;
    if (!or_empty(a->fingerprint)[0] || !or_empty(b->fingerprint)[0])
        return unknown_machine(judge, a, b);
    if (strcmp(a->fingerprint, b->fingerprint) == 0)
        return PFL_OK;
    if (judge->policy->allow_machine_change)
        return pfl_judge_note(judge, "the runs were measured on different machines: "
                                     "differences may be the machines'");
    judge->same_class = one_class(a, b);
    if (judge->same_class)
        return pfl_judge_note(judge,
                              "the runs were measured on two machines of the class \"%s\": the "
                              "variance between sessions is doubled",
                              a->name);
    pfl_buf_init(&numbers, (size_t)6 * NUMBER_TEXT);
    if (!pfl_buf_room(&numbers, (size_t)6 * NUMBER_TEXT - 1)) {
        rc = pfl_err_no_memory(judge->err);
    } else {
        list_fields(a, b, &numbers, fields);
        rc = refuse(judge, a, b, fields);
    }
    pfl_buf_release(&numbers);
    return rc;
}

static int add_difference(struct pfl_judge *judge, const char *name, const char *before,
                          const char *after)
{
    struct pfl_pair pair;

    before = or_empty(before);
    after = or_empty(after);
    if (strcmp(before, after) == 0)
        return PFL_OK;
    pair.name = pfl_arena_text(judge->arena, name);
    pair.value = pfl_judge_format(judge, "%s \u2192 %s", before[0] ? before : "none",
                                  after[0] ? after : "none");
    if (!pair.name || !pair.value || !pfl_vec_push(&judge->differences, &pair))
        return pfl_err_no_memory(judge->err);
    return PFL_OK;
}

static int machine_differences(struct pfl_judge *judge)
{
    const struct pfl_machine *a = &judge->params->base->machine, *b = &judge->params->head->machine;
    struct field fields[FIELD_COUNT];
    struct pfl_buf numbers;
    size_t i;
    int rc = PFL_OK;

    /* A run that tells nothing of its machine differs in nothing. */
    if (!or_empty(a->fingerprint)[0] || !or_empty(b->fingerprint)[0])
        return PFL_OK;
    pfl_buf_init(&numbers, (size_t)6 * NUMBER_TEXT);
    if (!pfl_buf_room(&numbers, (size_t)6 * NUMBER_TEXT - 1))
        return pfl_err_no_memory(judge->err);
    list_fields(a, b, &numbers, fields);
    for (i = 0; i < FIELD_COUNT && rc == PFL_OK; i++)
        rc = add_difference(judge, fields[i].name, fields[i].before, fields[i].after);
    pfl_buf_release(&numbers);
    return rc;
}

static int revision_differences(struct pfl_judge *judge)
{
    const struct pfl_revision *a = &judge->params->base->revision,
                              *b = &judge->params->head->revision;
    int rc = add_difference(judge, "commit", a->commit, b->commit);

    if (rc == PFL_OK)
        rc = add_difference(judge, "branch", a->branch, b->branch);
    if (rc == PFL_OK)
        rc = add_difference(judge, "work tree", a->dirty ? "dirty" : "clean",
                            b->dirty ? "dirty" : "clean");
    return rc;
}

static bool changes_always(const char *name)
{
    return pfl_text_starts(name, "load") || pfl_text_starts(name, "psi_") ||
           strcmp(name, "raced_against") == 0; /* the two sides of one race */
}

static int environment_differences(struct pfl_judge *judge)
{
    const struct pfl_run *base = judge->params->base, *head = judge->params->head;
    struct pfl_map before, after;
    size_t i, *at;
    int rc = PFL_OK;

    pfl_map_init(&before);
    pfl_map_init(&after);
    for (i = 0; i < base->environment_count && rc == PFL_OK; i++)
        if (!pfl_map_set(&before, base->environment[i].name, i))
            rc = pfl_err_no_memory(judge->err);
    for (i = 0; i < head->environment_count && rc == PFL_OK; i++) {
        const struct pfl_pair *pair = &head->environment[i];

        at = pfl_map_get(&before, pair->name);
        if (!pfl_map_set(&after, pair->name, i))
            rc = pfl_err_no_memory(judge->err);
        else if (!changes_always(pair->name))
            rc = add_difference(judge, pair->name, at ? base->environment[*at].value : "",
                                pair->value);
    }
    for (i = 0; i < base->environment_count && rc == PFL_OK; i++) {
        const struct pfl_pair *pair = &base->environment[i];

        if (!changes_always(pair->name) && !pfl_map_get(&after, pair->name))
            rc = add_difference(judge, pair->name, pair->value, "");
    }
    pfl_map_release(&before);
    pfl_map_release(&after);
    return rc;
}

int pfl_judge_differences(struct pfl_judge *judge)
{
    int rc;

    if (!judge->params->base)
        return PFL_OK;
    rc = machine_differences(judge);
    if (rc == PFL_OK)
        rc = revision_differences(judge);
    return rc == PFL_OK ? environment_differences(judge) : rc;
}

/* "12.5", "12.5 %": digits and a point; anything else is 0. No locale. */
static double leading_number(const char *text)
{
    double value = 0, place = 1;

    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (*text - '0');
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++)
            value += (*text - '0') * (place /= 10);
    return value;
}

double pfl_judge_pressure(const struct pfl_run *run)
{
    double most = 0;
    size_t i;

    for (i = 0; i < run->environment_count; i++) {
        if (strcmp(run->environment[i].name, "psi_cpu_stall") ==
            0) /* of the session itself: nothing is better */
            return leading_number(run->environment[i].value);
        if (pfl_text_starts(run->environment[i].name, "psi_cpu"))
            most = fmax(most, leading_number(run->environment[i].value));
    }
    return most;
}
