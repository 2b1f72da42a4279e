/* The machine, from folders that look like one: every kind of CPU, hypervisor and container that is
 * told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "base/alloc.h"
#include "sys/machine.h"
#include "sys/machine_private.h"

#include <math.h>

static struct scratch scratch;
static struct pfl_arena arena;
static struct pfl_machine machine;
static struct pfl_err err;

static int make(void **state)
{
    (void)state;
    scratch_make(&scratch);
    pfl_arena_init(&arena);
    memset(&machine, 0, sizeof machine);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_fault = (struct pfl_fault){0};
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
    return 0;
}

#define CPU "sys/devices/system/cpu/"

/* Two cores with two threads each; this process may use three of the four. */
static void write_xeon(void)
{
    static const char *const siblings[] = {"0,2", "1,3", "0,2", "1,3"};
    char path[128];
    int i;

    scratch_write(&scratch, "proc/cpuinfo",
                  "processor\t: 0\nvendor_id\t: GenuineIntel\n"
                  "model name\t: Intel(R) Xeon(R)   Platinum 8488C CPU @ 2.40GHz\n"
                  "flags\t\t: fpu sse2 ht\n\nprocessor\t: 1\n");
    scratch_write(&scratch, "proc/meminfo", "MemTotal:       16318480 kB\nMemFree: 1 kB\n");
    scratch_write(&scratch, "proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-1,3\n");
    scratch_write(&scratch, "proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
    scratch_write(&scratch, "proc/sys/kernel/hostname", "lab-1\n");
    scratch_write(&scratch, "proc/sys/kernel/arch", "x86_64\n");
    scratch_write(&scratch, "etc/os-release",
                  "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (\\\"bookworm\\\")\"\n");
    scratch_write(&scratch, CPU "online", "0-3\n");
    for (i = 0; i < 4; i++) {
        snprintf(path, sizeof path, CPU "cpu%d/topology/thread_siblings_list", i);
        scratch_write(&scratch, path, siblings[i]);
        snprintf(path, sizeof path, CPU "cpu%d/cpufreq/scaling_governor", i);
        scratch_write(&scratch, path, "performance\n");
    }
    scratch_write(&scratch, CPU "intel_pstate/no_turbo", "1\n");
}

static void probe(const char *name)
{
    assert_int_equal(pfl_machine_probe(scratch.path, name, &arena, &machine, &err), PFL_OK);
}

static void a_known_machine(void **state)
{
    (void)state;
    write_xeon();
    probe("auto");
    assert_string_equal(machine.name, "auto");
    assert_string_equal(machine.hostname, "lab-1");
    assert_string_equal(machine.os, "Debian GNU/Linux 12 (\"bookworm\")");
    assert_string_equal(machine.kernel, "6.1.0-18-amd64");
    assert_string_equal(machine.arch, "x86_64");
    assert_string_equal(machine.cpu_model, "Intel(R) Xeon(R) Platinum 8488C CPU @ 2.40GHz");
    assert_string_equal(machine.platform, "Linux-x86_64-intel-xeon-platinum-8488c-cpu");
    assert_string_equal(machine.governor, "performance");
    assert_string_equal(machine.turbo, "off");
    assert_string_equal(machine.virtualisation, "none");
    assert_string_equal(machine.container, "none");
    assert_int_equal(machine.cores, 2);
    assert_int_equal(machine.cpus, 3);
    assert_int_equal(machine.memory_bytes, INT64_C(16318480) * 1024);
    assert_int_equal(strlen(machine.id), 12);
    assert_int_equal(strlen(machine.fingerprint), 12);
#ifdef __GLIBC__
    assert_memory_equal(machine.libc, "glibc 2.", 8);
#endif
}

static void what_changes_the_id_and_what_only_the_fingerprint(void **state)
{
    static const struct {
        const char *file, *text;
        bool id, fingerprint;
    } changes[] = {
        {"proc/sys/kernel/hostname", "lab-2", false, false},
        {"proc/sys/kernel/osrelease", "6.1.0-19-amd64", false, true},
        {CPU "cpu3/cpufreq/scaling_governor", "powersave", false, true},
        {"proc/self/status", "Cpus_allowed_list:\t0\n", true, true},
        {"proc/cpuinfo", "model name: Another", true, true},
        {"proc/sys/kernel/arch", "x86_32", true, false},
    };
    struct pfl_machine before;
    size_t i;

    (void)state;
    write_xeon();
    probe("auto");
    for (i = 0; i < PFL_COUNT(changes); i++) {
        before = machine;
        scratch_write(&scratch, changes[i].file, changes[i].text);
        probe("auto");
        assert_int_equal(strcmp(before.id, machine.id) != 0, changes[i].id);
        assert_int_equal(strcmp(before.fingerprint, machine.fingerprint) != 0,
                         changes[i].fingerprint);
        if (i == 2)
            assert_string_equal(machine.governor, "mixed");
    }
}

static void a_given_name_makes_a_class(void **state)
{
    (void)state;
    write_xeon();
    probe("GitHub ubuntu-24.04 / 4 cores");
    assert_string_equal(machine.id, "GitHub ubuntu-24.04 / 4 cores");
    assert_string_equal(machine.platform, "Linux-x86_64-github-ubuntu-24-04-4-cores");
    probe("../../etc");
    assert_string_equal(machine.platform, "Linux-x86_64-etc");
    probe("測定");
    assert_string_equal(machine.platform, "Linux-x86_64-named");
    probe("a-name-that-is-very-much-longer-than-any-file-name-should-be-and-then-even-longer");
    assert_int_equal(strlen(machine.platform), 80);
}

static void nothing_known_is_no_error(void **state)
{
    struct pfl_machine_load load;

    (void)state;
    probe("");
    assert_string_equal(machine.name, "auto");
    assert_string_equal(machine.cpu_model, "");
    assert_string_equal(machine.os, "");
    assert_string_equal(machine.governor, "");
    assert_string_equal(machine.turbo, "");
    assert_string_equal(machine.virtualisation, "");
    assert_string_equal(machine.container, "none");
    assert_int_equal(machine.memory_bytes, 0);
    assert_non_null(strstr(machine.platform, "-unknown"));
    pfl_machine_load(scratch.path, &load);
    assert_true(isnan(load.load1) && isnan(load.cpu_pressure) && isnan(load.io_pressure));
    assert_int_equal(load.memory_stall_us, -1);
}

static void cpu_models(void **state)
{
    static const struct {
        const char *cpuinfo, *want;
    } cases[] = {
        {"CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n", "ARM Neoverse-N1"},
        {"CPU implementer\t: 0x41\nCPU part\t: 0xd05\n\nCPU implementer\t: 0x41\nCPU part\t: "
         "0xd05\n"
         "\nCPU implementer\t: 0x41\nCPU part\t: 0xd0b\n",
         "ARM Cortex-A55 + ARM Cortex-A76"},
        {"CPU implementer\t: 0x99\nCPU part\t: 0x123\n", "ARM implementer 0x99 part 0x123"},
        {"processor\t: 0\ncpu\t\t: POWER9, altivec supported\n", "POWER9, altivec supported"},
        {"hart: 0\nuarch\t: sifive,u74-mc\n", "sifive,u74-mc"},
        {"processor\t: 0\n", "Some Board Rev 2"},
        {"model name\t: \nHardware\t: BCM2835\n", "Some Board Rev 2"},
    };
    size_t i;

    (void)state;
    scratch_write(&scratch, "proc/device-tree/model", "Some Board Rev 2");
    for (i = 0; i < PFL_COUNT(cases); i++) {
        scratch_write(&scratch, "proc/cpuinfo", cases[i].cpuinfo);
        probe("auto");
        assert_string_equal(machine.cpu_model, cases[i].want);
    }
}

static void cores_without_topology(void **state)
{
    (void)state;
    scratch_write(&scratch, "proc/cpuinfo", "processor\t: 0\n\nprocessor\t: 1\n");
    probe("auto");
    assert_int_equal(machine.cores, 2);
    scratch_write(&scratch, CPU "online", "0-2,7\n");
    probe("auto");
    assert_int_equal(machine.cores, 4);
    assert_int_equal(machine.cpus, 4);
}

static void cpu_lists(void **state)
{
    static const struct {
        const char *list;
        int count, after_2;
    } cases[] = {{"0", 1, -1},      {"", 0, -1},  {"0-3", 4, 3},         {"1,3,5", 3, 3},
                 {"0-1,8-9", 4, 8}, {"2", 1, -1}, {"0-127,512", 129, 3}, {"x", 0, -1}};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        assert_int_equal(pfl_probe_count_cpus(cases[i].list), cases[i].count);
        assert_int_equal(pfl_probe_next_cpu(cases[i].list, 2), cases[i].after_2);
    }
}

static void turbo(void **state)
{
    (void)state;
    scratch_write(&scratch, CPU "cpufreq/boost", "1\n");
    probe("auto");
    assert_string_equal(machine.turbo, "on");
    scratch_write(&scratch, CPU "cpufreq/boost", "0\n");
    probe("auto");
    assert_string_equal(machine.turbo, "off");
    scratch_write(&scratch, CPU "intel_pstate/no_turbo", "0\n");
    probe("auto");
    assert_string_equal(machine.turbo, "on");
}

struct tree {
    const char *path, *text;
};

static void virtualisation(void **state)
{
#define CLOCK "sys/devices/system/clocksource/clocksource0/available_clocksource"
#define X86                                                                                        \
    {                                                                                              \
        "proc/cpuinfo", "flags\t: fpu hypervisor lm\n"                                             \
    }
    static const struct {
        struct tree files[4];
        const char *want;
    } cases[] = {
        {{X86}, "vm"},
        {{{"proc/cpuinfo", "flags\t: fpu lm\n"}}, "none"},
        {{X86, {CLOCK, "kvm-clock tsc acpi_pm"}}, "kvm"},
        {{X86, {CLOCK, "tsc hyperv_clocksource"}}, "hyper-v"},
        {{X86, {"sys/class/dmi/id/sys_vendor", "QEMU"}, {CLOCK, "tsc"}}, "qemu"},
        {{X86, {"sys/class/dmi/id/sys_vendor", "QEMU"}, {CLOCK, "kvm-clock"}}, "kvm"},
        {{X86, {"sys/class/dmi/id/product_name", "VirtualBox"}}, "virtualbox"},
        {{X86, {"sys/class/dmi/id/sys_vendor", "VMware, Inc."}}, "vmware"},
        {{X86, {"sys/class/dmi/id/sys_vendor", "Amazon EC2"}}, "amazon"},
        {{{"proc/cpuinfo", "flags\t: fpu\n"},
          {"sys/class/dmi/id/product_name", "c5.metal"},
          {"sys/class/dmi/id/sys_vendor", "Amazon EC2"}},
         "none"},
        {{X86,
          {"sys/class/dmi/id/product_name", "Virtual Machine"},
          {"sys/class/dmi/id/sys_vendor", "Microsoft Corporation"}},
         "hyper-v"},
        {{{"sys/class/dmi/id/sys_vendor", "Dell Inc."}}, "none"},
        {{{"proc/sys/kernel/osrelease", "5.15.90.1-Microsoft-standard-WSL2"}}, "wsl"},
        {{{"proc/device-tree/compatible", "linux,dummy-virt"}}, "qemu"},
        {{{"proc/device-tree/compatible", "raspberrypi,4-model-b"}}, "none"},
        {{{"proc/device-tree/hypervisor/compatible", "linux,kvm"}}, "kvm"},
        {{{"sys/hypervisor/type", "xen"}}, "xen"},
        {{{"sys/hypervisor/type", "xen"}, {"proc/xen/capabilities", "control_d"}}, "none"},
        {{{"proc/loadavg", "0"}}, ""},
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        for (j = 0; j < 4 && cases[i].files[j].path; j++)
            scratch_write(&scratch, cases[i].files[j].path, cases[i].files[j].text);
        probe("auto");
        if (strcmp(machine.virtualisation, cases[i].want) != 0)
            print_error("case %zu\n", i);
        assert_string_equal(machine.virtualisation, cases[i].want);
        scratch_remove(&scratch);
        scratch_make(&scratch);
    }
}

static void containers(void **state)
{
    static const struct {
        struct tree file;
        const char *want;
    } cases[] = {
        {{".dockerenv", ""}, "docker"},
        {{"run/.containerenv", ""}, "podman"},
        {{"proc/1/environ", "PATH=/bin\ncontainer=lxc\nX=1"}, "lxc"},
        {{"proc/1/environ", "container=two words\033[31m"}, "none"},
        {{"run/systemd/container", "systemd-nspawn\n"}, "systemd-nspawn"},
        {{"proc/1/cgroup", "12:cpu:/docker/0123\n"}, "docker"},
        {{"proc/1/cgroup", "0::/kubepods/burstable/pod1\n"}, "kubernetes"},
        {{"proc/1/cgroup", "0::/init.scope\n"}, "none"},
        {{"proc/vz/version", ""}, "openvz"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        scratch_write(&scratch, cases[i].file.path, cases[i].file.text);
        probe("auto");
        assert_string_equal(machine.container, cases[i].want);
        scratch_remove(&scratch);
        scratch_make(&scratch);
    }
}

static void load_and_pressure(void **state)
{
    struct pfl_machine_load load;

    (void)state;
    scratch_write(&scratch, "proc/loadavg", "1.25 0.80 0.60 2/345 6789\n");
    scratch_write(&scratch, "proc/pressure/cpu",
                  "some avg10=12.50 avg60=3.00 avg300=1.00 total=9000000000\n"
                  "full avg10=99.00 avg60=0.00 avg300=0.00 total=5\n");
    scratch_write(&scratch, "proc/pressure/io",
                  "some avg10=0.00 avg60=0.00 avg300=0.00 total=42\n");
    scratch_write(&scratch, "proc/pressure/memory", "");
    pfl_machine_load(scratch.path, &load);
    assert_true(load.load1 == 1.25);
    assert_true(load.cpu_pressure == 12.5);
    assert_true(load.io_pressure == 0);
    assert_true(isnan(load.memory_pressure));
    assert_int_equal(load.cpu_stall_us, 9000000000);
    assert_int_equal(load.io_stall_us, 42);
    assert_int_equal(load.memory_stall_us, -1);
}

static void two_cpus(void **state)
{
    static const struct {
        const char *allowed, *siblings, *quota; /* siblings of the first one; NULL: no topology */
        bool possible;
        int first, second;
    } cases[] = {
        {"0-3", "0,2", NULL, true, 0, 1},
        {"0-3", "0-1", NULL, true, 0, 2},
        {"0-1", "0-1", NULL, true, 0, 1},
        {"0,2-3", NULL, NULL, true, 0, 2},
        {"0", "0", NULL, false, 0, 0},
        {"0-3", "0-1", "150000 100000", false, 0, 0},
        {"0-3", "0-1", "200000 100000", true, 0, 2},
    };
    char line[128];
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        int cpus[2] = {-1, -1};

        scratch_remove(&scratch);
        scratch_make(&scratch);
        snprintf(line, sizeof line, "Name:\tx\nCpus_allowed_list:\t%s\n", cases[i].allowed);
        scratch_write(&scratch, "proc/self/status", line);
        if (cases[i].siblings)
            scratch_write(&scratch, CPU "cpu0/topology/thread_siblings_list", cases[i].siblings);
        if (cases[i].quota) {
            scratch_write(&scratch, "proc/self/cgroup", "0::/a\n");
            scratch_write(&scratch, "sys/fs/cgroup/a/cpu.max", cases[i].quota);
        }
        assert_int_equal(pfl_machine_two_cpus(scratch.path, cpus), cases[i].possible);
        if (!cases[i].possible)
            continue;
        assert_int_equal(cpus[0], cases[i].first);
        assert_int_equal(cpus[1], cases[i].second);
    }
    scratch_remove(&scratch);
    scratch_make(&scratch);
    assert_false(pfl_machine_two_cpus(scratch.path, (int[2]){0})); /* nothing is known */
    assert_int_equal(pfl_machine_cpu_stall_us(scratch.path), -1);
}

static void quotas(void **state)
{
    (void)state;
    assert_true(pfl_machine_cpu_quota(scratch.path) == 0);
    scratch_write(&scratch, "proc/self/cgroup", "0::/a/b\n");
    scratch_write(&scratch, "sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
    assert_true(pfl_machine_cpu_quota(scratch.path) == 0);
    scratch_write(&scratch, "sys/fs/cgroup/a/cpu.max", "150000 100000\n");
    assert_true(pfl_machine_cpu_quota(scratch.path) == 1.5);
    scratch_write(&scratch, "sys/fs/cgroup/a/b/cpu.max", "400000 100000\n");
    assert_true(pfl_machine_cpu_quota(scratch.path) == 1.5);
    scratch_write(&scratch, "proc/self/cgroup", "4:cpu,cpuacct:/x\n1:memory:/a/b\n");
    scratch_write(&scratch, "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "-1\n");
    scratch_write(&scratch, "sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000\n");
    assert_true(pfl_machine_cpu_quota(scratch.path) == 0);
    scratch_write(&scratch, "sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "50000\n");
    assert_true(pfl_machine_cpu_quota(scratch.path) == 0.5);
}

static void the_real_machine(void **state)
{
    (void)state;
    assert_int_equal(pfl_machine_probe("", "auto", &arena, &machine, &err), PFL_OK);
    assert_true(machine.cpus >= 1 && machine.cores >= 1 && machine.memory_bytes > 0);
    assert_true(machine.kernel[0] && machine.arch[0]);
}

/* Allocations: PFL_ENOMEM and an untouched result. Reads: the fact is unknown, the rest is there.
 */
static void faults(void **state)
{
    unsigned long n;
    int rc;

    (void)state;
    write_xeon();
    for (n = 1;; n++) {
        pfl_arena_release(&arena);
        pfl_arena_init(&arena);
        machine.cores = -7;
        pfl_fault = (struct pfl_fault){.alloc_at = n};
        rc = pfl_machine_probe(scratch.path, "auto", &arena, &machine, &err);
        if (pfl_fault.alloc_seen < n)
            break;
        assert_int_equal(rc, PFL_ENOMEM);
        assert_int_equal(machine.cores, -7);
    }
    assert_int_equal(rc, PFL_OK);
    assert_true(n > 1);
    for (n = 1;; n++) {
        pfl_fault = (struct pfl_fault){.io_at = n};
        assert_int_equal(pfl_machine_probe(scratch.path, "auto", &arena, &machine, &err), PFL_OK);
        if (pfl_fault.io_seen < n)
            break;
    }
    assert_true(n > 10);
}

int test_sys_machine(void);
int test_sys_machine(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        CASE(a_known_machine),
        CASE(what_changes_the_id_and_what_only_the_fingerprint),
        CASE(a_given_name_makes_a_class),
        CASE(nothing_known_is_no_error),
        CASE(cpu_models),
        CASE(cores_without_topology),
        CASE(cpu_lists),
        CASE(turbo),
        CASE(virtualisation),
        CASE(containers),
        CASE(load_and_pressure),
        CASE(quotas),
        CASE(two_cpus),
        CASE(the_real_machine),
        CASE(faults),
    };

    return cmocka_run_group_tests_name("sys/machine", tests, NULL, NULL);
}
