/*
 * From a remote's URL to pages in a browser.
 *
 * Git takes https://[user[:password]@]host/path, ssh://[user@]host[:port]/path and user@host:path.
 * Of these only host and path are used: a password must never come into a document. Whether a host
 * is GitHub's or GitLab's is told by its name ("github.com", "gitlab.example.org"); of others
 * nothing is claimed, a link that leads nowhere is worse than none.
 */
#include "vcs/remote.h"

#include "base/text.h"
#include "vcs/ask.h"

#include <string.h>

/* The host and the path within a URL; false: of no form that is known. */
static bool split(const char *url, const char **host, size_t *host_len, const char **path)
{
    static const char *const schemes[] = {"https://", "http://", "ssh://", "git://"};
    const char *at = NULL, *end, *user;
    size_t i;

    for (i = 0; i < PFL_COUNT(schemes); i++)
        if (pfl_text_starts(url, schemes[i]))
            at = url + strlen(schemes[i]);
    if (at) {
        end = strchr(at, '/');
    } else {
        at = url;
        end = strchr(url, ':');
        if (!end || end > url + strcspn(url, "/"))
            return false; /* a path */
    }
    if (!end)
        return false;
    for (user = end; user > at && user[-1] != '@'; user--)
        ;
    *host = user;
    *host_len = strcspn(user, ":/");
    *path = end + 1 + strspn(end + 1, "/");
    return *host_len > 0;
}

static bool host_has(const char *host, size_t len, const char *name)
{
    size_t n = strlen(name), i;

    for (i = 0; i + n <= len; i++)
        if (strncmp(host + i, name, n) == 0)
            return true;
    return false;
}

bool pfl_git_web_of(const char *url, struct pfl_arena *arena, struct pfl_git_web *web)
{
    static const char safe[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._~/-";
    struct pfl_git_web none = {"", "", '#'};
    const char *host, *path;
    size_t host_len, len;
    bool gitlab;

    *web = none;
    if (!split(url, &host, &host_len, &path))
        return true;
    gitlab = host_has(host, host_len, "gitlab");
    len = strlen(path);
    while (len > 0 && path[len - 1] == '/')
        len--;
    if (len > 4 && strncmp(path + len - 4, ".git", 4) == 0)
        len -= 4;
    if ((!gitlab && !host_has(host, host_len, "github")) || len == 0 ||
        strspn(path, safe) != strlen(path) || strspn(host, safe) < host_len)
        return true;
    none.commits = pfl_arena_format(arena, "https://%.*s/%.*s/%s", (int)host_len, host, (int)len,
                                    path, gitlab ? "-/commit/" : "commit/");
    none.pull_requests = pfl_arena_format(arena, "https://%.*s/%.*s/%s", (int)host_len, host,
                                          (int)len, path, gitlab ? "-/merge_requests/" : "pull/");
    none.sign = gitlab ? '!' : '#';
    if (!none.commits || !none.pull_requests)
        return false;
    *web = none;
    return true;
}

int pfl_git_web(const char *folder, struct pfl_arena *arena, struct pfl_git_web *web,
                struct pfl_err *err)
{
    struct pfl_git_answer answer;
    const char *url = "";
    int rc;

    pfl_git_answer_init(&answer);
    rc = pfl_git_missing(PFL_GIT_ASK(folder, &answer, err, "remote", "get-url", "origin"), folder,
                         err);
    if (rc == PFL_OK && answer.status == 0)
        url = pfl_git_line(&answer);
    if (rc == PFL_OK && !pfl_git_web_of(url, arena, web))
        rc = pfl_err_no_memory(err);
    pfl_git_answer_release(&answer);
    return rc;
}
