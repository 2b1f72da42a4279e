/*
 * Text → tree of nodes: the only file that knows libfyaml.
 *
 * libfyaml's event stream is used, not its documents: so the size of the tree, its depth and what
 * aliases unfold to are bounded by us while it grows, duplicate keys are found here, and every node
 * keeps its byte offset, from which lines and columns are counted in one way for all messages
 * (libfyaml's own marks differ for lone carriage returns and after a byte-order mark). Its
 * diagnostics are collected, never printed.
 *
 * Bytes that YAML forbids (invalid UTF-8, NUL and other control characters) are refused before
 * libfyaml sees them: it would take a NUL for the end of the file.
 *
 * In: source->file/text/len. Out: source->root and lines, or problems.
 */
#include "base/map.h"
#include "base/text.h"
#include "base/vec.h"
#include "config/reader.h"

#include <libfyaml.h>
#include <string.h>

PFL_VEC(nodes, struct pfl_config_node *);

struct frame { /* a list or map that is still open */
    struct pfl_config_node *node;
    size_t base; /* its children start here on the stack of values */
    size_t weight;
};

struct build {
    struct pfl_config_reader *reader;
    struct pfl_config_source *source;
    size_t skipped; /* bytes of the byte-order mark */
    struct frame frames[PFL_CONFIG_MAX_DEPTH];
    size_t depth;
    struct nodes values;  /* of the open frames; map: key, value, key, value … */
    struct nodes anchors; /* by the index that anchor_names answers */
    struct pfl_map anchor_names;
    size_t documents;
};

static bool no_memory(struct build *build)
{
    build->reader->no_memory = true;
    return false;
}

static bool problem(struct build *build, size_t at, size_t len, const char *message)
{
    pfl_config_problem_at(build->reader, build->source, at, len, message);
    return false;
}

static struct pfl_config_node *new_node(struct build *build, struct fy_event *event)
{
    const struct fy_mark *start = fy_event_start_mark(event), *end = fy_event_end_mark(event);
    struct pfl_config_node *node = pfl_arena_alloc(build->reader->arena, sizeof *node);
    struct pfl_config_node *before = build->values.n ? build->values.at[build->values.n - 1] : NULL;

    if (!node) {
        no_memory(build);
        return NULL;
    }
    node->source = build->source;
    node->weight = 1;
    if (start && end) {
        node->at = start->input_pos + build->skipped;
        node->len = end->input_pos > start->input_pos ? end->input_pos - start->input_pos : 0;
    } else if (before) { /* a value that was left out has no place: its key's */
        node->at = before->at;
        node->len = before->len;
    }
    return node;
}

static bool push(struct build *build, struct pfl_config_node *node)
{
    struct frame *frame = build->depth ? &build->frames[build->depth - 1] : NULL;

    if (!frame) {
        build->source->root = node;
        return true;
    }
    frame->weight += node->weight;
    if (frame->weight > PFL_CONFIG_MAX_NODES)
        return problem(build, node->at, node->len, "more than 1,000,000 values, aliases unfolded");
    return pfl_vec_push(&build->values, &node) ? true : no_memory(build);
}

static bool keep_anchor(struct build *build, struct fy_event *event, struct pfl_config_node *node)
{
    struct fy_token *token = fy_event_get_anchor_token(event);
    const char *text, *name;
    size_t len = 0;

    if (!token)
        return true;
    text = fy_token_get_text(token, &len);
    name = text ? pfl_arena_text_n(build->reader->arena, text, len) : NULL;
    if (!name || !pfl_map_set(&build->anchor_names, name, build->anchors.n) ||
        !pfl_vec_push(&build->anchors, &node))
        return no_memory(build);
    return true;
}

static bool refuse_tag(struct build *build, struct fy_event *event)
{
    struct fy_token *token = fy_event_get_tag_token(event);
    const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;

    if (!token)
        return true;
    return problem(build, start ? start->input_pos + build->skipped : 0, 1,
                   "tags (!…) are not used here: what a value is follows from its key");
}

/* libfyaml's marks of a quoted text are those of its inside. */
static void include_quotes(const struct build *build, struct pfl_config_node *node)
{
    const struct pfl_config_source *source = build->source;

    if (node->at > build->skipped && strchr("\"'", source->text[node->at - 1])) {
        node->at--;
        node->len += node->at + node->len + 1 < source->len ? 2 : 1;
    }
}

static bool on_scalar(struct build *build, struct fy_event *event)
{
    enum fy_scalar_style style = FYSS_PLAIN;
    struct pfl_config_node *node;
    const char *text = "";
    size_t len = 0;

    if (!refuse_tag(build, event) || !(node = new_node(build, event)))
        return false;
    node->kind = PFL_CONFIG_TEXT;
    node->plain = true;
    if (event->scalar.value) {
        style = fy_token_scalar_style(event->scalar.value);
        node->plain = style == FYSS_PLAIN;
        if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED)
            include_quotes(build, node);
        text = fy_token_get_text(event->scalar.value, &len);
        if (!text)
            return no_memory(build);
    }
    if (memchr(text, 0, len))
        return problem(build, node->at, node->len, "a NUL character (\\0) cannot be used anywhere");
    if (!pfl_text_is_utf8(text, len))
        return problem(build, node->at, node->len, "an escape makes this text invalid UTF-8");
    node->text = pfl_arena_text_n(build->reader->arena, text, len);
    if (!node->text)
        return no_memory(build);
    return keep_anchor(build, event, node) && push(build, node);
}

static bool on_alias(struct build *build, struct fy_event *event)
{
    size_t len = 0, *index, at = 0;
    const char *text = fy_token_get_text(event->alias.anchor, &len), *name;
    const struct fy_mark *start = fy_event_start_mark(event);

    if (start)
        at = start->input_pos + build->skipped;
    name = text ? pfl_arena_text_n(build->reader->arena, text, len) : NULL;
    if (!name)
        return no_memory(build);
    index = pfl_map_get(&build->anchor_names, name);
    if (!index)
        return problem(build, at, len, "this alias has no anchor (&name) before it");
    if (build->anchors.at[*index]->open)
        return problem(build, at, len, "this alias would make the value contain itself");
    return push(build, build->anchors.at[*index]);
}

static bool on_start(struct build *build, struct fy_event *event, enum pfl_config_kind kind)
{
    struct pfl_config_node *node;

    if (!refuse_tag(build, event) || !(node = new_node(build, event)))
        return false;
    if (build->depth == PFL_CONFIG_MAX_DEPTH)
        return problem(build, node->at, 1, "nested more than 64 deep");
    node->kind = kind;
    node->flow = node->len > 0 && strchr("[{", build->source->text[node->at]);
    node->open = true;
    build->frames[build->depth++] = (struct frame){node, build->values.n, 1};
    return keep_anchor(build, event, node);
}

/* Keys are texts and different. Of one that is given twice the first stays: readers may rely on
 * meeting a key once. */
static bool check_keys(struct build *build, struct pfl_config_node *map)
{
    struct pfl_map seen;
    bool ok = true;
    size_t i, kept = 0, *first;
    int line;

    pfl_map_init(&seen);
    for (i = 0; ok && i < map->n; i++) {
        const struct pfl_config_node *key = map->keys[i];

        if (key->kind != PFL_CONFIG_TEXT) {
            ok = problem(build, key->at, key->len, "a key must be a plain text");
        } else if ((first = pfl_map_get(&seen, key->text))) {
            pfl_config_source_place(map->source, map->keys[*first]->at, &line, NULL);
            pfl_config_problem(build->reader, key, "'%s' is given twice; the first is on line %d",
                               pfl_config_shown(build->reader, key->text), line);
        } else if (pfl_map_set(&seen, key->text, kept)) {
            map->keys[kept] = map->keys[i];
            map->items[kept++] = map->items[i];
        } else {
            ok = no_memory(build);
        }
    }
    map->n = kept;
    pfl_map_release(&seen);
    return ok;
}

static bool on_end(struct build *build)
{
    struct frame frame = build->frames[--build->depth];
    struct pfl_config_node *node = frame.node, **values;
    size_t count = build->values.n - frame.base, step = node->kind == PFL_CONFIG_MAP ? 2 : 1, i;

    values = count ? build->values.at + frame.base : NULL;
    node->open = false;
    node->weight = frame.weight;
    node->n = count / step;
    node->items = pfl_arena_array(build->reader->arena, node->n, sizeof *node->items);
    node->keys =
        step == 2 ? pfl_arena_array(build->reader->arena, node->n, sizeof *node->keys) : NULL;
    if (!node->items || (step == 2 && !node->keys))
        return no_memory(build);
    for (i = 0; i < node->n; i++) {
        if (step == 2)
            node->keys[i] = values[2 * i];
        node->items[i] = values[step * i + step - 1];
    }
    build->values.n = frame.base;
    return (step == 1 || check_keys(build, node)) && push(build, node);
}

/* A second document's first event that has a place: its --- or, after ..., what it holds. */
static bool refuse_second(struct build *build, struct fy_event *event)
{
    const struct fy_mark *start = fy_event_start_mark(event);

    if (build->documents < 2 || !start)
        return true;
    return problem(build, start->input_pos + build->skipped, 1,
                   "a second document starts here; only one is read");
}

static bool on_event(struct build *build, struct fy_event *event)
{
    build->documents += event->type == FYET_DOCUMENT_START;
    if (!refuse_second(build, event))
        return false;
    switch (event->type) {
    case FYET_SCALAR: return on_scalar(build, event);
    case FYET_ALIAS: return on_alias(build, event);
    case FYET_SEQUENCE_START: return on_start(build, event, PFL_CONFIG_LIST);
    case FYET_MAPPING_START: return on_start(build, event, PFL_CONFIG_MAP);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END: return on_end(build);
    default: return true;
    }
}

/* libfyaml's first error, in its words; of a bracket that is never closed the opening one is the
 * place to look at. */
static void syntax_problem(struct build *build, struct fy_diag *diag)
{
    struct frame *top = build->depth ? &build->frames[build->depth - 1] : NULL;
    struct fy_diag_error *error;
    void *cursor = NULL;
    char message[256];
    size_t at;

    while ((error = fy_diag_errors_iterate(diag, &cursor)))
        if (error->type >= FYET_ERROR)
            break;
    if (!error) {
        problem(build, 0, 0, "the YAML parser gave up without saying why");
        return;
    }
    at = pfl_config_source_offset(build->source, error->line, error->column);
    if (top && top->node->flow && strstr(error->msg, "without a closing")) {
        at = top->node->at;
        snprintf(message, sizeof message, "this '%c' is never closed", build->source->text[at]);
    } else {
        at -= at > 0 &&
              strstr(error->msg, "quoted scalar without closing"); /* marked is its inside */
        snprintf(message, sizeof message, "not valid YAML: %s", error->msg);
    }
    problem(build, at, 1, message);
}

static bool run_parser(struct build *build, struct fy_diag *diag)
{
    struct fy_parse_cfg cfg = {
        .search_path = "",
        .flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE | FYPCF_DISABLE_MMAP_OPT,
        .diag = diag,
    };
    struct fy_parser *parser = fy_parser_create(&cfg);
    struct fy_event *event;
    bool ok = parser != NULL, ended = false;

    if (!parser || fy_parser_set_string(parser, build->source->text + build->skipped,
                                        build->source->len - build->skipped) != 0) {
        fy_parser_destroy(parser);
        return no_memory(build);
    }
    while (ok && !ended && (event = fy_parser_parse(parser))) {
        ok = on_event(build, event);
        ended = event->type == FYET_STREAM_END;
        fy_parser_event_free(parser, event);
    }
    if (ok && (!ended || fy_parser_get_stream_error(parser))) {
        syntax_problem(build, diag);
        ok = false;
    }
    fy_parser_destroy(parser);
    return ok;
}

static bool check_bytes(struct build *build)
{
    const struct pfl_config_source *source = build->source;
    size_t at = build->skipped, step;
    uint32_t point = 0;

    for (; at < source->len; at += step) {
        unsigned char byte = (unsigned char)source->text[at];

        step = 1;
        if (byte >= 0x80) {
            step = pfl_text_decode(source->text + at, source->len - at, &point);
            if (step == 0)
                return problem(build, at, 1, "not valid UTF-8; save the file as UTF-8");
        } else if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') {
            return problem(build, at, 1,
                           byte ? "a control character that YAML does not allow"
                                : "a NUL byte: is this a text file, saved as UTF-8?");
        }
    }
    return true;
}

bool pfl_config_source_read(struct pfl_config_reader *reader, struct pfl_config_source *source)
{
    struct build build = {.reader = reader, .source = source};
    struct fy_diag_cfg cfg;
    struct fy_diag *diag;
    bool ok;

    source->root = NULL;
    if (source->len > PFL_CONFIG_MAX_BYTES) {
        source->len = 0;
        return pfl_config_source_index(source, reader->arena) &&
               problem(&build, 0, 0, "larger than 16 MiB; that is no configuration");
    }
    if (!pfl_config_source_index(source, reader->arena))
        return no_memory(&build);
    build.skipped = source->lines[0];
    if (!check_bytes(&build))
        return false;
    fy_diag_cfg_default(&cfg);
    cfg.fp = NULL;
    cfg.colorize = false;
    diag = fy_diag_create(&cfg);
    if (!diag)
        return no_memory(&build);
    fy_diag_set_collect_errors(diag, true);
    pfl_map_init(&build.anchor_names);
    ok = run_parser(&build, diag);
    pfl_map_release(&build.anchor_names);
    pfl_vec_release(&build.anchors);
    pfl_vec_release(&build.values);
    fy_diag_destroy(diag);
    return ok;
}
