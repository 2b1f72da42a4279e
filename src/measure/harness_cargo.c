/*
 * Cargo.toml and Cargo.lock, read line by line: tables of `key = value` lines, which is how people
 * and cargo write them. What stands in another shape of TOML is not seen, and then nothing is said
 * of it: the caller does without.
 */
#include "measure/harness_cargo.h"

#include "base/buf.h"
#include "base/vec.h"
#include "sys/file.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 << 20 };

PFL_VEC(name_vec, const char *);

struct entry { /* a line of a table */
    const char *key, *value;
    size_t key_len, value_len;
};

static bool read_file(const char *folder, const char *name, struct pfl_arena *arena,
                      struct pfl_buf *text)
{
    const char *above = pfl_file_find_up(folder, name, arena);
    const char *path = above ? pfl_file_join(above, name, arena) : NULL;

    return path && pfl_file_read(path, text, NULL) == PFL_OK && text->len;
}

/* The next line without blanks around it and comments behind; NULL at the end. */
static const char *next_line(const char **rest, size_t *len)
{
    const char *line = *rest, *end, *hash;

    if (!*line)
        return NULL;
    end = line + strcspn(line, "\n");
    *rest = *end ? end + 1 : end;
    hash = memchr(line, '#', (size_t)(end - line));
    end = hash ? hash : end;
    while (line < end && isspace((unsigned char)*line))
        line++;
    while (line < end && isspace((unsigned char)end[-1]))
        end--;
    *len = (size_t)(end - line);
    return line;
}

/* `key = value`; a string loses its quotes. */
static bool split_line(const char *line, size_t len, struct entry *entry)
{
    const char *equals = memchr(line, '=', len), *end = line + len;

    if (!equals)
        return false;
    entry->key = line;
    for (entry->key_len = (size_t)(equals - line);
         entry->key_len && isspace((unsigned char)line[entry->key_len - 1]); entry->key_len--)
        ;
    for (equals++; equals < end && isspace((unsigned char)*equals); equals++)
        ;
    if (end - equals >= 2 && (*equals == '"' || *equals == '\'') && end[-1] == *equals) {
        equals++;
        end--;
    }
    entry->value = equals;
    entry->value_len = (size_t)(end - equals);
    return true;
}

static bool is(const char *text, size_t len, const char *what)
{
    return len == strlen(what) && memcmp(text, what, len) == 0;
}

/* ---- bench targets ---- */

struct target {
    const char *name;
    bool inside, own_harness, needs_features;
};

static bool end_target(struct target *target, struct name_vec *names, bool *some_need)
{
    bool ok = true;

    *some_need = *some_need || (target->inside && target->needs_features);
    if (target->inside && target->name && target->own_harness)
        ok = pfl_vec_push(names, &target->name);
    *target = (struct target){0};
    return ok;
}

static bool read_target(const struct entry *entry, struct target *target, struct pfl_arena *arena)
{
    if (is(entry->key, entry->key_len, "name"))
        target->name = pfl_arena_text_n(arena, entry->value, entry->value_len);
    else if (is(entry->key, entry->key_len, "harness"))
        target->own_harness = is(entry->value, entry->value_len, "false");
    else if (is(entry->key, entry->key_len, "required-features"))
        target->needs_features = true;
    return target->name || !is(entry->key, entry->key_len, "name");
}

static bool collect(const char *text, struct pfl_arena *arena, struct name_vec *names)
{
    struct target target = {0};
    struct entry entry;
    bool ok = true, some_need = false;
    const char *line;
    size_t len;

    while (ok && (line = next_line(&text, &len))) {
        if (len && *line == '[') {
            ok = end_target(&target, names, &some_need);
            target.inside = is(line, len, "[[bench]]");
        } else if (target.inside && split_line(line, len, &entry)) {
            ok = read_target(&entry, &target, arena);
        }
    }
    ok = ok && end_target(&target, names, &some_need);
    if (some_need)
        names->n = 0;
    return ok;
}

bool pfl_cargo_benches(const char *folder, struct pfl_arena *arena, const char *const **names,
                       size_t *n)
{
    struct name_vec found = {0};
    struct pfl_buf text;
    bool ok = true;

    pfl_buf_init(&text, FILE_MAX);
    if (read_file(folder, "Cargo.toml", arena, &text))
        ok = collect(pfl_buf_cstr(&text), arena, &found);
    pfl_buf_release(&text);
    *n = found.n;
    *names = ok ? pfl_arena_grow(arena, found.at, found.n, found.n + 1, sizeof **names) : NULL;
    pfl_vec_release(&found);
    return *names != NULL;
}

/* ---- versions ---- */

/* "0.5.1" → 5; of 1 and later a big number. */
static long minor_of(const char *version, size_t len)
{
    const char *dot = memchr(version, '.', len);

    if (!dot || strtol(version, NULL, 10) > 0)
        return dot ? 1000000 : -1;
    return strtol(dot + 1, NULL, 10);
}

bool pfl_cargo_at_least(const char *folder, const char *package, int minor, struct pfl_arena *arena)
{
    bool in_it = false;
    long oldest = -1, found;
    struct entry entry;
    struct pfl_buf text;
    const char *rest, *line;
    size_t len;

    pfl_buf_init(&text, FILE_MAX);
    rest = read_file(folder, "Cargo.lock", arena, &text) ? pfl_buf_cstr(&text) : "";
    while ((line = next_line(&rest, &len))) {
        if (len && *line == '[')
            in_it = false;
        else if (!split_line(line, len, &entry))
            continue;
        else if (is(entry.key, entry.key_len, "name"))
            in_it = is(entry.value, entry.value_len, package);
        else if (in_it && is(entry.key, entry.key_len, "version")) {
            found = minor_of(entry.value, entry.value_len);
            oldest = oldest < 0 || found < oldest ? found : oldest;
        }
    }
    pfl_buf_release(&text);
    return oldest >= minor;
}
