/*
 * System calls for the launcher, without a C library: each returns what the kernel returns (a
 * negative errno on failure), and none touches thread-local storage, so nothing has to be set up
 * before main. PFL_LAUNCHER_RAW (set by cmake/launcher.cmake for x86-64 and AArch64) picks the
 * instructions in raw.c; elsewhere libc's syscall() does the same and the launcher is a larger
 * static program.
 */
#ifndef PFL_SYS_LAUNCHER_SYSTEM_H
#define PFL_SYS_LAUNCHER_SYSTEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

_Static_assert(sizeof(long) == 8, "the launcher hands 64-bit structs straight to the kernel");

/* The name of a system call and up to six arguments, integers or pointers alike. */
#define SYS(name, ...) SYS_PAD(SYS_##name, __VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYS_PAD(number, a, b, c, d, e, f, ...)                                                     \
    launcher_syscall(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
long launcher_syscall(long number, long a, long b, long c, long d, long e, long f);

/* vfork that stores the child's pid in *pid before the child runs: all who see *pid find it there,
 * at no cost. */
#ifdef PFL_LAUNCHER_RAW
long launcher_vfork(int *pid) __attribute__((returns_twice));
#else
#include <unistd.h>
#define launcher_vfork(pid) launcher_note_pid((pid), vfork())
static inline long launcher_note_pid(int *pid, long child)
{
    *pid = child == 0 ? (int)getpid() : (int)child;
    return child;
}
#endif

/* Where the program starts; never returns. */
void launcher_main(char **argv) __attribute__((noreturn));

#endif
