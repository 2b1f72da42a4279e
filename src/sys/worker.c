/*
 * One mutex, a ring of items, and two conditions: "there is something to do" for the thread, "there
 * is room, or nothing left" for the giver. The thread lets go of the mutex while it handles, so the
 * two meet only for moments.
 *
 * All signals are blocked in it: Ctrl-C reaches the main thread, as without it.
 */
#include "sys/worker.h"

#include "base/alloc.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

struct pfl_worker {
    struct pfl_worker_params params;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t more, less;
    void **ring;
    size_t at, n;
    bool busy, ending;
    int failed; /* 0, or what handle answered */
    struct pfl_err why;
};

static void *take(struct pfl_worker *w)
{
    void *item = w->ring[w->at];

    w->at = (w->at + 1) % w->params.capacity;
    w->n--;
    return item;
}

static void *work(void *context)
{
    struct pfl_worker *w = context;
    struct pfl_err why;
    void *item;
    int rc;

    pthread_mutex_lock(&w->mutex);
    for (;;) {
        while (w->n == 0 && !w->ending)
            pthread_cond_wait(&w->more, &w->mutex);
        if (w->n == 0)
            break;
        item = take(w);
        w->busy = true;
        pthread_cond_signal(&w->less);
        rc = w->failed;
        pthread_mutex_unlock(&w->mutex);
        if (rc == PFL_OK)
            rc = w->params.handle(w->params.context, item, &why);
        else
            w->params.drop(w->params.context, item);
        pthread_mutex_lock(&w->mutex);
        w->busy = false;
        if (rc != PFL_OK && w->failed == PFL_OK) {
            w->failed = rc;
            w->why = why;
        }
        pthread_cond_signal(&w->less);
    }
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

static int start_thread(struct pfl_worker *w)
{
    sigset_t all, before;
    int code;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    code = pthread_create(&w->thread, NULL, work, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static void free_worker(struct pfl_worker *w)
{
    pthread_cond_destroy(&w->more);
    pthread_cond_destroy(&w->less);
    pthread_mutex_destroy(&w->mutex);
    pfl_free(w->ring);
    pfl_free(w);
}

int pfl_worker_start(const struct pfl_worker_params *params, struct pfl_worker **worker,
                     struct pfl_err *err)
{
    struct pfl_worker *w = pfl_alloc_zeroed(1, sizeof *w);
    int code;

    if (!w)
        return pfl_err_no_memory(err);
    w->params = *params;
    w->ring = pfl_alloc_zeroed(params->capacity, sizeof *w->ring);
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->more, NULL);
    pthread_cond_init(&w->less, NULL);
    if (!w->ring) {
        free_worker(w);
        return pfl_err_no_memory(err);
    }
    code = start_thread(w);
    if (code) {
        free_worker(w);
        return pfl_err_set(err, PFL_EIO, "starting a thread: %s", strerror(code));
    }
    *worker = w;
    return PFL_OK;
}

/* With the mutex held. */
static int answer(const struct pfl_worker *w, struct pfl_err *err)
{
    if (w->failed && err)
        *err = w->why;
    return w->failed;
}

int pfl_worker_give(struct pfl_worker *w, void *item, struct pfl_err *err)
{
    int rc;

    pthread_mutex_lock(&w->mutex);
    while (w->n == w->params.capacity && w->failed == PFL_OK)
        pthread_cond_wait(&w->less, &w->mutex);
    rc = answer(w, err);
    if (rc == PFL_OK) {
        w->ring[(w->at + w->n++) % w->params.capacity] = item;
        pthread_cond_signal(&w->more);
    }
    pthread_mutex_unlock(&w->mutex);
    if (rc != PFL_OK)
        w->params.drop(w->params.context, item);
    return rc;
}

int pfl_worker_wait(struct pfl_worker *w, struct pfl_err *err)
{
    int rc;

    pthread_mutex_lock(&w->mutex);
    while (w->n > 0 || w->busy)
        pthread_cond_wait(&w->less, &w->mutex);
    rc = answer(w, err);
    pthread_mutex_unlock(&w->mutex);
    return rc;
}

int pfl_worker_end(struct pfl_worker *w, struct pfl_err *err)
{
    int rc;

    if (!w)
        return PFL_OK;
    pthread_mutex_lock(&w->mutex);
    w->ending = true;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    rc = answer(w, err);
    free_worker(w);
    return rc;
}
