/*
 * `init`: look at the folder, write a configuration that fits it, and keep the ledger's folder out
 * of git. A file that is there is somebody's work: it is not overwritten unasked.
 */
#include "flow/init.h"

#include "base/text.h"
#include "project/init.h"
#include "sys/file.h"
#include "sys/folder.h"
#include "vcs/git.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20 };

static bool has_line(const char *text, const char *line)
{
    size_t len = strlen(line);
    const char *at;

    for (at = text; (at = strstr(at, line)); at += len)
        if ((at == text || at[-1] == '\n') && (at[len] == '\n' || at[len] == '\r' || at[len] == 0))
            return true;
    return false;
}

/* The ledger's folder ignores itself once it exists; the line says so to people as well. Outside
 * git nothing is written. */
static int ignore_scratch(const char *folder, struct pfl_arena *arena, bool *added,
                          struct pfl_err *err)
{
    static const char line[] = ".perfledger/";
    const char *path = pfl_file_join(folder, ".gitignore", arena);
    struct pfl_buf buf;
    int rc;

    if (!path)
        return pfl_err_no_memory(err);
    if (!pfl_file_find_up(folder, ".git", arena))
        return PFL_OK;
    pfl_buf_init(&buf, TEXT_MAX);
    rc = pfl_file_read(path, &buf, err);
    if (rc == PFL_ENOENT)
        rc = PFL_OK;
    if (rc == PFL_OK && !has_line(pfl_buf_cstr(&buf), line)) {
        if (buf.len && buf.data[buf.len - 1] != '\n')
            pfl_buf_char(&buf, '\n');
        pfl_buf_format(&buf, "%s\n", line);
        rc = pfl_buf_check(&buf, err, "extending .gitignore");
        if (rc == PFL_OK)
            rc = pfl_file_write(path, buf.data, buf.len, false, err);
        *added = rc == PFL_OK;
    }
    pfl_buf_release(&buf);
    return rc;
}

/* One configuration governs a project: a second one below it would hide the first from all that is
 * started there. */
static int refuse_inside(const char *folder, struct pfl_arena *arena, struct pfl_err *err)
{
    const char *above = pfl_file_find_up(folder, "perfledger.yaml", arena);

    if (!above || strcmp(above, folder) == 0) /* the one here is looked at when it is written */
        return PFL_OK;
    return pfl_err_set(err, PFL_EUSAGE,
                       "%s/perfledger.yaml governs this folder already: add suites to it, or "
                       "`perfledger init --force` writes one that hides it from here on down",
                       strcmp(above, "/") == 0 ? "" : above);
}

int pfl_flow_init(struct pfl_arena *arena, bool force, struct pfl_flow_inited *inited,
                  struct pfl_err *err)
{
    struct pfl_flow_inited made = {0};
    struct pfl_init_found found;
    const char *folder, *branch;
    struct pfl_buf text;
    int rc = pfl_folder_current(arena, &folder, err);

    if (rc == PFL_OK && !force)
        rc = refuse_inside(folder, arena, err);
    if (rc == PFL_OK)
        rc = pfl_init_detect(folder, arena, &found, err);
    if (rc == PFL_OK && pfl_file_find_up(folder, ".git", arena)) {
        rc = pfl_git_default_branch(folder, arena, &branch, err);
        found.default_branch = rc == PFL_OK && *branch ? branch : NULL;
    }
    if (rc != PFL_OK)
        return rc;
    made.path = pfl_file_join(folder, "perfledger.yaml", arena);
    made.evidence = found.evidence;
    if (!made.path)
        return pfl_err_no_memory(err);
    pfl_buf_init(&text, TEXT_MAX);
    pfl_init_write_config(&found, &text);
    rc = pfl_buf_check(&text, err, "writing perfledger.yaml");
    if (rc == PFL_OK)
        rc = pfl_file_write(made.path, text.data, text.len, !force, err);
    pfl_buf_release(&text);
    if (rc == PFL_EBUSY)
        return pfl_err_set(
            err, PFL_EUSAGE,
            "%s is there already and was left as it is; `perfledger init --force` replaces it",
            made.path);
    if (rc == PFL_OK)
        rc = ignore_scratch(folder, arena, &made.ignored, err);
    if (rc == PFL_OK)
        *inited = made;
    return rc;
}
