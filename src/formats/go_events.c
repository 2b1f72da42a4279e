/*
 * `go test -json` (cmd/test2json): one event per line, {"Action":"output","Package":…,"Output":…},
 * around what the test binaries print. A result is printed in two steps, its name before and its
 * values behind the measuring, so it mostly comes as two events; `go test ./...` runs packages side
 * by side, so lines of several packages may be begun at one time. Each package's text is therefore
 * put together on its own, and where a line of another package follows, `pkg: …` is said anew.
 *
 * The field Test is not looked at: before Go 1.20 it names the benchmark before. Lines that are no
 * events (the compiler's) are passed on as they stand; a damaged event costs itself.
 */
#include "formats/go_events.h"

#include "formats/fields.h"

#include <string.h>

bool pfl_go_is_events(const char *bytes, size_t len)
{
    const char *end = bytes + len, *line, *next;

    for (line = bytes; line < end; line = next) {
        next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        if (*line == '{' && memmem(line, (size_t)(next - line), "\"Action\":", 9))
            return true;
    }
    return false;
}

void pfl_go_events_init(struct pfl_go_events *events, const struct pfl_format_input *input,
                        struct pfl_build *build)
{
    *events = (struct pfl_go_events){.build = build};
    pfl_line_reader_init(&events->lines, input);
    pfl_arena_init(&events->arena);
    pfl_buf_init(&events->ready, (size_t)PFL_LINE_READER_MAX * 2);
}

void pfl_go_events_release(struct pfl_go_events *events)
{
    size_t i;

    for (i = 0; i < events->parts.n; i++)
        pfl_buf_release(&events->parts.at[i].begun);
    pfl_vec_release(&events->parts);
    pfl_buf_release(&events->ready);
    pfl_arena_release(&events->arena);
    pfl_line_reader_release(&events->lines);
}

/* The last one met is mostly the one asked for. NULL: no memory. */
static struct pfl_go_part *part_of(struct pfl_go_events *events, const char *package)
{
    struct pfl_go_part part = {.package = NULL};
    size_t i;

    for (i = events->parts.n; i-- > 0;)
        if (strcmp(events->parts.at[i].package, package) == 0)
            return &events->parts.at[i];
    part.package = pfl_arena_text(&events->arena, package);
    pfl_buf_init(&part.begun, PFL_LINE_READER_MAX);
    if (!part.package || !pfl_vec_push(&events->parts, &part))
        return NULL;
    return &events->parts.at[events->parts.n - 1];
}

static bool is_result(const struct pfl_buf *line)
{
    return line->len > 4 &&
           (strncmp(line->data, "Benchmark", 9) == 0 || strncmp(line->data, "--- ", 4) == 0);
}

/* The begun line of a package has its end. */
static void end_line(struct pfl_go_events *events, struct pfl_go_part *part)
{
    size_t place = (size_t)(part - events->parts.at) + 1;

    if (*part->package && part->begun.len && strncmp(part->begun.data, "pkg:", 4) == 0) {
        pfl_buf_clear(&part->begun); /* said where it is needed */
        return;
    }
    if (place != events->last && *part->package && is_result(&part->begun)) {
        pfl_buf_format(&events->ready, "pkg: %s\n", part->package);
        events->last = place;
    }
    pfl_buf_add(&events->ready, part->begun.data, part->begun.len);
    pfl_buf_char(&events->ready, '\n');
    pfl_buf_clear(&part->begun);
}

static int add_output(struct pfl_go_events *events, const char *package, const char *output,
                      struct pfl_err *err)
{
    struct pfl_go_part *part = part_of(events, package);
    const char *end;

    if (!part)
        return pfl_err_no_memory(err);
    for (; (end = strchr(output, '\n')); output = end + 1) {
        pfl_buf_add(&part->begun, output, (size_t)(end - output));
        end_line(events, part);
    }
    pfl_buf_text(&part->begun, output);
    return pfl_buf_check(&part->begun, err, "putting together a line of `go test -json`");
}

struct event {
    const char *action, *package, *output;
};

static int parse(struct pfl_go_events *events, struct event *event, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("Action", struct event, action),
        PFL_FIELD_TEXT("Package", struct event, package),
        PFL_FIELD_TEXT("Output", struct event, output),
        {0},
    };
    struct pfl_json_reader json;
    struct pfl_fields f = {&json, events->build, NULL};
    int rc;

    pfl_json_reader_init_text(&json, events->build->input->path, events->lines.line.data,
                              events->lines.line.len);
    json.line = events->lines.number;
    rc = pfl_fields_read(&f, fields, event, err);
    if (rc >= 0)
        rc = pfl_json_expect(&json, PFL_JSON_END, err);
    pfl_json_reader_release(&json);
    return rc;
}

static int read_event(struct pfl_go_events *events, struct pfl_err *err)
{
    struct event event = {"", "", ""};
    struct pfl_err why;
    int rc = parse(events, &event, &why);

    if (rc == PFL_ENOMEM || events->build->no_memory)
        return pfl_err_no_memory(err);
    if (rc < 0) {
        pfl_build_warn_at(events->build, events->lines.number, why.column,
                          "%s: the event is left out", why.message);
        return PFL_OK;
    }
    events->whole++;
    return strcmp(event.action, "output") == 0
               ? add_output(events, event.package, event.output, err)
               : PFL_OK;
}

static int read_more(struct pfl_go_events *events, struct pfl_err *err)
{
    size_t i;
    int rc = pfl_line_reader_next(&events->lines, err);

    pfl_buf_clear(&events->ready);
    events->at = 0;
    if (rc < 0)
        return rc;
    if (rc == 0) {
        events->over = true;
        for (i = 0; i < events->parts.n; i++)
            if (events->parts.at[i].begun.len)
                end_line(events, &events->parts.at[i]);
    } else if (events->lines.line.len && events->lines.line.data[0] == '{') {
        rc = read_event(events, err);
    } else {
        pfl_buf_add(&events->ready, events->lines.line.data, events->lines.line.len);
        pfl_buf_char(&events->ready, '\n');
    }
    return rc < 0 ? rc : pfl_buf_check(&events->ready, err, "reading `go test -json`");
}

int pfl_go_events_next(struct pfl_go_events *events, struct pfl_buf *line, struct pfl_err *err)
{
    const char *from, *end;
    int rc;

    while (events->at == events->ready.len) {
        if (events->over)
            return 0;
        rc = read_more(events, err);
        if (rc < 0)
            return rc;
    }
    from = events->ready.data + events->at;
    end = memchr(from, '\n', events->ready.len - events->at); /* every line has one */
    pfl_buf_clear(line);
    pfl_buf_add(line, from, (size_t)(end - from));
    pfl_buf_text(line, ""); /* an empty one ends, too */
    events->at += (size_t)(end - from) + 1;
    rc = pfl_buf_check(line, err, "reading `go test -json`");
    return rc < 0 ? rc : 1;
}
