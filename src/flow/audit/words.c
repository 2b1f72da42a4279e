/*
 * What a text claims, without how it says it.
 *
 * A row never changes, and perfledger's wording does: a text that an earlier version made is held
 * to what it says, not to today's words for it. A claim is whatever has a digit in it (numbers with
 * their units, dates, revisions, ids of runs, links to them), the marks that join two numbers, and
 * in a table what stands as code (the names of benchmarks), the names of metrics and the words of
 * verdicts; which row of the table they are in counts as well. All of it must be there in the same
 * order.
 *
 * Read as Markdown only as far as needed: what parts words is blanks and the marks around them.
 */
#include "flow/audit/words.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

struct claims {
    const char *at, *end;
    bool in_table;  /* the line is a row of a table */
    bool in_code;   /* between two ` */
    bool after;     /* the last claim was a number: a unit belongs to it */
    bool row_ended; /* a line of a table is over and has not been told */
};

struct claim {
    const char *text;
    size_t len;
};

static bool is_one_of(const struct claim *word, const char *const *list, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strlen(list[i]) == word->len && memcmp(list[i], word->text, word->len) == 0)
            return true;
    return false;
}

static bool is_unit(const struct claim *word)
{
    static const char *const units[] = {
        "ns",   "µs",   "us",  "ms", "s",     "min",   "h",     "B",   "KiB",  "MiB",
        "GiB",  "TiB",  "kB",  "KB", "MB",    "GB",    "TB",    "B/s", "kB/s", "KB/s",
        "MB/s", "GB/s", "1/s", "/s", "KiB/s", "MiB/s", "GiB/s", "Hz",  "kHz",  "MHz",
        "GHz",  "%",    "×",   "x",  "k",     "M",     "G",     "k/s", "M/s",  "G/s"};

    return is_one_of(word, units, PFL_COUNT(units));
}

static bool is_joint(const struct claim *word)
{
    static const char *const joints[] = {"±", "…", "+", "-", "−", "<", ">", "≤", "≥", "→"};

    return is_one_of(word, joints, PFL_COUNT(joints));
}

/* pfl_words_verdict()'s and those before it; "cannot tell" is told by its first word. */
static bool is_verdict(const struct claim *word)
{
    static const char *const verdicts[] = {
        "improved", "regressed", "unchanged", "inconclusive", "cannot", "changed",
        "new",      "missing",   "failed",    "skipped",      "judged", "met",
        "missed",   "less",      "more",      "faster",       "slower"};

    return is_one_of(word, verdicts, PFL_COUNT(verdicts));
}

/* What a table's figures are of: pfl_words_metric()'s names, word by word. One that is called
 * otherwise some day is given the word that stands here: memory is RSS. */
static bool is_metric(struct claim *word)
{
    static const char *const names[] = {
        "time",     "CPU",    "user",      "system",       "throughput", "first",    "call",
        "compile",  "RSS",    "processes", "instructions", "page",       "faults",   "context",
        "switches", "parity", "error",     "pass",         "rate",       "artefact", "size"};
    static const struct claim memory = {"memory", 6}, rss = {"RSS", 3};

    if (word->len == memory.len && memcmp(word->text, memory.text, memory.len) == 0)
        *word = rss;
    return is_one_of(word, names, PFL_COUNT(names));
}

static bool has_digit(const struct claim *word)
{
    size_t i;

    for (i = 0; i < word->len; i++)
        if (isdigit((unsigned char)word->text[i]))
            return true;
    return false;
}

/* How many bytes part words here; 0: none do. */
static size_t parts(const struct claims *c)
{
    size_t left = (size_t)(c->end - c->at);

    if (strchr(" \t\r\n|`()[]\"'*;:,!?\\", *c->at))
        return 1;
    if (left >= 2 && memcmp(c->at, "\xc2\xa0", 2) == 0) /* blanks that do not break */
        return 2;
    return left >= 3 && memcmp(c->at, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

static bool begins_table(const struct claims *c)
{
    const char *at = c->at;

    while (at < c->end && *at == ' ')
        at++;
    return at < c->end && *at == '|';
}

static void part(struct claims *c)
{
    if (*c->at == '\n') {
        c->row_ended = c->in_table;
        c->in_code = c->after = false;
    } else if (*c->at == '`') {
        c->in_code = !c->in_code;
    } else if (*c->at == '|' || *c->at == ',' || *c->at == ';') {
        c->after = false;
    }
}

/* A full stop ends a sentence; "-----" is a rule of a table. */
static void trim(struct claim *word)
{
    while (word->len && strchr(".#", word->text[word->len - 1]))
        word->len--;
}

static bool is_claim(struct claims *c, struct claim *word)
{
    bool unit = c->after && is_unit(word);

    if (word->len == 0)
        return false;
    if (has_digit(word)) {
        c->after = true;
        return true;
    }
    c->after = false;
    return unit || is_joint(word) ||
           (c->in_table && (c->in_code || is_verdict(word) || is_metric(word)));
}

/* false: there is none any more. */
static bool next(struct claims *c, struct claim *claim)
{
    size_t blank;

    for (;;) {
        if (c->row_ended) {
            c->row_ended = false;
            c->in_table = c->at < c->end && begins_table(c);
            *claim = (struct claim){"\n", 1};
            return true;
        }
        if (c->at >= c->end)
            return false;
        if ((blank = parts(c)) > 0) {
            bool line = *c->at == '\n';

            part(c);
            c->at += blank;
            if (line && !c->row_ended)
                c->in_table = c->at < c->end && begins_table(c);
            continue;
        }
        claim->text = c->at;
        while (c->at < c->end && parts(c) == 0)
            c->at++;
        claim->len = (size_t)(c->at - claim->text);
        trim(claim);
        if (is_claim(c, claim))
            return true;
    }
}

bool pfl_audit_claims_same(const char *one, size_t one_len, const char *other, size_t other_len)
{
    struct claims a = {.at = one, .end = one + one_len};
    struct claims b = {.at = other, .end = other + other_len};
    struct claim x, y;
    bool more, more_there;

    a.in_table = one_len && begins_table(&a);
    b.in_table = other_len && begins_table(&b);
    for (;;) {
        more = next(&a, &x);
        more_there = next(&b, &y);
        if (!more || !more_there)
            return more == more_there;
        if (x.len != y.len || memcmp(x.text, y.text, x.len) != 0)
            return false;
    }
}
