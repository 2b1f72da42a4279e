/*
 * What lies under this system: a hypervisor, a container.
 *
 * Hypervisors are told by what firmware and kernel say, without CPUID: the DMI vendor and product
 * (x86, ARM servers), the device tree (other ARM), the paravirtual clock (small monitors that have
 * no firmware), the kernel's release (WSL). On x86 the CPU flag "hypervisor" decides between "some
 * virtual machine" and "none"; elsewhere "none" is only said when there was something to look at.
 * Bare-metal instances of a cloud carry its name but are no virtual machines.
 *
 * Containers leave marks by agreement of their tools: /.dockerenv, /run/.containerenv, the variable
 * `container` of process 1, and the names of control groups (version 1; under version 2 a container
 * sees itself at "/").
 */
#include "base/macros.h"
#include "sys/machine_private.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct mark {
    const char *text; /* contained in the file's text */
    const char *name;
};

static const char *find_mark(const char *text, const struct mark *marks, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strstr(text, marks[i].text))
            return marks[i].name;
    return NULL;
}

/* NULL: the firmware says nothing of a virtual machine. *seen: it said anything at all. */
static const char *by_dmi(const char *root, bool *seen)
{
    /* Products before vendors: "Amazon EC2" and "Google" sell KVM, but their names say more. */
    static const struct mark marks[] = {
        {"Amazon EC2", "amazon"},
        {"Google Compute Engine", "google"},
        {"VMware", "vmware"},
        {"VirtualBox", "virtualbox"},
        {"innotek GmbH", "virtualbox"},
        {"Parallels", "parallels"},
        {"BHYVE", "bhyve"},
        {"Apple Virtualization", "apple"},
        {"Hyper-V", "hyper-v"},
        {"Virtual Machine", "hyper-v"},
        {"Xen", "xen"},
        {"HVM domU", "xen"},
        {"KVM", "kvm"},
        {"OpenStack", "kvm"},
        {"DigitalOcean", "kvm"},
        {"Alibaba Cloud ECS", "kvm"},
        {"QEMU", "qemu"},
        {"Standard PC", "qemu"},
        {"Bochs", "bochs"},
    };
    static const char *const files[] = {"product_name", "sys_vendor", "board_vendor",
                                        "bios_vendor"};
    const char *found = NULL;
    char path[64], text[PFL_PROBE_LINE];
    size_t i;

    for (i = 0; i < PFL_COUNT(files); i++) {
        snprintf(path, sizeof path, "sys/class/dmi/id/%s", files[i]);
        if (!pfl_probe_read(root, path, text, sizeof text))
            continue;
        *seen = true;
        if (i == 0 && strstr(text, ".metal"))
            return NULL;
        found = find_mark(text, marks, PFL_COUNT(marks));
        if (found)
            return found;
    }
    return NULL;
}

static const char *by_device_tree(const char *root, bool *seen)
{
    static const struct mark marks[] = {{"kvm", "kvm"},
                                        {"xen", "xen"},
                                        {"vmware", "vmware"},
                                        {"dummy-virt", "qemu"},
                                        {"qemu", "qemu"}};
    char text[PFL_PROBE_LINE];

    if (pfl_probe_read(root, "proc/device-tree/hypervisor/compatible", text, sizeof text)) {
        const char *found = find_mark(text, marks, PFL_COUNT(marks));

        return found ? found : "vm";
    }
    if (!pfl_probe_read(root, "proc/device-tree/compatible", text, sizeof text))
        return NULL;
    *seen = true;
    return find_mark(text, marks, PFL_COUNT(marks));
}

static const char *by_kernel(const char *root)
{
    static const struct mark clocks[] = {
        {"kvm-clock", "kvm"}, {"hyperv_clocksource", "hyper-v"}, {"xen", "xen"}};
    char text[PFL_PROBE_LINE], *c;

    pfl_probe_read(root, "proc/sys/kernel/osrelease", text, sizeof text);
    for (c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (strstr(text, "microsoft"))
        return "wsl";
    if (pfl_probe_read(root, "proc/xen/capabilities", text, sizeof text) &&
        strstr(text, "control_d"))
        return "none"; /* Xen's own host */
    if (pfl_probe_read(root, "sys/hypervisor/type", text, sizeof text) && strcmp(text, "xen") == 0)
        return "xen";
    pfl_probe_read(root, "sys/devices/system/clocksource/clocksource0/available_clocksource", text,
                   sizeof text);
    return find_mark(text, clocks, PFL_COUNT(clocks));
}

const char *pfl_probe_virtualisation(const char *root, const struct pfl_probe_cpu *cpu)
{
    bool seen = false;
    const char *found = by_dmi(root, &seen);

    if (!found)
        found = by_device_tree(root, &seen);
    if (!found || strcmp(found, "qemu") == 0) { /* QEMU with KVM says QEMU: the clock knows more */
        const char *kernel = by_kernel(root);

        if (kernel)
            found = kernel;
    }
    if (found)
        return found;
    if (cpu->is_x86)
        return cpu->hypervisor_flag ? "vm" : "none";
    return seen ? "none" : "";
}

/* A word fit to be a name, from what process 1 says of itself. */
static bool container_variable(const char *environ, char *room, size_t size)
{
    size_t i;

    if (!pfl_probe_field(&environ, "container", room, size) || room[0] == 0)
        return false;
    for (i = 0; room[i]; i++)
        if (!isalnum((unsigned char)room[i]) && !strchr("-_.", room[i]))
            return false;
    return true;
}

const char *pfl_probe_container(const char *root, char *room, size_t size)
{
    static const struct mark groups[] = {{"kubepods", "kubernetes"},   {"libpod", "podman"},
                                         {"/docker", "docker"},        {"/lxc", "lxc"},
                                         {"containerd", "containerd"}, {"crio-", "cri-o"}};
    char text[PFL_PROBE_TEXT];
    const char *found;

    if (pfl_probe_exists(root, ".dockerenv"))
        return "docker";
    if (pfl_probe_exists(root, "run/.containerenv"))
        return "podman";
    if (pfl_probe_read(root, "proc/1/environ", text, sizeof text) &&
        container_variable(text, room, size))
        return room;
    if (pfl_probe_read(root, "run/systemd/container", room, size) && room[0])
        return room;
    pfl_probe_read(root, "proc/1/cgroup", text, sizeof text);
    found = find_mark(text, groups, PFL_COUNT(groups));
    if (found)
        return found;
    if (pfl_probe_exists(root, "proc/vz") && !pfl_probe_exists(root, "proc/bc"))
        return "openvz";
    return "none";
}
