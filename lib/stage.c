/*
 * Stages of a pipeline.
 *
 * Under perfledger the library only says when a stage begins: wall time and peak memory are then
 * perfledger's to read (it stamps the line's arrival and reads the process' high-water mark at that
 * moment). CPU time it cannot see that way, so the library tells it, as the metric cpu:STAGE, when
 * the stage ends: the sum of all times it was entered, because a metric's last value counts. Alone
 * and with PERFLEDGER_STAGES=1 the library measures all three itself; for the peak it sets the
 * process' mark back when a stage begins (5 into /proc/self/clear_refs; Linux 4.0), which takes it
 * from getrusage() too, and is therefore done only when asked for. With neither a call costs two
 * comparisons and the copy of a name.
 *
 * The child of a fork does not go on with its parent's stages, and says nothing about its own: the
 * parent's would end by it. A process whose parent had none is free to have some.
 */
#include "internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STAGE_NAME_MAX = 100, STAGES_MAX = 500, STAGE_WARNINGS_MAX = 20 };

struct stage_entry {
    char name[STAGE_NAME_MAX + 1];
    double wall_s, cpu_s;
    int64_t peak_bytes; /* < 0: not known */
    uint64_t entered;
};

static struct {
    struct pfl_lib_lock lock;
    bool looked, table, wire;
    int owner;    /* 0: nobody has stages yet */
    long current; /* index; −1: none */
    bool bounded; /* it was begun by pfl_stage_begin */
    int64_t since_ns;
    double since_cpu_s;
    bool peak_reset;
    struct stage_entry *entries;
    size_t n, warnings;
} stage = {.current = -1};

/* ---- reading ---- */

static double stage_cpu_now(void)
{
    struct timespec at;

    return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at) == 0
               ? (double)at.tv_sec + (double)at.tv_nsec / 1e9
               : 0;
}

static bool stage_reset_peak(void)
{
    int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, "5", 1) == 1;

    if (fd >= 0)
        close(fd);
    return done;
}

static int64_t stage_read_peak(void)
{
    char text[4096];
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
    const char *at;

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return -1;
    text[n] = 0;
    at = strstr(text, "VmHWM:");
    return at ? strtoll(at + 6, NULL, 10) * 1024 : -1;
}

/* ---- the table at exit ---- */

static int stage_width(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void stage_print_seconds(double seconds)
{
    if (seconds < 1e-3)
        fprintf(stderr, " %9.1f us", seconds * 1e6);
    else if (seconds < 1)
        fprintf(stderr, " %9.2f ms", seconds * 1e3);
    else
        fprintf(stderr, " %9.3f s ", seconds);
}

static void stage_print_table(void)
{
    int width = 5;
    size_t i;

    for (i = 0; i < stage.n; i++)
        if (stage_width(stage.entries[i].name) > width)
            width = stage_width(stage.entries[i].name);
    fprintf(stderr, "%-*s %12s %12s %13s\n", width, "stage", "wall", "CPU", "peak RSS");
    for (i = 0; i < stage.n; i++) {
        const struct stage_entry *entry = &stage.entries[i];

        fprintf(stderr, "%s%*s", entry->name, width - stage_width(entry->name), "");
        stage_print_seconds(entry->wall_s);
        stage_print_seconds(entry->cpu_s);
        if (entry->peak_bytes < 0)
            fprintf(stderr, " %13s", "-");
        else
            fprintf(stderr, " %9.1f MiB", (double)entry->peak_bytes / 1048576);
        if (entry->entered > 1)
            fprintf(stderr, "  (entered %llu times)", (unsigned long long)entry->entered);
        fputc('\n', stderr);
    }
}

/* ---- stages ---- */

static bool stage_may_warn(void)
{
    return stage.warnings++ < STAGE_WARNINGS_MAX;
}

/* With the lock held, all of these. */
static void stage_leave(void)
{
    struct stage_entry *entry;

    if (stage.current < 0)
        return;
    entry = &stage.entries[stage.current];
    stage.current = -1;
    if (!stage.table && !stage.wire)
        return;
    entry->wall_s += (double)(pfl_lib_now_ns() - stage.since_ns) / 1e9;
    entry->cpu_s += stage_cpu_now() - stage.since_cpu_s;
    if (stage.table) {
        int64_t peak = stage.peak_reset ? stage_read_peak() : -1;

        if (peak > entry->peak_bytes)
            entry->peak_bytes = peak;
    }
}

static void stage_at_exit(void)
{
    const long last = stage.current;

    if (stage.owner != pfl_lib_process())
        return;
    pfl_lib_lock_take(&stage.lock);
    stage_leave();
    if (last >= 0 && stage.wire)
        pfl_lib_wire_stage_cpu(stage.entries[last].name, stage.entries[last].cpu_s);
    if (stage.table && stage.n)
        stage_print_table();
    pfl_lib_lock_give(&stage.lock);
}

static void stage_look(void)
{
    const char *asked = getenv("PERFLEDGER_STAGES");

    stage.looked = true;
    stage.owner = pfl_lib_process();
    stage.wire = pfl_lib_wire_open();
    stage.table = !stage.wire && asked && *asked && strcmp(asked, "0") != 0;
    if (stage.wire || stage.table)
        atexit(stage_at_exit);
}

/* The index of that stage, made when it is new; −1: too many. */
static long stage_find(const char *name)
{
    size_t i;

    for (i = 0; i < stage.n; i++)
        if (strcmp(stage.entries[i].name, name) == 0)
            return (long)i;
    if (stage.n == STAGES_MAX) {
        if (stage_may_warn())
            pfl_lib_warn("the stage \"%s\" is not recorded: there are %d others already", name,
                         STAGES_MAX);
        return -1;
    }
    stage.entries = pfl_lib_realloc(stage.entries, (stage.n + 1) * sizeof *stage.entries);
    stage.entries[stage.n] = (struct stage_entry){.peak_bytes = -1};
    snprintf(stage.entries[stage.n].name, sizeof stage.entries[stage.n].name, "%s", name);
    return (long)stage.n++;
}

/* From now on in that stage; −1: none. */
static void stage_enter(long next, bool bounded)
{
    const long last = stage.current;

    stage_leave();
    stage.current = next;
    stage.bounded = bounded;
    if (stage.wire) {
        pfl_lib_wire_stage(next < 0 ? NULL : stage.entries[next].name);
        if (last >= 0)
            pfl_lib_wire_stage_cpu(stage.entries[last].name, stage.entries[last].cpu_s);
    }
    if (next < 0)
        return;
    stage.entries[next].entered++;
    if (!stage.table && !stage.wire)
        return;
    stage.peak_reset = stage.table && stage_reset_peak();
    stage.since_cpu_s = stage_cpu_now();
    stage.since_ns = pfl_lib_now_ns();
}

static bool stage_name_is_good(const char *name)
{
    static bool told;
    size_t len = strlen(name), i;
    bool good = len > 0 && len <= STAGE_NAME_MAX;

    for (i = 0; good && i < len; i++)
        good = (unsigned char)name[i] >= ' ' && name[i] != 0x7f;
    if (!good && !__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
        pfl_lib_warn(
            "a stage's name must have 1 to %d bytes and no control characters; one that "
            "begins with \"%.20s\" and has %zu bytes is left out, the stage stays as it was",
            STAGE_NAME_MAX, len && (unsigned char)name[0] >= ' ' ? name : "", len);
    return good;
}

static bool stage_in_loop(const char *name)
{
    static bool told;

    if (!pfl_lib_in_loop())
        return false;
    if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
        pfl_lib_warn(
            "the stage \"%s\" inside a PFL_LOOP is left out: stages are for whole programs; "
            "take it out of the loop",
            name);
    return true;
}

static void stage_refuse(const char *name, const char *remedy)
{
    const char *outer = stage.entries[stage.current].name;

    if (stage_may_warn())
        pfl_lib_warn(
            "the stage \"%s\" is refused inside \"%s\", which goes on: stages do not nest; "
            "end \"%s\" first%s",
            name, outer, outer, remedy);
}

/* What all three have in common: false, and not locked, when there is nothing to do. */
static bool stage_lock(void)
{
    pfl_lib_lock_take(&stage.lock);
    if (!stage.looked)
        stage_look();
    if (stage.owner == pfl_lib_process())
        return true;
    pfl_lib_lock_give(&stage.lock); /* in the child of a fork */
    return false;
}

void pfl_stage(const char *name)
{
    long next = -1;

    if ((name && !stage_name_is_good(name)) || stage_in_loop(name ? name : "(end)") ||
        !stage_lock())
        return;
    if (stage.current >= 0 && stage.bounded)
        stage_refuse(name ? name : "(end)", "");
    else if (!name || (next = stage_find(name)) >= 0)
        stage_enter(next, false);
    pfl_lib_lock_give(&stage.lock);
}

int pfl_stage_begin(const char *name)
{
    long next = -1;

    if (!name)
        name = "";
    if (!stage_name_is_good(name) || stage_in_loop(name))
        return -1;
    if (!stage_lock())
        return 0;
    if (stage.current >= 0)
        stage_refuse(name, ", or give the inner one up");
    else if ((next = stage_find(name)) >= 0)
        stage_enter(next, true);
    pfl_lib_lock_give(&stage.lock);
    return next < 0 ? -1 : 0;
}

int pfl_stage_end(const char *name)
{
    bool good;

    if (!name)
        name = "";
    if (stage_in_loop(name))
        return -1;
    if (!stage_lock())
        return 0;
    good = stage.current >= 0 && strcmp(stage.entries[stage.current].name, name) == 0;
    if (good)
        stage_enter(-1, false);
    else if (stage_may_warn())
        pfl_lib_warn("the end of the stage \"%s\" is refused: %s%s%s is open", name,
                     stage.current < 0 ? "no stage" : "\"",
                     stage.current < 0 ? "" : stage.entries[stage.current].name,
                     stage.current < 0 ? "" : "\"");
    pfl_lib_lock_give(&stage.lock);
    return good ? 0 : -1;
}
