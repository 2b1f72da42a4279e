/*
 * Memory of processes, from /proc.
 *
 * The high-water mark VmHWM is kept by the kernel, so one look at it is exact as long as the
 * process has memory (a zombie has none any more); the sum over a tree must be sampled while it
 * runs. Resident memory counts a page shared by two processes twice; proportional sizes
 * (smaps_rollup) would not, but walk every page table, which stops the measured program for
 * milliseconds.
 *
 * Children come from /proc/PID/task/TID/children, three system calls per thread; where the kernel
 * lacks that file, all of /proc is scanned for parents. Nothing is allocated: this runs in a poll
 * beside the measured program.
 */
#include "sys/file_private.h"
#include "sys/machine.h"
#include "sys/memory_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PROCESSES = 2048 };

static ssize_t read_proc(const char *path, char *text, size_t size)
{
    int fd = pfl_file_fault() ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t got = -1;

    if (fd < 0)
        return -1;
    while (len < size - 1 && (got = read(fd, text + len, size - 1 - len)) > 0)
        len += (size_t)got;
    close(fd);
    text[len] = 0;
    return got < 0 ? -1 : (ssize_t)len;
}

/* "VmHWM:	    1234 kB" in bytes; -1 when the line is not there (a zombie, a kernel thread). */
static int64_t kilobytes(const char *status, const char *key)
{
    const char *line = strstr(status, key);

    return line ? strtoll(line + strlen(key), NULL, 10) * 1024 : -1;
}

static bool read_status(int pid, char *text, size_t size)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/status", pid);
    return read_proc(path, text, size) > 0;
}

int64_t pfl_memory_peak(int pid)
{
    char status[8192];

    return read_status(pid, status, sizeof status) ? kilobytes(status, "\nVmHWM:") : -1;
}

bool pfl_memory_reset_peak(int pid)
{
    char path[64];
    bool done;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/clear_refs", pid);
    fd = pfl_file_fault() ? -1 : open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    done = write(fd, "5", 1) == 1;
    close(fd);
    return done;
}

/* A list of numbers as text, cut to whole numbers by the caller's buffer being large. */
static void add_pids(const char *text, int *pids, size_t *n, size_t max)
{
    char *end;
    long pid;

    while (*n < max && (pid = strtol(text, &end, 10)) > 0 && end != text) {
        pids[(*n)++] = (int)pid;
        text = end;
    }
}

bool pfl_memory_children_listed(int pid, int *pids, size_t *n, size_t max)
{
    char path[96], text[16 * 1024];
    struct dirent *entry;
    bool works = true;
    DIR *tasks;

    snprintf(path, sizeof path, "/proc/%d/task", pid);
    tasks = pfl_file_fault() ? NULL : opendir(path);
    if (!tasks)
        return true; /* gone meanwhile */
    while ((entry = readdir(tasks))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", pid, entry->d_name);
        if (read_proc(path, text, sizeof text) > 0)
            add_pids(text, pids, n, max);
        else if (errno == ENOENT && access("/proc/thread-self/children", R_OK) != 0)
            works = false;
    }
    closedir(tasks);
    return works;
}

/* The parent in /proc/PID/stat; it stands behind the name, which may hold anything, also ") ". */
static int parent_of(const char *pid)
{
    char path[64], text[1024], *name_end;

    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    if (read_proc(path, text, sizeof text) <= 0)
        return -1;
    name_end = strrchr(text, ')');
    return name_end && strlen(name_end) > 4 ? (int)strtol(name_end + 4, NULL, 10) : -1;
}

bool pfl_memory_children_scanned(int pid, int *pids, size_t *n, size_t max)
{
    DIR *processes = pfl_file_fault() ? NULL : opendir("/proc");
    struct dirent *entry;

    if (!processes)
        return false;
    while (*n < max && (entry = readdir(processes)))
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parent_of(entry->d_name) == pid)
            pids[(*n)++] = (int)strtol(entry->d_name, NULL, 10);
    closedir(processes);
    return true;
}

/* Walks the tree; with `reset` not NULL every mark is set back right after it was read. */
static void walk(int root_pid, struct pfl_memory_tree *tree, bool *reset)
{
    int pids[MOST_PROCESSES] = {root_pid};
    char status[8192];
    bool listed = true;
    size_t n = 1, i;

    memset(tree, 0, sizeof *tree);
    for (i = 0; i < n; i++) { /* the array is the queue of a breadth-first walk */
        int64_t resident, peak;

        if (!read_status(pids[i], status, sizeof status))
            continue;
        resident = kilobytes(status, "\nVmRSS:");
        peak = kilobytes(status, "\nVmHWM:");
        if (reset && peak >= 0 && !pfl_memory_reset_peak(pids[i]))
            *reset = false;
        if (resident >= 0) {
            tree->processes++;
            tree->resident_bytes += resident;
        }
        if (peak > tree->largest_peak_bytes)
            tree->largest_peak_bytes = peak;
        if (listed)
            listed = pfl_memory_children_listed(pids[i], pids, &n, MOST_PROCESSES);
        if (!listed)
            pfl_memory_children_scanned(pids[i], pids, &n, MOST_PROCESSES);
    }
}

void pfl_memory_tree(int root_pid, struct pfl_memory_tree *tree)
{
    walk(root_pid, tree, NULL);
}

bool pfl_memory_tree_take(int root_pid, struct pfl_memory_tree *tree)
{
    bool reset = true;

    walk(root_pid, tree, &reset);
    return reset && tree->processes > 0;
}
