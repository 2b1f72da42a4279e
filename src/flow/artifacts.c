/*
 * The folder of kept artefacts. It lies beside the default ledger, not beside the one in use, which
 * may be on another machine; the folder around it ignores itself in git, as the ledger's does.
 */
#include "flow/artifacts.h"

#include "sys/file.h"

#include <string.h>

static const char *folder_of(const struct pfl_flow *flow)
{
    return pfl_file_join(flow->root, ".perfledger/artifacts", flow->arena);
}

static bool holds_program(const struct pfl_plan *plan)
{
    size_t i;

    for (i = 0; i < plan->item_count; i++)
        if (plan->items[i].select)
            return true;
    return false;
}

int pfl_flow_artifact_folder(struct pfl_flow *flow, const struct pfl_plan *plan,
                             const char **folder, struct pfl_err *err)
{
    const char *made = folder_of(flow), *written, *ignore;
    int rc;

    written = made ? pfl_file_join(made, "written", flow->arena) : NULL;
    ignore = pfl_file_join(flow->root, ".perfledger/.gitignore", flow->arena);
    if (!written || !ignore)
        return pfl_err_no_memory(err);
    if (holds_program(plan)) {
        rc = pfl_file_make_folders(written, err);
        if (rc == PFL_OK && !pfl_file_exists(ignore))
            rc = pfl_file_write(ignore, "*\n", 2, true, err);
        if (rc != PFL_OK && rc != PFL_EBUSY)
            return rc;
    }
    *folder = made;
    return PFL_OK;
}

const char *pfl_flow_artifact(void *context, const char *hash)
{
    const struct pfl_flow *flow = context;
    const char *folder = folder_of(flow), *path;
    size_t len = strlen(flow->folder);

    path = folder ? pfl_file_join(folder, hash, flow->arena) : NULL;
    if (!path || !pfl_file_exists(path))
        return NULL;
    if (strncmp(path, flow->folder, len) == 0 && path[len] == '/')
        path += len + 1;
    return path;
}
