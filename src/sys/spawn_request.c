/*
 * A launch request as bytes. All of it is put together here, before the launcher hears of it, so
 * that the launcher has nothing to look up, to parse or to allocate beyond one block: PERFLEDGER_FD
 * and PERFLEDGER_CONTROL_FD are set (and those that perfledger itself was started with removed,
 * they would name descriptors that do not exist there), and the CPU list is a mask.
 */
#include "sys/spawn_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_MAX = 64 << 20, CPUS_MAX = PFL_LAUNCHER_CPU_WORDS_MAX * 64 };

static const char wire_variable[] = "PERFLEDGER_FD=", control_variable[] = "PERFLEDGER_CONTROL_FD=";

/* A number at *text, which moves behind it; -1: there is none below CPUS_MAX. */
static long read_cpu(const char **text)
{
    char *end;
    unsigned long value;

    if (**text < '0' || **text > '9')
        return -1;
    errno = 0;
    value = strtoul(*text, &end, 10);
    if (errno || value >= CPUS_MAX)
        return -1;
    *text = end;
    return (long)value;
}

/* "0-3,8" as a mask; false when the text is no such list. */
static bool read_cpus(const char *text, uint64_t *mask, uint32_t *words)
{
    long first, last, cpu;

    memset(mask, 0, CPUS_MAX / 8);
    *words = 0;
    for (;;) {
        first = last = read_cpu(&text);
        if (first >= 0 && *text == '-') {
            text++;
            last = read_cpu(&text);
        }
        if (first < 0 || last < first)
            return false;
        for (cpu = first; cpu <= last; cpu++)
            mask[cpu / 64] |= UINT64_C(1) << (cpu % 64);
        if ((uint32_t)(last / 64 + 1) > *words)
            *words = (uint32_t)(last / 64 + 1);
        if (*text == 0)
            return true;
        if (*text++ != ',')
            return false;
    }
}

static void add_string(struct pfl_buf *body, const char *text)
{
    pfl_buf_add(body, text, strlen(text) + 1);
}

static void add_environment(struct pfl_buf *body, const struct pfl_launch_request *request,
                            struct pfl_launcher_request *head)
{
    char *const *each = request->envp ? request->envp : environ;

    for (; *each; each++) {
        if (strncmp(*each, wire_variable, sizeof wire_variable - 1) == 0 ||
            strncmp(*each, control_variable, sizeof control_variable - 1) == 0)
            continue;
        add_string(body, *each);
        head->envc++;
    }
    if (request->wire) {
        pfl_buf_format(body, "%s%d", wire_variable, PFL_LAUNCHER_WIRE);
        pfl_buf_char(body, 0);
        head->envc++;
    }
    if (request->wire && request->control) {
        pfl_buf_format(body, "%s%d", control_variable, PFL_LAUNCHER_CONTROL);
        pfl_buf_char(body, 0);
        head->envc++;
    }
}

int pfl_spawn_encode(const struct pfl_launch_request *request, struct pfl_launcher_request *head,
                     struct pfl_buf *body, struct pfl_err *err)
{
    struct pfl_launcher_request made = {.magic = PFL_LAUNCHER_MAGIC};
    uint64_t mask[PFL_LAUNCHER_CPU_WORDS_MAX];
    size_t cpu_bytes;
    int status;

    if (request->cpus && !read_cpus(request->cpus, mask, &made.cpu_words))
        return pfl_err_set(err, PFL_EINVAL,
                           "'%s' is not a list of CPUs; write numbers and ranges, as in 0-3,8",
                           request->cpus);
    pfl_buf_init(body, BODY_MAX);
    cpu_bytes = made.cpu_words * sizeof mask[0];
    pfl_buf_add(body, mask, cpu_bytes);
    add_string(body, request->program ? request->program : request->argv[0]);
    for (; request->argv[made.argc]; made.argc++)
        add_string(body, request->argv[made.argc]);
    add_environment(body, request, &made);
    status = pfl_buf_check(body, err, "putting a command's arguments and environment together");
    if (status != PFL_OK) {
        pfl_buf_release(body);
        return status;
    }
    made.text_bytes = (uint32_t)(body->len - cpu_bytes);
    made.has_wire = request->wire;
    made.has_control = request->wire && request->control;
    made.timeout_ns = request->timeout_ns;
    *head = made;
    return PFL_OK;
}
