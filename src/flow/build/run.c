/*
 * Running `build`. It gets /dev/null as input, a session of its own, and its whole output in one
 * file. A shell of ours opens that file and then becomes `sh -c BUILD`: the user's command is a
 * word of its own, so nothing of ours can change its meaning, and whatever it prints is kept in the
 * order in which it was printed, without a limit.
 *
 * What a person wants to see of a failed build is its end: the last lines that say anything.
 */
#include "flow/build/run.h"

#include "base/alloc.h"
#include "base/text.h"
#include "sys/file.h"
#include "sys/pipe.h"
#include "sys/spawn.h"
#include "vcs/git.h"

#include <ctype.h>
#include <string.h>

enum { LAST_LINES = 3, LAST_BYTES = 400 };
static const int64_t default_timeout_ns = INT64_C(3600) * 1000000000;

static bool is_blank(char c)
{
    return isspace((unsigned char)c);
}

/* The last line of a text, without the blanks around it; "" (len 0) when there is none left. */
static const char *take_last_line(const char *bytes, const char **end, size_t *len)
{
    const char *line;

    while (*end > bytes && is_blank((*end)[-1]))
        --*end;
    for (line = *end; line > bytes && line[-1] != '\n';)
        line--;
    *len = (size_t)(*end - line);
    *end = line;
    return line;
}

/* The end of a log: its last lines as one text, "a | b"; "" when it says nothing. NULL: no memory.
 */
static const char *last_words(const char *log, struct pfl_arena *arena)
{
    struct pfl_tail tail = {0};
    struct pfl_file file;
    const char *bytes, *text = "", *line, *end;
    char chunk[4096];
    size_t len, lines;
    long got;

    if (pfl_file_open(log, &file, NULL) != PFL_OK)
        return "";
    while ((got = pfl_file_read_some(&file, chunk, sizeof chunk, NULL)) > 0)
        pfl_tail_add(&tail, chunk, (size_t)got);
    pfl_file_close(&file);
    pfl_tail_get(&tail, &bytes, &len);
    end = bytes + len;
    for (lines = 0; lines < LAST_LINES && text; lines++) {
        line = take_last_line(bytes, &end, &len);
        if (len == 0 || (*text && strlen(text) + len > LAST_BYTES))
            break;
        text = pfl_arena_format(arena, "%.*s%s%s", (int)(len < LAST_BYTES ? len : LAST_BYTES), line,
                                *text ? " | " : "", text);
    }
    return text ? pfl_text_shown(arena, text) : NULL;
}

static int set_problem(struct pfl_flow *flow, struct pfl_flow_build *build, const char *how,
                       struct pfl_err *err)
{
    const char *words = last_words(build->log, flow->arena);
    const char *command = pfl_text_shown(flow->arena, flow->config.build);
    const char *hint = build->overlaid
                           ? "; the work tree's benchmark files were put over it, which "
                             "may be why: `benchmark_files: []` leaves it its own"
                           : "";

    if (words && command)
        build->problem = pfl_arena_format(
            flow->arena, "the build of %s, `%s`, %s%s%s; all it said is in %s%s", build->label,
            command, how, *words ? "; it said last: " : "; it said nothing", words, build->log,
            hint);
    return build->problem ? PFL_OK : pfl_err_no_memory(err);
}

static int judge_status(struct pfl_flow *flow, struct pfl_flow_build *build, int status,
                        struct pfl_err *err)
{
    const char *how;

    if (status == 0)
        return PFL_OK;
    build->failed = true;
    how = status < 0 ? pfl_arena_format(flow->arena, "was ended by signal %d", -status)
                     : pfl_arena_format(flow->arena, "failed with exit status %d", status);
    return how ? set_problem(flow, build, how, err) : pfl_err_no_memory(err);
}

static int judge_timeout(struct pfl_flow *flow, struct pfl_flow_build *build, int64_t timeout_ns,
                         struct pfl_err *err)
{
    const char *how = pfl_arena_format(flow->arena, "did not end within %.3g s and was ended",
                                       (double)timeout_ns / 1e9);

    return how ? set_problem(flow, build, how, err) : pfl_err_no_memory(err);
}

int pfl_flow_build_run(struct pfl_flow *flow, const struct pfl_flow_build_params *params,
                       struct pfl_flow_build *build, struct pfl_err *err)
{
    const struct pfl_clock *clock = flow->clock, *real = pfl_clock_system();
    char *argv[] = {(char *)"sh",
                    (char *)"-c",
                    (char *)"exec sh -c \"$1\" >\"$0\" 2>&1",
                    (char *)build->log,
                    (char *)flow->config.build,
                    NULL};
    struct pfl_process_params process = {
        .argv = argv,
        .envp = pfl_git_free_environment(),
        .cwd = build->root,
        .timeout_ns = params->timeout_ns > 0 ? params->timeout_ns : default_timeout_ns,
        .interrupted = params->stop_asked,
        .context = params->context,
        .whole_session = true, /* a compiler that goes on would write into what is measured next */
    };
    int64_t began = clock->monotonic_ns(clock->context);
    int64_t deadline = real->monotonic_ns(real->context) + process.timeout_ns;
    int status = 0, rc;

    if (!process.envp)
        return pfl_err_no_memory(err);
    rc = pfl_process_run(&process, &status, err);
    pfl_free((void *)process.envp);
    build->seconds = (double)(clock->monotonic_ns(clock->context) - began) / 1e9;
    if (rc == PFL_OK)
        return judge_status(flow, build, status, err);
    if (rc == PFL_EINTERRUPTED)
        return pfl_err_set(err, rc, "interrupted while %s was built", build->label);
    if (rc == PFL_ESYSTEM && real->monotonic_ns(real->context) >= deadline)
        return judge_timeout(flow, build, process.timeout_ns, err);
    return rc;
}
