/* The machine a run was measured on. All texts are borrowed from the run's arena; "" = unknown. */
#ifndef PFL_MODEL_MACHINE_H
#define PFL_MODEL_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct pfl_machine {
    const char *name; /* what the user calls it, or "auto" */
    const char
        *id; /* names its series: the given name, else a hash of the hardware (arch, CPU, cores) */
    const char
        *fingerprint; /* hash of CPU model, cores, kernel, governor: another one is another epoch */
    const char *platform; /* "Linux-x86_64-<cpu>", file-name safe: the baselines' folder */
    const char *hostname;
    const char *os;     /* "Debian GNU/Linux 12" */
    const char *kernel; /* "6.1.0-18-amd64" */
    const char *arch;   /* "x86_64" */
    const char *cpu_model;
    const char *governor;       /* "performance", "" where none is visible */
    const char *turbo;          /* "on", "off", "" */
    const char *virtualisation; /* "kvm", "none", "" */
    const char *container;      /* "docker", "lxc", "none", "" */
    const char *libc;           /* "glibc 2.36" */
    int cores;                  /* physical */
    int cpus;                   /* logical, usable by this process */
    int64_t memory_bytes;
};

/* Is it the one that a user's word means, its name or its id? */
bool pfl_machine_is(const struct pfl_machine *machine, const char *word);

#endif
