/*
 * How a launch of a harness ended, and what that means where its results do not tell.
 *
 * What it says at its end is looked through for what is known to be wrong with installations; else
 * the last line that speaks of an error is the reason.
 */
#include "measure/foreign_read.h"

#include "sys/file.h"

#include <string.h>

/* Less than any harness needs for its results. */
enum { LEAST_ROOM = 64 << 10 };

static struct pfl_arena *arena_of(const struct pfl_foreign_read *r)
{
    return r->session->arena;
}

int pfl_foreign_fail(struct pfl_foreign_read *r, enum pfl_status status, const char *reason)
{
    return pfl_session_fail(r->item, status, reason, r->err);
}

static bool says(const char *text, size_t len, const char *what)
{
    return len && memmem(text, len, what, strlen(what));
}

const struct pfl_harness_sign *pfl_foreign_sign(const struct pfl_foreign_read *r)
{
    const struct pfl_buf *errors = &r->result->stderr_tail;
    const struct pfl_harness_sign *sign = r->item->foreign->harness->signs;

    for (; sign && sign->says; sign++)
        if (says(errors->data, errors->len, sign->says) ||
            says(r->output.data, r->output.len, sign->says))
            return sign;
    return NULL;
}

bool pfl_foreign_says_nothing(const struct pfl_foreign_read *r)
{
    const char *nothing = r->item->foreign->harness->nothing;

    return nothing && (says(r->result->stderr_tail.data, r->result->stderr_tail.len, nothing) ||
                       says(r->output.data, r->output.len, nothing));
}

static bool speaks_of_error(const char *line, size_t len)
{
    static const char *const words[] = {"rror", "ERROR", "atal", "panic"};
    size_t i;

    for (i = 0; i < PFL_COUNT(words); i++)
        if (says(line, len, words[i]))
            return true;
    return false;
}

/* Up to the end of the last line that speaks of an error: harnesses go on with hints and summaries.
 * 0: none does. */
static size_t telling_part(const struct pfl_buf *text)
{
    size_t end = text->len, from;

    for (; end; end = from ? from - 1 : 0) {
        for (from = end; from && text->data[from - 1] != '\n'; from--)
            ;
        if (speaks_of_error(text->data + from, end - from))
            return end;
    }
    return 0;
}

const char *pfl_foreign_ending(struct pfl_arena *arena, int status, const struct pfl_buf *errors,
                               const struct pfl_buf *output)
{
    const struct pfl_buf *said = errors->len ? errors : output;
    size_t len = telling_part(errors);

    if (len == 0 && (len = telling_part(output)) > 0)
        said = output;
    return pfl_around_ending(arena, status, said->data, len ? len : said->len);
}

static const char *ending(const struct pfl_foreign_read *r)
{
    const struct pfl_launch_result *result = r->result;

    return pfl_foreign_ending(arena_of(r), result->signal ? -result->signal : result->exit_code,
                              &result->stderr_tail, &r->output);
}

bool pfl_foreign_ended_well(const struct pfl_foreign_read *r)
{
    return r->result->exit_code == 0 && r->result->signal == 0;
}

const char pfl_foreign_nothing_selected[] = "none of the benchmarks inside it is selected";

/* exit code 127: a shell that did not find the program. */
int pfl_foreign_explain(struct pfl_foreign_read *r, const struct pfl_harness_sign *sign)
{
    const struct pfl_harness *harness = r->item->foreign->harness;

    if (!sign)
        return pfl_foreign_fail(
            r, PFL_STATUS_SKIPPED,
            pfl_arena_format(arena_of(r), "%s is not installed: %s", harness->program, ending(r)));
    return pfl_foreign_fail(r, sign->absent ? PFL_STATUS_SKIPPED : PFL_STATUS_FAILED,
                            pfl_arena_format(arena_of(r), "%s", sign->remedy));
}

/* The reader's words without the path, which is gone when somebody reads them. */
static const char *without_path(struct pfl_foreign_read *r, const char *message)
{
    const char *path = r->item->foreign->results, *found = strstr(message, path);
    const char *name = strrchr(path, '/');

    if (!found || !name)
        return pfl_arena_text(arena_of(r), message);
    return pfl_arena_format(arena_of(r), "%.*s%s%s", (int)(found - message), message, name + 1,
                            found + strlen(path));
}

static bool is_empty(const char *path)
{
    int64_t size = 0, when;

    if (!pfl_file_exists(path))
        return true;
    return !pfl_file_is_folder(path) && pfl_file_stat(path, &size, &when, NULL) == PFL_OK &&
           size == 0;
}

/* "": there was room enough for results. NULL: no memory. */
static const char *no_room(struct pfl_foreign_read *r)
{
    const char *folder = r->session->foreign_folder;
    int64_t room = 0;
    const char *parent;

    if (!folder || pfl_file_room(folder, &room, NULL) != PFL_OK || room >= LEAST_ROOM)
        return "";
    parent = pfl_file_folder_of(folder, arena_of(r));
    return parent ? pfl_arena_format(arena_of(r),
                                     "; there is no room for its results: %s, where it writes "
                                     "them, is full (TMPDIR says where)",
                                     parent)
                  : NULL;
}

/* Nothing can be read. */
int pfl_foreign_no_results(struct pfl_foreign_read *r, int rc, const struct pfl_err *why)
{
    const struct pfl_foreign *foreign = r->item->foreign;
    const char *how = ending(r), *room = no_room(r), *words = without_path(r, why->message);
    const char *remedy = foreign->harness->remedy;
    bool none = rc == PFL_ENOTHING || is_empty(foreign->results);

    if (!how || !room || !words)
        return pfl_err_no_memory(r->err);
    if (*room)
        remedy = NULL;
    return pfl_foreign_fail(
        r, PFL_STATUS_FAILED,
        pfl_arena_format(arena_of(r), "%s left %s (%s)%s%s%s%s%s", foreign->harness->name,
                         none ? "no results" : "results that cannot be read", how, none ? "" : ": ",
                         none ? "" : words, room, remedy ? "; " : "", remedy ? remedy : ""));
}

int pfl_foreign_note_ending(struct pfl_foreign_read *r, const struct pfl_harness_sign *sign)
{
    if (pfl_foreign_ended_well(r) || r->item->over)
        return PFL_OK;
    if (r->item->own.status != PFL_STATUS_OK) /* a race's only benchmark said why */
        return PFL_OK;
    if (r->told && r->result->signal == 0)
        return PFL_OK;
    if (r->item->plan->how.ignore_failure) {
        r->launch->flags |= PFL_LAUNCH_IGNORED;
        return PFL_OK;
    }
    r->launch->flags |= PFL_LAUNCH_FAILED;
    return pfl_foreign_fail(r, PFL_STATUS_FAILED, sign ? sign->remedy : ending(r));
}

int pfl_foreign_note_nothing(struct pfl_foreign_read *r)
{
    if (r->taken || r->item->over)
        return PFL_OK;
    r->launch->flags |= PFL_LAUNCH_INVALID;
    if (r->item->plan->inside)
        return pfl_foreign_fail(
            r, PFL_STATUS_SKIPPED,
            pfl_arena_format(arena_of(r), "%s has no such benchmark", r->item->plan->command));
    return pfl_foreign_fail(r, PFL_STATUS_SKIPPED, pfl_foreign_nothing_selected);
}
