/*
 * The names of baselines and what they are read from: NNNN_NAME.json, the word in `current`. Four
 * digits at least, so that a folder sorts by number up to 9999; more are read all the same.
 */
#include "base/text.h"
#include "project/baseline_private.h"
#include "sys/file.h"

#include <string.h>

enum { MAX_NAME = 100 };

const char pfl_baseline_suffix[6] = ".json";

/* "0012", "12": the number; *rest behind the digits. -1: none, or too large. */
int pfl_baseline_read_number(const char *text, const char **rest)
{
    int number = 0;

    *rest = text;
    for (; **rest >= '0' && **rest <= '9'; ++*rest) {
        number = number * 10 + (**rest - '0');
        if (number > PFL_BASELINE_MAX_NUMBER)
            return -1;
    }
    return *rest == text ? -1 : number;
}

static bool is_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

const char *pfl_baseline_safe_name(struct pfl_arena *arena, const char *name)
{
    size_t left = strlen(name), n = 0, step;
    char safe[MAX_NAME + 1];
    uint32_t point;

    for (; left > 0 && n < MAX_NAME; name += step, left -= step) {
        step = pfl_text_decode(name, left, &point);
        if (step == 0)
            step = 1;
        safe[n++] = step == 1 && is_safe(*name) ? *name : '-';
    }
    safe[n] = 0;
    return pfl_arena_text(arena, safe);
}

/* NNNN.json or NNNN_NAME.json. False: not of the form, or no memory (*name NULL then). */
bool pfl_baseline_read_file_name(const char *file, struct pfl_arena *arena, int *number,
                                 const char **name)
{
    const char *rest, *end;
    size_t digits;

    *name = "";
    *number = pfl_baseline_read_number(file, &rest);
    digits = (size_t)(rest - file);
    end = rest + strlen(rest);
    if (*number < 1 || digits < 4 || end - rest < (long)(sizeof pfl_baseline_suffix - 1))
        return false;
    end -= sizeof pfl_baseline_suffix - 1;
    if (strcmp(end, pfl_baseline_suffix) != 0 || (rest < end && (*rest != '_' || rest + 1 == end)))
        return false;
    if (rest < end)
        *name = pfl_arena_text_n(arena, rest + 1, (size_t)(end - rest - 1));
    return *name != NULL;
}

/* NNNN or NNNN_NAME, as `current` and messages name it. */
const char *pfl_baseline_stem(const struct pfl_baseline *baseline, struct pfl_arena *arena)
{
    return pfl_arena_format(arena, "%04d%s%s", baseline->number, baseline->name[0] ? "_" : "",
                            baseline->name);
}

int pfl_baseline_modified(const char *path, int64_t *modified_unix, struct pfl_err *err)
{
    int64_t size, modified_ns;
    int code = pfl_file_stat(path, &size, &modified_ns, err);

    if (code == PFL_OK)
        *modified_unix = modified_ns / 1000000000;
    return code;
}

/* The content of `current` without blanks around it, "" when there is none. */
int pfl_baseline_read_current(const char *folder, struct pfl_arena *arena, const char **current,
                              struct pfl_err *err)
{
    const char *path = pfl_file_join(folder, "current", arena), *start;
    struct pfl_buf text;
    size_t len;
    int code;

    *current = "";
    if (!path)
        return pfl_err_no_memory(err);
    if (!pfl_file_exists(path))
        return PFL_OK;
    pfl_buf_init(&text, 64 * 1024);
    code = pfl_file_read(path, &text, err);
    if (code == PFL_OK) {
        start = pfl_buf_cstr(&text) + strspn(pfl_buf_cstr(&text), " \t\r\n");
        for (len = strlen(start); len > 0 && strchr(" \t\r\n", start[len - 1]);)
            len--;
        *current = pfl_arena_text_n(arena, start, len);
        if (!*current)
            code = pfl_err_no_memory(err);
    }
    pfl_buf_release(&text);
    return code;
}
