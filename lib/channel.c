/*
 * The descriptor that perfledger gave the program (PERFLEDGER_FD), and whole lines on it.
 *
 * What can happen to it: it is no number or not open (one warning; the program goes on); perfledger
 * is gone (silence, and no SIGPIPE: the signal is blocked for the write and, if it came of it,
 * taken away); a signal or a full pipe cuts a write short (it goes on); it does not block (poll);
 * the program closes all its descriptors and opens a file in that place (seen by its inode: not one
 * byte of ours goes into a user's file). Nothing is buffered, so that a fork says nothing twice.
 *
 * A line of more than PIPE_BUF bytes could be torn by another thread's: one lock for all. Its
 * holder has all signals blocked, so a handler (a hard budget's) never waits for the thread it runs
 * in. The lock holds the process' id: in a child of a fork a lock that another thread held is
 * nobody's.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CHANNEL_LINE_MAX = 1 << 20, CHANNEL_SPINS = 100 };

static struct {
    volatile int fd; /* -1: none, or gone */
    dev_t device;
    ino_t inode;
    struct pfl_lib_lock lock;
} channel = {.fd = -1};

static pthread_once_t channel_once = PTHREAD_ONCE_INIT;
static _Thread_local bool channel_looking; /* a warning asks whether there is a wire */

/* On a page of its own that a child of a fork finds full of zeros, also one that no
 * pthread_atfork() hears of (_Fork, clone). NULL: the kernel has no such pages. */
static int *channel_process;

static void channel_at_first(void)
{
    const size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        return;
    if (madvise(page, size, MADV_WIPEONFORK) == 0)
        __atomic_store_n(&channel_process, (int *)page, __ATOMIC_RELEASE);
    else
        munmap(page, size);
}

int pfl_lib_process(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int *kept = __atomic_load_n(&channel_process, __ATOMIC_ACQUIRE);
    int process = kept ? __atomic_load_n(kept, __ATOMIC_RELAXED) : 0;

    if (process == 0) {
        pthread_once(&once, channel_at_first);
        process = (int)getpid();
        kept = __atomic_load_n(&channel_process, __ATOMIC_ACQUIRE);
        if (kept)
            __atomic_store_n(kept, process, __ATOMIC_RELAXED);
    }
    return process;
}

void pfl_lib_lock_take(struct pfl_lib_lock *lock)
{
    const struct timespec pause = {0, 50000};
    const int self = pfl_lib_process();
    int holder, spins = 0;

    for (;;) {
        holder = __atomic_load_n(&lock->holder, __ATOMIC_RELAXED);
        if (holder != self && __atomic_compare_exchange_n(&lock->holder, &holder, self, false,
                                                          __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return;
        if (spins++ < CHANNEL_SPINS)
            sched_yield();
        else
            nanosleep(&pause, NULL);
    }
}

void pfl_lib_lock_give(struct pfl_lib_lock *lock)
{
    __atomic_store_n(&lock->holder, 0, __ATOMIC_RELEASE);
}

int pfl_lib_descriptor(const char *text)
{
    char *end;
    long number;

    if (!text)
        return -1;
    errno = 0;
    number = strtol(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || number > 0x7fffffff)
        return -1;
    return (int)number;
}

static void channel_look_at(const char *text)
{
    struct stat about;
    int fd, flags;

    fd = pfl_lib_descriptor(text);
    flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    if (fd < 0)
        pfl_lib_warn("PERFLEDGER_FD is \"%.40s\", which is not the number of a descriptor: nothing "
                     "is told to perfledger",
                     text);
    else if (flags < 0 || fstat(fd, &about) < 0)
        pfl_lib_warn("PERFLEDGER_FD is %d, but no such descriptor is open: nothing is told to "
                     "perfledger (was it closed on the way, by a script or a launcher?)",
                     fd);
    else if ((flags & O_ACCMODE) == O_RDONLY)
        pfl_lib_warn("PERFLEDGER_FD is %d, which is open for reading only: nothing is told to "
                     "perfledger",
                     fd);
    else {
        channel.device = about.st_dev;
        channel.inode = about.st_ino;
        channel.fd = fd;
    }
}

static void channel_look(void)
{
    const char *text = getenv("PERFLEDGER_FD");

    channel_looking = true;
    if (text && *text)
        channel_look_at(text);
    channel_looking = false;
}

bool pfl_lib_wire_open(void)
{
    if (channel_looking)
        return false;
    pthread_once(&channel_once, channel_look);
    return channel.fd >= 0;
}

/* One write; waits where the descriptor does not block. < 0: it cannot be written. */
static ssize_t channel_write(int fd, const char *bytes, size_t len)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    ssize_t n;

    for (;;) {
        n = write(fd, bytes, len);
        if (n >= 0)
            return n;
        if (errno == EAGAIN)
            poll(&room, 1, -1);
        else if (errno != EINTR)
            return -1;
    }
}

static void channel_send(const char *line, size_t len)
{
    struct stat about;
    ssize_t n;
    int fd = channel.fd;

    if (fd < 0)
        return;
    if (fstat(fd, &about) < 0 || about.st_dev != channel.device || about.st_ino != channel.inode) {
        channel.fd = -1;
        return;
    }
    for (; len > 0; line += n, len -= (size_t)n) {
        n = channel_write(fd, line, len);
        if (n < 0) {
            channel.fd = -1;
            return;
        }
    }
}

/* Async-signal-safe, once the descriptor has been looked at. */
void pfl_lib_wire_line(const char *line, size_t len)
{
    const struct timespec at_once = {0, 0};
    sigset_t all, before, pending, broken;
    int saved = errno, cancel;

    if (len > CHANNEL_LINE_MAX || !pfl_lib_wire_open())
        return;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    sigpending(&pending);
    pfl_lib_lock_take(&channel.lock);
    channel_send(line, len);
    pfl_lib_lock_give(&channel.lock);
    if (channel.fd < 0 && !sigismember(&pending, SIGPIPE)) {
        sigemptyset(&broken);
        sigaddset(&broken, SIGPIPE);
        while (sigtimedwait(&broken, NULL, &at_once) < 0 && errno == EINTR)
            ;
    }
    pthread_setcancelstate(cancel, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = saved;
}
