/*
 * One machine's folder, or one file of it: machine.json, and a result file per commit and
 * environment.
 *
 * First a look at all heads (the beginning of each file is enough), for the environments must be
 * known together, and the runs come line by line (asv_environments.c) in the order of their
 * commits: runs that are alike come together, which is a third less work for the ledger. A file
 * that was imported before is known by a hash of its bytes and not read again, whatever
 * benchmarks.json says by now: what is in the ledger stays as it was read. Then the files, one
 * after the other. A damaged one costs itself.
 */
#include "formats/asv.h"

#include "base/alloc.h"
#include "base/checksum.h"
#include "base/text.h"
#include "sys/file.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int pfl_asv_warn(struct pfl_asv *asv, const char *path, int line, int column, const char *format,
                 ...)
{
    struct pfl_format_place place = {path, line, column};
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return asv->sink->warn(asv->sink->context, &place, text);
}

const char *pfl_asv_env_of_name(struct pfl_arena *arena, const char *name)
{
    size_t digits = strspn(name, "0123456789abcdefABCDEF"), len = strlen(name);

    if (digits < 6 || name[digits] != '-' || !pfl_text_ends(name, ".json"))
        return NULL;
    len -= digits + 1 + strlen(".json");
    return pfl_arena_text_n(arena, name + digits + 1, len);
}

/* What concerns the file and no other. */
static bool costs_itself(int rc)
{
    return rc != PFL_ENOMEM && rc != PFL_EINTERRUPTED;
}

struct folder {
    struct pfl_asv *asv;
    const char *path, *machine; /* by machine.json; NULL: there is none */
    struct pfl_build_pairs machine_says;
    struct pfl_asv_heads heads;
};

/* ---- machine.json ---- */

static int read_machine_pairs(struct pfl_json_reader *json, struct folder *folder,
                              struct pfl_err *err)
{
    struct pfl_arena *arena = &folder->asv->arena;
    struct pfl_pair pair;
    int rc = pfl_json_expect(json, PFL_JSON_OBJECT, err);

    while (rc >= 0 && (rc = pfl_json_next_key(json, err)) > 0) {
        pair.name = pfl_arena_text(arena, json->text);
        rc = pfl_json_next(json, err);
        if (rc >= 0 && json->token == PFL_JSON_STRING) {
            pair.value = pfl_arena_text(arena, json->text);
            if (!pair.name || !pair.value || !pfl_vec_push(&folder->machine_says, &pair))
                return pfl_err_no_memory(err);
        } else if (rc >= 0) {
            rc = pfl_json_skip(json, err);
        }
    }
    return rc;
}

/* quiet: that there is none is no news. */
static int read_machine(struct folder *folder, bool quiet, struct pfl_err *err)
{
    struct pfl_asv *asv = folder->asv;
    const char *path = pfl_file_join(folder->path, "machine.json", &asv->arena), *name;
    struct pfl_json_reader json;
    struct pfl_file file;
    struct pfl_err why;
    int rc = path ? pfl_file_open_regular(path, &file, &why) : pfl_err_no_memory(&why);

    if (rc == PFL_OK) {
        pfl_json_reader_init(&json, path, pfl_file_read_some, &file);
        rc = read_machine_pairs(&json, folder, &why);
        pfl_json_reader_release(&json);
        pfl_file_close(&file);
    }
    if (rc < 0 && !costs_itself(rc)) {
        *err = why;
        return rc;
    }
    name = pfl_pair_find(folder->machine_says.at, folder->machine_says.n, "machine");
    folder->machine = *name ? name : NULL;
    if (rc == PFL_ENOENT && quiet)
        return PFL_OK;
    if (rc < 0)
        return pfl_asv_warn(asv, path, why.line, why.column,
                            "%s; the machine's name is taken from the result files",
                            rc == PFL_ENOENT ? "there is none" : why.message);
    if (!folder->machine)
        return pfl_asv_warn(
            asv, path, 0, 0,
            "it does not name the machine; the name is taken from the result files");
    return PFL_OK;
}

/* ---- heads ---- */

/* In v2 both stand before the results, which then need not be looked at. */
static int read_head_fields(struct pfl_json_reader *json, struct pfl_arena *arena,
                            struct pfl_asv_head *head, struct pfl_err *err)
{
    const char *env = NULL;
    bool wanted_env, wanted_date;
    int rc = pfl_json_expect(json, PFL_JSON_OBJECT, err);

    while (rc >= 0 && (rc = pfl_json_next_key(json, err)) > 0) {
        if (pfl_json_key_is(json, "results") && env && !isnan(head->date))
            return PFL_OK;
        wanted_env = pfl_json_key_is(json, "env_name");
        wanted_date = pfl_json_key_is(json, "date");
        rc = pfl_json_next(json, err);
        if (rc >= 0 && wanted_env && json->token == PFL_JSON_STRING) {
            head->env = env = pfl_arena_text(arena, json->text);
            if (!env)
                return pfl_err_no_memory(err);
        } else if (rc >= 0 && wanted_date && json->token == PFL_JSON_NUMBER) {
            head->date = json->number;
        } else if (rc >= 0) {
            rc = pfl_json_skip(json, err);
        }
    }
    return rc;
}

/* A file that cannot be read is warned of when it is its turn. */
static int read_head(struct pfl_asv *asv, struct pfl_asv_head *head, struct pfl_err *err)
{
    struct pfl_json_reader json;
    struct pfl_file file;
    int rc = pfl_file_open_regular(head->path, &file, err);

    if (rc == PFL_OK) {
        pfl_json_reader_init(&json, head->path, pfl_file_read_some, &file);
        rc = read_head_fields(&json, &asv->arena, head, err);
        pfl_json_reader_release(&json);
        pfl_file_close(&file);
    }
    return rc < 0 && !costs_itself(rc) ? rc : PFL_OK;
}

static int hash_file(const char *path, uint64_t *sum, struct pfl_err *err)
{
    enum { PIECE = 256 << 10 };
    struct pfl_checksum checksum;
    struct pfl_file file;
    char *bytes;
    long n = 0;
    int rc = pfl_file_open_regular(path, &file, err);

    if (rc < 0)
        return rc;
    bytes = pfl_alloc(PIECE);
    rc = bytes ? PFL_OK : pfl_err_no_memory(err);
    pfl_checksum_init(&checksum);
    while (rc == PFL_OK && (n = pfl_file_read_some(&file, bytes, PIECE, err)) > 0)
        pfl_checksum_add(&checksum, bytes, (size_t)n);
    *sum = pfl_checksum_end(&checksum);
    pfl_free(bytes);
    pfl_file_close(&file);
    return n < 0 ? (int)n : rc;
}

/* Was a file of this name with these bytes, of this machine, imported before? */
static int ask(struct folder *folder, struct pfl_asv_head *head, struct pfl_err *err)
{
    const struct pfl_format_memory *memory = folder->asv->input->memory;
    uint64_t sum = 0;
    int rc;

    if (!memory)
        return PFL_OK;
    rc = hash_file(head->path, &sum, err);
    if (rc < 0)
        return costs_itself(rc) ? PFL_OK : rc;
    head->location = pfl_arena_format(&folder->asv->arena, "asv at %s/%s",
                                      folder->machine ? folder->machine : folder->path, head->name);
    head->source = pfl_arena_format(&folder->asv->arena, "asv %016" PRIx64 " %s/%s", sum,
                                    folder->machine ? folder->machine : folder->path, head->name);
    return head->source && head->location
               ? memory->known(memory->context, head->source, &head->known, err)
               : pfl_err_no_memory(err);
}

static bool is_result_name(const char *name)
{
    return name[0] != '.' && pfl_text_ends(name, ".json") && strcmp(name, "machine.json") != 0 &&
           strcmp(name, "benchmarks.json") != 0;
}

/* What is there by its name; where no machine.json says that the folder is a machine's, only names
 * as asv makes them count. */
static int list_heads(struct folder *folder, struct pfl_err *err)
{
    struct pfl_arena *arena = &folder->asv->arena;
    const char **names;
    bool certain = false;
    size_t n, i;
    int rc = pfl_file_list(folder->path, arena, &names, &n, err);

    for (i = 0; i < n && rc == PFL_OK; i++)
        certain = certain || strcmp(names[i], "machine.json") == 0;
    for (i = 0; i < n && rc == PFL_OK; i++) {
        struct pfl_asv_head head = {.name = names[i], .date = NAN, .variant = ""};

        head.env = pfl_asv_env_of_name(arena, names[i]);
        if (!is_result_name(names[i]) || (!certain && !head.env))
            continue;
        if (!head.env)
            head.env = "";
        head.path = pfl_file_join(folder->path, names[i], arena);
        if (!head.path || !pfl_vec_push(&folder->heads, &head))
            rc = pfl_err_no_memory(err);
    }
    return rc;
}

static int read_heads(struct folder *folder, struct pfl_err *err)
{
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < folder->heads.n && rc == PFL_OK; i++) {
        rc = read_head(folder->asv, &folder->heads.at[i], err);
        if (rc == PFL_OK)
            rc = ask(folder, &folder->heads.at[i], err);
    }
    return rc;
}

static int by_line(const void *a, const void *b)
{
    const struct pfl_asv_head *x = a, *y = b;
    int order = strcmp(x->variant, y->variant);

    if (order)
        return order;
    if (isnan(x->date) != isnan(y->date))
        return isnan(x->date) ? 1 : -1;
    if (x->date < y->date || x->date > y->date)
        return x->date < y->date ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* ---- files ---- */

static int read_open(struct folder *folder, const struct pfl_asv_head *head,
                     struct pfl_asv_file *result, struct pfl_err *err)
{
    struct pfl_file file;
    int rc = pfl_file_open_regular(head->path, &file, err);

    if (rc < 0)
        return rc;
    result->path = head->path;
    result->file_env = head->env;
    result->variant = head->variant;
    result->machine = folder->machine;
    result->machine_says = &folder->machine_says;
    rc = pfl_asv_read_file(result, pfl_file_read_some, &file, err);
    pfl_file_close(&file);
    return rc;
}

static int read_one(struct folder *folder, const struct pfl_asv_head *head,
                    struct pfl_asv_file *result, struct pfl_err *err)
{
    struct pfl_asv *asv = folder->asv;
    const struct pfl_format_memory *memory = asv->input->memory;
    struct pfl_err why;
    int rc;

    pfl_asv_forget(asv);
    pfl_build_begin(&asv->build);
    rc = read_open(folder, head, result, &why);
    if (rc < 0 && costs_itself(rc))
        return pfl_asv_warn(asv, head->path, why.line, why.column, "%s: left out", why.message);
    if (rc < 0)
        *err = why;
    else if (memory)
        rc = memory->from(memory->context, head->source, head->location, err);
    return rc < 0 ? rc : pfl_asv_give(result, err);
}

static int read_files(struct folder *folder, struct pfl_err *err)
{
    struct pfl_asv_file result = {.asv = folder->asv};
    size_t i;
    int rc = PFL_OK;

    for (i = 0; i < folder->heads.n && rc == PFL_OK; i++)
        if (!folder->heads.at[i].known)
            rc = read_one(folder, &folder->heads.at[i], &result, err);
    pfl_asv_file_release(&result);
    return rc;
}

int pfl_asv_read_machine(struct pfl_asv *asv, const char *path, struct pfl_err *err)
{
    struct folder folder = {.asv = asv, .path = path};
    int rc = list_heads(&folder, err);

    if (rc == PFL_OK && folder.heads.n)
        rc = read_machine(&folder, false, err);
    if (rc == PFL_OK)
        rc = read_heads(&folder, err);
    if (rc == PFL_OK && !pfl_asv_environments(folder.heads.at, folder.heads.n))
        rc = pfl_err_no_memory(err);
    if (rc == PFL_OK && folder.heads.n > 1)
        qsort(folder.heads.at, folder.heads.n, sizeof *folder.heads.at, by_line);
    if (rc == PFL_OK)
        rc = read_files(&folder, err);
    pfl_vec_release(&folder.machine_says);
    pfl_vec_release(&folder.heads);
    return rc;
}

int pfl_asv_read_stream(struct pfl_asv *asv, const char *path, struct pfl_err *err)
{
    struct pfl_asv_file file = {
        .asv = asv, .path = asv->input->path, .file_env = "", .variant = ""};
    struct folder folder = {.asv = asv, .path = path};
    const char *slash = strrchr(file.path, '/'), *env;
    int rc = PFL_OK;

    env = pfl_asv_env_of_name(&asv->arena, slash ? slash + 1 : file.path);
    file.file_env = env ? env : "";
    if (path)
        rc = read_machine(&folder, true, err);
    file.machine = folder.machine;
    file.machine_says = &folder.machine_says;
    if (rc == PFL_OK) {
        pfl_build_begin(&asv->build);
        rc = pfl_asv_read_file(&file, asv->input->read, asv->input->context, err);
    }
    if (rc == PFL_OK)
        rc = pfl_asv_give(&file, err);
    pfl_asv_file_release(&file);
    pfl_vec_release(&folder.machine_says);
    return rc;
}
