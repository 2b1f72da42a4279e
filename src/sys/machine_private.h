/* The parts of machine.c, apart so that each is read in one go. */
#ifndef PFL_SYS_MACHINE_PRIVATE_H
#define PFL_SYS_MACHINE_PRIVATE_H

#include "sys/machine.h"

enum { PFL_PROBE_TEXT = 16 * 1024, PFL_PROBE_LINE = 256 };

/* The beginning of ROOT/path as text without trailing blanks; false ("" in text) when it cannot be
 * read. NULs inside (environ, device trees) become newlines. */
bool pfl_probe_read(const char *root, const char *path, char *text, size_t size);
bool pfl_probe_exists(const char *root, const char *path);

/* The value of the first line "key<blanks>:<blanks>value" (or with '='), from *at on, which moves
 * behind it. Keys compare without case. */
bool pfl_probe_field(const char **at, const char *key, char *value, size_t size);

/* A set of CPUs as "0-3,8": the first one, and the one after `cpu`; -1 at the end. */
int pfl_probe_next_cpu(const char *list, int cpu);
int pfl_probe_count_cpus(const char *list);

struct pfl_probe_cpu {
    char model[PFL_PROBE_LINE], governor[64], turbo[8];
    int cores, cpus;
    bool hypervisor_flag, is_x86;
};
void pfl_probe_cpu(const char *root, struct pfl_probe_cpu *cpu);

/* "kvm", "none", "" and "docker", "none". Static storage or `room`. */
const char *pfl_probe_virtualisation(const char *root, const struct pfl_probe_cpu *cpu);
const char *pfl_probe_container(const char *root, char *room, size_t size);

#endif
