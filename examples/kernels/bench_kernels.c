/*
 * The kernels of src/, measured. Each benchmark shows another thing that libperfledger does; all of
 * them check what they measure.
 *
 *     ./bench_kernels                    a table
 *     ./bench_kernels --filter sort       some of them
 *     perfledger run && perfledger check the gates of perfledger.yaml
 */
#include "src/csv.h"
#include "src/numeric.h"
#include "src/report.h"
#include "src/sort.h"

#include <perfledger/perfledger.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

PFL_COUNT_ALLOCATIONS()

/* ---- csv: throughput in bytes and rows ---- */

/* Rows that differ, of about `size` bytes; quoted: every item stands in quotes and holds some. */
static char *make_rows(struct pfl_bench *b, int quoted, size_t *size, size_t *rows)
{
    static const char *const items[] = {"bolt M6", "nut M6", "washer", "threaded rod"};
    char *text = malloc(*size + 100);
    size_t len = 0;

    for (*rows = 0; text && len < *size; (*rows)++) {
        uint64_t r = pfl_rand(b);

        len += (size_t)sprintf(text + len,
                               quoted ? "%u,\"customer-%u\",\"%s 2\"\" x 4\"\"\",%u,%u.50\n"
                                      : "%u,customer-%u,%s,%u,%u.50\n",
                               (unsigned)(r & 0xfffff), (unsigned)(r >> 20) % 5000, items[r >> 62],
                               (unsigned)(r >> 40) % 20, (unsigned)(r >> 50) % 400);
    }
    *size = len;
    return text;
}

PFL_BENCH_ARGS(parse, PFL_GROUP("csv"), PFL_ARGS(kind, "plain", "quoted"),
               PFL_ARGS(size, 1 << 10, 100 << 10), PFL_TAGS("smoke"))
{
    size_t rows, size = (size_t)pfl_arg_int(b, "size"), seen = 0;
    char *text = make_rows(b, strcmp(pfl_arg_text(b, "kind"), "quoted") == 0, &size, &rows);

    PFL_LOOP(b)
    {
        struct csv csv;
        struct csv_field f[5];

        csv_init(&csv, text, size);
        while (csv_next(&csv, f, 5) > 0)
            pfl_keep(f[4].len);
        seen = csv.row;
    }
    pfl_validate(seen == rows, "rows were lost");
    pfl_bytes(b, (double)size);
    pfl_items(b, (double)rows);
    free(text);
}

/* ---- table: allocations, complexity, threads, and a pause ---- */

static size_t key_of(char *to, uint64_t i)
{
    return (size_t)sprintf(to, "customer-%08llu", (unsigned long long)i);
}

static struct table *filled(size_t n)
{
    struct table *t = table_new(n);
    char key[32];
    size_t i;

    for (i = 0; t && i < n; i++)
        table_add(t, key, key_of(key, i))->value = (double)i;
    return t;
}

PFL_BENCH_ARGS(build, PFL_GROUP("table"), PFL_ARGS(n, 100, 1000, 10000), PFL_COMPLEXITY(n),
               PFL_ALLOCATIONS)
{
    size_t n = (size_t)pfl_arg_int(b, "n"), i;
    char(*keys)[32] = malloc(n * sizeof *keys);

    for (i = 0; i < n; i++)
        key_of(keys[i], i);
    PFL_LOOP(b)
    {
        struct table *t = table_new(0);

        for (i = 0; i < n; i++)
            table_add(t, keys[i], strlen(keys[i]));
        pfl_validate(table_size(t) == n, "keys were lost");
        table_free(t);
    }
    pfl_items(b, (double)n);
    free(keys);
}

/* Keys in an order that is no order: what lookups cost when the next key cannot be guessed. */
PFL_BENCH_ARGS(find, PFL_GROUP("table"), PFL_ARGS(n, 1000, 100000), PFL_THREADS(1, 2))
{
    size_t n = (size_t)pfl_arg_int(b, "n"), i;
    struct table *t = filled(n);
    char(*keys)[32] = malloc(n * sizeof *keys);
    size_t at = 0;
    double sum = 0;

    for (i = 0; i < n; i++)
        key_of(keys[i], i);
    pfl_rand_shuffle(b, keys, n, sizeof *keys);
    PFL_LOOP(b)
    {
        sum += table_find(t, keys[at], 17)->value;
        at = at + 1 < n ? at + 1 : 0;
    }
    pfl_keep(sum);
    pfl_items(b, 1);
    free(keys);
    table_free(t);
}

/* One more key than fits moves all of them. The table that it happens to is made anew each time,
 * and that is not measured. */
PFL_BENCH_ARGS(grow, PFL_GROUP("table"))
{
    enum { FULL = 12288 }; /* three quarters of 16384 */
    struct table *t;

    PFL_LOOP(b)
    {
        pfl_pause(b);
        t = filled(FULL - 1);
        table_add(t, "last that fits", 14);
        pfl_validate(table_is_full(t), "the table was to be full");
        pfl_resume(b);
        table_add(t, "one too many", 12);
        pfl_pause(b);
        table_free(t);
        pfl_resume(b);
    }
}

/* ---- sort: it destroys its input, so that each iteration of a batch gets its own ---- */

/* Never the same values twice in a row: sorting the same 1,000 again and again takes a tenth of the
 * time, for the processor learns by heart which way each comparison goes. */
enum { POOL = 1 << 17 };

struct inputs {
    struct pfl_bench *b;
    double *pool, *copies;
    size_t n;
    uint64_t room, at;
};

static void copy_inputs(void *context, uint64_t iterations)
{
    struct inputs *in = context;
    uint64_t i;

    if (iterations > in->room) {
        in->room = iterations;
        in->copies = realloc(in->copies, iterations * in->n * sizeof *in->copies);
    }
    for (i = 0; i < iterations; i++)
        memcpy(in->copies + i * in->n, in->pool + pfl_rand_below(in->b, POOL - in->n),
               in->n * sizeof *in->copies);
    in->at = 0;
}

static void inputs_init(struct inputs *in, struct pfl_bench *b)
{
    int is_random = strcmp(pfl_arg_text(b, "kind"), "random") == 0;
    size_t i;

    memset(in, 0, sizeof *in);
    in->b = b;
    in->n = (size_t)pfl_arg_int(b, "n");
    in->pool = malloc(POOL * sizeof *in->pool);
    for (i = 0; i < POOL; i++)
        in->pool[i] = is_random ? pfl_rand_unit(b) : (double)i;
}

static int is_sorted(const double *v, size_t n)
{
    size_t i;

    for (i = 1; i < n; i++)
        if (v[i] < v[i - 1])
            return 0;
    return 1;
}

static void measure_sort(struct pfl_bench *b, void (*sort)(double *, size_t))
{
    struct inputs in;

    inputs_init(&in, b);
    pfl_each_batch(b, copy_inputs, NULL, &in);
    PFL_LOOP(b)
    {
        sort(in.copies + in.at++ * in.n, in.n);
    }
    pfl_validate(is_sorted(in.copies, in.n), "the result is not sorted");
    pfl_items(b, (double)in.n);
    free(in.copies);
    free(in.pool);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void sort_library(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
}

PFL_BENCH_ARGS(intro, PFL_GROUP("sort"), PFL_ARGS(n, 100, 1000, 10000),
               PFL_ARGS(kind, "random", "sorted"), PFL_COMPLEXITY(n))
{
    measure_sort(b, sort_intro);
}

PFL_BENCH_ARGS(qsort, PFL_GROUP("sort"), PFL_ARGS(n, 100, 1000, 10000),
               PFL_ARGS(kind, "random", "sorted"), PFL_COMPLEXITY(n))
{
    measure_sort(b, sort_library);
}

/* ---- numeric: accuracy beside speed, and the machine code ---- */

enum { VALUES = 1024 };

struct numbers {
    double x[VALUES], y[VALUES], got[VALUES], reference[VALUES];
};

static void numbers_init(struct numbers *n, struct pfl_bench *b, double range)
{
    int i;

    for (i = 0; i < VALUES; i++) {
        n->x[i] = range * (2 * pfl_rand_unit(b) - 1);
        n->y[i] = 2 * pfl_rand_unit(b) - 1;
    }
}

PFL_BENCH_ARGS(plain_exp, PFL_TAGS("numeric"))
{
    static struct numbers n;

    numbers_init(&n, b, 700);
    PFL_LOOP(b)
    {
        plain_exp(n.x, n.got, VALUES);
        pfl_keep_memory(n.got);
    }
    pfl_items(b, VALUES);
}

PFL_BENCH_ARGS(fast_exp, PFL_TAGS("numeric"))
{
    static struct numbers n;

    numbers_init(&n, b, 700);
    PFL_LOOP(b)
    {
        fast_exp(n.x, n.got, VALUES);
        pfl_keep_memory(n.got);
    }
    plain_exp(n.x, n.reference, VALUES);
    pfl_parity(b, "max_rel", n.got, n.reference, VALUES);
    pfl_items(b, VALUES);
    pfl_artifact_function(b, "fast_exp");
}

PFL_BENCH_ARGS(plain_dot, PFL_TAGS("numeric"))
{
    static struct numbers n;

    numbers_init(&n, b, 1);
    PFL_LOOP(b)
    {
        pfl_keep(plain_dot(n.x, n.y, VALUES));
    }
    pfl_items(b, VALUES);
}

PFL_BENCH_ARGS(fast_dot, PFL_TAGS("numeric"))
{
    static struct numbers n;
    double got = 0, reference;

    numbers_init(&n, b, 1);
    PFL_LOOP(b)
    {
        got = fast_dot(n.x, n.y, VALUES);
        pfl_keep(got);
    }
    reference = plain_dot(n.x, n.y, VALUES);
    pfl_parity(b, "max_abs", &got, &reference, 1);
    pfl_items(b, VALUES);
    pfl_artifact_function(b, "fast_dot");
}

/* ---- all of it ---- */

PFL_BENCH_ARGS(group, PFL_GROUP("orders"), PFL_TAGS("smoke"), PFL_TIMEOUT(20))
{
    size_t len;
    char *text = orders_make(2000, 7, &len);
    long rows = 0;

    PFL_LOOP(b)
    {
        struct table *totals = table_new(0);

        PFL_BUDGET("group", 1)
        {
            rows = orders_group(text, len, totals, pfl_budget_exceeded);
        }
        table_free(totals);
    }
    pfl_validate(rows == 2000, "orders were lost");
    pfl_bytes(b, (double)len);
    pfl_items(b, 2000);
    free(text);
}

PFL_MAIN()
