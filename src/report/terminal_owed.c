/*
 * What changes owe, for a person at a terminal: per touched rule the files, what to measure, the
 * gate that holds there, and each demand with what meets it or the command that would; then what
 * was loosened; at the end one line that counts.
 */
#include "report/owed.h"
#include "report/terminal.h"

#include <math.h>
#include <string.h>

enum { FILES_SHOWN = 8 };

static const char *joined(struct pfl_terminal *t, const char *const *texts, size_t n, size_t most)
{
    size_t i;

    for (i = 0; i < n && i < most; i++)
        pfl_buf_format(&t->words.buf, "%s%s", i ? ", " : "", texts[i]);
    if (n > most)
        pfl_buf_format(&t->words.buf, " and %zu more", n - most);
    return pfl_report_words_end(&t->words);
}

static void put_demand(struct pfl_terminal *t, const char *first, const char *met, const char *how)
{
    if (met)
        pfl_terminal_wrap(t, first, PFL_TERMINAL_GOOD,
                          pfl_report_format(&t->words, "written: %s", met));
    else
        pfl_terminal_wrap(t, first, PFL_TERMINAL_BAD,
                          pfl_report_format(&t->words, "owed: %s", how));
}

/* A commit's hash is cut; the name of a branch or a tag cannot be, for it is to be typed. */
static const char *name_of(struct pfl_terminal *t, const struct pfl_owed *owed)
{
    bool hash = strcmp(owed->name, owed->commit) == 0;

    return pfl_report_format(&t->words, "%.*s", hash ? 10 : (int)strlen(owed->name), owed->name);
}

static void put_rule(struct pfl_terminal *t, const struct pfl_owed *owed,
                     const struct pfl_owed_rule *touched)
{
    const struct pfl_path_rule *rule = touched->rule;

    pfl_terminal_blank(t);
    pfl_terminal_begin(t, 0, 2);
    pfl_terminal_put(t, "", PFL_TERMINAL_STRONG,
                     joined(t, rule->matches, rule->match_count, FILES_SHOWN));
    pfl_terminal_put(t, "  ", PFL_TERMINAL_DIM,
                     pfl_report_format(&t->words, "(%s:%d)", touched->file, rule->line));
    pfl_terminal_end(t);
    pfl_terminal_wrap(t, "  changed   ", PFL_TERMINAL_PLAIN,
                      joined(t, touched->files, touched->file_count, FILES_SHOWN));
    pfl_terminal_wrap(t, "  measure   ", PFL_TERMINAL_PLAIN,
                      rule->suite_count ? joined(t, rule->suites, rule->suite_count, 100)
                                        : "every suite");
    if (!isnan(rule->max_regression))
        pfl_terminal_wrap(t, "  gate      ", PFL_TERMINAL_PLAIN,
                          pfl_report_format(&t->words, "%s at most %s worse (check --against %s)",
                                            rule->metric,
                                            pfl_report_percent(&t->words, rule->max_regression),
                                            name_of(t, owed)));
    if (rule->demand & PFL_DEMAND_SNAPSHOT)
        put_demand(t, "  snapshot  ", touched->snapshot,
                   pfl_report_format(&t->words, "perfledger log snapshot NAME --base %.10s",
                                     owed->commit));
    if ((rule->demand & PFL_DEMAND_ROW) && owed->unmerged && !touched->row)
        pfl_terminal_wrap(t, "  row       ", PFL_TERMINAL_WARN,
                          "due after the merge (perfledger log add takes merged revisions only)");
    else if (rule->demand & PFL_DEMAND_ROW)
        put_demand(t, "  row       ", touched->row,
                   pfl_report_format(&t->words, "perfledger log add --base %.10s --title TITLE",
                                     owed->commit));
}

static void put_loosened(struct pfl_terminal *t, const struct pfl_loosened *one)
{
    pfl_terminal_begin(t, 2, 4);
    pfl_terminal_put(t, "", PFL_TERMINAL_STRONG, one->what);
    pfl_terminal_put(t, "  ", PFL_TERMINAL_PLAIN, one->change);
    pfl_terminal_put(t, "  ", PFL_TERMINAL_DIM,
                     one->line == 0 ? pfl_report_format(&t->words, "(%s)", one->file)
                     : one->removed
                         ? pfl_report_format(&t->words, "(it was at %s:%d)", one->file, one->line)
                         : pfl_report_format(&t->words, "(%s:%d)", one->file, one->line));
    pfl_terminal_end(t);
    if (one->reason)
        pfl_terminal_wrap(t, "    reason: ", PFL_TERMINAL_GOOD, one->reason);
    else if (one->removed)
        pfl_terminal_wrap(
            t, "    owed: ", PFL_TERMINAL_BAD,
            pfl_report_format(&t->words, "a reason, as an entry of `removed:`: - { %s, reason: … }",
                              one->entry));
    else
        pfl_terminal_wrap(t, "    owed: ", PFL_TERMINAL_BAD, "a new `reason:` beside it");
}

static const char *plural(struct pfl_terminal *t, size_t n, const char *what)
{
    return pfl_report_format(&t->words, "%zu %s%s", n, what, n == 1 ? "" : "s");
}

static void put_end(struct pfl_terminal *t, const struct pfl_owed *owed)
{
    const char *parts[3];
    size_t n = 0;

    if (owed->snapshots)
        parts[n++] = plural(t, owed->snapshots, "snapshot");
    if (owed->rows)
        parts[n++] = plural(t, owed->rows, "row");
    if (owed->reasons)
        parts[n++] = plural(t, owed->reasons, "reason");
    pfl_terminal_blank(t);
    if (n == 0)
        pfl_terminal_wrap(t, "", PFL_TERMINAL_GOOD, "nothing is owed");
    else
        pfl_terminal_wrap(t, "", PFL_TERMINAL_BAD,
                          pfl_report_format(&t->words, "owed: %s", joined(t, parts, n, n)));
    if (owed->later)
        pfl_terminal_wrap(
            t, "", PFL_TERMINAL_WARN,
            pfl_report_format(&t->words, "after the merge: %s", plural(t, owed->later, "row")));
    if (owed->suite_count && t->style->verbosity >= 0)
        pfl_terminal_wrap(
            t, "", PFL_TERMINAL_DIM,
            pfl_report_format(&t->words, "next: 'perfledger run --owed%s%s' measures what changed",
                              owed->asked ? " --since " : "", owed->asked ? owed->asked : ""));
}

int pfl_report_owed_terminal(const struct pfl_owed *owed, const struct pfl_report_style *style,
                             struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    struct pfl_terminal t;
    size_t i;

    pfl_terminal_init(&t, style, arena, out);
    pfl_terminal_wrap(
        &t, "", PFL_TERMINAL_PLAIN,
        pfl_report_format(&t.words, "since %s (%.10s): %s changed, %s of paths touched", owed->name,
                          owed->commit, plural(&t, owed->file_count, "file"),
                          plural(&t, owed->rule_count, "rule")));
    for (i = 0; i < owed->rule_count; i++)
        put_rule(&t, owed, &owed->rules[i]);
    if (owed->loosened_count) {
        pfl_terminal_blank(&t);
        pfl_terminal_wrap(&t, "", PFL_TERMINAL_PLAIN, "loosened");
    }
    for (i = 0; i < owed->loosened_count; i++)
        put_loosened(&t, &owed->loosened[i]);
    put_end(&t, owed);
    return pfl_terminal_finish(&t, err, "writing what is owed");
}
