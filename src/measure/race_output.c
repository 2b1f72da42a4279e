/*
 * Do both sides put out the same? One unrecorded launch of each with its standard output in a file
 * of its own, which somebody else compares; the race's own launches write to where the plan says,
 * so that comparing costs them nothing. Before the race it keeps time from being spent on two
 * programs that do different things; after it, it finds what changed meanwhile. The base's output
 * before the race serves all its bouts of the benchmark.
 */
#include "measure/race_session.h"

#include "base/text.h"
#include "sys/file.h"

static const char *path_of(struct pfl_race_session *race, size_t side, size_t benchmark,
                           bool before)
{
    const char *folder = pfl_file_absolute(NULL, race->params->scratch_folder, race->arena);
    const char *name = pfl_arena_format(race->arena, "output-%zu-%zu-%s", benchmark, side,
                                        before ? "before" : "after");

    return folder && name ? pfl_file_join(folder, name, race->arena) : NULL;
}

/* *path: where its output is; NULL when there is none (it failed, or the race is over). */
static int show(struct pfl_race_session *race, size_t side, size_t benchmark, bool before,
                const char **path, struct pfl_err *err)
{
    struct pfl_step step = {
        .session = &race->sides[side].session,
        .item = pfl_race_item(race, side, benchmark),
        .output = path_of(race, side, benchmark, before),
    };
    bool shown = before && side == 0 && race->base_shown[benchmark];
    int rc;

    *path = NULL;
    if (!step.output)
        return pfl_err_no_memory(err);
    if (!shown) {
        rc = pfl_step_run(&step, 1, err);
        if (rc != PFL_OK)
            return rc;
        shown = step.launched && !step.item->over;
    }
    if (before && side == 0)
        race->base_shown[benchmark] = shown;
    if (shown)
        *path = step.output;
    return PFL_OK;
}

static int differ(struct pfl_race_session *race, struct pfl_race_bout *bout, const char *problem,
                  struct pfl_err *err)
{
    const char *kept = pfl_arena_text(race->arena, problem);

    if (!kept)
        return pfl_err_no_memory(err);
    bout->over = true;
    bout->next = PFL_RACE_NEXT_NOTHING;
    return race->params->end(race->params->context, bout->index, PFL_BOUT_FAILED, kept, err);
}

int pfl_race_same_output(struct pfl_race_session *race, struct pfl_race_bout *bout, bool before,
                         struct pfl_err *err)
{
    const struct pfl_race_params *params = race->params;
    const char *base, *head = NULL, *problem = NULL;
    struct pfl_err why = {0};
    int rc;

    if (!params->same_output)
        return PFL_OK;
    pfl_race_tell(race, bout, "comparing outputs");
    rc = show(race, 0, bout->benchmark, before, &base, err);
    if (rc == PFL_OK && base)
        rc = show(race, bout->challenger, bout->benchmark, before, &head, err);
    if (rc != PFL_OK)
        return rc;
    if (head) {
        rc = params->same_output(params->context, bout->index, base, head, &problem, &why);
        if (rc == PFL_ENOMEM)
            return pfl_err_no_memory(err);
        if (rc != PFL_OK) /* an output that cannot be read: this bout's misfortune */
            problem = why.message;
        rc = PFL_OK;
        if (problem)
            rc = differ(race, bout, problem, err);
    }
    return rc == PFL_OK ? pfl_race_settle(race, err) : rc;
}
