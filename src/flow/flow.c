/*
 * Opening a session: find perfledger.yaml by walking up, parse it (and the thresholds file it
 * names), decide where the ledger is. git and the machine are asked only by the stories that need
 * them, once.
 */
#include "flow/flow.h"

#include "base/buf.h"
#include "base/text.h"
#include "config/config.h"
#include "sys/file.h"
#include "sys/folder.h"
#include "sys/machine.h"
#include "vcs/git.h"

#include <string.h>

enum { CONFIG_MAX = 16 << 20 };

static int load_text(struct pfl_arena *arena, const char *path, const char **text, size_t *len,
                     struct pfl_err *err)
{
    struct pfl_buf buf;
    char *copy;
    int rc;

    pfl_buf_init(&buf, CONFIG_MAX);
    rc = pfl_file_read(path, &buf, err);
    if (rc == PFL_OK) {
        copy = pfl_arena_text_n(arena, pfl_buf_cstr(&buf), buf.len);
        if (copy) {
            *text = copy;
            *len = buf.len;
        } else {
            rc = pfl_err_no_memory(err);
        }
    }
    pfl_buf_release(&buf);
    return rc;
}

/* What `thresholds: FILE` names, relative to perfledger.yaml. */
static int load_beside(void *context, const char *path, struct pfl_arena *arena, const char **text,
                       size_t *len, struct pfl_err *err)
{
    const char *whole = pfl_file_join(context, path, arena);

    return whole ? load_text(arena, whole, text, len, err) : pfl_err_no_memory(err);
}

static int find_config(const struct pfl_flow_params *params, struct pfl_flow *flow,
                       const char **file, struct pfl_err *err)
{
    const char *folder;

    if (params->config_file) {
        *file = pfl_file_absolute(NULL, params->config_file, flow->arena);
        return *file ? PFL_OK : pfl_err_no_memory(err);
    }
    folder = pfl_file_find_up(flow->folder, "perfledger.yaml", flow->arena);
    if (folder) {
        *file = pfl_file_join(folder, "perfledger.yaml", flow->arena);
        return *file ? PFL_OK : pfl_err_no_memory(err);
    }
    *file = NULL; /* whoever needs one says so */
    return PFL_OK;
}

/* The part of `path` behind the folder; `path` itself when it is elsewhere. */
static const char *relative_to(const char *folder, const char *path)
{
    size_t len = strlen(folder);

    if (!path || strncmp(path, folder, len) != 0)
        return path;
    if (len > 0 && folder[len - 1] == '/')
        return path + len;
    return path[len] == '/' ? path + len + 1 : path;
}

/* A gate's place is for reports, some of which are read elsewhere than here: annotations of a code
 * hosting service need it relative to the repository's root. */
static int place_gates(struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_config *config = &flow->config;
    const char *root = pfl_file_find_up(config->root, ".git", flow->arena), *file;
    size_t i;

    if (!root)
        root = config->root;
    for (i = 0; i < config->gate_count + config->target_count; i++) {
        const char **place = i < config->gate_count ? &config->gates[i].file
                                                    : &config->targets[i - config->gate_count].file;

        file = pfl_file_absolute(config->root, *place, flow->arena);
        if (!file)
            return pfl_err_no_memory(err);
        *place = relative_to(root, file);
    }
    return PFL_OK;
}

static int load_config(const struct pfl_flow_params *params, struct pfl_flow *flow,
                       struct pfl_err *err)
{
    struct pfl_config_params parse = {0};
    const char *file;
    int rc = find_config(params, flow, &file, err);

    if (rc != PFL_OK)
        return rc;
    if (!file) {
        pfl_config_defaults(&flow->config);
        return PFL_OK;
    }
    rc = load_text(flow->arena, file, &parse.text, &parse.len, err);
    if (rc == PFL_ENOENT)
        return pfl_err_set(err, PFL_ECONFIG, "there is no configuration file %s", file);
    if (rc != PFL_OK)
        return rc;
    parse.file = file;
    parse.root = pfl_file_folder_of(file, flow->arena);
    if (!parse.root)
        return pfl_err_no_memory(err);
    parse.load = load_beside;
    parse.context = (void *)(uintptr_t)parse.root;
    rc = pfl_config_parse(&parse, flow->arena, &flow->config, err);
    return rc == PFL_OK ? place_gates(flow, err) : rc;
}

/* A .git above is enough to know the root; git itself is asked only when its answers are needed. */
static const char *find_root(const struct pfl_flow *flow)
{
    const char *above;

    if (flow->config.root)
        return flow->config.root;
    above = pfl_file_find_up(flow->folder, ".git", flow->arena);
    return above ? above : flow->folder;
}

int pfl_flow_open(const struct pfl_flow_params *params, struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_flow opened = {.arena = params->arena, .clock = params->clock};
    int rc = pfl_folder_current(opened.arena, &opened.folder, err);

    if (rc == PFL_OK)
        rc = load_config(params, &opened, err);
    if (rc != PFL_OK)
        return rc;
    opened.root = find_root(&opened);
    opened.ledger_given = params->ledger_url != NULL;
    opened.ledger_url = params->ledger_url
                            ? params->ledger_url
                            : pfl_file_join(opened.root, ".perfledger/ledger.db", opened.arena);
    opened.baseline_folder = pfl_file_join(
        opened.root, opened.config.baseline_folder ? opened.config.baseline_folder : ".benchmarks",
        opened.arena);
    if (!opened.ledger_url || !opened.baseline_folder)
        return pfl_err_no_memory(err);
    *flow = opened;
    return PFL_OK;
}

void pfl_flow_close(struct pfl_flow *flow)
{
    if (flow) {
        pfl_store_close(flow->store);
        flow->store = NULL;
    }
}

int pfl_flow_store(struct pfl_flow *flow, enum pfl_flow_access access, struct pfl_store **store,
                   struct pfl_err *err)
{
    struct pfl_store_open_params params = {.url = flow->ledger_url,
                                           .create = access >= PFL_FLOW_RECORD,
                                           .bulk = access == PFL_FLOW_IMPORT,
                                           .reading = access == PFL_FLOW_READ};
    int rc;

    if (!flow->store) {
        rc = pfl_store_open(&params, &flow->store, err);
        if (rc != PFL_OK)
            return rc;
    }
    *store = flow->store;
    return PFL_OK;
}

int pfl_flow_revision(struct pfl_flow *flow, const struct pfl_revision **revision,
                      struct pfl_err *err)
{
    int rc;

    if (!flow->revision_known) {
        rc = pfl_git_describe(flow->root, flow->arena, &flow->revision, &flow->git_root, err);
        if (rc != PFL_OK)
            return rc;
        flow->revision_known = true;
    }
    *revision = &flow->revision;
    return PFL_OK;
}

int pfl_flow_machine(struct pfl_flow *flow, const struct pfl_machine **machine, struct pfl_err *err)
{
    const char *name = flow->config.machine_name ? flow->config.machine_name : "auto";
    int rc;

    if (!flow->machine_known) {
        rc = pfl_machine_probe("", name, flow->arena, &flow->machine, err);
        if (rc != PFL_OK)
            return rc;
        flow->machine_known = true;
    }
    *machine = &flow->machine;
    return PFL_OK;
}
