/*
 * Saving baselines under the next number, and choosing the one in use.
 *
 * A number is given out once although git, two terminals and two CI jobs write here at the same
 * time: the writer first takes the claim `.NNNN.claim` (created exclusively, so the kernel decides
 * who has it), then looks again whether somebody finished that number in between, and only then
 * writes the baseline. A claim left by a killed process costs one number, nothing else. Gaps in the
 * numbers are normal, and so are two files of one number (two branches merged): such a number alone
 * is refused as ambiguous, and `current` then holds the whole stem.
 */
#include "project/baseline.h"

#include "base/text.h"
#include "project/baseline_private.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>

enum { MAX_TRIES = 10000 /* claims that others hold or left */ };

/* Does anybody have this number (or a claim above it was finished)? *highest: of all there are, 0 =
 * none. */
static int look_at_numbers(const char *inside, struct pfl_arena *arena, int *highest,
                           struct pfl_err *err)
{
    const char **names, *name;
    size_t n, i;
    int code = pfl_file_list(inside, arena, &names, &n, err), number;

    *highest = 0;
    if (code != PFL_OK)
        return code;
    for (i = 0; i < n; i++)
        if (pfl_baseline_read_file_name(names[i], arena, &number, &name)) {
            if (number > *highest)
                *highest = number;
        } else if (!name) {
            return pfl_err_no_memory(err);
        }
    return PFL_OK;
}

/* Takes the claim of the next number: nobody else writes that number until the claim file is gone.
 */
static int claim_number(const char *inside, struct pfl_arena *arena, int *number,
                        const char **claim, struct pfl_err *err)
{
    int highest, next = 0, tries, code;
    const char *path;

    for (tries = 0; tries < MAX_TRIES; tries++) {
        code = look_at_numbers(inside, arena, &highest, err);
        if (code != PFL_OK)
            return code;
        next = next > highest ? next : highest + 1;
        if (next > PFL_BASELINE_MAX_NUMBER)
            break;
        path = pfl_arena_format(arena, "%s/.%04d.claim", inside, next);
        if (!path)
            return pfl_err_no_memory(err);
        code = pfl_file_write(path, "", 0, true, err);
        if (code == PFL_EBUSY) { /* another writer's, or a killed one's */
            next++;
            continue;
        }
        if (code == PFL_OK)
            code = look_at_numbers(inside, arena, &highest, err);
        if (code == PFL_OK && highest < next) {
            *number = next;
            *claim = path;
            return PFL_OK;
        }
        remove(path);
        if (code != PFL_OK)
            return code;
    }
    return pfl_err_set(err, PFL_EBUSY, "no free number for a baseline in '%s'", inside);
}

static int check_platform(const char *platform, struct pfl_err *err)
{
    if (platform[0] && platform[0] != '.' && !strchr(platform, '/'))
        return PFL_OK;
    return pfl_err_set(err, PFL_EINVAL, "'%s' cannot be the folder of a platform", platform);
}

static int write_claimed(const struct pfl_baseline *wanted, const char *inside,
                         const struct pfl_buf *content, struct pfl_arena *arena,
                         struct pfl_baseline *saved, struct pfl_err *err)
{
    struct pfl_baseline written = *wanted;
    const char *stem = pfl_baseline_stem(wanted, arena);
    int code;

    written.path =
        stem ? pfl_arena_format(arena, "%s/%s%s", inside, stem, pfl_baseline_suffix) : NULL;
    if (!written.path)
        return pfl_err_no_memory(err);
    code =
        pfl_file_write(written.path, content->data ? content->data : "", content->len, true, err);
    if (code == PFL_OK)
        code = pfl_baseline_modified(written.path, &written.modified_unix, err);
    if (code == PFL_OK)
        *saved = written;
    return code;
}

int pfl_baseline_save(const char *folder, const char *platform, const char *name,
                      const struct pfl_buf *content, struct pfl_arena *arena,
                      struct pfl_baseline *saved, struct pfl_err *err)
{
    struct pfl_baseline wanted = {.platform = pfl_arena_text(arena, platform),
                                  .name = pfl_baseline_safe_name(arena, name)};
    const char *base = pfl_file_absolute(NULL, folder, arena), *inside, *claim, *current;
    int code = check_platform(platform, err);

    inside = base ? pfl_file_join(base, platform, arena) : NULL;
    if (code == PFL_OK && (!inside || !wanted.name || !wanted.platform))
        code = pfl_err_no_memory(err);
    if (code == PFL_OK)
        code = pfl_buf_check(content, err, "writing the baseline");
    if (code == PFL_OK)
        code = pfl_file_make_folders(inside, err);
    if (code == PFL_OK)
        code = pfl_baseline_read_current(inside, arena, &current, err);
    if (code == PFL_OK)
        code = claim_number(inside, arena, &wanted.number, &claim, err);
    if (code == PFL_OK) {
        wanted.in_use = !current[0];
        code = write_claimed(&wanted, inside, content, arena, saved, err);
        remove(claim);
    }
    if (code != PFL_OK)
        pfl_err_prefix(err, "saving a baseline in '%s'", folder);
    return code;
}

int pfl_baseline_use(const char *folder, const struct pfl_baseline *baseline, struct pfl_err *err)
{
    struct pfl_arena arena;
    struct pfl_baseline *list;
    const char *path, *line;
    size_t n, same = 0, i;
    int code;

    pfl_arena_init(&arena);
    code = pfl_baseline_list(folder, baseline->platform, &arena, &list, &n, NULL, err);
    for (i = 0; code == PFL_OK && i < n; i++)
        same += list[i].number == baseline->number;
    if (code == PFL_OK && same == 0)
        code = pfl_err_set(err, PFL_ENOENT, "'%s' is not one of the baselines in '%s/%s'",
                           baseline->path, folder, baseline->platform);
    if (code == PFL_OK) {
        path = pfl_arena_format(&arena, "%s/%s/current", folder, baseline->platform);
        line = same > 1 ? pfl_baseline_stem(baseline, &arena)
                        : pfl_arena_format(&arena, "%04d", baseline->number);
        line = line ? pfl_arena_format(&arena, "%s\n", line) : NULL;
        code = path && line ? pfl_file_write(path, line, strlen(line), false, err)
                            : pfl_err_no_memory(err);
    }
    pfl_arena_release(&arena);
    return code;
}
