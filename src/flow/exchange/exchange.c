/*
 * Opening foreign files. What a file is, is told by its first 64 KiB, unpacked if it is packed;
 * what a folder is, by the names in it. --format decides without it (exchange_asked.c).
 */
#include "flow/exchange/exchange.h"

#include "base/text.h"
#include "flow/exchange/exchange_asked.h"
#include "judge/judge.h"
#include "sys/file.h"
#include "sys/unpack.h"

#include <string.h>

void pfl_exchange_names(struct pfl_buf *buf, bool written)
{
    size_t i;
    bool any = false;

    for (i = 0; pfl_formats[i]; i++) {
        if (!(written ? pfl_formats[i]->write != NULL : pfl_formats[i]->read != NULL))
            continue;
        pfl_buf_format(buf, "%s%s", any ? ", " : "", pfl_formats[i]->name);
        any = true;
    }
}

/* Of a file that is JSON as far as it goes: where it stops being it. false: it is whole, or cut by
 * our looking at its beginning only. */
static bool find_damage(const struct pfl_format_probe *probe, struct pfl_err *damage)
{
    struct pfl_json_reader json;
    size_t begin = pfl_format_behind_assignment(probe->bytes, probe->len);
    int rc;

    pfl_json_reader_init_text(&json, probe->path, probe->bytes + begin, probe->len - begin);
    pfl_json_reader_allow_many(&json);
    while (pfl_json_next_item(&json, damage) > 0)
        if (pfl_json_skip(&json, damage) < 0)
            break;
    rc = json.failed.code;
    pfl_json_reader_release(&json);
    return rc != PFL_OK && (probe->len < PFL_FORMAT_PROBE_BYTES ||
                            !strstr(damage->message, "the end of the input"));
}

static int no_format(const struct pfl_format_probe *probe, struct pfl_err *err)
{
    bool damaged = !probe->folder && probe->path_count;
    struct pfl_buf names;
    struct pfl_err damage;
    int rc;

    damaged = damaged && find_damage(probe, &damage);
    if (damaged && strstr(damage.message, "the end of the input"))
        return pfl_err_set_at(err, PFL_EPARSE, probe->path, damage.line, damage.column,
                              "%s: the file is cut short", damage.message);
    pfl_buf_init(&names, 4096);
    pfl_exchange_names(&names, false);
    if (damaged)
        rc = pfl_err_set(err, PFL_ENOTHING,
                         "%s: this is no result file that perfledger knows by its content, up to "
                         "where it is no JSON any more (%d:%d: %s); name its format with --format "
                         "(there are: %s)",
                         probe->path, damage.line, damage.column, damage.message,
                         pfl_buf_cstr(&names));
    else
        rc = pfl_err_set(
            err, PFL_ENOTHING, "%s: %s; name its format with --format (there are: %s)", probe->path,
            probe->folder ? "no results of a known kind are in this folder"
                          : "this is no result file that perfledger knows by its content",
            pfl_buf_cstr(&names));
    pfl_buf_release(&names);
    return rc;
}

static int asked_for(const char *name, const struct pfl_format **format, struct pfl_err *err)
{
    const char *names[64];
    const char *near;
    size_t n = 0, i;

    *format = pfl_format_find(name);
    if (*format && (*format)->read)
        return PFL_OK;
    for (i = 0; pfl_formats[i] && n < PFL_COUNT(names); i++)
        if (pfl_formats[i]->read)
            names[n++] = pfl_formats[i]->name;
    near = pfl_text_nearest(name, names, n);
    return pfl_err_set(err, PFL_EUSAGE, "there is no format `%s` to read%s%s%s", name,
                       near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
}

static struct pfl_format_input input_of(const struct pfl_exchange *exchange, const char *path)
{
    return (struct pfl_format_input){.path = path,
                                     .unit = exchange->unit,
                                     .better = exchange->better,
                                     .memory = exchange->memory};
}

/* PowerShell's `>` writes it. */
static bool is_utf16(const struct pfl_format_probe *probe)
{
    return probe->len >= 2 &&
           (memcmp(probe->bytes, "\xff\xfe", 2) == 0 || memcmp(probe->bytes, "\xfe\xff", 2) == 0);
}

/* It is not read, but is it a result? What is not ASCII tells nothing of that. */
static int refuse_utf16(const struct pfl_format_probe *from, struct pfl_err *err)
{
    struct pfl_format_probe probe = {.path = from->path};
    size_t big = from->bytes[0] == '\xfe', i;
    struct pfl_arena arena;
    bool known = false;
    char *bytes;

    pfl_arena_init(&arena);
    bytes = pfl_arena_array(&arena, from->len, 1);
    for (i = 2; bytes && i + 1 < from->len; i += 2)
        bytes[probe.len++] = from->bytes[i + !big] ? '?' : from->bytes[i + big];
    probe.bytes = bytes;
    if (bytes && pfl_format_probe_json(&probe, &arena, err) == PFL_OK)
        known = pfl_format_recognise(&probe) != NULL;
    pfl_arena_release(&arena);
    if (!bytes)
        return pfl_err_no_memory(err);
    return pfl_err_set(err, known ? PFL_EPARSE : PFL_ENOTHING,
                       "%s: the file is UTF-16; expected UTF-8 (iconv -f UTF-16 -t UTF-8)",
                       from->path);
}

/* An empty file has its own word: it is the commonest damaged one. */
static int find_format(const struct pfl_exchange *exchange, struct pfl_format_probe *probe,
                       const struct pfl_format **format, struct pfl_exchange_look *look,
                       struct pfl_err *err)
{
    struct pfl_arena arena;
    int rc;

    if (!probe->folder && is_utf16(probe))
        return refuse_utf16(probe, err);
    if (exchange->format && (rc = asked_for(exchange->format, format, err)) != PFL_OK)
        return rc;
    if (!probe->folder && probe->len == 0)
        return pfl_err_set(err, PFL_EPARSE, "%s: the file is empty", probe->path);
    if (exchange->format)
        return pfl_exchange_look(*format, probe, look, err);
    pfl_arena_init(&arena);
    rc = probe->folder ? PFL_OK : pfl_format_probe_json(probe, &arena, err);
    if (rc == PFL_OK) {
        *format = pfl_format_recognise(probe);
        if (!*format)
            rc = no_format(probe, err);
    }
    pfl_arena_release(&arena);
    return rc;
}

static int read_folder(const struct pfl_exchange *exchange, const char *path,
                       const struct pfl_format_sink *sink, const struct pfl_format **format,
                       struct pfl_err *err)
{
    struct pfl_format_probe probe = {.path = path, .folder = true};
    struct pfl_format_input input = input_of(exchange, path);
    struct pfl_exchange_look look = {.is_asked = true};
    struct pfl_arena arena;
    const char **names;
    int rc;

    pfl_arena_init(&arena);
    rc = pfl_file_list(path, &arena, &names, &probe.name_count, err);
    probe.names = names;
    if (rc == PFL_OK)
        rc = find_format(exchange, &probe, format, &look, err);
    if (rc == PFL_OK && !((*format)->recognise && (*format)->recognise(&probe))) {
        *format = NULL; /* --format, of the files in it */
        rc = no_format(&probe, err);
    }
    if (rc == PFL_OK) {
        input.folder = true;
        rc = (*format)->read(&input, sink, err);
    }
    pfl_arena_release(&arena);
    return rc;
}

static int read_stream(const struct pfl_exchange *exchange, struct pfl_unpack *unpack,
                       const char *path, const struct pfl_format_sink *sink,
                       const struct pfl_format **format, struct pfl_err *err)
{
    struct pfl_format_probe probe = {.path = path};
    struct pfl_format_input input = input_of(exchange, path);
    struct pfl_exchange_look look = {.is_asked = true};
    int rc;

    probe.bytes = pfl_unpack_head(unpack, &probe.len);
    if (probe.len >= 3 && memcmp(probe.bytes, "\xef\xbb\xbf", 3) == 0) {
        probe.bytes += 3;
        probe.len -= 3;
    }
    rc = find_format(exchange, &probe, format, &look, err);
    if (rc != PFL_OK)
        return rc;
    input.read = pfl_unpack_read;
    input.context = unpack;
    return pfl_exchange_read_asked(format, &look, &input, sink, err);
}

int pfl_exchange_read(const struct pfl_exchange *exchange, const char *path,
                      const struct pfl_format_sink *sink, const struct pfl_format **format,
                      struct pfl_err *err)
{
    struct pfl_unpack *unpack;
    struct pfl_file file;
    int rc;

    *format = NULL;
    if (strcmp(path, "-") != 0 && pfl_file_is_folder(path))
        return read_folder(exchange, path, sink, format, err);
    rc = exchange->in_folder ? pfl_file_open_regular(path, &file, err)
                             : pfl_file_open(path, &file, err);
    if (rc != PFL_OK)
        return rc;
    rc = pfl_unpack_open(path, pfl_file_read_some, &file, PFL_FORMAT_PROBE_BYTES, &unpack, err);
    if (rc == PFL_OK) {
        rc = read_stream(exchange, unpack, path, sink, format, err);
        pfl_unpack_close(unpack);
    }
    pfl_file_close(&file);
    return rc;
}

/* ---- the one run of a file ---- */

struct only {
    struct pfl_arena *arena; /* to be joined by the run's */
    struct pfl_arena held;
    struct pfl_run run;
    size_t runs;
    const char **warnings;
    size_t warning_count, warning_room;
};

static int take_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                    struct pfl_err *err)
{
    struct only *only = context;

    (void)err;
    if (only->runs++ > 0)
        return PFL_OK;
    only->run = *run;
    only->held = *arena;
    pfl_arena_init(arena);
    return PFL_OK;
}

static int take_warning(void *context, const struct pfl_format_place *place, const char *what)
{
    struct only *only = context;
    const char *text = place->line ? pfl_arena_format(only->arena, "%s:%d:%d: %s", place->path,
                                                      place->line, place->column, what)
                                   : pfl_arena_format(only->arena, "%s: %s", place->path, what);

    if (!text)
        return PFL_ENOMEM;
    if (only->warning_count == only->warning_room) {
        size_t room = only->warning_room ? only->warning_room * 2 : 8;
        const char **more =
            pfl_arena_grow(only->arena, only->warnings, only->warning_count, room, sizeof *more);

        if (!more)
            return PFL_ENOMEM;
        only->warnings = more;
        only->warning_room = room;
    }
    only->warnings[only->warning_count++] = text;
    return PFL_OK;
}

int pfl_exchange_read_one(const struct pfl_exchange *exchange, const char *path,
                          struct pfl_arena *arena, struct pfl_run *run, struct pfl_err *err)
{
    struct only only = {.arena = arena};
    struct pfl_format_sink sink = {.run = take_run, .warn = take_warning, .context = &only};
    const struct pfl_format *format;
    int rc;

    pfl_arena_init(&only.held);
    rc = pfl_exchange_read(exchange, path, &sink, &format, err);
    if (rc == PFL_OK && only.runs == 0)
        rc = pfl_err_set(err, PFL_ENOTHING, "%s (%s) holds no benchmark", path, format->title);
    if (rc == PFL_OK && only.runs > 1)
        rc = pfl_err_set(err, PFL_EINVAL,
                         "%s (%s) holds %zu runs; `perfledger import` it, then name two by their "
                         "revisions or ids (`perfledger list`)",
                         path, format->title, only.runs);
    if (rc == PFL_OK && only.warning_count && only.run.warning_count == 0) {
        only.run.warnings = only.warnings;
        only.run.warning_count = only.warning_count;
    }
    if (rc == PFL_OK)
        rc = pfl_judge_summarise(&only.run, err);
    if (rc == PFL_OK) {
        pfl_arena_join(arena, &only.held);
        *run = only.run;
    } else {
        pfl_arena_release(&only.held);
    }
    return rc;
}
