/*
 * Makes a file as pytest-benchmark's --benchmark-json writes it (indented by four, a value per
 * line), the same bytes for the same options:
 *
 *     make_pytest_benchmark FILE [--benchmarks N] [--rounds N] [--seed N]
 *
 * Default: 1,000 benchmarks of 2,250 rounds, about 100 MB.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static double chance(void) /* splitmix64 (Vigna), uniform in 0 … 1 */
{
    uint64_t x = state += 0x9E3779B97F4A7C15u;

    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return (double)((x ^ x >> 31) >> 11) * 0x1p-53;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void put_stats(FILE *file, double *values, size_t n)
{
    double sum = 0, squares = 0, mean;
    size_t i;

    for (i = 0; i < n; i++)
        sum += values[i];
    mean = sum / (double)n;
    for (i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    fputs("            \"stats\": {\n", file);
    fputs("                \"data\": [\n", file);
    for (i = 0; i < n; i++)
        fprintf(file, "                    %.17g%s\n", values[i], i + 1 < n ? "," : "");
    fputs("                ],\n", file);
    qsort(values, n, sizeof *values, compare_doubles);
    fprintf(file,
            "                \"min\": %.17g,\n                \"max\": %.17g,\n"
            "                \"mean\": %.17g,\n                \"stddev\": %.17g,\n"
            "                \"rounds\": %zu,\n                \"median\": %.17g,\n"
            "                \"iqr\": %.17g,\n                \"q1\": %.17g,\n"
            "                \"q3\": %.17g,\n                \"iqr_outliers\": 0,\n"
            "                \"stddev_outliers\": 0,\n                \"outliers\": \"0;0\",\n"
            "                \"ld15iqr\": %.17g,\n                \"hd15iqr\": %.17g,\n"
            "                \"ops\": %.17g,\n                \"total\": %.17g,\n"
            "                \"iterations\": 1\n            }\n",
            values[0], values[n - 1], mean, n > 1 ? sqrt(squares / (double)(n - 1)) : 0, n,
            values[n / 2], values[n * 3 / 4] - values[n / 4], values[n / 4], values[n * 3 / 4],
            values[0], values[n - 1], 1 / mean, sum);
}

static void put_benchmark(FILE *file, size_t at, double *values, size_t rounds)
{
    double base = 1e-6 * exp(10 * chance());
    size_t i;

    fprintf(
        file,
        "        {\n            \"group\": null,\n            \"name\": \"test_operation[%zu]\",\n"
        "            \"fullname\": \"tests/test_module%zu.py::test_operation[%zu]\",\n"
        "            \"params\": {\n                \"size\": %zu\n            },\n"
        "            \"param\": \"%zu\",\n            \"extra_info\": {},\n"
        "            \"options\": {\n                \"disable_gc\": false,\n"
        "                \"timer\": \"perf_counter\",\n                \"min_rounds\": 5,\n"
        "                \"max_time\": 1.0,\n                \"min_time\": 5e-06,\n"
        "                \"warmup\": false\n            },\n",
        at, at % 40, at, at, at);
    for (i = 0; i < rounds; i++)
        values[i] = base * (1 + 0.2 * chance() * chance());
    put_stats(file, values, rounds);
}

static void put_file(FILE *file, size_t benchmarks, size_t rounds)
{
    double *values = malloc(rounds * sizeof *values);
    size_t i;

    if (!values)
        exit(3);
    fputs("{\n    \"machine_info\": {\n        \"node\": \"bench\",\n        \"processor\": \"\",\n"
          "        \"machine\": \"x86_64\",\n        \"python_version\": \"3.12.1\",\n"
          "        \"system\": \"Linux\",\n        \"cpu\": {\n            \"brand_raw\": \"Made "
          "up\"\n"
          "        }\n    },\n    \"commit_info\": {\n"
          "        \"id\": \"0123456789abcdef0123456789abcdef01234567\",\n"
          "        \"time\": \"2024-01-02T03:04:05+00:00\",\n        \"dirty\": false,\n"
          "        \"project\": \"made\",\n        \"branch\": \"main\"\n    },\n"
          "    \"benchmarks\": [\n",
          file);
    for (i = 0; i < benchmarks; i++) {
        put_benchmark(file, i, values, rounds);
        fputs(i + 1 < benchmarks ? "        },\n" : "        }\n", file);
    }
    fputs("    ],\n    \"datetime\": \"2024-01-02T03:05:06.789012+00:00\",\n"
          "    \"version\": \"4.0.0\"\n}\n",
          file);
    free(values);
}

int main(int argc, char **argv)
{
    size_t benchmarks = 1000, rounds = 2250, number;
    FILE *file;
    int i;

    for (i = 2; i + 1 < argc; i += 2) {
        number = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--benchmarks") == 0)
            benchmarks = number;
        else if (strcmp(argv[i], "--rounds") == 0)
            rounds = number;
        else if (strcmp(argv[i], "--seed") == 0)
            state = number;
        else
            break;
    }
    if (argc < 2 || i != argc || !benchmarks || !rounds) {
        fputs("usage: make_pytest_benchmark FILE [--benchmarks N] [--rounds N] [--seed N]\n",
              stderr);
        return 2;
    }
    file = fopen(argv[1], "w");
    if (file)
        put_file(file, benchmarks, rounds);
    if (!file || fclose(file)) {
        fprintf(stderr, "make_pytest_benchmark: %s: %s\n", argv[1], strerror(errno));
        return 3;
    }
    return 0;
}
