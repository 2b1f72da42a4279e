/*
 * When the ledger refuses a finished run (the disk filled meanwhile), the run is written as a file
 * wherever there is room, because samples cannot be had again.
 */
#include "flow/keep.h"

#include "formats/run_json.h"
#include "sys/file.h"
#include "sys/tty.h"

enum { SPILL_MAX = 1 << 30 };

int pfl_flow_ready_to_record(struct pfl_flow *flow, struct pfl_err *err)
{
    struct pfl_store *store;
    int rc = pfl_flow_store(flow, PFL_FLOW_RECORD, &store, err);

    if (rc == PFL_EPERM || rc == PFL_EFULL)
        pfl_err_prefix(err, "nothing was measured, for it could not be recorded (--ledger names "
                            "another place; `run` and `race` measure without one: --no-record)");
    return rc;
}

bool pfl_flow_worth_keeping(const struct pfl_run *run)
{
    size_t i;

    for (i = 0; i < run->benchmark_count; i++)
        if (run->benchmarks[i].launch_count > 0 || run->benchmarks[i].status == PFL_STATUS_FAILED ||
            run->benchmarks[i].status == PFL_STATUS_TIMED_OUT)
            return true;
    return false;
}

/* The run as a file in the first folder that takes it; its path in *path. */
static int spill(struct pfl_flow *flow, const struct pfl_run *run, const char **path,
                 struct pfl_err *err)
{
    struct pfl_run_json_options options = {.indent = 1};
    const char *temporary = pfl_environment("TMPDIR");
    const char *folders[] = {flow->folder, temporary ? temporary : "/tmp", "/var/tmp", "/dev/shm",
                             pfl_environment("HOME")};
    const char *name = pfl_arena_format(flow->arena, "perfledger-run-%s.json", run->id);
    struct pfl_buf buf;
    size_t i;
    int rc = PFL_ENOMEM;

    pfl_buf_init(&buf, SPILL_MAX);
    pfl_run_json_write(run, &options, &buf);
    for (i = 0; name && !buf.error && rc != PFL_OK && i < PFL_COUNT(folders); i++) {
        *path = folders[i] ? pfl_file_join(folders[i], name, flow->arena) : NULL;
        if (*path)
            rc = pfl_file_write(*path, buf.data, buf.len, false, err);
    }
    pfl_buf_release(&buf);
    return rc;
}

int pfl_flow_keep(struct pfl_flow *flow, const struct pfl_run *run, struct pfl_err *err)
{
    const char *path;
    struct pfl_store *store;
    bool added;
    int rc = pfl_flow_store(flow, PFL_FLOW_RECORD, &store, err);

    if (rc == PFL_OK)
        rc = pfl_store_add(store, run, &added, err);
    if (rc == PFL_OK)
        return PFL_OK;
    if (spill(flow, run, &path, NULL) == PFL_OK) {
        if (err)
            pfl_err_prefix(err,
                           "the run was measured and is kept in %s (`perfledger import` it once "
                           "the ledger works again), but the ledger refused it",
                           path);
    } else if (err) {
        pfl_err_prefix(err,
                       "the run was measured but could be recorded nowhere (`--export-json` or "
                       "`--json` would have kept it)");
    }
    return rc;
}
