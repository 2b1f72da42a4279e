/*
 * A program with two benchmarks inside, `parse` and `sort[n=10]`, that answers on
 * PERFLEDGER_CONTROL_FD as libperfledger does (lib/control.c), but makes its times up: 100 ns an
 * iteration and 0.2 % of noise, parse times what the file PROGRAM.speed says. So a race of two of
 * them has a known result, whatever the machine does.
 *
 * The file PROGRAM.mood names what it does instead: deaf (knows no control channel), fail, skip
 * (parse, when it is set up), crash (after three batches), hang, garble (another count of
 * iterations than it was asked for), closed (closes the wire and stays), leave (exits with 0 in the
 * middle), unlisted (--list fails), lack (there is no parse). Each launch
 * adds a line to PROGRAM.told: what it was asked for by the environment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char mood[32] = "", speed[32] = "1";
static const char *program;
static unsigned long long state;
static int wire;

static FILE *beside(const char *what, const char *mode)
{
    char path[4096];

    snprintf(path, sizeof path, "%s.%s", program, what);
    return fopen(path, mode);
}

static void read_word(const char *what, char word[32])
{
    FILE *in = beside(what, "r");

    if (in && fscanf(in, "%31s", word) != 1)
        word[0] = 0;
    if (in)
        fclose(in);
}

static int is(const char *what)
{
    return strcmp(mood, what) == 0;
}

static double iteration_ns(const char *name)
{
    double ns = strcmp(name, "parse") == 0 ? 100 * atof(speed) : 100;

    state = state * 6364136223846793005U + 1442695040888963407U;
    return ns * (0.998 + 0.004 * (double)(state >> 33) / (double)(1U << 31));
}

static void outcome(const char *name)
{
    const char *params = strcmp(name, "parse") == 0 ? "" : "\"n\":10";
    int i;

    dprintf(wire, "{\"bench\":\"%.*s\",\"params\":{%s},\"iterations\":1000,\"samples_ns\":[",
            (int)strcspn(name, "["), name, params);
    for (i = 0; i < 9; i++)
        dprintf(wire, "%s%.4f", i ? "," : "", iteration_ns(name));
    dprintf(wire, "],\"yardstick_ns\":[2,2,2,2,2,2,2,2,2],\"yardstick\":\"core\"}\n");
}

static void run_alone(void)
{
    const char *select = getenv("PERFLEDGER_SELECT");

    if (!select || !*select || strstr(select, "parse"))
        outcome("parse");
    if (!select || !*select || strstr(select, "sort"))
        outcome("sort[n=10]");
}

static void run_batch(const char *name, long iterations)
{
    static int batches;

    if (is("hang"))
        sleep(1000);
    if (is("crash") && ++batches > 3)
        abort();
    if (is("leave") && ++batches > 3)
        exit(0);
    if (is("closed") && ++batches > 3)
        close(wire);
    dprintf(wire, "{\"batch_ns\":%.3f,\"iterations\":%ld,\"yardstick_ns\":2.000}\n",
            iteration_ns(name) * (double)iterations, iterations + is("garble"));
}

static void serve(FILE *control)
{
    char line[256], name[200] = "";
    long iterations;
    int ran = 0;

    dprintf(wire, "{\"control\":1}\n");
    while (fgets(line, sizeof line, control)) {
        if (sscanf(line, "{\"run\":\"%199[^\"]\"}", name) == 1) {
            if ((is("fail") || is("skip")) && strcmp(name, "parse") == 0)
                dprintf(wire, "{\"%s\":\"a made-up reason\",\"bench\":\"%s\"}\n{\"over\":\"%s\"}\n",
                        mood, name, name);
            else
                dprintf(wire, "{\"ready\":\"%s\",\"iterations\":1000}\n", name);
        } else if (sscanf(line, "{\"batch\":%ld}", &iterations) == 1) {
            run_batch(name, iterations);
            ran = 1;
        } else {
            break;
        }
    }
    if (ran)
        outcome(name);
    dprintf(wire, "{\"over\":\"%s\"}\n", name);
}

int main(int count, char **words)
{
    const char *descriptor = getenv("PERFLEDGER_FD"), *control = getenv("PERFLEDGER_CONTROL_FD");
    const char *select = getenv("PERFLEDGER_SELECT");
    FILE *told;

    program = words[0];
    if (getentropy(&state, sizeof state) != 0)
        return 3;
    read_word("mood", mood);
    read_word("speed", speed);
    if (count > 1 && strcmp(words[count - 1], "--list") == 0) {
        if (is("unlisted")) {
            fprintf(stderr, "no list today\n");
            return 1;
        }
        printf("%ssort[n=10]\n", is("lack") ? "" : "parse\n");
        return 0;
    }
    if (!descriptor)
        return 2;
    wire = atoi(descriptor);
    told = beside("told", "a");
    if (told) {
        fprintf(told, "%s\n", select ? select : "-");
        fclose(told);
    }
    if (!control || is("deaf"))
        run_alone();
    else
        serve(fdopen(atoi(control), "r"));
    return 0;
}
