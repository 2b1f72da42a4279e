/*
 * The same function in many threads at once.
 *
 * After each batch all meet at a barrier. The last to come merges (the slowest thread's time is the
 * batch's), runs the yardstick and decides on the next batch, which is the same for all. The others
 * wait spinning for a while, so that all start within the time a cache line travels, where there is
 * a processor for each; else, or after that while, they sleep.
 *
 * A thread that leaves the loop (a failure, a break, a return) does not come any more: it takes
 * itself off the barrier and stops the run, so that nobody waits for it.
 */
#include "engine.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CREW_SPIN_NS = 200000 };

struct pfl_lib_crew {
    pthread_mutex_t lock;
    pthread_cond_t turned;
    int members, waiting;
    unsigned generation; /* atomic */
    bool spin, over, hooks;
    struct pfl_lib_lap slowest;
    uint64_t next;
};

static void crew_pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __asm__ volatile("pause");
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* lock is held; and afterwards. */
static void crew_release(struct pfl_lib_crew *crew)
{
    crew->waiting = 0;
    crew->slowest = (struct pfl_lib_lap){.iterations = 0};
    __atomic_add_fetch(&crew->generation, 1, __ATOMIC_RELEASE);
    pthread_cond_broadcast(&crew->turned);
}

/* lock is held; and afterwards. */
static void crew_wait(struct pfl_lib_crew *crew)
{
    unsigned generation = crew->generation;
    int64_t until;

    if (crew->spin) {
        pthread_mutex_unlock(&crew->lock);
        until = pfl_lib_clock.now_ns() + CREW_SPIN_NS;
        while (__atomic_load_n(&crew->generation, __ATOMIC_ACQUIRE) == generation &&
               pfl_lib_clock.now_ns() < until)
            crew_pause_cpu();
        if (__atomic_load_n(&crew->generation, __ATOMIC_ACQUIRE) != generation) {
            pthread_mutex_lock(&crew->lock);
            return;
        }
        pthread_mutex_lock(&crew->lock);
    }
    while (crew->generation == generation)
        pthread_cond_wait(&crew->turned, &crew->lock);
}

static bool crew_all_here(const struct pfl_lib_crew *crew)
{
    return crew->waiting >= crew->members;
}

/* All are here: what the run says; a run that stopped, or that somebody left, ends. */
static void crew_turn(struct pfl_lib_crew *crew, struct pfl_lib_run *run)
{
    if (crew->over || pfl_lib_stopped(run))
        crew->next = 0;
    else
        crew->next = pfl_lib_engine_turn(run, &crew->slowest);
    crew->over = crew->over || crew->next == 0;
    crew_release(crew);
}

uint64_t pfl_lib_crew_meet(struct pfl_bench *b, const struct pfl_lib_lap *lap)
{
    struct pfl_lib_crew *crew = b->run->crew;
    uint64_t next;

    pthread_mutex_lock(&crew->lock);
    if (lap->body_ns > crew->slowest.body_ns || crew->slowest.iterations == 0)
        crew->slowest.body_ns = lap->body_ns;
    if (lap->wall_ns > crew->slowest.wall_ns)
        crew->slowest.wall_ns = lap->wall_ns;
    crew->slowest.iterations = lap->iterations;
    crew->waiting++;
    if (crew_all_here(crew))
        crew_turn(crew, b->run);
    else
        crew_wait(crew);
    next = crew->next;
    pthread_mutex_unlock(&crew->lock);
    return next;
}

void pfl_lib_crew_ready(struct pfl_bench *b)
{
    struct pfl_lib_crew *crew = b->run->crew;

    pthread_mutex_lock(&crew->lock);
    crew->hooks = crew->hooks || b->setup || b->teardown;
    crew->waiting++;
    if (crew_all_here(crew)) {
        if (crew->hooks)
            b->run->yardstick_before = pfl_lib_clock.yardstick_ns();
        crew_release(crew);
    } else {
        crew_wait(crew);
    }
    pthread_mutex_unlock(&crew->lock);
}

void pfl_lib_crew_leave(struct pfl_bench *b)
{
    struct pfl_lib_crew *crew = b->run->crew;

    if (!crew || !b->crewed)
        return;
    b->crewed = false;
    pthread_mutex_lock(&crew->lock);
    crew->members--;
    crew->over = true;
    crew->next = 0;
    if (crew->members > 0 && crew_all_here(crew))
        crew_release(crew);
    pthread_mutex_unlock(&crew->lock);
}

static void *crew_work(void *bench)
{
    pfl_lib_bench_call(bench);
    return NULL;
}

void pfl_lib_crew_run(struct pfl_lib_run *run, struct pfl_bench *benches)
{
    struct pfl_lib_crew crew = {.members = run->of->threads,
                                .spin = sysconf(_SC_NPROCESSORS_ONLN) >= run->of->threads};
    pthread_t *threads = pfl_lib_alloc((size_t)run->of->threads * sizeof *threads);
    int started, i, problem = 0;

    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.turned, NULL);
    run->crew = &crew;
    for (i = 0; i < run->of->threads; i++)
        benches[i].crewed = true;
    for (started = 1; started < run->of->threads && problem == 0; started += problem == 0)
        problem = pthread_create(&threads[started], NULL, crew_work, &benches[started]);
    if (problem != 0) {
        pfl_lib_misuse(benches, "its thread %d could not be started: %s", started,
                       strerror(problem));
        for (i = started; i < run->of->threads; i++)
            pfl_lib_crew_leave(&benches[i]);
    }
    pfl_lib_bench_call(benches);
    for (i = 1; i < started; i++)
        pthread_join(threads[i], NULL);
    run->crew = NULL;
    pthread_cond_destroy(&crew.turned);
    pthread_mutex_destroy(&crew.lock);
    free(threads);
}
