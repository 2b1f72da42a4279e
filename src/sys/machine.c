/*
 * What machine this is: names, hashes and the operating system's side. CPUs are in machine_cpu.c,
 * hypervisors and containers in machine_host.c.
 *
 * Two hashes say how far numbers can be compared. `id` names a series: it covers what the user
 * thinks of as "the machine" (architecture, CPU model, cores), so a kernel update goes on in the
 * same series. `fingerprint` covers also what moves numbers without being another machine (kernel,
 * governor): a change of it starts an epoch inside the series. A name given by the user takes the
 * place of the hardware in both `id` and `platform`, because a class of hosted runners shares one
 * series and one folder of baselines although its boxes differ.
 *
 * Everything is read below `root`, so that the tests can hand in another machine as a folder.
 * Nothing here fails for want of information: what cannot be found out is "" (or 0, or NaN) and
 * never guessed.
 */
#include "sys/machine.h"

#include "base/hash.h"
#include "sys/file_private.h"
#include "sys/machine_private.h"

#include <ctype.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

bool pfl_probe_read(const char *root, const char *path, char *text, size_t size)
{
    char whole[4096];
    size_t len = 0, i;
    ssize_t got = 0;
    int fd;

    text[0] = 0;
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    fd = pfl_file_fault() ? -1 : open(whole, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    while (len < size - 1 && (got = read(fd, text + len, size - 1 - len)) > 0)
        len += (size_t)got;
    close(fd);
    for (i = 0; i < len; i++)
        if (text[i] == 0)
            text[i] = '\n';
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    text[len] = 0;
    return got >= 0;
}

bool pfl_probe_exists(const char *root, const char *path)
{
    char whole[4096];
    struct stat st;

    snprintf(whole, sizeof whole, "%s/%s", root, path);
    return lstat(whole, &st) == 0;
}

bool pfl_probe_field(const char **at, const char *key, char *value, size_t size)
{
    const char *line = *at;
    size_t key_len = strlen(key);

    while (*line) {
        size_t len = strcspn(line, "\n");
        const char *end = line + len, *after = line + key_len;

        if (len > key_len && strncasecmp(line, key, key_len) == 0) {
            while (after < end && isblank((unsigned char)*after))
                after++;
            if (after < end && (*after == ':' || *after == '=')) {
                do
                    after++;
                while (after < end && isblank((unsigned char)*after));
                snprintf(value, size, "%.*s", (int)(end - after), after);
                *at = *end ? end + 1 : end;
                return true;
            }
        }
        line = *end ? end + 1 : end;
    }
    return false;
}

static int64_t memory_bytes(const char *root)
{
    char text[PFL_PROBE_TEXT], value[64];
    const char *at = text;

    if (!pfl_probe_read(root, "proc/meminfo", text, sizeof text) ||
        !pfl_probe_field(&at, "MemTotal", value, sizeof value))
        return 0;
    return strtoll(value, NULL, 10) * 1024;
}

/* PRETTY_NAME of os-release(5): a shell assignment, so quotes and backslashes are taken off. */
static void os_name(const char *root, char *name, size_t size)
{
    char text[PFL_PROBE_TEXT], value[PFL_PROBE_LINE], quote;
    const char *at = text, *from = value;
    size_t len = 0;

    name[0] = 0;
    if (!pfl_probe_read(root, "etc/os-release", text, sizeof text) &&
        !pfl_probe_read(root, "usr/lib/os-release", text, sizeof text))
        return;
    if (!pfl_probe_field(&at, "PRETTY_NAME", value, sizeof value))
        return;
    quote = *from == '"' || *from == '\'' ? *from++ : 0;
    for (; *from && (!quote || *from != quote) && len < size - 1; from++) {
        if (*from == '\\' && from[1] && quote != '\'')
            from++;
        name[len++] = *from;
    }
    name[len] = 0;
}

static const char *libc_name(struct pfl_arena *arena)
{
#ifdef __GLIBC__
    return pfl_arena_format(arena, "glibc %s", gnu_get_libc_version());
#else
    return pfl_arena_text(arena, "");
#endif
}

/* Appends text to a file name: lower case, everything but letters and digits as one '-'. */
static void slug(char *out, size_t size, const char *text)
{
    size_t len = strlen(out), from = len;

    for (; *text && *text != '@' && len < size - 1; text++) {
        static const char *const noise[] = {"(r)", "(tm)", "(c)"};
        size_t i, skip = 0;

        for (i = 0; i < PFL_COUNT(noise); i++)
            if (strncasecmp(text, noise[i], strlen(noise[i])) == 0)
                skip = strlen(noise[i]);
        if (skip > 0)
            text += skip - 1;
        else if ((unsigned char)*text < 128 && isalnum((unsigned char)*text))
            out[len++] = (char)tolower((unsigned char)*text);
        else if (len > from && out[len - 1] != '-')
            out[len++] = '-';
    }
    while (len > from && out[len - 1] == '-')
        len--;
    out[len] = 0;
}

enum { PLATFORM_MAX = 80 };

static const char *platform_of(const struct pfl_machine *machine, bool named,
                               struct pfl_arena *arena)
{
    char out[PLATFORM_MAX + 1];
    const char *last = named ? machine->name : machine->cpu_model;
    size_t before;

    snprintf(out, sizeof out, "Linux-%.20s-", machine->arch[0] ? machine->arch : "unknown");
    before = strlen(out);
    slug(out, sizeof out, last);
    if (out[before] == 0) /* nothing of it can be in a file name */
        snprintf(out + before, sizeof out - before, "%s", named ? "named" : "unknown");
    return pfl_arena_text(arena, out);
}

/* The first 12 hex digits of the SHA-256 over the fields, each ended by a newline. */
static const char *short_hash(const char *const *fields, size_t n, struct pfl_arena *arena)
{
    char hex[PFL_HASH_HEX];
    struct pfl_hash hash;
    size_t i;

    pfl_hash_init(&hash);
    for (i = 0; i < n; i++) {
        pfl_hash_add(&hash, fields[i], strlen(fields[i]));
        pfl_hash_add(&hash, "\n", 1);
    }
    pfl_hash_end(&hash, hex);
    return pfl_arena_text_n(arena, hex, 12);
}

static void name_it(struct pfl_machine *machine, struct pfl_arena *arena)
{
    bool named = strcmp(machine->name, "auto") != 0;
    char cores[16], cpus[16];
    const char *const hardware[] = {machine->arch, machine->cpu_model, cores, cpus};
    const char *const epoch[] = {machine->cpu_model, cores, cpus, machine->kernel,
                                 machine->governor};

    snprintf(cores, sizeof cores, "%d", machine->cores);
    snprintf(cpus, sizeof cpus, "%d", machine->cpus);
    machine->id = named ? machine->name : short_hash(hardware, PFL_COUNT(hardware), arena);
    machine->fingerprint = short_hash(epoch, PFL_COUNT(epoch), arena);
    machine->platform = platform_of(machine, named, arena);
}

/* The kernel's own files when there are any below root, else (and where they say nothing) uname(2).
 */
static const char *kernel_text(const char *root, const char *file, const char *otherwise,
                               struct pfl_arena *arena)
{
    char path[64], text[PFL_PROBE_LINE];

    snprintf(path, sizeof path, "proc/sys/kernel/%s", file);
    pfl_probe_read(root, path, text, sizeof text);
    return pfl_arena_text(arena, text[0] ? text : otherwise);
}

int pfl_machine_probe(const char *root, const char *name, struct pfl_arena *arena,
                      struct pfl_machine *machine, struct pfl_err *err)
{
    char os[PFL_PROBE_LINE], container[64];
    struct pfl_machine found;
    struct pfl_probe_cpu cpu;
    struct utsname system;
    size_t i;

    if (uname(&system) != 0)
        memset(&system, 0, sizeof system);
    pfl_probe_cpu(root, &cpu);
    os_name(root, os, sizeof os);
    found = (struct pfl_machine){
        .name = pfl_arena_text(arena, name && name[0] ? name : "auto"),
        .hostname = kernel_text(root, "hostname", system.nodename, arena),
        .os = pfl_arena_text(arena, os),
        .kernel = kernel_text(root, "osrelease", system.release, arena),
        .arch = kernel_text(root, "arch", system.machine, arena),
        .cpu_model = pfl_arena_text(arena, cpu.model),
        .governor = pfl_arena_text(arena, cpu.governor),
        .turbo = pfl_arena_text(arena, cpu.turbo),
        .virtualisation = pfl_probe_virtualisation(root, &cpu),
        .container = pfl_arena_text(arena, pfl_probe_container(root, container, sizeof container)),
        .libc = libc_name(arena),
        .cores = cpu.cores,
        .cpus = cpu.cpus,
        .memory_bytes = memory_bytes(root),
    };
    const char *const made[] = {found.name,      found.hostname,  found.os,       found.kernel,
                                found.arch,      found.cpu_model, found.governor, found.turbo,
                                found.container, found.libc};

    for (i = 0; i < PFL_COUNT(made); i++)
        if (!made[i])
            return pfl_err_no_memory(err);
    name_it(&found, arena);
    if (!found.id || !found.fingerprint || !found.platform)
        return pfl_err_no_memory(err);
    *machine = found;
    return PFL_OK;
}

/* Load */

/* One file of /proc/pressure: "some avg10=0.12 avg60=… avg300=… total=123". */
static void pressure(const char *root, const char *which, double *avg10, int64_t *stall_us)
{
    char path[64], text[512];
    const char *avg, *total;

    *avg10 = NAN;
    *stall_us = -1;
    snprintf(path, sizeof path, "proc/pressure/%s", which);
    if (!pfl_probe_read(root, path, text, sizeof text) || strncmp(text, "some ", 5) != 0)
        return;
    text[strcspn(text, "\n")] = 0;
    avg = strstr(text, " avg10=");
    total = strstr(text, " total=");
    if (avg)
        *avg10 = strtod(avg + strlen(" avg10="), NULL);
    if (total)
        *stall_us = strtoll(total + strlen(" total="), NULL, 10);
}

void pfl_machine_load(const char *root, struct pfl_machine_load *load)
{
    char text[128], *end;

    load->load1 = NAN;
    if (pfl_probe_read(root, "proc/loadavg", text, sizeof text)) {
        double value = strtod(text, &end);

        if (end != text)
            load->load1 = value;
    }
    pressure(root, "cpu", &load->cpu_pressure, &load->cpu_stall_us);
    pressure(root, "memory", &load->memory_pressure, &load->memory_stall_us);
    pressure(root, "io", &load->io_pressure, &load->io_stall_us);
}

int64_t pfl_machine_cpu_stall_us(const char *root)
{
    double avg10;
    int64_t stall_us;

    pressure(root, "cpu", &avg10, &stall_us);
    return stall_us;
}

/* How many CPUs' worth of time one cgroup v2 file or pair of v1 files grants; 0 = no limit. */
static double quota_at(const char *root, const char *folder)
{
    char path[2048], text[64], *end;
    double quota, period;

    snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (pfl_probe_read(root, path, text, sizeof text)) {
        quota = strtod(text, &end); /* "max 100000" reads as nothing */
        period = strtod(end, NULL);
        return end != text && quota > 0 && period > 0 ? quota / period : 0;
    }
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    if (!pfl_probe_read(root, path, text, sizeof text))
        return 0;
    quota = strtod(text, NULL);
    snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
    pfl_probe_read(root, path, text, sizeof text);
    period = strtod(text, NULL);
    return quota > 0 && period > 0 ? quota / period : 0;
}

/* Limits add up along the path of groups, so the smallest one holds. */
static double quota_along(const char *root, const char *mount, char *group)
{
    char folder[1500];
    double smallest = 0, here;
    char *slash;

    for (;;) {
        snprintf(folder, sizeof folder, "%s%s", mount, group);
        here = quota_at(root, folder);
        if (here > 0 && (smallest == 0 || here < smallest))
            smallest = here;
        slash = strrchr(group, '/');
        if (!slash)
            return smallest;
        *slash = 0;
    }
}

double pfl_machine_cpu_quota(const char *root)
{
    char text[PFL_PROBE_TEXT], *line, *next;
    double smallest = 0;

    pfl_probe_read(root, "proc/self/cgroup", text, sizeof text);
    for (line = text; line && *line; line = next) {
        const char *mount = NULL;
        char *group = strchr(line, ':'), *controllers = group ? group + 1 : NULL;
        double here;

        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        group = controllers ? strchr(controllers, ':') : NULL;
        if (!group)
            continue;
        *group++ = 0;
        if (controllers[0] == 0)
            mount = "sys/fs/cgroup";
        else if (strcmp(controllers, "cpu,cpuacct") == 0 || strcmp(controllers, "cpu") == 0)
            mount = "sys/fs/cgroup/cpu";
        here = mount ? quota_along(root, mount, group) : 0;
        if (here > 0 && (smallest == 0 || here < smallest))
            smallest = here;
    }
    return smallest;
}
