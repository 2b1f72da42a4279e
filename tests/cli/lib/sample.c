/*
 * The program that the cases of tests/cli/lib call "$SAMPLE": one benchmark for each thing that a
 * report can show, and some that go wrong on purpose (tag: bad). What they take does not matter.
 */
#include <perfledger/perfledger.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* SAMPLE_LOG: a file that gets "process body" for each body that runs. */
static void note(const char *body)
{
    const char *name = getenv("SAMPLE_LOG");
    FILE *log = name ? fopen(name, "a") : NULL;

    if (log) {
        fprintf(log, "%ld %s\n", (long)getpid(), body);
        fclose(log);
    }
}

PFL_BENCH_ARGS(chain, PFL_TAGS("good kernel"))
{
    uint64_t x = 1;
    int i;

    note("chain");
    PFL_LOOP(b)
    {
        for (i = 0; i < 70; i++)
            x = (x ^ (x >> 29)) * UINT64_C(6364136223846793005);
        pfl_keep(x);
    }
}

/* Adds up numbers between blanks. */
PFL_BENCH_ARGS(parse, PFL_TAGS("good kernel"), PFL_GROUP("text"))
{
    static const char text[] = "12 734 9 1000 42 7 65536 3 18 220 5 91";
    unsigned sum = 0, number;
    const char *at;

    note("parse");
    PFL_LOOP(b)
    {
        pfl_keep_memory(text);
        for (at = text, number = 0; *at; at++)
            if (*at == ' ') {
                sum += number;
                number = 0;
            } else {
                number = number * 10 + (unsigned)(*at - '0');
            }
        pfl_keep(sum);
    }
    pfl_bytes(b, sizeof text - 1);
    pfl_items(b, 12);
    pfl_counter(b, "sum", 68227, PFL_COUNTER_VALUE);
}

PFL_BENCH_ARGS(walk, PFL_TAGS("good"), PFL_ARGS(n, 64, 256, 1024), PFL_ARGS(kind, "up", "down"),
               PFL_COMPLEXITY(n))
{
    int64_t n = pfl_arg_int(b, "n"), i;
    uint64_t x = pfl_rand(b);

    PFL_LOOP(b)
    {
        for (i = 0; i < n; i++)
            x = (x ^ (x >> 29)) * UINT64_C(6364136223846793005);
        pfl_keep(x);
    }
}

PFL_BENCH_ARGS(accuracy, PFL_TAGS("good empty"))
{
    const double got[] = {1, 2.5, 3}, reference[] = {1, 2, 3};

    PFL_LOOP(b)
    {
        pfl_keep(got[1]);
    }
    pfl_parity(b, "max_abs", got, reference, 3);
    pfl_metric(b, "rows", 3, "1", PFL_NO_DIRECTION);
}

PFL_BENCH_ARGS(absent, PFL_TAGS("good"))
{
    pfl_skip(b, "there is no such device: /dev/none");
}

PFL_BENCH_ARGS(wrong, PFL_TAGS("bad"))
{
    PFL_LOOP(b)
    {
        pfl_keep(b);
    }
    pfl_validate(1 + 1 == 3, "the sum is wrong");
}

PFL_BENCH_ARGS(crash, PFL_TAGS("bad"))
{
    (void)b;
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
}

PFL_BENCH_ARGS(assertion, PFL_TAGS("bad"))
{
    (void)b;
    fprintf(stderr, "sample.c: the sum is 3\n");
    abort();
}

PFL_BENCH_ARGS(leave, PFL_TAGS("bad"))
{
    (void)b;
    _exit(7);
}

/* A helper that outlives the launch and holds its descriptors. */
PFL_BENCH_ARGS(helper, PFL_TAGS("helper"))
{
    pid_t pid = getenv("SAMPLE_HELPER") ? fork() : 1;

    if (pid == 0) {
        sleep(5);
        _exit(0);
    }
    PFL_LOOP(b)
    {
        pfl_keep(b);
    }
}

PFL_BENCH_ARGS(late, PFL_TAGS("late"), PFL_TIMEOUT(1))
{
    (void)b;
    usleep(900000);
    abort();
}

PFL_BENCH_ARGS(endless, PFL_TAGS("bad"), PFL_TIMEOUT(0.3))
{
    volatile int forever = 1;

    PFL_LOOP(b)
    {
        while (forever)
            ;
    }
}

static void named(struct pfl_bench *b)
{
    PFL_LOOP(b)
    {
        pfl_keep(b);
    }
}

PFL_BENCH_ARGS(loud, PFL_TAGS("loud"))
{
    puts("a body prints this");
    fflush(stdout);
    PFL_LOOP(b)
    {
        pfl_keep(b);
    }
}

int main(int argc, char **argv)
{
    static const struct pfl_option odd[] = {PFL_TAGS("odd"), {PFL_OPTION_END, "", ""}};
    int status;

    if (getenv("SAMPLE_ODD"))
        pfl_bench_add("odd\x1b[31m\nname", named, NULL, odd);
    status = pfl_main(argc, argv);
    return getenv("SAMPLE_STATUS") ? atoi(getenv("SAMPLE_STATUS")) : status;
}
