/* What a piece of code says, run in a child of its own: on the wire (its warnings apart), on
 * standard error, and as its exit status. The library looks at its environment once per process,
 * hence the children. */
#ifndef PFL_TEST_TOLD_H
#define PFL_TEST_TOLD_H

#include "internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct told {
    char *wire, *err;
    char *warnings; /* "warning: …\n" of those on the wire, in their order */
    int status;     /* as of waitpid() */
};

/* A child ends with what its parent had allocated in hand, which is no leak: LeakSanitizer asks. */
__attribute__((weak)) int told_is_a_child;
int __lsan_is_turned_off(void);
__attribute__((weak)) int __lsan_is_turned_off(void)
{
    return told_is_a_child;
}

static char *told_text(int fd)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char *text = calloc(1, (size_t)size + 1);

    if (!text || pread(fd, text, (size_t)size, 0) != size)
        abort();
    close(fd);
    return text;
}

/* Takes the warnings off the wire's lines. */
static char *told_warnings(char *wire)
{
    static const char begin[] = "{\"warning\":\"";
    char *warnings = calloc(1, 2 * strlen(wire) + 1), *out = wire, *line = wire, *to = warnings;

    for (; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const char *at = line + sizeof begin - 1;

        if (strncmp(line, begin, sizeof begin - 1) != 0) {
            size_t len = strcspn(line, "\n");

            len += line[len] == '\n';
            memmove(out, line, len);
            out += len;
            continue;
        }
        to += sprintf(to, "warning: ");
        for (; *at != '"'; at++) {
            at += *at == '\\';
            *to++ = *at;
        }
        *to++ = '\n';
    }
    *out = 0;
    *to = 0;
    return warnings;
}

/* The body runs in the child, which then ends with exit(0). */
static inline struct told told_by(void (*body)(void), bool wire)
{
    struct told told;
    int errors = memfd_create("err", MFD_CLOEXEC), lines = memfd_create("wire", MFD_CLOEXEC);
    char number[16];
    pid_t pid;

    fcntl(lines, F_SETFL, O_APPEND); /* of several processes none writes over another's */
    fcntl(errors, F_SETFL, O_APPEND);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        told_is_a_child = 1;
        dup2(errors, STDERR_FILENO);
        dup2(errors, STDOUT_FILENO); /* what a test framework would say at exit is nobody's */
        snprintf(number, sizeof number, "%d", lines);
        if (wire)
            setenv("PERFLEDGER_FD", number, 1);
        else
            unsetenv("PERFLEDGER_FD");
        body();
        exit(0);
    }
    if (pid < 0 || waitpid(pid, &told.status, 0) != pid)
        abort();
    told.wire = told_text(lines);
    told.warnings = told_warnings(told.wire);
    told.err = told_text(errors);
    return told;
}

static inline void told_release(struct told *told)
{
    free(told->wire);
    free(told->warnings);
    free(told->err);
}

/* Says on standard error what is not as it should be, and ends the child with 9. */
#define TOLD_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);              \
            _exit(9);                                                                              \
        }                                                                                          \
    } while (0)

/* A benchmark's function, run once and untimed; the outcome is to be released. */
static inline void told_bench(pfl_bench_function *function, struct pfl_lib_case *c,
                              struct pfl_lib_outcome *outcome)
{
    const struct pfl_lib_how how = {.seconds = 1e-3, .batch_s = 1e-4, .count_only = true};

    *c = (struct pfl_lib_case){
        .name = "group/it[n=3]",
        .bench = "group/it",
        .args = {{.name = "n", .text = "3", .number = 3, .integer = 3, .is_integer = true}},
        .arg_count = 1,
        .tags = "",
        .function = function,
        .threads = 1,
        .timeout_s = 60};
    pfl_lib_engine_run(c, &how, outcome);
}

#endif
