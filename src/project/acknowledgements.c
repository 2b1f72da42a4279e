/*
 * The file of decisions. It is a line format, not YAML: a decision is appended by a command and
 * read in a diff, so one decision is one line, and two branches that each add one merge without a
 * conflict in structure. Words are quoted as a shell would, because benchmark names hold brackets
 * and blanks.
 */
#include "project/acknowledgements.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/vec.h"
#include "sys/file.h"

#include <string.h>

enum { FILE_MAX = 16 << 20, WORDS = 5 };

static const char preamble[] =
    "# Changes in performance that were looked at: `perfledger changes acknowledge|expect|rebase` "
    "adds a line.\n"
    "# ACTION BENCHMARK METRIC AT[..UNTIL] NOTE, quoted as in a shell; later lines win.\n";

PFL_VEC(reviews, struct pfl_review);

static int read_range(const char *word, struct pfl_arena *arena, struct pfl_review *review,
                      struct pfl_err *err)
{
    const char *dots = strstr(word, "..");

    review->at = dots ? pfl_arena_text_n(arena, word, (size_t)(dots - word)) : word;
    review->until = dots ? dots + 2 : "";
    return review->at ? PFL_OK : pfl_err_no_memory(err);
}

static int read_words(const char *file, char **words, size_t count, struct pfl_arena *arena,
                      struct pfl_review *review, struct pfl_err *err)
{
    static const char *const actions[] = {"acknowledge", "expect", "rebase"};
    const char *near;
    int rc;

    if (!pfl_review_action_read(words[0], &review->action)) {
        near = pfl_text_nearest(words[0], actions, PFL_COUNT(actions));
        return pfl_err_set_at(
            err, PFL_EPARSE, file, review->line, 0,
            "a decision begins with acknowledge, expect or rebase, not with `%s`%s%s%s", words[0],
            near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
    }
    if (count != WORDS)
        return pfl_err_set_at(err, PFL_EPARSE, file, review->line, 0,
                              "a decision has five words, this one has %zu: ACTION BENCHMARK "
                              "METRIC AT NOTE (a note of "
                              "several words is quoted)",
                              count);
    rc = read_range(words[3], arena, review, err);
    if (rc == PFL_OK && (!*review->at || !*words[4]))
        return pfl_err_set_at(err, PFL_EPARSE, file, review->line, 0,
                              "%s is empty; the next reader will want to know %s",
                              *review->at ? "the note" : "the place",
                              *review->at ? "why" : "where");
    review->benchmark = words[1];
    review->metric = words[2];
    review->note = words[4];
    return rc;
}

static int read_line(const char *file, const char *line, struct pfl_arena *arena,
                     struct reviews *reviews, int number, struct pfl_err *err)
{
    struct pfl_review review = {.line = number};
    char **words, shell_char;
    size_t count;
    int rc;

    if (line[strspn(line, " \t\r")] == 0 || line[strspn(line, " \t")] == '#')
        return PFL_OK;
    rc = pfl_text_split_command(arena, line, &words, &count, &shell_char, err);
    if (rc == PFL_EPARSE && err) {
        err->line = number;
        pfl_err_prefix(err, "reading a decision");
        memcpy(err->file, file, strlen(file) < sizeof err->file ? strlen(file) + 1 : 0);
    }
    if (rc == PFL_OK)
        rc = read_words(file, words, count, arena, &review, err);
    if (rc == PFL_OK && !pfl_vec_push(reviews, &review))
        return pfl_err_no_memory(err);
    return rc;
}

int pfl_reviews_parse(const char *file, const char *text, size_t len, struct pfl_arena *arena,
                      struct pfl_review **out, size_t *n, struct pfl_err *err)
{
    const char *end = text + len, *stop, *line;
    struct reviews reviews = {0};
    struct pfl_review *kept = NULL;
    int rc = PFL_OK, number = 1;

    for (; rc == PFL_OK && text < end; text = stop + 1, number++) {
        stop = memchr(text, '\n', (size_t)(end - text));
        if (!stop)
            stop = end;
        line = pfl_arena_text_n(arena, text, (size_t)(stop - text));
        rc = line ? read_line(file, line, arena, &reviews, number, err) : pfl_err_no_memory(err);
    }
    if (rc == PFL_OK && reviews.n) {
        kept = pfl_arena_grow(arena, reviews.at, reviews.n, reviews.n, sizeof *kept);
        if (!kept)
            rc = pfl_err_no_memory(err);
    }
    if (rc == PFL_OK) {
        *out = kept;
        *n = reviews.n;
    }
    pfl_vec_release(&reviews);
    return rc;
}

int pfl_reviews_read(const char *path, struct pfl_arena *arena, struct pfl_review **reviews,
                     size_t *n, struct pfl_err *err)
{
    struct pfl_buf buf;
    int rc;

    pfl_buf_init(&buf, FILE_MAX);
    rc = pfl_file_read(path, &buf, err);
    if (rc == PFL_ENOENT) {
        *reviews = NULL;
        *n = 0;
        rc = PFL_OK;
    } else if (rc == PFL_OK)
        rc = pfl_reviews_parse(path, pfl_buf_cstr(&buf), buf.len, arena, reviews, n, err);
    pfl_buf_release(&buf);
    return rc;
}

/* A word of the line; line breaks, which would end the decision, become blanks. */
static void put_word(struct pfl_buf *out, const char *word, struct pfl_arena *arena)
{
    char *copy = pfl_arena_text(arena, word), *at;

    if (!copy) {
        out->error = PFL_ENOMEM;
        return;
    }
    for (at = copy; *at; at++)
        if (*at == '\n' || *at == '\r')
            *at = ' ';
    pfl_buf_char(out, ' ');
    pfl_text_quote(out, copy);
}

static void put_review(struct pfl_buf *out, const struct pfl_review *review,
                       struct pfl_arena *arena)
{
    const char *range =
        pfl_arena_format(arena, "%s%s%s", review->at, *review->until ? ".." : "", review->until);

    pfl_buf_text(out, pfl_review_action_text(review->action));
    put_word(out, review->benchmark, arena);
    put_word(out, review->metric, arena);
    put_word(out, range ? range : "", arena);
    put_word(out, review->note, arena);
    pfl_buf_char(out, '\n');
    if (!range)
        out->error = PFL_ENOMEM;
}

int pfl_reviews_add(const char *path, const struct pfl_review *review, struct pfl_err *err)
{
    struct pfl_arena arena;
    struct pfl_buf buf;
    int rc;

    pfl_arena_init(&arena);
    pfl_buf_init(&buf, FILE_MAX);
    rc = pfl_file_read(path, &buf, err);
    if (rc == PFL_ENOENT) {
        pfl_buf_text(&buf, preamble);
        rc = PFL_OK;
    }
    if (rc == PFL_OK) {
        if (buf.len && buf.data[buf.len - 1] != '\n')
            pfl_buf_char(&buf, '\n');
        put_review(&buf, review, &arena);
        rc = pfl_buf_check(&buf, err, "writing down a decision");
    }
    if (rc == PFL_OK)
        rc = pfl_file_write(path, buf.data, buf.len, false, err);
    pfl_buf_release(&buf);
    pfl_arena_release(&arena);
    return rc;
}
