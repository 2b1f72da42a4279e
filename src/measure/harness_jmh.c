/*
 * JMH: `java -jar target/benchmarks.jar`, or whatever starts its main class.
 *
 * One fork a launch (-f 1): launches repeat, and each is a Java machine of its own, as a fork is.
 * Warm-up and iterations follow from the seconds that are to be spent: five iterations of a fifth,
 * after five warm-up iterations of a tenth, for a Java machine that has not compiled yet measures
 * its compiler. What the user said on the command line stays; what benchmarks say of themselves
 * (@Fork, @Measurement) gives way to the command line, as always with JMH.
 *
 * JMH takes what is no option for regular expressions of which a benchmark has to match one, so a
 * selection is passed on only where the user gave none of his own. Names of results have parameters
 * behind, which they do not see.
 */
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include <ctype.h>
#include <string.h>

enum { ITERATIONS = 5 };

/* ---- what the user wrote ---- */

/* Where JMH's own words begin: behind the jar or the main class, else behind the program. */
static size_t own_begin(const struct pfl_harness_launch *launch)
{
    size_t i;

    for (i = 1; i < launch->argc; i++) {
        if (strcmp(launch->argv[i], "-jar") == 0)
            return i + 2 < launch->argc ? i + 2 : launch->argc;
        if (strcmp(launch->argv[i], "org.openjdk.jmh.Main") == 0)
            return i + 1;
    }
    return launch->argc ? 1 : 0;
}

/* An option that stands alone, or has its value with it ("-f1", "-w1s", "-p=…"); all others take
 * one. No option of JMH has a digit in its name. */
static bool is_alone(const char *word)
{
    static const char *const alone[] = {"-h", "-l", "-lp", "-lprof", "-lrf"};
    size_t i;

    for (i = 0; i < PFL_COUNT(alone); i++)
        if (strcmp(word, alone[i]) == 0)
            return true;
    return strpbrk(word, "=0123456789") != NULL;
}

/* Walks over JMH's words: is the option there (name set), or a regular expression (NULL)? */
static bool holds(const struct pfl_harness_launch *launch, const char *name)
{
    size_t i, len = name ? strlen(name) : 0;
    const char *word;

    for (i = own_begin(launch); i < launch->argc; i++) {
        word = launch->argv[i];
        if (*word != '-' || !word[1]) {
            if (!name)
                return true;
            continue;
        }
        if (name && strncmp(word, name, len) == 0 &&
            (word[len] == 0 || word[len] == '=' || isdigit((unsigned char)word[len])))
            return true;
        i += !is_alone(word);
    }
    return false;
}

/* ---- what spoils its times ---- */

/* Profilers of JMH that only read counters of the Java machine between iterations. */
static bool is_light(const char *profiler)
{
    static const char *const light[] = {"gc", "cl", "comp", "hs_cl", "hs_comp", "hs_gc", "mempool"};
    size_t i, len = strcspn(profiler, ":");

    for (i = 0; i < PFL_COUNT(light); i++)
        if (strlen(light[i]) == len && memcmp(light[i], profiler, len) == 0)
            return true;
    return false;
}

static const char *of_word(const char *word)
{
    if (strstr(word, "-javaagent:"))
        return strstr(word, "jacoco") ? "coverage" : "a Java agent";
    return strstr(word, "-Xint") ? "compiled without optimisation" : NULL;
}

static const char *instrumented(const struct pfl_harness_launch *launch)
{
    static const char *const variables[] = {"JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"};
    const char *found = NULL;
    size_t i;

    for (i = 0; !found && i < PFL_COUNT(variables); i++)
        found = of_word(pfl_words_variable(launch, variables[i]));
    for (i = 1; !found && i < launch->argc; i++) {
        if (strcmp(launch->argv[i], "-prof") == 0 && i + 1 < launch->argc &&
            !is_light(launch->argv[i + 1]))
            return "a profiler";
        found = of_word(launch->argv[i]);
    }
    return found;
}

/* ---- the command ---- */

static void put(struct pfl_words *w, const char *option, const char *value)
{
    if (holds(w->launch, option))
        return;
    pfl_words_add(w, option);
    pfl_words_add(w, value);
}

static void put_seconds(struct pfl_words *w, const char *option, double seconds)
{
    /* JMH reads whole numbers with a unit. */
    double us = seconds * 1e6;

    put(w, option, pfl_arena_format(w->arena, "%.0fus", us < 1 ? 1 : us));
}

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    const char *regex = pfl_words_prefix_regex(launch->item, arena, "$");
    const char *iterations = pfl_arena_format(arena, "%d", ITERATIONS);
    struct pfl_words w;

    pfl_words_begin(&w, launch, arena, command);
    if (!regex || !iterations)
        return pfl_err_no_memory(err);
    if (holds(launch, "-rf") || holds(launch, "-rff"))
        return pfl_err_set(err, PFL_ECONFIG,
                           "suite %s: leave -rf and -rff out of its command: perfledger says where "
                           "the results go, and in which form",
                           launch->item->suite);
    pfl_words_add(&w, "-rf");
    pfl_words_add(&w, "json");
    pfl_words_add(&w, "-rff");
    pfl_words_add(&w, launch->results);
    put(&w, "-f", "1");
    if (launch->seconds > 0) {
        put(&w, "-wi", iterations);
        put(&w, "-i", iterations);
        put_seconds(&w, "-w", launch->seconds / (2 * ITERATIONS));
        put_seconds(&w, "-r", launch->seconds / ITERATIONS);
    }
    if (*regex && !holds(launch, NULL))
        pfl_words_add(&w, regex);
    command->results = PFL_HARNESS_FILE;
    command->instrumented = instrumented(launch);
    return pfl_words_end(&w, err);
}

static const struct pfl_harness_sign signs[] = {
    {"Unable to access jarfile", false,
     "the jar with the benchmarks is not there: let `build:` make it (mvn package)"},
    {"is not a recognized option", false, "the program does not take JMH's options: is it JMH's?"},
    {"No benchmarks to run", false,
     "no benchmark of the jar matches: java -jar FILE -l lists what is inside"},
    {"Unable to find the resource: /META-INF/BenchmarkList", false,
     "the jar has no list of benchmarks: JMH's annotation processor has to run when it is built"},
    {0},
};

const struct pfl_harness pfl_harness_jmh = {
    .name = "jmh",
    .format = "jmh",
    .program = "java",
    .seconds = 1,
    .signs = signs,
    .command = command,
};
