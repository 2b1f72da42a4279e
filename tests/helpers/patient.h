/* A machine to be diagnosed, made by hand: quiet, with every setting as it should be, and a trial
 * with as much noise as asked. */
#ifndef TESTS_HELPERS_PATIENT_H
#define TESTS_HELPERS_PATIENT_H

#include "model/doctor.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

enum { PATIENT_LAUNCHES = 400, PATIENT_BATCHES = 50 };

struct patient {
    struct pfl_evidence evidence;
    struct pfl_timer timer;
    double wall[PATIENT_LAUNCHES], cpu[PATIENT_LAUNCHES];
    double batches[PFL_YARDSTICK_COUNT][PATIENT_BATCHES];
};

static inline double patient_gaussian(struct pfl_random *random)
{
    return pfl_stats_normal_quantile(pfl_random_unit(random) * 0.999998 + 0.000001);
}

/* Launch times with these relative deviations about `command_s`. */
static inline void patient_launches(struct patient *p, double command_s, double wall_sd,
                                    double cpu_sd)
{
    struct pfl_random random;
    size_t i;

    pfl_random_seed(&random, 5);
    for (i = 0; i < PATIENT_LAUNCHES; i++) {
        p->wall[i] = command_s * exp(wall_sd * patient_gaussian(&random));
        p->cpu[i] = 0.98 * command_s * exp(cpu_sd * patient_gaussian(&random));
    }
}

static inline void patient_init(struct patient *p, double wall_sd, double cpu_sd)
{
    struct pfl_random random;
    size_t i, j;

    memset(p, 0, sizeof *p);
    p->evidence.conditions = (struct pfl_conditions){
        .machine = {.name = "auto",
                    .id = "m1",
                    .fingerprint = "f1",
                    .platform = "Linux-x86_64-cpu",
                    .hostname = "lab-1",
                    .os = "Debian GNU/Linux 12",
                    .kernel = "6.1.0",
                    .arch = "x86_64",
                    .cpu_model = "Intel Xeon",
                    .governor = "performance",
                    .turbo = "off",
                    .virtualisation = "none",
                    .container = "none",
                    .libc = "glibc 2.36",
                    .cores = 4,
                    .cpus = 4,
                    .memory_bytes = 1 << 30},
        .load1 = 0.1,
        .huge_pages = "madvise",
        .clocksource = "tsc",
        .aslr = 2,
        .perf_paranoid = 2,
        .counters = 1,
        .pinning = 1,
    };
    patient_launches(p, 0.02, wall_sd, cpu_sd);
    pfl_random_seed(&random, 6);
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++) {
        for (j = 0; j < PATIENT_BATCHES; j++)
            p->batches[i][j] = 1e-9 * (double)(i + 1) * (1 + 0.001 * patient_gaussian(&random));
        p->evidence.yardsticks[i] = p->batches[i];
    }
    p->timer = (struct pfl_timer){"monotonic", 25e-9, 30e-9};
    p->evidence.timers = &p->timer;
    p->evidence.timer_count = 1;
    p->evidence.wall_s = p->wall;
    p->evidence.cpu_s = p->cpu;
    p->evidence.launch_count = PATIENT_LAUNCHES;
    p->evidence.overhead_s = 0.0005;
    p->evidence.yardstick_count = PATIENT_BATCHES;
    p->evidence.took_s = 9.5;
}

#endif
