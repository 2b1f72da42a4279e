/*
 * Time budgets: a block that must not take longer.
 *
 *     PFL_BUDGET("solve", 0.5) {
 *         while (step(&s))
 *             if (pfl_budget_exceeded())
 *                 break;              // release what is held; the block's end reports
 *     }
 *     if (pfl_budget_overrun())       // of the block that ended last in this thread
 *         return give_up(&s);
 *
 * Seconds: PFL_BUDGET_DEFAULT (any negative value but −0) takes PERFLEDGER_TIME_BUDGET from the
 * environment (30 s when unset; unreadable: a warning and 30 s). ≤ 0 there, or 0 here, disables it.
 *
 * A timer of the calling thread sets a flag; nothing jumps out of the caller's code. When the block
 * is left late — at its end, by break, return or goto, or by a C++ exception — the overrun is
 * reported: `budget exceeded: solve after 0.500 s` on standard error, {"budget_exceeded":…} on
 * perfledger's wire. Budgets nest: the outer one goes on counting, and its flag shows in the inner
 * block as well. Each thread has its own. Handlers and timers that were there before are restored
 * when the last budget of the process ends. Order of limits, tightest first: budget, benchmark
 * timeout (PFL_TIMEOUT), launch timeout (perfledger's).
 *
 * In a benchmark an overrun makes that benchmark fail. `break` and `continue` in the block leave
 * the block, not a loop around it. The child of a fork has no timers: it is late by the clock, when
 * it asks and at the block's end.
 *
 * PFL_BUDGET_HARD: code that cannot poll. On overrun the process reports and ends with status 124.
 */
#ifndef PERFLEDGER_BUDGET_H
#define PERFLEDGER_BUDGET_H

#include <perfledger/api.h>

PFL_EXTERN_C_BEGIN

#define PFL_BUDGET_DEFAULT (-1.0)

struct pfl_budget {
    const char *name; /* borrowed: a literal */
    double seconds;
    void *state; /* the library's; NULL: over */
    int open;
};

PFL_API void pfl_budget_begin(struct pfl_budget *budget, const char *name, double seconds,
                              int hard);
/* Reports an overrun. Safe to call twice. */
PFL_API void pfl_budget_end(struct pfl_budget *budget);
/* Of the innermost open budget of this thread or one around it: one load, fit for a hot loop. */
PFL_API int pfl_budget_exceeded(void);
PFL_API int pfl_budget_overrun(void); /* did the budget that ended last in this thread overrun */
PFL_API double pfl_budget_left(void); /* seconds, innermost; infinite: none is open */

PFL_EXTERN_C_END

#if defined(__cplusplus)
struct pfl_budget_block_ { /* ends with its scope, whatever way that is left */
    struct pfl_budget budget;
    pfl_budget_block_(const char *name, double seconds, int hard)
    {
        pfl_budget_begin(&budget, name, seconds, hard);
        budget.open = 1;
    }
    ~pfl_budget_block_()
    {
        pfl_budget_end(&budget);
    }
    pfl_budget_block_(const pfl_budget_block_ &) = delete;
    pfl_budget_block_ &operator=(const pfl_budget_block_ &) = delete;
};
#define PFL_BUDGET_BLOCK_(name, seconds, hard, block)                                              \
    for (struct pfl_budget_block_ block((name), (seconds), (hard)); block.budget.open;             \
         block.budget.open = 0)
#elif defined(__GNUC__)
static inline struct pfl_budget pfl_budget_block_(const char *name, double seconds, int hard)
{
    struct pfl_budget budget;

    pfl_budget_begin(&budget, name, seconds, hard);
    budget.open = 1;
    return budget;
}
#define PFL_BUDGET_BLOCK_(name, seconds, hard, block)                                              \
    for (struct pfl_budget block                                                                   \
         __attribute__((cleanup(pfl_budget_end))) = pfl_budget_block_((name), (seconds), (hard));  \
         block.open; block.open = 0)
#else
#error "PFL_BUDGET needs gcc or clang; call pfl_budget_begin and pfl_budget_end"
#endif

#define PFL_BUDGET(name, seconds)                                                                  \
    PFL_BUDGET_BLOCK_(name, seconds, 0, PFL_JOIN(pfl_budget_at_, __LINE__))
#define PFL_BUDGET_HARD(name, seconds)                                                             \
    PFL_BUDGET_BLOCK_(name, seconds, 1, PFL_JOIN(pfl_budget_at_, __LINE__))

#endif
