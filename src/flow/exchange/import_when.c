/*
 * When and of which revision a foreign file's run is, where the file does not say.
 *
 * Most harnesses write no date. A run's id is computed from what it holds, so what would change
 * between two readings of the same file (its modification time, after a checkout) cannot stand in:
 * the same file would become two runs. So it is what the user says, or the commit's time, or
 * nothing: then the run has no date (0), is there, and is in no period of a history.
 */
#include "flow/exchange/import_parts.h"

#include "formats/build.h"
#include "vcs/git.h"

#include <string.h>

static bool is_commit_id(const char *text)
{
    enum { LEAST = 7, MOST = 64 };
    size_t len = strlen(text);

    return len >= LEAST && len <= MOST && strspn(text, "0123456789abcdef") == len;
}

static int find_revision(struct pfl_importer *im, const char *rev, struct pfl_err *err)
{
    struct pfl_flow *flow = im->flow;
    const char *commit;
    int rc = pfl_git_resolve(flow->folder, rev, flow->arena, &commit, err);

    if (rc == PFL_OK)
        return pfl_git_describe_commit(flow->folder, commit, flow->arena, &im->revision, err);
    if (rc != PFL_ENOMEM && rc != PFL_EINTERRUPTED && is_commit_id(rev)) { /* of elsewhere */
        im->revision.commit = rev;
        return PFL_OK;
    }
    return rc;
}

int pfl_import_when(struct pfl_importer *im, struct pfl_err *err)
{
    const struct pfl_import_params *params = im->params;

    im->revision = (struct pfl_revision){
        .commit = "", .branch = "", .tag = "", .pull_request = "", .subject = ""};
    if (params->date && (!pfl_build_date(params->date, &im->date_unix_ns) || !im->date_unix_ns))
        return pfl_err_set(err, PFL_EUSAGE,
                           "--date %s: expected a date as 2026-02-23 or 2026-02-23T10:00:00Z",
                           params->date);
    return params->revision ? find_revision(im, params->revision, err) : PFL_OK;
}

void pfl_import_date_run(struct pfl_importer *im, struct pfl_run *run)
{
    if (run->kind != PFL_RUN_IMPORTED)
        return;
    if (!*run->revision.commit && *im->revision.commit)
        run->revision = im->revision;
    if (run->started_unix_ns)
        return;
    run->started_unix_ns =
        im->date_unix_ns ? im->date_unix_ns : im->revision.commit_time * INT64_C(1000000000);
    run->finished_unix_ns = run->started_unix_ns;
    pfl_import_at_hand(im)->undated += run->started_unix_ns == 0;
}
