/*
 * Makes an archive as asv leaves it after years, of any size, the same bytes for the same options:
 *
 *     make_asv FOLDER [--commits N] [--environments N] [--benchmarks N] [--seed N]
 *
 * Default: 200 commits in 7 environments, 1,400 files of 4,284 results in 816 benchmarks, 6 million
 * results in 28,000 series that ever have a value, 43 % of the results NaN: about 555 MB. With the
 * oddities of real ones: benchmarks that are skipped for a while or always, failed ones (null, one
 * or all), infinite intervals of single samples, columns left out at the end, edited benchmarks,
 * parameters that changed, benchmarks that benchmarks.json has no more, metrics without statistics,
 * a dependency bump in every environment's name half-way, ten files in each of the two older forms,
 * and four that are broken.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BENCHMARK_SIZES = 4, NAME_MAX_BYTES = 128 };

static struct options {
    const char *folder;
    size_t commits, environments, benchmarks;
    uint64_t seed;
} options = {.commits = 200, .environments = 7, .benchmarks = 816, .seed = 1};

static uint64_t mix(uint64_t x) /* splitmix64 (Vigna) */
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* Uniform in 0 … 1 by place: whatever order things are written in. */
static double chance(uint64_t a, uint64_t b, uint64_t c)
{
    return (double)(mix(mix(mix(options.seed + a) + b) + c) >> 11) * 0x1p-53;
}

/* ---- output ---- */

static char *text;
static size_t len, room;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...)
{
    va_list args;

    if (room - len < 4096) {
        room = room ? room * 2 : 1 << 20;
        text = realloc(text, room);
        if (!text)
            exit(3);
    }
    va_start(args, format);
    len += (size_t)vsnprintf(text + len, room - len, format, args);
    va_end(args);
}

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) && errno != EEXIST) {
        fprintf(stderr, "make_asv: %s: %s\n", path, strerror(errno));
        exit(3);
    }
}

static void save(const char *path, size_t bytes)
{
    FILE *file = fopen(path, "w");

    if (!file || fwrite(text, 1, bytes, file) != bytes || fclose(file)) {
        fprintf(stderr, "make_asv: %s: %s\n", path, strerror(errno));
        exit(3);
    }
    len = 0;
}

/* ---- benchmarks ---- */

enum type { TIME, PEAKMEM, MEM, TRACK };

static const char *const type_names[] = {"time", "peakmemory", "memory", "track"};
static const char *const units[] = {"seconds", "bytes", "bytes", "unit"};
static const char *const prefixes[] = {"time", "peakmem", "mem", "track"};

static enum type type_of(size_t b)
{
    return b % 20 == 7 ? PEAKMEM : b % 50 == 13 ? MEM : b % 60 == 29 ? TRACK : TIME;
}

static void name_of(size_t b, char name[NAME_MAX_BYTES])
{
    static const char *const modules[] = {"frame_methods", "groupby",  "indexing.numeric",
                                          "io.json",       "rolling",  "series_methods",
                                          "strings",       "timedelta"};

    snprintf(name, NAME_MAX_BYTES, "%s.OperationsOfTheSuite%02zu.%s_the_operation_with_number_%zu",
             modules[b % 8], b / 8 % 40, prefixes[type_of(b)], b);
}

/* Sizes of the first and the second parameter; 1, 1: none. 5.25 combinations on average. */
static void axes_of(size_t b, size_t *first, size_t *second)
{
    static const size_t sizes[BENCHMARK_SIZES][2] = {{1, 1}, {3, 1}, {5, 1}, {4, 3}};

    *first = sizes[b % BENCHMARK_SIZES][0];
    *second = sizes[b % BENCHMARK_SIZES][1];
}

/* A few benchmarks got another value of their first parameter in the middle. */
static bool changed(size_t b, size_t commit)
{
    return b % 97 == 5 && commit < options.commits / 2;
}

static void put_params(size_t b, size_t commit)
{
    static const char *const kinds[] = {"'int'", "'float'", "'object'"};
    size_t first, second, i;

    axes_of(b, &first, &second);
    put("[");
    if (first > 1) {
        put("[");
        for (i = 0; i < first; i++)
            put("%s\"%zu\"", i ? ", " : "", (i + changed(b, commit)) * 100 + 10);
        put("]");
    }
    if (second > 1) {
        put(", [");
        for (i = 0; i < second; i++)
            put("%s\"%s\"", i ? ", " : "", kinds[i]);
        put("]");
    }
    put("]");
}

static uint64_t version_of(size_t b, size_t commit)
{
    size_t edits = b % 31 == 3 ? 4 * commit / options.commits : 0;

    return mix(b * 7 + edits * 1000003);
}

static void write_list(void)
{
    char path[4096], name[NAME_MAX_BYTES];
    size_t first, second, b;

    put("{\n");
    for (b = 0; b < options.benchmarks; b++) {
        if (b % 41 == 9)
            continue; /* there is no such benchmark any more */
        name_of(b, name);
        axes_of(b, &first, &second);
        put("    \"%s\": {\n        \"code\": \"def %s(self):\\n    pass\",\n        \"name\": "
            "\"%s\",\n        \"param_names\": [%s%s],\n        \"params\": ",
            name, name, name, first > 1 ? "\"n\"" : "", second > 1 ? ", \"dtype\"" : "");
        put_params(b, options.commits);
        put(",\n        \"timeout\": 60.0,\n        \"type\": \"%s\",\n        \"unit\": \"%s\",\n"
            "        \"version\": \"%016" PRIx64 "%048x\"\n    },\n",
            type_names[type_of(b)], units[type_of(b)], version_of(b, options.commits), 0u);
    }
    put("    \"version\": 2\n}\n");
    snprintf(path, sizeof path, "%s/benchmarks.json", options.folder);
    save(path, len);
}

/* ---- results ---- */

struct value {
    enum { NUMBER, NOT_RUN, FAILED } state;
    double median, low, high, q1, q3;
    int repeat;
};

struct place {
    size_t commit, environment, benchmark, combination;
};

static struct value value_of(const struct place *p)
{
    size_t series = p->benchmark * 64 + p->combination;
    double base = 1e-6 * exp(12 * chance(series, 1, 0)), noise;
    struct value v = {.state = NUMBER, .repeat = 10};

    /* Some combinations are never run; the rest is skipped for stretches of twenty commits. */
    if (p->combination == 11 || (p->combination == 4 && p->benchmark % 8 == 2) ||
        chance(series, 2, p->environment * 1000 + p->commit / 20) < 0.39)
        v.state = NOT_RUN;
    else if (chance(series, 3, p->commit * 100 + p->environment) < 0.004)
        v.state = FAILED;
    if (v.state != NUMBER)
        return v;
    noise = chance(series, 4, p->commit * 100 + p->environment) - 0.5;
    v.median = base * (1 + 0.05 * noise) * (1 + 0.02 * (double)p->environment);
    if (chance(series, 5, 0) < 0.1 && p->commit > options.commits / 3)
        v.median *= 1.3; /* a change */
    v.q1 = v.median * (1 - 0.01 * chance(series, 6, p->commit));
    v.q3 = v.median * (1 + 0.015 * chance(series, 7, p->commit));
    v.low = v.q1 - (v.median - v.q1) * 2;
    v.high = v.q3 + (v.q3 - v.median) * 2;
    if (p->benchmark % 67 == 11) {
        v.repeat = 1;
        v.low = -INFINITY;
        v.high = INFINITY;
    }
    return v;
}

static size_t read_values(struct place p, struct value values[64])
{
    size_t first, second;

    axes_of(p.benchmark, &first, &second);
    for (p.combination = 0; p.combination < first * second; p.combination++) {
        values[p.combination] = value_of(&p);
        if (p.benchmark % 73 == 17 && p.commit % 40 == 3)
            values[p.combination].state = FAILED; /* all of it */
    }
    return first * second;
}

static void put_result(const struct value *v, enum type type)
{
    if (v->state != NUMBER)
        put("%s", v->state == FAILED ? "null" : "NaN");
    else if (type == PEAKMEM || type == MEM)
        put("%.0f", floor(v->median * 1e12));
    else
        put("%.17g", v->median);
}

static void put_bound(double bound)
{
    if (isinf(bound))
        put("%sInfinity", bound < 0 ? "-" : "");
    else
        put("%.5g", bound);
}

enum column { LOW, HIGH, Q1, Q3, NUMBER_OF, REPEAT, COLUMNS };

static void put_column(const struct value *values, size_t n, enum column column)
{
    size_t i;

    put(", [");
    for (i = 0; i < n; i++) {
        const struct value *v = &values[i];

        if (i)
            put(", ");
        if (v->state != NUMBER)
            put("null");
        else if (column == NUMBER_OF)
            put("%d", (int)(0.01 / v->median) + 1);
        else if (column == REPEAT)
            put("%d", v->repeat);
        else
            put_bound(column == LOW    ? v->low
                      : column == HIGH ? v->high
                      : column == Q1   ? v->q1
                                       : v->q3);
    }
    put("]");
}

static void put_row(const struct place *p)
{
    struct value values[64];
    size_t n = read_values(*p, values), i, numbers = 0, nulls = 0;
    enum type type = type_of(p->benchmark);
    int column;

    for (i = 0; i < n; i++) {
        numbers += values[i].state == NUMBER;
        nulls += values[i].state == FAILED;
    }
    if (nulls == n) {
        put("[null, ");
    } else {
        put("[[");
        for (i = 0; i < n; i++) {
            if (i)
                put(", ");
            put_result(&values[i], type);
        }
        put("], ");
    }
    put_params(p->benchmark, p->commit);
    put(", \"%016" PRIx64 "%048x\", %" PRIu64 ", %.5g", version_of(p->benchmark, p->commit), 0u,
        UINT64_C(1600000000000) + p->commit * 86400000 + p->benchmark * 1000,
        chance(p->benchmark, 8, p->commit) * 10);
    if (type == TIME && numbers)
        for (column = 0; column < COLUMNS; column++)
            put_column(values, n, (enum column)column);
    put("]");
}

static void environment_name(size_t environment, size_t commit, char name[64])
{
    snprintf(name, 64, "virtualenv-py3.%zu-cython-numpy1.%d", 6 + environment,
             commit * 2 >= options.commits ? 21 : 20);
}

static void put_commit(size_t commit)
{
    put("%016" PRIx64 "%016" PRIx64 "%08x", mix(commit * 2 + 1), mix(commit * 2 + 2), 0u);
}

static uint64_t date_of(size_t commit)
{
    return UINT64_C(1500000000000) + commit * 43200000;
}

static void put_file_v2(size_t commit, size_t environment)
{
    struct place p = {commit, environment, 0, 0};
    char name[NAME_MAX_BYTES], env[64];

    environment_name(environment, commit, env);
    put("{\"commit_hash\": \"");
    put_commit(commit);
    put("\", \"env_name\": \"%s\", \"date\": %" PRIu64
        ", \"params\": {\"arch\": \"x86_64\", \"cpu\": \"Made up\", \"machine\": \"bench\", "
        "\"os\": "
        "\"Linux\", \"ram\": \"8052188\", \"python\": \"3.%zu\", \"cython\": \"\"}, \"python\": "
        "\"3.%zu\", \"requirements\": {\"cython\": \"\", \"numpy\": \"1.%d\"}, \"env_vars\": {}, "
        "\"result_columns\": [\"result\", \"params\", \"version\", \"started_at\", \"duration\", "
        "\"stats_ci_99_a\", \"stats_ci_99_b\", \"stats_q_25\", \"stats_q_75\", \"stats_number\", "
        "\"stats_repeat\", \"samples\", \"profile\"], \"results\": {",
        env, date_of(commit), 6 + environment, 6 + environment,
        commit * 2 >= options.commits ? 21 : 20);
    for (; p.benchmark < options.benchmarks; p.benchmark++) {
        name_of(p.benchmark, name);
        put("%s\"%s\": ", p.benchmark ? ", " : "", name);
        put_row(&p);
    }
    put("}, \"durations\": {}, \"version\": 2}");
}

/* The older forms: with: objects, without: bare numbers of what has no parameters. */
static void put_file_v1(size_t commit, size_t environment, bool with)
{
    struct place p = {commit, environment, 0, 0};
    struct value values[64];
    char name[NAME_MAX_BYTES];
    size_t n, i, written = 0;

    put("{\n    \"commit_hash\": \"");
    put_commit(commit);
    put("\",\n    \"date\": %" PRIu64 ",\n    \"params\": {\"machine\": \"bench\"},\n    "
        "\"python\": \"3.%zu\",\n    \"requirements\": {\"numpy\": \"\"},\n    \"results\": {",
        date_of(commit), 6 + environment);
    for (; p.benchmark < options.benchmarks; p.benchmark++) {
        n = read_values(p, values);
        if (n > 1 && !with)
            continue;
        name_of(p.benchmark, name);
        put("%s\n        \"%s\": ", written++ ? "," : "", name);
        if (!with) {
            put_result(&values[0], type_of(p.benchmark));
            continue;
        }
        put("{\"params\": ");
        put_params(p.benchmark, commit);
        put(", \"result\": [");
        for (i = 0; i < n; i++) {
            if (i)
                put(", ");
            put_result(&values[i], type_of(p.benchmark));
        }
        put("], \"stats\": [");
        for (i = 0; i < n; i++) {
            put("%s", i ? ", " : "");
            if (values[i].state != NUMBER) {
                put("null");
                continue;
            }
            put("{\"ci_99\": [");
            put_bound(values[i].low);
            put(", ");
            put_bound(values[i].high);
            put("], \"q_25\": %.17g, \"q_75\": %.17g, \"repeat\": %d}", values[i].q1, values[i].q3,
                values[i].repeat);
        }
        put("]}");
    }
    put("\n    },\n    \"version\": 1\n}\n");
}

/* The first commits are old, a few of the last are damaged. */
static void write_file(size_t commit, size_t environment)
{
    bool last = commit + 1 == options.commits, newest = environment + 1 == options.environments;
    char path[4096], env[64];
    size_t bytes;

    if (commit == 0 || (commit == 1 && environment < 3))
        put_file_v1(commit, environment, false);
    else if (commit == 1 || (commit == 2 && environment < 6))
        put_file_v1(commit, environment, true);
    else
        put_file_v2(commit, environment);
    bytes = len;
    environment_name(environment, commit, env);
    snprintf(path, sizeof path, "%s/bench/%08" PRIx64 "-%s.json", options.folder,
             mix(commit * 2 + 1) >> 32, env);
    if (last && newest)
        bytes = len / 2; /* the disk was full */
    if (last && environment == 1)
        memcpy(text + len / 3, "\"oops", 5);
    if (last && environment == 2) /* of a time to come */
        text[len - 2] = '9';
    if (last && environment == 3) {
        len = 0;
        put("{\"explanation\": \"no result file at all\", \"version\": 2}\n");
        bytes = len;
    }
    save(path, bytes);
}

static void write_archive(void)
{
    char path[4096];
    size_t commit, environment;

    make_folder(options.folder);
    snprintf(path, sizeof path, "%s/bench", options.folder);
    make_folder(path);
    put("{\n    \"arch\": \"x86_64\",\n    \"cpu\": \"Made up\",\n    \"machine\": \"bench\",\n    "
        "\"os\": \"Linux\",\n    \"ram\": \"8052188\",\n    \"version\": 1\n}\n");
    snprintf(path, sizeof path, "%s/bench/machine.json", options.folder);
    save(path, len);
    write_list();
    for (commit = 0; commit < options.commits; commit++)
        for (environment = 0; environment < options.environments; environment++)
            write_file(commit, environment);
}

static void usage(void)
{
    fputs("usage: make_asv FOLDER [--commits N] [--environments N] [--benchmarks N] [--seed N]\n",
          stderr);
    exit(2);
}

int main(int argc, char **argv)
{
    int i;

    if (argc < 2 || argv[1][0] == '-')
        usage();
    options.folder = argv[1];
    for (i = 2; i + 1 < argc; i += 2) {
        size_t number = strtoul(argv[i + 1], NULL, 10);

        if (strcmp(argv[i], "--commits") == 0)
            options.commits = number;
        else if (strcmp(argv[i], "--environments") == 0)
            options.environments = number;
        else if (strcmp(argv[i], "--benchmarks") == 0)
            options.benchmarks = number;
        else if (strcmp(argv[i], "--seed") == 0)
            options.seed = number;
        else
            usage();
    }
    if (i != argc || options.commits < 4 || !options.environments || options.environments > 20 ||
        !options.benchmarks)
        usage();
    write_archive();
    free(text);
    return 0;
}
