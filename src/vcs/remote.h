/* Where a repository's commits and pull requests are to be seen in a browser. */
#ifndef PFL_VCS_REMOTE_H
#define PFL_VCS_REMOTE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

struct pfl_git_web {
    const char *commits; /* "https://github.com/owner/name/commit/": a hash goes behind it; "" */
    const char *pull_requests; /* likewise, a number; "" */
    char sign;                 /* '#', or '!' as GitLab writes merge requests */
};

/* By the URL of the remote "origin", when that is GitHub's or GitLab's. No remote is no error. */
int pfl_git_web(const char *folder, struct pfl_arena *arena, struct pfl_git_web *web,
                struct pfl_err *err);

/* The same of a URL as git takes them. false: no memory. */
bool pfl_git_web_of(const char *url, struct pfl_arena *arena, struct pfl_git_web *web);

#endif
