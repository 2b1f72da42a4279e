/*
 * Which benchmark inside a program was running when the program ended.
 *
 * A program says on the wire which benchmark begins, and {"begin":null} when none is at hand any
 * more. A launch that ends in between, by a signal or by an exit of any status, is the fault of
 * that one: it failed, and later launches leave it out (PERFLEDGER_EXCLUDE), so that the others go
 * on. What the launch gave of them before is whole, for an outcome is told before the next one
 * begins: those are samples like any other.
 */
#include "measure/session.h"

#include "base/text.h"

#include <string.h>

/* As the program itself calls it, under the suite's name: "suite/sort[kind=random,n=100]". */
static const char *word_for(struct pfl_arena *arena, const struct pfl_plan_item *plan,
                            const struct pfl_wire_message *m)
{
    struct pfl_buf word;
    const char *kept;
    size_t i;

    pfl_buf_init(&word, 1 << 16);
    pfl_buf_format(&word, "%s/%s", plan->suite, m->bench);
    for (i = 0; i < m->param_count; i++)
        pfl_buf_format(&word, "%s%s=%s", i ? "," : "[", m->params[i].name, m->params[i].value);
    if (i)
        pfl_buf_text(&word, "]");
    kept = word.error ? NULL : pfl_arena_text(arena, pfl_buf_cstr(&word));
    pfl_buf_release(&word);
    return kept;
}

int pfl_begun_hear(struct pfl_session *s, struct pfl_session_item *item,
                   const struct pfl_wire_message *m, struct pfl_err *err)
{
    struct pfl_wire_message *kept;

    item->begun = NULL;
    if (!item->plan->select || !m->bench)
        return PFL_OK;
    kept = pfl_arena_alloc(&s->scratch, sizeof *kept);
    if (!kept)
        return pfl_err_no_memory(err);
    *kept = *m;
    item->begun = kept;
    return PFL_OK;
}

static bool leave_out(struct pfl_session *s, struct pfl_session_item *item)
{
    const char *word = word_for(s->arena, item->plan, item->begun);

    if (word && item->excluded)
        word = pfl_arena_format(s->arena, "%s\n%s", item->excluded, word);
    item->excluded = word;
    return word && pfl_around_exclude(s->arena, item);
}

int pfl_begun_blame(struct pfl_session *s, struct pfl_session_item *item,
                    const struct pfl_launch_result *result, struct pfl_launch *launch,
                    struct pfl_err *err)
{
    struct pfl_collect *to = pfl_messages_addressee(s, item, item->begun);
    const char *reason;

    if (result->signal)
        reason = pfl_around_ending(s->arena, -result->signal, result->stderr_tail.data,
                                   result->stderr_tail.len);
    else
        reason = pfl_arena_format(s->arena, "it ended the process (exit %d) in the middle",
                                  result->exit_code);
    if (to == &item->own) { /* the only one there is */
        launch->flags |= PFL_LAUNCH_FAILED;
        return pfl_session_fail(item, PFL_STATUS_FAILED, reason, err);
    }
    if (!to || !reason || !leave_out(s, item))
        return pfl_err_no_memory(err);
    pfl_collect_fail(to, PFL_STATUS_FAILED, reason);
    return PFL_OK;
}
