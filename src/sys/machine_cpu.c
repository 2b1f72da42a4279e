/*
 * The CPUs: model, physical cores, how many this process may use, governor and turbo.
 *
 * The model is what /proc/cpuinfo calls it. ARM kernels give numbers instead of a name: implementer
 * and part (the MIDR register), which a table of the common ones turns into words; a machine with
 * two kinds of cores gets both names. Where there is nothing, the device tree's model stands in.
 *
 * Only the head of /proc/cpuinfo is read: with hundreds of CPUs the kernel asks each for its
 * frequency to write the whole of it, which takes milliseconds and disturbs the machine. Cores come
 * from sysfs instead: a CPU that is the first of its thread siblings is one core.
 */
#include "base/macros.h"
#include "sys/machine_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct arm_part {
    unsigned implementer, part;
    const char *name;
};

/* clang-format off */
static const struct arm_part arm_parts[] = {
    {0x41, 0xd03, "ARM Cortex-A53"},   {0x41, 0xd04, "ARM Cortex-A35"},   {0x41, 0xd05, "ARM Cortex-A55"},
    {0x41, 0xd07, "ARM Cortex-A57"},   {0x41, 0xd08, "ARM Cortex-A72"},   {0x41, 0xd09, "ARM Cortex-A73"},
    {0x41, 0xd0a, "ARM Cortex-A75"},   {0x41, 0xd0b, "ARM Cortex-A76"},   {0x41, 0xd0c, "ARM Neoverse-N1"},
    {0x41, 0xd0d, "ARM Cortex-A77"},   {0x41, 0xd40, "ARM Neoverse-V1"},  {0x41, 0xd41, "ARM Cortex-A78"},
    {0x41, 0xd44, "ARM Cortex-X1"},    {0x41, 0xd46, "ARM Cortex-A510"},  {0x41, 0xd47, "ARM Cortex-A710"},
    {0x41, 0xd48, "ARM Cortex-X2"},    {0x41, 0xd49, "ARM Neoverse-N2"},  {0x41, 0xd4a, "ARM Neoverse-E1"},
    {0x41, 0xd4d, "ARM Cortex-A715"},  {0x41, 0xd4e, "ARM Cortex-X3"},    {0x41, 0xd4f, "ARM Neoverse-V2"},
    {0x41, 0xd80, "ARM Cortex-A520"},  {0x41, 0xd81, "ARM Cortex-A720"},  {0x41, 0xd82, "ARM Cortex-X4"},
    {0x41, 0xd84, "ARM Neoverse-V3"},  {0x41, 0xd8e, "ARM Neoverse-N3"},  {0x48, 0xd01, "HiSilicon TaiShan-v110"},
    {0x51, 0x001, "Qualcomm Oryon"},   {0x51, 0xc00, "Qualcomm Falkor"},  {0x43, 0x0af, "Cavium ThunderX2"},
    {0x46, 0x001, "Fujitsu A64FX"},    {0xc0, 0xac3, "Ampere-1"},         {0xc0, 0xac4, "Ampere-1a"},
    {0x61, 0x022, "Apple Icestorm"},   {0x61, 0x023, "Apple Firestorm"},  {0x61, 0x032, "Apple Blizzard"},
    {0x61, 0x033, "Apple Avalanche"},
};
/* clang-format on */

/* Appends " + NAME" unless it is there already. */
static void add_model(char *model, size_t size, const char *name)
{
    size_t len = strlen(model);

    if (!strstr(model, name))
        snprintf(model + len, size - len, "%s%s", len > 0 ? " + " : "", name);
}

static void arm_model(const char *cpuinfo, char *model, size_t size)
{
    char implementer[32], part[32], name[64];
    const char *at = cpuinfo;
    size_t i;

    while (pfl_probe_field(&at, "CPU implementer", implementer, sizeof implementer) &&
           pfl_probe_field(&at, "CPU part", part, sizeof part)) {
        unsigned long who = strtoul(implementer, NULL, 0), what = strtoul(part, NULL, 0);

        snprintf(name, sizeof name, "ARM implementer 0x%02lx part 0x%03lx", who, what);
        for (i = 0; i < PFL_COUNT(arm_parts); i++)
            if (arm_parts[i].implementer == who && arm_parts[i].part == what)
                snprintf(name, sizeof name, "%s", arm_parts[i].name);
        add_model(model, size, name);
    }
}

/* Blanks in a row become one: vendors pad their names. */
static void squeeze(char *text)
{
    char *to = text, *from;

    for (from = text; *from; from++) {
        bool blank = isspace((unsigned char)*from);

        if (!blank)
            *to++ = *from;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > text && to[-1] == ' ')
        to--;
    *to = 0;
}

static void find_model(const char *root, const char *cpuinfo, char *model, size_t size)
{
    /* x86 and LoongArch; MIPS; POWER; RISC-V; old ARM boards */
    static const char *const keys[] = {"model name", "cpu model", "cpu", "uarch"};
    const char *at;
    size_t i;

    model[0] = 0;
    arm_model(cpuinfo, model, size);
    for (i = 0; i < PFL_COUNT(keys) && !model[0]; i++) {
        at = cpuinfo;
        pfl_probe_field(&at, keys[i], model, size);
    }
    if (!model[0])
        pfl_probe_read(root, "proc/device-tree/model", model, size);
    if (!model[0]) {
        at = cpuinfo;
        pfl_probe_field(&at, "Hardware", model, size);
    }
    squeeze(model);
}

/* CPU lists, as the kernel writes them: "0-3,8,10-11" */

int pfl_probe_next_cpu(const char *list, int cpu)
{
    while (isdigit((unsigned char)*list)) {
        char *end;
        long first = strtol(list, &end, 10), last = first;

        if (*end == '-')
            last = strtol(end + 1, &end, 10);
        if (cpu < last)
            return cpu < first ? (int)first : cpu + 1;
        list = *end == ',' ? end + 1 : end;
    }
    return -1;
}

int pfl_probe_count_cpus(const char *list)
{
    int cpu, n = 0;

    for (cpu = pfl_probe_next_cpu(list, -1); cpu >= 0; cpu = pfl_probe_next_cpu(list, cpu))
        n++;
    return n;
}

static int count_cores(const char *root, const char *online)
{
    char path[128], siblings[PFL_PROBE_LINE];
    int cpu, cores = 0;

    for (cpu = pfl_probe_next_cpu(online, -1); cpu >= 0; cpu = pfl_probe_next_cpu(online, cpu)) {
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
                 cpu);
        if (!pfl_probe_read(root, path, siblings, sizeof siblings))
            return 0; /* no topology here */
        cores += pfl_probe_next_cpu(siblings, -1) == cpu;
    }
    return cores;
}

static int count_in_cpuinfo(const char *cpuinfo)
{
    char value[32];
    int n = 0;

    while (pfl_probe_field(&cpuinfo, "processor", value, sizeof value))
        n++;
    return n;
}

/* The one governor of the usable CPUs, "mixed", or "" where none is visible (most virtual
 * machines). */
static void find_governor(const char *root, const char *usable, char *governor, size_t size)
{
    char path[128], text[64];
    int cpu;

    governor[0] = 0;
    for (cpu = pfl_probe_next_cpu(usable, -1); cpu >= 0; cpu = pfl_probe_next_cpu(usable, cpu)) {
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);
        if (!pfl_probe_read(root, path, text, sizeof text))
            return;
        if (governor[0] && strcmp(governor, text) != 0) {
            snprintf(governor, size, "mixed");
            return;
        }
        snprintf(governor, size, "%s", text);
    }
}

static const char *find_turbo(const char *root)
{
    char text[16];

    if (pfl_probe_read(root, "sys/devices/system/cpu/intel_pstate/no_turbo", text, sizeof text))
        return strcmp(text, "0") == 0 ? "on" : "off";
    if (pfl_probe_read(root, "sys/devices/system/cpu/cpufreq/boost", text, sizeof text))
        return strcmp(text, "0") == 0 ? "off" : "on";
    return "";
}

void pfl_probe_cpu(const char *root, struct pfl_probe_cpu *cpu)
{
    char text[PFL_PROBE_TEXT], line[8192], online[1024], usable[1024] = "";
    const char *at = text;

    memset(cpu, 0, sizeof *cpu);
    pfl_probe_read(root, "proc/cpuinfo", text, sizeof text);
    find_model(root, text, cpu->model, sizeof cpu->model);
    cpu->is_x86 = pfl_probe_field(&at, "flags", line, sizeof line);
    cpu->hypervisor_flag = cpu->is_x86 && strstr(line, " hypervisor");

    pfl_probe_read(root, "sys/devices/system/cpu/online", online, sizeof online);
    cpu->cores = count_cores(root, online);
    if (cpu->cores == 0)
        cpu->cores = pfl_probe_count_cpus(online);
    if (cpu->cores == 0)
        cpu->cores = count_in_cpuinfo(text);

    pfl_probe_read(root, "proc/self/status", text, sizeof text);
    at = text;
    pfl_probe_field(&at, "Cpus_allowed_list", usable, sizeof usable);
    cpu->cpus = pfl_probe_count_cpus(usable);
    if (cpu->cpus == 0)
        cpu->cpus = pfl_probe_count_cpus(online);
    find_governor(root, usable[0] ? usable : online, cpu->governor, sizeof cpu->governor);
    snprintf(cpu->turbo, sizeof cpu->turbo, "%s", find_turbo(root));
}

static bool in_list(const char *list, int cpu)
{
    return pfl_probe_next_cpu(list, cpu - 1) == cpu;
}

bool pfl_machine_two_cpus(const char *root, int cpus[2])
{
    char text[PFL_PROBE_TEXT], usable[1024] = "", path[128], siblings[PFL_PROBE_LINE];
    double quota = pfl_machine_cpu_quota(root);
    const char *at = text;
    int first, second;

    if (quota > 0 && quota < 2)
        return false;
    pfl_probe_read(root, "proc/self/status", text, sizeof text);
    if (!pfl_probe_field(&at, "Cpus_allowed_list", usable, sizeof usable))
        return false;
    first = pfl_probe_next_cpu(usable, -1);
    second = pfl_probe_next_cpu(usable, first);
    if (first < 0 || second < 0)
        return false;
    cpus[0] = first;
    cpus[1] = second;
    snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
             first);
    if (!pfl_probe_read(root, path, siblings, sizeof siblings))
        return true;
    while (second >= 0 && in_list(siblings, second))
        second = pfl_probe_next_cpu(usable, second);
    if (second >= 0)
        cpus[1] = second;
    return true;
}
