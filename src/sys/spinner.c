/*
 * The spinner's side of perfledger. The program is the launcher's own image: it is in memory
 * already, has no libraries to map, and exists wherever perfledger runs. The launcher holds it open
 * at PFL_LAUNCHER_IMAGE, so its child finds it at /proc/self/fd/6 whether it came from memory or
 * from a file that is long gone.
 *
 * Calibration: the shortest of a few launches with a small count, scaled up. What is being
 * calibrated is only how long the trial takes; all launches afterwards do the same work.
 */
#include "sys/spinner.h"

#include "base/alloc.h"
#include "sys/clock.h"
#include "sys/launcher/protocol.h"
#include "sys/spawn.h"

#include <stdio.h>

#define PROGRAM "/proc/self/fd/6"
_Static_assert(PFL_LAUNCHER_IMAGE == 6, "PROGRAM names the launcher's image");

#define MOST_STEPS 1e12

enum { FIRST_STEPS = 1000000, CALIBRATIONS = 3, STEPS_TEXT = 24, TIMEOUT_S = 60 };

struct pfl_spinner {
    struct pfl_launcher *launcher;
    char steps[STEPS_TEXT];
};

static double seconds_since(int64_t begin_ns)
{
    const struct pfl_clock *clock = pfl_clock_system();

    return (double)(clock->monotonic_ns(clock->context) - begin_ns) / 1e9;
}

static int check(const struct pfl_launch_result *result, struct pfl_err *err)
{
    if (result->interrupted)
        return pfl_err_set(err, PFL_EINTERRUPTED, "stopped while the noise floor was measured");
    if (result->exec_errno)
        return pfl_err_set_os(err, PFL_ESYSTEM, result->exec_errno,
                              "starting the trial command from " PROGRAM " (is /proc mounted?)");
    if (result->exit_code != 0)
        return pfl_err_set(err, PFL_ESYSTEM, "the trial command %s",
                           result->timed_out ? "did not end within a minute" : "was killed");
    return PFL_OK;
}

int pfl_spinner_run(struct pfl_spinner *spinner, bool (*stop_asked)(void *context), void *context,
                    struct pfl_spin *spin, struct pfl_err *err)
{
    static char name[] = "perfledger-spinner";
    static char *const no_environment[] = {NULL};
    char *const argv[] = {name, spinner->steps, NULL};
    const struct pfl_launch_request request = {
        .argv = argv,
        .envp = no_environment,
        .program = PROGRAM,
        .timeout_ns = TIMEOUT_S * INT64_C(1000000000),
        .interrupted = stop_asked,
        .context = context,
    };
    const struct pfl_clock *clock = pfl_clock_system();
    int64_t begin_ns = clock->monotonic_ns(clock->context);
    struct pfl_launch_result result = {0};
    int rc = pfl_launcher_run(spinner->launcher, &request, &result, err);

    if (rc != PFL_OK)
        return rc;
    rc = check(&result, err);
    if (rc == PFL_OK)
        *spin = (struct pfl_spin){.wall_s = (double)result.wall_ns / 1e9,
                                  .cpu_s = (double)(result.user_ns + result.sys_ns) / 1e9,
                                  .took_s = seconds_since(begin_ns)};
    pfl_launch_result_release(&result);
    return rc;
}

static int calibrate(struct pfl_spinner *spinner, double command_s, struct pfl_err *err)
{
    double shortest_s = 0, steps;
    struct pfl_spin spin;
    int i, rc;

    snprintf(spinner->steps, sizeof spinner->steps, "%d", FIRST_STEPS);
    for (i = 0; i < CALIBRATIONS; i++) {
        rc = pfl_spinner_run(spinner, NULL, NULL, &spin, err);
        if (rc != PFL_OK)
            return rc;
        if (i == 0 || spin.wall_s < shortest_s)
            shortest_s = spin.wall_s;
    }
    steps = shortest_s > 0 ? FIRST_STEPS * command_s / shortest_s : FIRST_STEPS;
    if (!(steps < MOST_STEPS))
        steps = MOST_STEPS;
    snprintf(spinner->steps, sizeof spinner->steps, "%.0f", steps < 1 ? 1 : steps);
    return PFL_OK;
}

int pfl_spinner_open(int64_t command_ns, struct pfl_spinner **spinner, struct pfl_err *err)
{
    struct pfl_spinner *made = pfl_alloc_zeroed(1, sizeof *made);
    int rc;

    if (!made)
        return pfl_err_no_memory(err);
    rc = pfl_launcher_open(&made->launcher, err);
    if (rc == PFL_OK)
        rc = calibrate(made, (double)command_ns / 1e9, err);
    if (rc != PFL_OK) {
        pfl_spinner_close(made);
        return rc;
    }
    *spinner = made;
    return PFL_OK;
}

void pfl_spinner_close(struct pfl_spinner *spinner)
{
    if (!spinner)
        return;
    pfl_launcher_close(spinner->launcher);
    pfl_free(spinner);
}
