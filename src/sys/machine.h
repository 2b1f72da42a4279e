/* What machine this is, and how busy. */
#ifndef PFL_SYS_MACHINE_H
#define PFL_SYS_MACHINE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/machine.h"

#include <stdbool.h>
#include <stddef.h>

/* name: "auto" or the user's, which then stands for the hardware in `id` and in `platform` (several
 * boxes, one class, one folder of baselines). root: "" for the real system; tests give a folder
 * with proc/ and sys/ in it. What cannot be found out is "" or 0; the only error is PFL_ENOMEM. */
int pfl_machine_probe(const char *root, const char *name, struct pfl_arena *arena,
                      struct pfl_machine *machine, struct pfl_err *err);

struct pfl_machine_load {
    double load1;                                      /* NaN where unknown */
    double cpu_pressure, memory_pressure, io_pressure; /* PSI "some" avg10, per cent; NaN */
    int64_t cpu_stall_us, memory_stall_us,
        io_stall_us; /* PSI totals: the difference over a time is exact; -1 */
};
void pfl_machine_load(const char *root, struct pfl_machine_load *load);
/* cpu_stall_us alone: one small file. */
int64_t pfl_machine_cpu_stall_us(const char *root);

/* CPUs' worth of time that control groups grant this process (1.5: one and a half); 0 = no limit.
 * Measuring under such a limit shows throttling, not the program. */
double pfl_machine_cpu_quota(const char *root);

/* Two CPUs that this process may use at the same moment, of two physical cores where the machine
 * says which are. false: there are no two, or a limit on CPU time would make them take turns. */
bool pfl_machine_two_cpus(const char *root, int cpus[2]);

/* Says that this process is measuring, and finds others that do so on this machine now: their pids,
 * at most `max`. The folder is /tmp/perfledger-measuring, or $PERFLEDGER_PRESENCE_DIR. The handle
 * is closed with pfl_machine_leave. Failing to register is no error (handle NULL, nobody is found).
 */
struct pfl_machine_presence;
struct pfl_machine_presence *pfl_machine_enter(void);
size_t pfl_machine_others(struct pfl_machine_presence *presence, int *pids, size_t max);
void pfl_machine_leave(struct pfl_machine_presence *presence);

/* Memory of one process, bytes; -1 when it is gone. reset: high-water mark set back (Linux:
 * clear_refs). */
int64_t pfl_memory_peak(int pid); /* VmHWM */
bool pfl_memory_reset_peak(int pid);
/* Sum of resident memory over a process and its descendants, and the largest VmHWM among them; the
 * launcher's reparented orphans count too when `root_pid` is the launcher. */
struct pfl_memory_tree {
    int64_t resident_bytes, largest_peak_bytes;
    int processes;
};
void pfl_memory_tree(int root_pid, struct pfl_memory_tree *tree);
/* The same, and every process's high-water mark is set back in the same walk: the next peak is of
 * what comes after. false: one of them could not be, or nobody is left. */
bool pfl_memory_tree_take(int root_pid, struct pfl_memory_tree *tree);

#endif
