/*
 * Artefacts: files that a program made and tells of on the wire. Their size is a sample of every
 * launch; their hash is taken of the first launch's only, because hashing between launches would
 * disturb the next.
 *
 * Of each a copy is kept under its hash, once, so that two runs whose hashes differ can be compared
 * byte by byte long after the program was built anew. Big ones are not kept: it is disassemblies
 * and generated files that people want to see, not images. A copy that cannot be made is no reason
 * to fail a benchmark; it is said and the hash stands.
 */
#include "measure/session.h"

#include "base/hash.h"
#include "sys/file.h"

#include <string.h>

enum { KEPT_MAX = 4 << 20 };

static int unreadable(struct pfl_session *s, const char *name, const struct pfl_err *why,
                      const char **problem, struct pfl_err *err)
{
    *problem = pfl_arena_format(s->arena, "its artefact %s cannot be read: %s", name, why->message);
    return *problem ? PFL_OK : pfl_err_no_memory(err);
}

static int keep_copy(struct pfl_session *s, struct pfl_collect *to, const char *path,
                     const char *hex, struct pfl_err *err)
{
    const char *copy, *warning;
    struct pfl_err why;
    struct pfl_buf bytes;
    int rc;

    if (!s->params->artifacts)
        return PFL_OK;
    copy = pfl_file_join(s->params->artifacts, hex, &s->scratch);
    if (!copy)
        return pfl_err_no_memory(err);
    if (pfl_file_exists(copy))
        return PFL_OK;
    pfl_buf_init(&bytes, KEPT_MAX + 1);
    rc = pfl_file_read(path, &bytes, &why);
    if (rc == PFL_OK)
        rc = pfl_file_make_folders(s->params->artifacts, &why);
    if (rc == PFL_OK)
        rc = pfl_file_write(copy, bytes.data, bytes.len, true, &why);
    pfl_buf_release(&bytes);
    if (rc == PFL_OK || rc == PFL_EBUSY) /* somebody else wrote it just now */
        return PFL_OK;
    if (rc == PFL_ENOMEM)
        return pfl_err_no_memory(err);
    warning = pfl_arena_format(s->arena, "no copy of an artefact was kept: %s", why.message);
    return pfl_collect_warn(to, warning) ? PFL_OK : pfl_err_no_memory(err);
}

static int take_hash(struct pfl_session *s, struct pfl_collect *to, const char *path, int64_t bytes,
                     const struct pfl_wire_message *m, const char **problem, struct pfl_err *err)
{
    struct pfl_column *hash = pfl_collect_column(to, "artifact_hash", m->text, NULL, NULL);
    struct pfl_err why;
    char hex[65];

    if (!hash)
        return pfl_err_no_memory(err);
    if (hash->text)
        return PFL_OK;
    if (bytes == 0) /* also what a pipe or a device says of itself: those must not be read */
        pfl_hash_text("", 0, hex);
    else if (pfl_file_hash(path, hex, &bytes, &why) != PFL_OK)
        return unreadable(s, m->text, &why, problem, err);
    hash->text = pfl_arena_text(s->arena, hex);
    if (!hash->text)
        return pfl_err_no_memory(err);
    return bytes > 0 && bytes <= KEPT_MAX ? keep_copy(s, to, path, hex, err) : PFL_OK;
}

int pfl_artifact_hear(struct pfl_session *s, const struct pfl_session_item *item,
                      struct pfl_collect *to, const struct pfl_wire_message *m,
                      const char **problem, struct pfl_err *err)
{
    const char *path = pfl_file_join(item->cwd, m->path, &s->scratch);
    struct pfl_column *size;
    int64_t bytes, modified;
    struct pfl_err why;

    *problem = NULL;
    if (!path)
        return pfl_err_no_memory(err);
    if (pfl_file_stat(path, &bytes, &modified, &why) != PFL_OK)
        return unreadable(s, m->text, &why, problem, err);
    size = pfl_collect_column(to, "artifact_size", m->text, NULL, NULL);
    if (!size)
        return pfl_err_no_memory(err);
    size->current = (double)bytes;
    return take_hash(s, to, path, bytes, m, problem, err);
}
