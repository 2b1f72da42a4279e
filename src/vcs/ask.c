/*
 * How git(1) is asked.
 *
 * Nothing asked here may disturb a repository that somebody works in: optional locks are off
 * (status would refresh the index), the language is C so that messages can be recognised, nothing
 * may ask for a password, and variables that bind git to another repository are taken out of the
 * environment (a hook's GIT_DIR, when perfledger runs in one). The same variables would mislead the
 * build of another revision, so what else is started there gets an environment without them, too.
 */
#include "vcs/ask.h"

#include "base/alloc.h"
#include "base/text.h"
#include "sys/spawn.h"
#include "sys/tty.h"
#include "vcs/git.h"

#include <ctype.h>
#include <string.h>

enum { OUTPUT_MAX = 4 << 20, ERRORS_MAX = 4096, OUR_VARIABLES = 3 };

void pfl_git_answer_init(struct pfl_git_answer *answer)
{
    pfl_buf_init(&answer->output, OUTPUT_MAX);
    pfl_buf_init(&answer->errors, ERRORS_MAX);
    answer->status = 0;
}

void pfl_git_answer_release(struct pfl_git_answer *answer)
{
    pfl_buf_release(&answer->output);
    pfl_buf_release(&answer->errors);
}

/* Variables that change how git reads our words, and those that we set ourselves. */
static const char *const misleading[] = {
    "GIT_LITERAL_PATHSPECS=",
    "GIT_GLOB_PATHSPECS=",
    "GIT_NOGLOB_PATHSPECS=",
    "GIT_ICASE_PATHSPECS=",
    "LC_ALL=",
    "GIT_OPTIONAL_LOCKS=",
    "GIT_TERMINAL_PROMPT=",
};

static bool starts_with_any(const char *variable, const char *const *names, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (pfl_text_starts(variable, names[i]))
            return true;
    return false;
}

/* Our environment without those; there is room for OUR_VARIABLES more. *n: how many there are. */
static char **environment_without(bool misleading_too, size_t *n)
{
    char **ours = pfl_environment_all(), **made;
    size_t count = 0;

    *n = 0;
    while (ours && ours[count])
        count++;
    made = pfl_alloc_zeroed(count + OUR_VARIABLES + 1, sizeof *made);
    for (; made && ours && *ours; ours++)
        if (!pfl_environment_binds_git(*ours) &&
            !(misleading_too && starts_with_any(*ours, misleading, PFL_COUNT(misleading))))
            made[(*n)++] = *ours;
    return made;
}

char **pfl_git_free_environment(void)
{
    size_t n;

    return environment_without(false, &n);
}

static char **environment_for_git(void)
{
    static char c_language[] = "LC_ALL=C", no_locks[] = "GIT_OPTIONAL_LOCKS=0",
                no_prompt[] = "GIT_TERMINAL_PROMPT=0";
    size_t n;
    char **made = environment_without(true, &n);

    if (made) {
        made[n++] = c_language;
        made[n++] = no_locks;
        made[n++] = no_prompt;
    }
    return made;
}

int pfl_git_put(const struct pfl_git_question *question, struct pfl_git_answer *answer,
                struct pfl_err *err)
{
    struct pfl_process_params params = {.cwd = question->folder,
                                        .timeout_ns = question->timeout_ns,
                                        .output = &answer->output,
                                        .errors = &answer->errors,
                                        .interrupted = question->interrupted,
                                        .context = question->context};
    char **environment, **argv;
    size_t n = 0, i;
    int rc = PFL_ENOMEM;

    while (question->words[n])
        n++;
    argv = pfl_alloc_zeroed(n + 3, sizeof *argv);
    environment = environment_for_git();
    if (argv && environment) {
        argv[0] = (char *)"git";
        argv[1] = (char *)"--no-optional-locks";
        for (i = 0; i < n; i++)
            argv[i + 2] = (char *)question->words[i];
        params.argv = argv;
        params.envp = environment;
        pfl_buf_clear(&answer->output);
        pfl_buf_clear(&answer->errors);
        rc = pfl_process_run(&params, &answer->status, err);
    } else {
        pfl_err_no_memory(err);
    }
    pfl_free(environment);
    pfl_free(argv);
    return rc;
}

int pfl_git_ask(const char *folder, const char *const *words, struct pfl_git_answer *answer,
                struct pfl_err *err)
{
    struct pfl_git_question question = {.folder = folder, .words = words};

    return pfl_git_put(&question, answer, err);
}

const char *pfl_git_line(struct pfl_git_answer *answer)
{
    size_t len = answer->output.len;

    if (len > 0 && answer->output.data[len - 1] == '\n')
        pfl_buf_truncate(&answer->output, len - 1);
    return pfl_buf_cstr(&answer->output);
}

const char *pfl_git_complaint(struct pfl_git_answer *answer)
{
    const char *text;

    while (answer->errors.len > 0 &&
           isspace((unsigned char)answer->errors.data[answer->errors.len - 1]))
        pfl_buf_truncate(&answer->errors, answer->errors.len - 1);
    text = pfl_buf_cstr(&answer->errors);
    return pfl_text_starts(text, "fatal: ") ? text + strlen("fatal: ") : text;
}

/* No git at all is worth other words than "starting 'git': No such file". */
int pfl_git_missing(int rc, const char *folder, struct pfl_err *err)
{
    if (rc == PFL_ENOENT)
        pfl_err_set(err, rc,
                    "cannot ask git about '%s': git is not installed, or the folder is gone",
                    folder);
    return rc;
}

int pfl_git_split(const struct pfl_git_answer *answer, struct pfl_arena *arena, const char ***texts,
                  size_t *count, struct pfl_err *err)
{
    const char *at = pfl_buf_cstr(&answer->output), *end = at + answer->output.len;
    const char **found;
    size_t n = 0, i;

    for (i = 0; i < answer->output.len; i++)
        n += at[i] == 0;
    found = pfl_arena_array(arena, n + 1, sizeof *found);
    for (i = 0; found && i < n; i++, at += strlen(at) + 1)
        if (at >= end || !(found[i] = pfl_arena_text(arena, at)))
            found = NULL;
    if (!found)
        return pfl_err_no_memory(err);
    *texts = found;
    *count = n;
    return PFL_OK;
}
