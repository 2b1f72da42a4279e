/*
 * What a launch through the launcher costs, beside the barest loop there is: vfork, execve, wait4,
 * with nothing else in the process (`bench_spawn --bare`, which is this program before it has
 * touched any memory), and beside hyperfine -N when that is installed. Nothing is subtracted
 * anywhere.
 *
 *   bench_spawn [BLOCKS]      default 8; each block measures every way once, in alternating order
 *
 * Ways: the launcher from a perfledger of no size, and from one that holds 200 MB and reads through
 * 8 MB of it between launches, as a program does that works between launches; for `true` and for 20
 * ms of computing. All give the command the same one-line environment. Bar: the ratio of medians to
 * bare, for `true`, within 0.97–1.03. Then peak RSS: what the launcher reports of a child that
 * holds 20 MB, with 200 MB in the parent, against the child's own VmHWM. Bar: 5 %.
 */
#include "base/macros.h"
#include "sys/spawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LAUNCHES_TRUE = 200,
    LAUNCHES_SPIN = 10,
    SAMPLES_MAX = 100000,
    HELD = 200 << 20,
    WORK = 8 << 20
};

enum way { BARE, SMALL, LARGE, HYPERFINE, WAYS };
static const char *const way_names[] = {"bare vfork+exec+wait4", "launcher",
                                        "launcher, 200 MB held", "hyperfine -N"};

struct samples {
    double us[SAMPLES_MAX];
    size_t n;
};

struct bench {
    const char *self;
    struct pfl_launcher *launcher;
    char *held; /* HELD bytes in use, or NULL */
    char *const *argv;
    int launches;
    struct samples samples[WAYS];
};

static char *const bare_environment[] = {(char *)"PATH=/usr/bin:/bin", NULL};

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    if (n == 0)
        return 0;
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void add(struct samples *samples, double us)
{
    if (samples->n < SAMPLES_MAX)
        samples->us[samples->n++] = us;
}

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "bench_spawn: %s: %s\n", what, why);
    exit(1);
}

/* ---- helpers that are this program again ---- */

static int spin(long ms)
{
    double end = now_us() + (double)ms * 1000;
    struct timespec used;

    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    while ((double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3 < (double)ms * 1000 &&
           now_us() < end * 2);
    return 0;
}

static int hold(long mb)
{
    size_t size = (size_t)mb << 20, at;
    volatile char *memory = malloc(size);
    char line[256];
    FILE *status;

    for (at = 0; memory && at < size; at += 4096)
        memory[at] = 1;
    status = fopen("/proc/self/status", "re");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0)
            printf("%ld\n", strtol(line + 6, NULL, 10) * 1024);
    return 0;
}

static double launch_bare(char **argv)
{
    double started = now_us();
    int status;
    pid_t child = vfork();

    if (child == 0) {
        execve(argv[0], argv, bare_environment);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, NULL) != child || status != 0)
        return -1;
    return now_us() - started;
}

/* The loop that everything is compared with; prints one time in us per line. */
static int bare(long launches, char **argv)
{
    static double times[SAMPLES_MAX];
    long i;

    for (i = 0; i < launches && i < SAMPLES_MAX; i++) {
        times[i] = launch_bare(argv);
        if (times[i] < 0)
            return 1;
    }
    for (i = 0; i < launches && i < SAMPLES_MAX; i++)
        printf("%.3f\n", times[i]);
    return 0;
}

/* ---- the ways ---- */

static void read_numbers(FILE *stream, struct samples *samples)
{
    char line[256];

    while (fgets(line, sizeof line, stream)) {
        char *end;
        double value = strtod(line, &end);

        if (end != line)
            add(samples, value);
    }
}

static void measure_bare(struct bench *bench)
{
    char count[32];
    const char *words[8] = {bench->self, "--bare", count};
    struct pfl_process_params params = {0};
    struct pfl_err err = {0};
    struct pfl_buf output;
    FILE *stream;
    int i, status = 0;

    snprintf(count, sizeof count, "%d", bench->launches);
    for (i = 0; bench->argv[i] && i < 4; i++)
        words[3 + i] = bench->argv[i];
    pfl_buf_init(&output, 1 << 20);
    params.argv = (char *const *)(size_t)words;
    params.output = &output;
    if (pfl_process_run(&params, &status, &err) != PFL_OK || status != 0)
        fail("the bare loop", err.code ? err.message : "its command failed");
    stream = fmemopen(output.data, output.len, "r");
    if (!stream)
        fail("the bare loop", "out of memory");
    read_numbers(stream, &bench->samples[BARE]);
    fclose(stream);
    pfl_buf_release(&output);
}

static void work(struct bench *bench)
{
    size_t at;

    for (at = 0; at < WORK; at += 64)
        bench->held[at]++;
}

static void measure_launcher(struct bench *bench, enum way way)
{
    struct pfl_launch_request request = {.argv = bench->argv,
                                         .program = bench->argv[0],
                                         .envp = bare_environment,
                                         .wire = true,
                                         .timeout_ns = 60 * INT64_C(1000000000)};
    struct pfl_launch_result result;
    struct pfl_err err = {0};
    int i;

    if (way == LARGE) {
        bench->held = malloc(HELD);
        if (!bench->held)
            fail("holding 200 MB", "out of memory");
        memset(bench->held, 1, HELD);
    }
    for (i = 0; i < bench->launches; i++) {
        if (bench->held)
            work(bench);
        if (pfl_launcher_run(bench->launcher, &request, &result, &err) != PFL_OK)
            fail("the launcher", err.message);
        if (result.exit_code != 0)
            fail("the launcher", "the command failed");
        add(&bench->samples[way], (double)result.wall_ns / 1000);
        pfl_launch_result_release(&result);
    }
    free(bench->held);
    bench->held = NULL;
}

/* hyperfine writes its times as an array of seconds, one a line, after "times": [ */
static void measure_hyperfine(struct bench *bench)
{
    char path[] = "/tmp/bench-spawn-XXXXXX", runs[32], command[512] = "", line[256];
    const char *words[] = {
        "env",    "-i", "PATH=/usr/bin:/bin", "hyperfine", "-N",    "--style", "none",
        "--runs", runs, "--export-json",      path,        command, NULL};
    struct pfl_process_params params = {.argv = (char *const *)(size_t)words};
    struct pfl_err err = {0};
    int i, status = 0, fd = mkstemp(path);
    FILE *stream;

    if (fd < 0)
        return;
    snprintf(runs, sizeof runs, "%d", bench->launches);
    for (i = 0; bench->argv[i]; i++)
        snprintf(command + strlen(command), sizeof command - strlen(command), "%s%s",
                 i > 0 ? " " : "", bench->argv[i]);
    if (pfl_process_run(&params, &status, &err) == PFL_OK && status == 0) {
        stream = fdopen(fd, "r");
        while (stream && fgets(line, sizeof line, stream) && !strstr(line, "\"times\""))
            ;
        while (stream && fgets(line, sizeof line, stream) && !strchr(line, ']'))
            add(&bench->samples[HYPERFINE], strtod(line, NULL) * 1e6);
        if (stream)
            fclose(stream);
    } else {
        close(fd);
    }
    unlink(path);
}

/* ---- the report ---- */

static void report(struct bench *bench, const char *title)
{
    double reference = 0;
    size_t way, i;

    printf("%-24s %10s %8s %8s\n", title, "median", "MAD", "ratio");
    for (way = 0; way < WAYS; way++) {
        struct samples *samples = &bench->samples[way];
        double middle = median(samples->us, samples->n);

        if (samples->n == 0)
            continue;
        if (way == BARE)
            reference = middle;
        for (i = 0; i < samples->n; i++)
            samples->us[i] =
                samples->us[i] > middle ? samples->us[i] - middle : middle - samples->us[i];
        printf("%-24s %7.1f us %6.2f %% %8.4f\n", way_names[way], middle,
               100 * median(samples->us, samples->n) / middle, middle / reference);
        samples->n = 0;
    }
    printf("\n");
}

static void compare_ways(struct bench *bench, const char *title, int blocks)
{
    int block, step;

    for (block = 0; block < blocks; block++)
        for (step = 0; step < WAYS; step++) {
            enum way way = (enum way)(block % 2 ? WAYS - 1 - step : step);

            if (way == BARE)
                measure_bare(bench);
            else if (way == HYPERFINE)
                measure_hyperfine(bench);
            else
                measure_launcher(bench, way);
        }
    report(bench, title);
}

static void compare_memory(struct bench *bench, long mb)
{
    char size[32];
    const char *words[] = {bench->self, "--hold", size, NULL};
    struct pfl_launch_request request = {.argv = (char *const *)(size_t)words,
                                         .program = bench->self,
                                         .envp = bare_environment,
                                         .output_mode = PFL_OUTPUT_CAPTURE,
                                         .capture_max = 100};
    struct pfl_launch_result result;
    struct pfl_err err = {0};
    double own;

    snprintf(size, sizeof size, "%ld", mb);
    if (pfl_launcher_run(bench->launcher, &request, &result, &err) != PFL_OK)
        fail("the launcher", err.message);
    own = strtod(pfl_buf_cstr(&result.output), NULL);
    printf("child of %3ld MB: peak RSS %11lld, its VmHWM %11.0f, ratio %.4f\n", mb,
           (long long)result.peak_rss_bytes, own, (double)result.peak_rss_bytes / own);
    pfl_launch_result_release(&result);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    char self[4096];
    char *true_words[] = {(char *)"/bin/true", NULL};
    char *spin_words[] = {self, (char *)"--spin", (char *)"20", NULL};
    struct pfl_err err = {0};
    int blocks = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 8;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (argc == 3 && strcmp(argv[1], "--spin") == 0)
        return spin(strtol(argv[2], NULL, 10));
    if (argc == 3 && strcmp(argv[1], "--hold") == 0)
        return hold(strtol(argv[2], NULL, 10));
    if (argc > 3 && strcmp(argv[1], "--bare") == 0)
        return bare(strtol(argv[2], NULL, 10), argv + 3);
    if (len < 0 || blocks < 1)
        fail("usage", "bench_spawn [BLOCKS]");
    self[len] = 0;
    bench.self = self;
    if (pfl_launcher_open(&bench.launcher, &err) != PFL_OK)
        fail("the launcher", err.message);
    bench.argv = true_words;
    bench.launches = LAUNCHES_TRUE;
    compare_ways(&bench, "true", blocks);
    bench.argv = spin_words;
    bench.launches = LAUNCHES_SPIN;
    compare_ways(&bench, "20 ms of computing", blocks);

    bench.held = malloc(HELD);
    if (!bench.held)
        fail("holding 200 MB", "out of memory");
    memset(bench.held, 1, HELD);
    printf("with 200 MB held by the parent:\n");
    compare_memory(&bench, 0);
    compare_memory(&bench, 20);
    compare_memory(&bench, 100);
    free(bench.held);
    pfl_launcher_close(bench.launcher);
    return 0;
}
