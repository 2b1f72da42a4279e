/*
 * The launcher's ground: program start, system calls and vfork for x86-64 and AArch64, and the two
 * functions that a C compiler calls on its own. A static glibc program starts at 700 KiB of
 * resident memory, and Linux hands the high-water mark of the address space that a vfork child
 * borrowed to the program it executes: that would be a floor under every peak RSS reported. Without
 * a C library the floor is below 100 KiB, and the embedded image is 10 KiB instead of 700.
 *
 * launcher_vfork is clone(CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD) on the same
 * stack. The child returns first and pushes over the return address, so on x86-64 that is kept in a
 * register, which each process has for itself; on AArch64 it lives in one anyway.
 */
#include "sys/launcher/system.h"

#ifdef PFL_LAUNCHER_RAW

#define CLONE_FLAGS                                                                                \
    "0x104111" /* CLONE_PARENT_SETTID 0x100000, VFORK 0x4000, VM 0x100, SIGCHLD 17 */

#if defined(__x86_64__)

__asm__(".text\n"
        ".globl _start\n"
        "_start:\n"
        "    xor %ebp, %ebp\n"
        "    lea 8(%rsp), %rdi\n"
        "    and $-16, %rsp\n"
        "    call launcher_main\n"
        "    hlt\n"
        ".globl launcher_vfork\n"
        ".type launcher_vfork, @function\n"
        "launcher_vfork:\n"
        "    mov %rdi, %rdx\n"
        "    mov $" CLONE_FLAGS ", %edi\n"
        "    xor %esi, %esi\n"
        "    mov $56, %eax\n"
        "    pop %r9\n"
        "    syscall\n"
        "    push %r9\n"
        "    ret\n");

long launcher_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

#elif defined(__aarch64__)

__asm__(".text\n"
        ".globl _start\n"
        "_start:\n"
        "    mov x29, #0\n"
        "    mov x30, #0\n"
        "    add x0, sp, #8\n"
        "    b launcher_main\n"
        ".globl launcher_vfork\n"
        ".type launcher_vfork, %function\n"
        "launcher_vfork:\n"
        "    mov x2, x0\n"
        "    ldr x0, =" CLONE_FLAGS "\n"
        "    mov x1, #0\n"
        "    mov x8, #220\n"
        "    svc #0\n"
        "    ret\n"
        "    .ltorg\n");

long launcher_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;

    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
}

#else
#error "no instructions for this machine here: build without PFL_LAUNCHER_RAW"
#endif

/* The compiler calls these for struct copies and = {0}; volatile keeps it from turning the loops
 * into calls of themselves. */
void *memset(void *to, int byte, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

void *memset(void *to, int byte, size_t size)
{
    volatile unsigned char *bytes = to;

    while (size-- > 0)
        *bytes++ = (unsigned char)byte;
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    volatile unsigned char *target = to;
    const unsigned char *source = from;

    while (size-- > 0)
        *target++ = *source++;
    return to;
}

#else /* a machine without instructions above: the C library's, linked statically */

#include <errno.h>
#include <unistd.h>

long launcher_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    long result = syscall(number, a, b, c, d, e, f);

    return result == -1 ? -errno : result;
}

int main(int count, char **argv)
{
    (void)count;
    launcher_main(argv);
}

#endif
