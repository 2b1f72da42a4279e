/* One question to git(1), its answer. Internal to vcs/. */
#ifndef PFL_VCS_ASK_H
#define PFL_VCS_ASK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* The answer, git's words and its exit code. */
struct pfl_git_answer {
    struct pfl_buf output, errors;
    int status;
};
void pfl_git_answer_init(struct pfl_git_answer *answer);
void pfl_git_answer_release(struct pfl_git_answer *answer);

struct pfl_git_question {
    const char *folder;
    const char *const *words;           /* behind "git", NULL-terminated */
    int64_t timeout_ns;                 /* 0: 60 s */
    bool (*interrupted)(void *context); /* may be NULL */
    void *context;
};

/* PFL_OK when git answered, whatever its status. PFL_ENOENT: no git, or no such folder. */
int pfl_git_put(const struct pfl_git_question *question, struct pfl_git_answer *answer,
                struct pfl_err *err);
int pfl_git_ask(const char *folder, const char *const *words, struct pfl_git_answer *answer,
                struct pfl_err *err);
#define PFL_GIT_ASK(folder, answer, err, ...)                                                      \
    pfl_git_ask(folder, (const char *const[]){__VA_ARGS__, NULL}, answer, err)

/* The answer's only line, without its newline. */
const char *pfl_git_line(struct pfl_git_answer *answer);
/* Git's complaint without "fatal: " and the final newline. */
const char *pfl_git_complaint(struct pfl_git_answer *answer);

/* Puts better words to PFL_ENOENT of a question. */
int pfl_git_missing(int rc, const char *folder, struct pfl_err *err);

/* The texts of an answer to -z, in the arena. */
int pfl_git_split(const struct pfl_git_answer *answer, struct pfl_arena *arena, const char ***texts,
                  size_t *count, struct pfl_err *err);

#endif
