/*
 * Counters are opened once per launcher, on the launcher: inherited by each child it forks and
 * enabled by the child's execve, so that neither the launcher's own work nor the fork is counted.
 * When a child ends, the kernel adds its counts to those of the event it was inherited from, before
 * its parent is told; the difference between two readings is that child's and its descendants'. On
 * a machine without such counters (most virtual ones) the one attempt at opening fails and no
 * launch pays for them.
 *
 * Both events count user space only: that is what perf_event_paranoid = 2, the usual setting,
 * allows without privileges, and what does not change with the kernel. When more events are open
 * than the machine has counters, the kernel lets them take turns and the value is scaled by the
 * time it was counting.
 */
#include "sys/counters.h"

#include "base/alloc.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct reading {
    uint64_t value, enabled_ns, running_ns;
};

static int open_event(int pid, uint64_t event)
{
    struct perf_event_attr attr;

    if (pfl_fault_io())
        return -1;
    memset(&attr, 0, sizeof attr);
    attr.size = sizeof attr;
    attr.type = PERF_TYPE_HARDWARE;
    attr.config = event;
    attr.disabled = 1;
    attr.inherit = 1;
    attr.enable_on_exec = 1;
    attr.exclude_kernel = 1;
    attr.exclude_hv = 1;
    attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    return (int)syscall(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

void pfl_counters_open(struct pfl_counters *counters, int pid)
{
    counters->instructions_fd = open_event(pid, PERF_COUNT_HW_INSTRUCTIONS);
    counters->cycles_fd = -1;
    if (counters->instructions_fd >= 0)
        counters->cycles_fd = open_event(pid, PERF_COUNT_HW_CPU_CYCLES);
}

void pfl_counters_close(struct pfl_counters *counters)
{
    if (counters->instructions_fd >= 0)
        close(counters->instructions_fd);
    if (counters->cycles_fd >= 0)
        close(counters->cycles_fd);
    counters->instructions_fd = counters->cycles_fd = -1;
}

static int64_t read_event(int fd)
{
    struct reading reading;

    if (fd < 0 || read(fd, &reading, sizeof reading) != (ssize_t)sizeof reading)
        return -1;
    if (reading.running_ns == 0)
        return reading.enabled_ns == 0 ? 0 : -1;
    if (reading.running_ns == reading.enabled_ns)
        return (int64_t)reading.value;
    return (int64_t)((double)reading.value * (double)reading.enabled_ns /
                     (double)reading.running_ns);
}

void pfl_counters_read(const struct pfl_counters *counters, struct pfl_counts *counts)
{
    counts->instructions = read_event(counters->instructions_fd);
    counts->cycles = read_event(counters->cycles_fd);
}

int64_t pfl_counters_difference(int64_t before, int64_t after)
{
    return before >= 0 && after > before ? after - before : -1;
}
