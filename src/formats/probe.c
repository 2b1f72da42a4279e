/*
 * What is this file? Told by what is in it, never by its name: benchmark tools' files are called
 * results.json, output.txt and out.
 *
 * JSON is told apart by the paths of its keys within the first 64 KiB: few keys are enough, and it
 * does not matter what else a newer version writes. The reader stops where the bytes do, so that a
 * document of 100 MB is known by its beginning. The rest is told by each format's own eyes.
 */
#include "formats/format.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_MAX = 5, PATH_MAX_BYTES = 300 };

struct scan {
    struct pfl_format_probe *probe;
    struct pfl_json_reader json;
    struct pfl_arena *arena;
    char path[PATH_MAX_BYTES];
    bool no_memory;
};

bool pfl_format_has(const struct pfl_format_probe *probe, const char *path)
{
    size_t i;

    for (i = 0; i < probe->path_count; i++)
        if (strcmp(probe->paths[i], path) == 0)
            return true;
    return false;
}

static void note(struct scan *scan)
{
    struct pfl_format_probe *probe = scan->probe;
    const char *kept;

    if (probe->path_count == PFL_FORMAT_PATHS_MAX || pfl_format_has(probe, scan->path))
        return;
    kept = pfl_arena_text(scan->arena, scan->path);
    if (kept)
        probe->paths[probe->path_count++] = kept;
    else
        scan->no_memory = true;
}

static bool extend(struct scan *scan, size_t at, const char *with)
{
    size_t len = strlen(with);

    if (at + len + 2 > sizeof scan->path)
        return false;
    if (at && with[0] != '[')
        scan->path[at++] = '.';
    memcpy(scan->path + at, with, len + 1);
    return true;
}

/* The value whose first token is current. Negative: the bytes are over, or wrong. */
static int visit(struct scan *scan, size_t at, int depth)
{
    struct pfl_err unused;
    int rc;

    if (scan->json.token != PFL_JSON_OBJECT && scan->json.token != PFL_JSON_ARRAY)
        return PFL_OK;
    if (depth == DEPTH_MAX || scan->no_memory)
        return pfl_json_skip(&scan->json, &unused);
    if (scan->json.token == PFL_JSON_OBJECT) {
        while ((rc = pfl_json_next_key(&scan->json, &unused)) > 0) {
            bool fits = extend(scan, at, scan->json.text);

            if (fits)
                note(scan);
            rc = fits ? pfl_json_next(&scan->json, &unused) : pfl_json_skip(&scan->json, &unused);
            if (rc >= 0 && fits)
                rc = visit(scan, strlen(scan->path), depth + 1);
            scan->path[at] = 0;
            if (rc < 0)
                return rc;
        }
        return rc;
    }
    while ((rc = pfl_json_next_item(&scan->json, &unused)) > 0) {
        if (!extend(scan, at, "[]"))
            return pfl_json_skip(&scan->json, &unused);
        note(scan);
        rc = visit(scan, at + 2, depth + 1);
        scan->path[at] = 0;
        if (rc < 0)
            return rc;
    }
    return rc;
}

static bool is_one_of(const char *set, char c)
{
    return c && strchr(set, c);
}

size_t pfl_format_behind_assignment(const char *bytes, size_t len)
{
    size_t i = 0;

    while (i < len && i < 200 && (isalnum((unsigned char)bytes[i]) || is_one_of("._$", bytes[i])))
        i++;
    if (i == 0)
        return 0;
    while (i < len && is_one_of(" \t\r\n", bytes[i]))
        i++;
    if (i == len || bytes[i] != '=')
        return 0;
    for (i++; i < len && is_one_of(" \t\r\n", bytes[i]); i++)
        ;
    return i < len && (bytes[i] == '{' || bytes[i] == '[') ? i : 0;
}

int pfl_format_probe_json(struct pfl_format_probe *probe, struct pfl_arena *arena,
                          struct pfl_err *err)
{
    struct scan scan = {.probe = probe, .arena = arena};
    size_t begin = pfl_format_behind_assignment(probe->bytes, probe->len);
    struct pfl_err unused;
    int documents = 0;

    pfl_json_reader_init_text(&scan.json, "", probe->bytes + begin, probe->len - begin);
    pfl_json_reader_allow_many(&scan.json);
    pfl_json_reader_allow_controls(&scan.json); /* whether they may stand there is the reader's */
    while (pfl_json_next_item(&scan.json, &unused) > 0 && documents < 20) {
        if (scan.json.token != PFL_JSON_OBJECT && scan.json.token != PFL_JSON_ARRAY)
            break;
        if (documents++ == 0)
            note(&scan);
        if (visit(&scan, 0, 0) < 0)
            break;
        scan.path[0] = 0;
    }
    probe->many = documents > 1;
    pfl_json_reader_release(&scan.json);
    return scan.no_memory ? pfl_err_no_memory(err) : PFL_OK;
}

const struct pfl_format *pfl_format_recognise(const struct pfl_format_probe *probe)
{
    const struct pfl_format *possible = NULL;
    size_t i;
    int sure;

    for (i = 0; pfl_formats[i]; i++) {
        sure = pfl_formats[i]->recognise ? pfl_formats[i]->recognise(probe) : 0;
        if (sure == 2)
            return pfl_formats[i];
        if (sure == 1 && !possible)
            possible = pfl_formats[i];
    }
    return possible;
}

const struct pfl_format *pfl_format_find(const char *name)
{
    size_t i;

    for (i = 0; pfl_formats[i]; i++)
        if (strcmp(pfl_formats[i]->name, name) == 0)
            return pfl_formats[i];
    return NULL;
}
