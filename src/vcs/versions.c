/*
 * What commits added to files, line by line, as far as this clone knows.
 *
 * One process for the whole history, whatever its length: git's own search (-G) leaves out the
 * commits that touched no such line, and the lines that were added are in its answer, so no version
 * of a file needs to be read. With --full-history and -m, because git otherwise follows only one
 * side of a merge, and a row that was added and removed on the other side, or by the merge itself,
 * would not be seen. How people configured their git's diffs must not matter, nor what
 * .gitattributes calls binary.
 */
#include "vcs/ask.h"
#include "vcs/git.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum { HISTORY_MAX = 1 << 30, WORDS = 40 };
enum { MERGED_MAX = 256 << 20, CONFLICTS_MAX = 127 }; /* the status tells how many there are */
static const int64_t history_timeout_ns = INT64_C(600000000000);

PFL_VEC(line_vec, struct pfl_git_line);

struct answer {
    struct pfl_arena *arena;
    struct pfl_err *err;
    const struct pfl_git_search *search;
    const char *at, *end;
    const char *commit, *path;
    struct line_vec lines;
};

/* The next line without its newline; false: none. */
static bool next_line(struct answer *a, const char **line, size_t *len)
{
    const char *newline;

    if (a->at >= a->end)
        return false;
    newline = memchr(a->at, '\n', (size_t)(a->end - a->at));
    if (!newline)
        newline = a->end;
    *line = a->at;
    *len = (size_t)(newline - a->at);
    a->at = newline + 1;
    return true;
}

static bool starts(const char *line, size_t len, const char *with)
{
    return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* "+++ b/path", "+++ "b/p\tq"", "+++ /dev/null". */
static int take_path(struct answer *a, const char *line, size_t len)
{
    line += strlen("+++ ");
    len -= strlen("+++ ");
    if (len > 0 && line[len - 1] == '\t')
        len--;
    if (len > 1 && line[0] == '"') {
        line++;
        len -= 2;
    }
    if (!starts(line, len, "b/"))
        return PFL_OK;
    a->path = pfl_arena_text_n(a->arena, line + 2, len - 2);
    return a->path ? PFL_OK : pfl_err_no_memory(a->err);
}

/* ",12" behind a number of a hunk's head; 1 when there is none. */
static long count_of(char **at)
{
    return **at == ',' ? strtol(*at + 1, at, 10) : 1;
}

static int add_line(struct answer *a, const char *text, size_t len, long number)
{
    const struct pfl_git_line line = {a->commit, a->path, pfl_arena_text_n(a->arena, text, len),
                                      len, (int)number};

    return line.text && pfl_vec_push(&a->lines, &line) ? PFL_OK : pfl_err_no_memory(a->err);
}

/* "@@ -3,0 +4,2 @@": so many lines follow, whatever they look like. */
static int take_hunk(struct answer *a, const char *line, size_t len)
{
    char *at = pfl_arena_text_n(a->arena, line, len);
    long gone, number, added;
    int rc = PFL_OK;

    if (!at)
        return pfl_err_no_memory(a->err);
    strtol(at + strlen("@@ -"), &at, 10);
    gone = count_of(&at);
    number = strtol(at, &at, 10); /* behind " +" */
    added = count_of(&at);
    while (rc == PFL_OK && (gone > 0 || added > 0) && next_line(a, &line, &len)) {
        if (starts(line, len, "-"))
            gone--;
        if (!starts(line, len, "+"))
            continue;
        added--;
        if (a->commit && a->path && a->search->wanted(line + 1, len - 1))
            rc = add_line(a, line + 1, len - 1, number);
        number++;
    }
    return rc;
}

static int read_answer(struct answer *a)
{
    const char *line;
    size_t len;
    int rc = PFL_OK;

    while (rc == PFL_OK && next_line(a, &line, &len)) {
        if (len > 1 && line[0] == 0) {
            a->commit = pfl_arena_text_n(a->arena, line + 1, len - 1);
            a->path = NULL;
            rc = a->commit ? PFL_OK : pfl_err_no_memory(a->err);
        } else if (starts(line, len, "diff ")) {
            a->path = NULL;
        } else if (starts(line, len, "+++ ")) {
            rc = take_path(a, line, len);
        } else if (starts(line, len, "@@ -")) {
            rc = take_hunk(a, line, len);
        }
    }
    return rc;
}

static int ask(const char *folder, const char *const *words, struct pfl_git_answer *answer,
               struct pfl_err *err)
{
    const struct pfl_git_question question = {
        .folder = folder, .words = words, .timeout_ns = history_timeout_ns};
    int rc;

    pfl_git_answer_init(answer);
    pfl_buf_release(&answer->output);
    pfl_buf_init(&answer->output, HISTORY_MAX);
    rc = pfl_git_missing(pfl_git_put(&question, answer, err), folder, err);
    if (rc == PFL_OK && answer->status != 0)
        rc = pfl_err_set(err, PFL_ENOENT, "the history of '%s': git says: %s", folder,
                         pfl_git_complaint(answer));
    return rc;
}

static int range_of(const char *since, struct pfl_arena *arena, const char **range,
                    struct pfl_err *err)
{
    if (since && since[0] == '-')
        return pfl_err_set(err, PFL_ENOENT, "'%s' is no revision: it begins with '-'", since);
    *range = since ? pfl_arena_format(arena, "%s..HEAD", since) : "HEAD";
    return *range ? PFL_OK : pfl_err_no_memory(err);
}

int pfl_git_added_lines(const struct pfl_git_search *search, struct pfl_arena *arena,
                        struct pfl_git_lines *lines, struct pfl_err *err)
{
    const char *words[WORDS] = {"-c",
                                "core.quotePath=false",
                                "-c",
                                "log.showRoot=true",
                                "-c",
                                "log.diffMerges=separate",
                                "log",
                                "--full-history",
                                "--topo-order",
                                "-m",
                                "-p",
                                "-U0",
                                "--text",
                                "--relative",
                                "--no-color",
                                "--no-renames",
                                "--no-ext-diff",
                                "--no-textconv",
                                "--no-show-signature",
                                "--inter-hunk-context=0",
                                "--src-prefix=a/",
                                "--dst-prefix=b/",
                                "--submodule=short",
                                "--format=%x00%H"};
    struct answer a = {.arena = arena, .err = err, .search = search};
    struct pfl_git_answer answer;
    size_t n = 0, i;
    int rc;

    while (words[n])
        n++;
    words[n++] = pfl_arena_format(arena, "-G%s", search->pattern);
    rc = range_of(search->since, arena, &words[n++], err);
    if (rc != PFL_OK)
        return rc;
    words[n++] = "--";
    for (i = 0; i < search->path_count && n + 1 < WORDS; i++)
        words[n++] = search->paths[i];
    rc = ask(search->folder, words, &answer, err);
    if (rc == PFL_OK) {
        a.at = pfl_buf_cstr(&answer.output);
        a.end = a.at + answer.output.len;
        rc = read_answer(&a);
    }
    pfl_git_answer_release(&answer);
    if (rc == PFL_OK) {
        lines->n = a.lines.n;
        lines->at = pfl_arena_grow(arena, a.lines.at, a.lines.n, a.lines.n, sizeof *lines->at);
        rc = lines->at ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_vec_release(&a.lines);
    return rc;
}

int pfl_git_commits(const char *folder, bool first_parents, struct pfl_arena *arena,
                    struct pfl_git_files *commits, struct pfl_err *err)
{
    const char *words[] = {"rev-list", "--topo-order", "HEAD",
                           first_parents ? "--first-parent" : NULL, NULL};
    struct answer a = {0};
    struct pfl_git_answer answer;
    const char *line;
    size_t len;
    int rc = ask(folder, words, &answer, err);

    commits->n = 0;
    if (rc == PFL_OK) {
        a.at = pfl_buf_cstr(&answer.output);
        a.end = a.at + answer.output.len;
        commits->at = pfl_arena_array(arena, answer.output.len / 40 + 1, sizeof *commits->at);
        rc = commits->at ? PFL_OK : pfl_err_no_memory(err);
    }
    while (rc == PFL_OK && next_line(&a, &line, &len)) {
        commits->at[commits->n] = pfl_arena_text_n(arena, line, len);
        rc = commits->at[commits->n++] ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_git_answer_release(&answer);
    return rc;
}

int pfl_git_lines_append(struct pfl_git_lines *lines, const struct pfl_git_lines *more,
                         struct pfl_arena *arena, struct pfl_err *err)
{
    struct pfl_git_line *all =
        pfl_arena_grow(arena, lines->at, lines->n, lines->n + more->n, sizeof *all);

    if (!all)
        return pfl_err_no_memory(err);
    if (more->n)
        memcpy(all + lines->n, more->at, more->n * sizeof *all);
    lines->at = all;
    lines->n += more->n;
    return PFL_OK;
}

int pfl_git_merge_files(const char *folder, const char *ending, struct pfl_arena *arena,
                        struct pfl_git_text *merged, struct pfl_err *err)
{
    const char *ours = pfl_arena_format(arena, "ours%s", ending);
    const char *base = pfl_arena_format(arena, "base%s", ending);
    const char *theirs = pfl_arena_format(arena, "theirs%s", ending);
    const char *words[] = {"merge-file", "-p",   "--diff3", "-L", ours,   "-L", base,
                           "-L",         theirs, ours,      base, theirs, NULL};
    struct pfl_git_question question = {.folder = folder, .words = words};
    struct pfl_git_answer answer;
    int rc;

    if (!ours || !base || !theirs)
        return pfl_err_no_memory(err);
    pfl_git_answer_init(&answer);
    pfl_buf_release(&answer.output);
    pfl_buf_init(&answer.output, MERGED_MAX);
    rc = pfl_git_missing(pfl_git_put(&question, &answer, err), folder, err);
    if (rc == PFL_OK && (answer.status < 0 || answer.status > CONFLICTS_MAX))
        rc = pfl_err_set(err, PFL_ESYSTEM, "merging: git says: %s", pfl_git_complaint(&answer));
    if (rc == PFL_OK) {
        merged->len = answer.output.len;
        merged->text = pfl_arena_text_n(arena, pfl_buf_cstr(&answer.output), answer.output.len);
        rc = merged->text ? PFL_OK : pfl_err_no_memory(err);
    }
    pfl_git_answer_release(&answer);
    return rc;
}
