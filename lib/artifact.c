/*
 * Artefacts and the time that a command takes.
 *
 * perfledger reads an artefact when the launch is over, and by then the next benchmark may have
 * written another into the same place. So the bytes are kept at once, under their SHA-256, in the
 * folder that perfledger named (where it looks for them by that name); the same artefact of ten
 * launches is one file. Big ones are told by their own path. A program that runs alone keeps
 * nothing: size and hash are two of its metrics.
 */
#include "internal.h"

#include "sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARTIFACT_NAME_MAX = 200, ARTIFACT_KEPT_MAX = 4 << 20, ARTIFACT_OUTPUT_KEPT = 2000 };

/* ---- files ---- */

char *pfl_lib_file_read(const char *path, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), saved;
    size_t room = 1 << 16;
    char *bytes;
    ssize_t n;

    if (fd < 0)
        return NULL;
    bytes = pfl_lib_alloc(room);
    for (*size = 0;; *size += (size_t)n) {
        if (*size + 1 >= room)
            bytes = pfl_lib_realloc(bytes, room *= 2);
        n = read(fd, bytes + *size, room - *size - 1);
        if (n < 0 && errno == EINTR)
            n = 0;
        else if (n <= 0)
            break;
    }
    saved = errno;
    close(fd);
    if (n < 0) {
        free(bytes);
        errno = saved;
        return NULL;
    }
    bytes[*size] = 0;
    return bytes;
}

static bool artifact_write_all(int fd, const char *bytes, size_t size)
{
    ssize_t n;

    for (; size > 0; bytes += n, size -= (size_t)n) {
        n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR)
            n = 0;
        else if (n < 0)
            return false;
    }
    return true;
}

bool pfl_lib_file_write(const char *path, const void *bytes, size_t size)
{
    struct stat there;
    char *draft;
    bool good;
    int fd;

    if (stat(path, &there) == 0 && S_ISREG(there.st_mode) && (size_t)there.st_size == size)
        return true;
    draft = pfl_lib_text("%s.XXXXXX", path);
    fd = mkstemp(draft);
    good = fd >= 0 && artifact_write_all(fd, bytes, size);
    if (fd >= 0 && close(fd) != 0)
        good = false;
    if (good && rename(draft, path) != 0)
        good = false;
    if (fd >= 0 && !good)
        unlink(draft);
    free(draft);
    return good;
}

/* A folder of ours alone: nobody else can have put something there. */
static char *artifact_own_folder(void)
{
    const char *base = getenv("TMPDIR");
    struct stat about;
    char *folder =
        pfl_lib_text("%s/perfledger-%lu", base && *base ? base : "/tmp", (unsigned long)getuid());

    if ((mkdir(folder, 0700) == 0 || errno == EEXIST) && lstat(folder, &about) == 0 &&
        S_ISDIR(about.st_mode) && about.st_uid == getuid() && (about.st_mode & 022) == 0)
        return folder;
    free(folder);
    return NULL;
}

char *pfl_lib_artifact_file(const char *name, bool own)
{
    const char *given = own ? NULL : getenv("PERFLEDGER_ARTIFACT_DIR");
    char *folder, *file = NULL;

    if (given && *given) {
        mkdir(given, 0777);
        folder = access(given, W_OK | X_OK) == 0 ? realpath(given, NULL) : NULL;
    } else {
        folder = artifact_own_folder();
    }
    if (folder)
        file = pfl_lib_text("%s/%s", folder, name);
    free(folder);
    return file;
}

/* ---- recording ---- */

static bool artifact_usable(struct pfl_bench *b, const char *what, const char *name)
{
    size_t len = name ? strlen(name) : 0, i;
    bool good = len > 0 && len <= ARTIFACT_NAME_MAX;

    for (i = 0; good && i < len; i++)
        good = (unsigned char)name[i] >= ' ' && name[i] != 0x7f;
    if (good && !(b && pfl_lib_in_loop()))
        return true;
    if (!b)
        pfl_lib_warn("%s: a name has 1 to %d bytes, none of them a control character", what,
                     ARTIFACT_NAME_MAX);
    else if (!good)
        pfl_fail(b, "%s: a name has 1 to %d bytes, none of them a control character", what,
                 ARTIFACT_NAME_MAX);
    else
        pfl_fail(b, "%s(\"%s\") inside PFL_LOOP: it would be timed; call it before or after", what,
                 name);
    return false;
}

static void artifact_metrics(struct pfl_bench *b, const char *name, size_t size, const char *hex)
{
    const struct pfl_lib_metric bytes = {.name = "artifact_size",
                                         .variant = name,
                                         .value = (double)size,
                                         .unit = "B",
                                         .better = PFL_LOWER_IS_BETTER};
    const struct pfl_lib_metric hash = {.name = "artifact_hash",
                                        .variant = name,
                                        .value = NAN,
                                        .unit = "1",
                                        .better = PFL_NO_DIRECTION,
                                        .text = hex};

    pfl_lib_bench_metric(b, &bytes);
    pfl_lib_bench_metric(b, &hash);
}

/* path NULL: only bytes. */
static void artifact_tell(struct pfl_bench *b, const char *name, const char *hex, const void *bytes,
                          size_t size, const char *path)
{
    char *kept = NULL, *real = NULL;

    if (!path || size <= ARTIFACT_KEPT_MAX) {
        kept = pfl_lib_artifact_file(hex, size > ARTIFACT_KEPT_MAX);
        if (!kept || !pfl_lib_file_write(kept, bytes, size)) {
            pfl_lib_warn("the bytes of the artefact %s are not kept: PERFLEDGER_ARTIFACT_DIR (or, "
                         "without, TMPDIR) cannot be written to: %s",
                         name, strerror(errno));
            free(kept);
            kept = NULL;
        }
    }
    if (!kept && path)
        real = realpath(path, NULL);
    if (kept || real)
        pfl_lib_wire_artifact(b ? pfl_lib_bench_case(b) : NULL, name, kept ? kept : real);
    free(kept);
    free(real);
}

static void artifact_record(struct pfl_bench *b, const char *name, const void *bytes, size_t size,
                            const char *path)
{
    char hex[65];

    pfl_lib_sha256_text(bytes, size, hex);
    if (b)
        artifact_metrics(b, name, size, hex);
    else if (!pfl_lib_wire_open())
        fprintf(stderr, "artefact %s: %zu bytes, SHA-256 %s\n", name, size, hex);
    if (pfl_lib_wire_open())
        artifact_tell(b, name, hex, bytes, size, path);
}

void pfl_artifact(struct pfl_bench *b, const char *name, const char *path)
{
    size_t size;
    char *bytes;

    if (!artifact_usable(b, "pfl_artifact", name))
        return;
    bytes = path ? pfl_lib_file_read(path, &size) : NULL;
    if (bytes)
        artifact_record(b, name, bytes, size, path);
    else if (b)
        pfl_fail(b, "the artefact %s cannot be read: %s: %s", name, path ? path : "(null)",
                 path ? strerror(errno) : "no path");
    else
        pfl_lib_warn("the artefact %s cannot be read: %s: %s", name, path ? path : "(null)",
                     path ? strerror(errno) : "no path");
    free(bytes);
}

void pfl_artifact_bytes(struct pfl_bench *b, const char *name, const void *bytes, size_t size)
{
    if (!artifact_usable(b, "pfl_artifact_bytes", name))
        return;
    if (bytes || size == 0)
        artifact_record(b, name, bytes ? bytes : "", size, NULL);
    else if (b)
        pfl_fail(b, "pfl_artifact_bytes(\"%s\"): the bytes are NULL", name);
    else
        pfl_lib_warn("pfl_artifact_bytes(\"%s\"): the bytes are NULL", name);
}

/* ---- the time of a command ---- */

static void artifact_command_failed(struct pfl_bench *b, const char *command,
                                    struct pfl_lib_child *child)
{
    const int status = child->status;
    char how[64];

    while (child->len && strchr(" \n\t\r", child->output[child->len - 1]))
        child->output[--child->len] = 0;
    if (status == -1)
        snprintf(how, sizeof how, "ended in a way that nobody knows (is SIGCHLD ignored?)");
    else if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "was ended by signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof how, "failed with exit status %d", WEXITSTATUS(status));
    pfl_fail(b, "the command `%.300s` %s%s%s", command, how, child->len ? ": " : "", child->output);
}

double pfl_compile_time(struct pfl_bench *b, const char *variant, const char *command)
{
    struct pfl_lib_metric metric = {.name = "compile_time",
                                    .variant = variant ? variant : "",
                                    .value = NAN,
                                    .unit = "s",
                                    .better = PFL_LOWER_IS_BETTER};
    char shell[] = "/bin/sh", option[] = "-c", *line;
    char *argv[] = {shell, option, NULL, NULL};
    struct pfl_lib_child child = {.argv = argv, .errors = true, .keep = ARTIFACT_OUTPUT_KEPT};

    if (!b || !command) {
        pfl_lib_warn("pfl_compile_time() needs a benchmark and a command: nothing is recorded");
        return NAN;
    }
    if (pfl_lib_in_loop()) {
        pfl_fail(b,
                 "pfl_compile_time() inside PFL_LOOP: it would be timed; call it before or after");
        return NAN;
    }
    argv[2] = line = pfl_lib_text("%s", command);
    if (!pfl_lib_child_run(&child)) {
        pfl_fail(b, "the command `%.300s` cannot be started: %s", command, strerror(errno));
    } else if (child.status != 0) {
        artifact_command_failed(b, command, &child);
    } else {
        metric.value = child.seconds;
        pfl_lib_bench_metric(b, &metric);
    }
    free(child.output);
    free(line);
    return metric.value;
}
