/*
 * What perfledger.yaml said once.
 *
 * A row keeps what the configuration was when it was written: the reference machine, tolerances,
 * targets. Whoever changes facts can put others there, so each must stand in today's configuration
 * or in a line that some commit added to it. Lines are not parsed as YAML: a value that stands
 * there for something else is taken as well. The history is asked for once, and only when today's
 * configuration does not have it.
 */
#include "flow/audit/facing.h"

#include "base/text.h"
#include "base/units.h"
#include "vcs/git.h"

#include <math.h>
#include <string.h>

enum { FILES_MAX = 8 };

static bool may_hold_value(const char *line, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (line[i] == ':')
            return true;
    return false;
}

/* As git calls it; NULL: there is none. */
static const char *file_of(const struct pfl_flow *flow)
{
    const char *slash = flow->config.file ? strrchr(flow->config.file, '/') : NULL;

    return slash ? slash + 1 : flow->config.file;
}

static int search(struct pfl_auditor *auditor, const char *const *paths, size_t n,
                  struct pfl_git_lines *lines)
{
    const struct pfl_git_search search = {.folder = auditor->flow->root,
                                          .paths = paths,
                                          .path_count = n,
                                          .pattern = ":",
                                          .wanted = may_hold_value};

    return pfl_git_added_lines(&search, auditor->arena, lines, auditor->err);
}

/* "thresholds: FILE" */
static const char *names_thresholds(struct pfl_auditor *auditor, const struct pfl_git_line *line)
{
    static const char key[] = "thresholds:";
    const char *at = line->text + strspn(line->text, " ");
    size_t len;

    if (strncmp(at, key, strlen(key)) != 0)
        return NULL;
    at += strlen(key);
    at += strspn(at, " \t\"'");
    len = strcspn(at, "\"'#\r\n");
    while (len && (at[len - 1] == ' ' || at[len - 1] == '\t'))
        len--;
    return len ? pfl_arena_format(auditor->arena, ":(literal)%.*s", (int)len, at) : NULL;
}

/* Files of gates that the configuration named, now or once. */
static int learn_thresholds(struct pfl_auditor *auditor)
{
    struct pfl_git_lines *lines = &auditor->config, more = {0};
    const char *paths[FILES_MAX], *path;
    size_t i, n = 0;
    int rc;

    for (i = 0; i < lines->n && n < FILES_MAX; i++)
        if ((path = names_thresholds(auditor, &lines->at[i])))
            paths[n++] = path;
    if (n == 0)
        return PFL_OK;
    rc = search(auditor, paths, n, &more);
    return rc == PFL_OK ? pfl_git_lines_append(lines, &more, auditor->arena, auditor->err) : rc;
}

/* *known: git has lines of it. A configuration in no commit proves nothing. */
static int learn_lines(const struct pfl_audit_facing *f, bool *known)
{
    struct pfl_auditor *auditor = f->auditor;
    const char *path = file_of(auditor->flow);
    int rc = PFL_OK;

    *known = false;
    if (!pfl_audit_asks_git(f) || !path)
        return PFL_OK;
    if (!auditor->config_known) {
        rc = search(auditor, &path, 1, &auditor->config);
        if (rc == PFL_OK)
            rc = learn_thresholds(auditor);
    }
    auditor->config_known = rc == PFL_OK || rc == PFL_ENOENT;
    *known = rc == PFL_OK && auditor->config.n > 0;
    return rc == PFL_ENOENT ? PFL_OK : rc;
}

/* ---- the reference machine ---- */

static bool names_reference(const struct pfl_git_line *line)
{
    static const char key[] = "reference_machine:";
    const char *at = line->text;
    size_t len = line->len;

    while (len && *at == ' ')
        at++, len--;
    return len > strlen(key) && memcmp(at, key, strlen(key)) == 0;
}

static bool holds(const struct pfl_git_line *line, const char *word)
{
    return *word && memmem(line->text, line->len, word, strlen(word)) != NULL;
}

static bool is_called(const struct pfl_machine *machine, const char *named, const char *word)
{
    return machine ? pfl_machine_is(machine, word) : strcmp(named, word) == 0;
}

int pfl_audit_was_reference(const struct pfl_audit_facing *f, const struct pfl_machine *machine,
                            const char *named, bool *was)
{
    const struct pfl_auditor *auditor = f->auditor;
    const char *today = auditor->flow->config.reference_machine;
    bool known, ever = false;
    size_t i;
    int rc = PFL_OK;

    *was = today && is_called(machine, named, today);
    if (*was)
        return PFL_OK;
    rc = learn_lines(f, &known);
    for (i = 0; rc == PFL_OK && known && !*was && i < auditor->config.n; i++) {
        const struct pfl_git_line *line = &auditor->config.at[i];

        if (!names_reference(line))
            continue;
        ever = true;
        *was =
            machine ? holds(line, machine->name) || holds(line, machine->id) : holds(line, named);
    }
    *was = *was || !ever;
    return rc;
}

int pfl_audit_named_reference(const struct pfl_audit_facing *f, const char *commit, bool *named)
{
    struct pfl_flow *flow = f->auditor->flow;
    const struct pfl_git_place place = {flow->root, commit, file_of(flow)};
    struct pfl_git_text text;
    const char *at, *end;
    int rc = place.path ? pfl_git_show(&place, flow->arena, &text, f->auditor->err) : PFL_ENOENT;

    *named = false;
    if (rc != PFL_OK)
        return rc == PFL_ENOENT ? PFL_OK : rc;
    for (at = text.text; *at && !*named; at = *end ? end + 1 : end) {
        end = at + strcspn(at, "\n");
        *named = names_reference(&(struct pfl_git_line){.text = at, .len = (size_t)(end - at)});
    }
    return PFL_OK;
}

/* ---- values ---- */

static bool is_value(const char *word, double value, const char *unit)
{
    double found;
    int rc = strcmp(unit, "%") == 0 ? pfl_units_read_fraction(word, &found, NULL)
                                    : pfl_units_read_value(word, unit, &found, NULL);

    return rc == PFL_OK && fabs(found - value) <= 1e-9 * fabs(value);
}

/* "max_regression: 5 %": what stands between the signs of YAML. */
static bool has_value(const struct pfl_git_line *line, double value, const char *unit)
{
    const char *at = line->text, *end = at + line->len;
    char word[64];
    size_t len;

    for (; at < end; at += len + (at + len < end)) {
        while (at < end && strchr(" \t\"'", *at))
            at++;
        len = strcspn(at, ":,{}[]\"'#\n");
        if (len >= sizeof word)
            continue;
        memcpy(word, at, len);
        word[len] = 0;
        while (len && strchr(" \t\r", word[len - 1]))
            word[--len] = 0;
        if (len && is_value(word, value, unit))
            return true;
        len = strcspn(at, ":,{}[]\"'#\n");
    }
    return false;
}

static bool is_todays(const struct pfl_config *config, double value)
{
    size_t i;

    for (i = 0; i < config->gate_count; i++)
        if (config->gates[i].max_regression == value)
            return true;
    for (i = 0; i < config->target_count; i++)
        if (config->targets[i].max == value || config->targets[i].min == value ||
            config->targets[i].tolerance == value)
            return true;
    return false;
}

int pfl_audit_was_written(const struct pfl_audit_facing *f, double value, const char *unit,
                          bool *was)
{
    const struct pfl_auditor *auditor = f->auditor;
    bool known;
    size_t i;
    int rc = PFL_OK;

    *was = isnan(value) || is_todays(&auditor->flow->config, value);
    if (*was)
        return PFL_OK;
    rc = learn_lines(f, &known);
    *was = rc != PFL_OK || !known;
    for (i = 0; !*was && i < auditor->config.n; i++)
        *was = has_value(&auditor->config.at[i], value, unit);
    return rc;
}
