/*
 * asv has no option for where results go, only asv.conf.json. So a launch gets a copy of it in a
 * folder of its own, with another "results_dir", and the user's results stay as they are.
 *
 * asv changes into the folder of the file it is given, and takes the paths in it from there. In the
 * copy they are absolute: the benchmarks', the environments' (which asv goes on sharing between
 * launches, as it does between runs), the repository's if it is a folder, and {conf_dir} within
 * commands. Everything else is copied as it stands.
 *
 * The file is JSON with comments and trailing commas. asv reads JSON5 since 0.5; what else that
 * allows (names without quotes, 'text') is an error here that names its place.
 */
#include "measure/harness_asv_config.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/text.h"
#include "sys/file.h"

#include <string.h>

enum { CONFIG_MAX = 4 << 20 };

struct copy {
    const struct pfl_asv_config *config;
    struct pfl_arena *arena;
    const char *folder; /* of the project's file */
    struct pfl_json_reader in;
    struct pfl_json_writer out;
    bool no_memory;
};

/* ---- comments ---- */

static size_t string_end(const char *text, size_t at, size_t len)
{
    for (at++; at < len && text[at] != '"'; at++)
        at += text[at] == '\\';
    return at;
}

static size_t comment_end(const char *text, size_t at, size_t len)
{
    const char *end;

    if (text[at + 1] == '/') {
        end = memchr(text + at, '\n', len - at);
        return end ? (size_t)(end - text) : len;
    }
    end = memmem(text + at + 2, len - at - 2, "*/", 2);
    return end ? (size_t)(end - text) + 2 : len;
}

static void blank(char *text, size_t from, size_t to)
{
    for (; from < to; from++)
        if (text[from] != '\n')
            text[from] = ' ';
}

static bool closes(const char *text, size_t at, size_t len)
{
    while (at < len && strchr(" \t\r\n", text[at]) && text[at])
        at++;
    return at < len && (text[at] == ']' || text[at] == '}');
}

void pfl_asv_config_plain(char *text, size_t len)
{
    size_t i, end;

    for (i = 0; i < len; i++) {
        if (text[i] == '"') {
            i = string_end(text, i, len);
        } else if (text[i] == '/' && i + 1 < len && (text[i + 1] == '/' || text[i + 1] == '*')) {
            end = comment_end(text, i, len);
            blank(text, i, end);
            i = end - 1;
        }
    }
    for (i = 0; i < len; i++) {
        if (text[i] == '"')
            i = string_end(text, i, len);
        else if (text[i] == ',' && closes(text, i + 1, len))
            text[i] = ' ';
    }
}

/* ---- values ---- */

static const char *keep(struct copy *c, const char *text)
{
    c->no_memory = c->no_memory || !text;
    return text ? text : "";
}

static const char *absolute(struct copy *c, const char *path)
{
    return keep(c, pfl_file_absolute(c->folder, path, c->arena));
}

/* A folder as a folder; an address as it stands, if it is needed at all. */
static const char *repository(struct copy *c, const char *repo)
{
    const char *path = absolute(c, repo), *around;

    if (pfl_file_is_folder(path))
        return path;
    around = c->config->installed ? pfl_file_find_up(c->folder, ".git", c->arena) : NULL;
    return around ? around : keep(c, pfl_arena_text(c->arena, repo));
}

static void put_text(struct copy *c, const char *text)
{
    static const char *const names[] = {"conf_dir"};

    if (strstr(text, "{conf_dir}"))
        text = keep(c, pfl_text_substitute(c->arena, text, names, &c->folder, 1, NULL));
    pfl_json_string(&c->out, text);
}

static void put_token(struct copy *c)
{
    struct pfl_json_reader *in = &c->in;

    switch (in->token) {
    case PFL_JSON_OBJECT: pfl_json_object(&c->out); break;
    case PFL_JSON_OBJECT_END: pfl_json_object_end(&c->out); break;
    case PFL_JSON_ARRAY: pfl_json_array(&c->out); break;
    case PFL_JSON_ARRAY_END: pfl_json_array_end(&c->out); break;
    case PFL_JSON_KEY: pfl_json_key_n(&c->out, in->text, in->text_len); break;
    case PFL_JSON_STRING: put_text(c, in->text); break;
    case PFL_JSON_NUMBER:
        if (in->is_integer)
            pfl_json_integer(&c->out, in->integer);
        else
            pfl_json_number(&c->out, in->number);
        break;
    case PFL_JSON_BOOL: pfl_json_bool(&c->out, in->boolean); break;
    case PFL_JSON_NULL: pfl_json_null(&c->out); break;
    case PFL_JSON_END: break;
    }
}

/* The value whose key is current, as it stands. */
static int copy_value(struct copy *c, struct pfl_err *err)
{
    int depth = c->in.depth, rc;

    do {
        rc = pfl_json_next(&c->in, err);
        if (rc < 0)
            return rc;
        put_token(c);
    } while (c->in.depth > depth);
    return PFL_OK;
}

/* ---- keys ---- */

enum key { KEY_OTHER, KEY_PATH, KEY_REPO, KEY_DROPPED };

static enum key kind_of(const struct copy *c)
{
    static const char *const paths[] = {"benchmark_dir", "env_dir", "html_dir",
                                        "conda_environment_file"};
    size_t i;

    if (pfl_json_key_is(&c->in, "results_dir"))
        return KEY_DROPPED;
    if (pfl_json_key_is(&c->in, "branches") && c->config->here)
        return KEY_DROPPED;
    for (i = 0; i < PFL_COUNT(paths); i++)
        if (pfl_json_key_is(&c->in, paths[i]))
            return KEY_PATH;
    return pfl_json_key_is(&c->in, "repo") ? KEY_REPO : KEY_OTHER;
}

/* A path may be null; "IGNORE" is conda's word for no file. */
static int copy_path(struct copy *c, enum key kind, struct pfl_err *err)
{
    int rc = pfl_json_next(&c->in, err);

    if (rc < 0)
        return rc;
    if (c->in.token == PFL_JSON_NULL || strcmp(c->in.text ? c->in.text : "", "IGNORE") == 0)
        put_token(c);
    else if (c->in.token != PFL_JSON_STRING)
        return pfl_json_fail(&c->in, err, "expected a path, found %s",
                             pfl_json_token_name(c->in.token));
    else
        pfl_json_string(&c->out,
                        kind == KEY_REPO ? repository(c, c->in.text) : absolute(c, c->in.text));
    return PFL_OK;
}

/* What asv takes where the file says nothing is a path, too. */
static void add_rest(struct copy *c, bool benchmarks, bool environments)
{
    if (!benchmarks)
        pfl_json_put_string(&c->out, "benchmark_dir", absolute(c, "benchmarks"));
    if (!environments)
        pfl_json_put_string(&c->out, "env_dir", absolute(c, "env"));
    pfl_json_put_string(&c->out, "results_dir", c->config->results);
    if (!c->config->here)
        return;
    pfl_json_key(&c->out, "branches");
    pfl_json_array(&c->out);
    pfl_json_string(&c->out, "HEAD");
    pfl_json_array_end(&c->out);
}

static int copy_all(struct copy *c, struct pfl_err *err)
{
    bool benchmarks = false, environments = false;
    enum key kind;
    int rc = pfl_json_expect(&c->in, PFL_JSON_OBJECT, err);

    if (rc < 0)
        return rc;
    pfl_json_object(&c->out);
    while ((rc = pfl_json_next_key(&c->in, err)) > 0) {
        kind = kind_of(c);
        benchmarks = benchmarks || pfl_json_key_is(&c->in, "benchmark_dir");
        environments = environments || pfl_json_key_is(&c->in, "env_dir");
        if (kind != KEY_DROPPED)
            pfl_json_key_n(&c->out, c->in.text, c->in.text_len);
        rc = kind == KEY_DROPPED ? pfl_json_skip(&c->in, err)
             : kind == KEY_OTHER ? copy_value(c, err)
                                 : copy_path(c, kind, err);
        if (rc < 0)
            return rc;
    }
    if (rc < 0)
        return rc;
    add_rest(c, benchmarks, environments);
    pfl_json_object_end(&c->out);
    return PFL_OK;
}

int pfl_asv_config_copy(const struct pfl_asv_config *config, struct pfl_arena *arena,
                        struct pfl_err *err)
{
    struct copy c = {.config = config, .arena = arena};
    struct pfl_buf text, made;
    int rc;

    c.folder = pfl_file_folder_of(config->from, arena);
    if (!c.folder)
        return pfl_err_no_memory(err);
    pfl_buf_init(&text, CONFIG_MAX);
    pfl_buf_init(&made, (size_t)CONFIG_MAX * 2);
    rc = pfl_file_read(config->from, &text, err);
    if (rc == PFL_OK && text.len)
        pfl_asv_config_plain(text.data, text.len);
    pfl_json_reader_init_text(&c.in, config->from, pfl_buf_cstr(&text), text.len);
    pfl_json_writer_init(&c.out, &made, 4);
    if (rc == PFL_OK)
        rc = copy_all(&c, err);
    if (rc == PFL_OK && c.no_memory)
        rc = pfl_err_no_memory(err);
    if (rc == PFL_OK)
        rc = pfl_buf_check(&made, err, "copying asv.conf.json");
    if (rc == PFL_OK)
        rc = pfl_file_write(config->to, made.data, made.len, false, err);
    pfl_json_reader_release(&c.in);
    pfl_buf_release(&text);
    pfl_buf_release(&made);
    return rc;
}
