/*
 * The JSON reader's figure: MB/s over a file of 17-digit doubles, beside strtod_l alone on the same
 * bytes, and the memory it takes. The file is written to a temporary folder first and read twice;
 * the second reading counts, so that the disk does not. "One range" has doubles of one magnitude,
 * as times are; "all ranges" random bit patterns.
 *
 *     bench_json [SIZE_MB]        default 100
 */
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t random_state = 88172645463325252u;

static uint64_t random_next(void) /* xorshift64 (G. Marsaglia, 2003) */
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double random_double(bool all_ranges)
{
    uint64_t bits;
    double value;

    if (!all_ranges)
        return ldexp((double)(random_next() >> 11), -53);
    do {
        bits = random_next();
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value));
    return value;
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static long peak_kib(void)
{
    char line[256];
    long kib = -1;
    FILE *status = fopen("/proc/self/status", "r");

    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

static long write_file(const char *path, long size, bool all_ranges)
{
    FILE *file = fopen(path, "w");
    long written = 1;

    if (!file)
        return -1;
    fputc('[', file);
    while (written < size)
        written += fprintf(file, "%s%.17g", written > 1 ? "," : "", random_double(all_ranges));
    fputs("]\n", file);
    return fclose(file) == 0 ? written + 2 : -1;
}

static long read_bytes(void *context, char *bytes, size_t size, struct pfl_err *err)
{
    ssize_t got = read(*(int *)context, bytes, size);

    return got < 0 ? pfl_err_set_os(err, PFL_EIO, errno, "reading") : (long)got;
}

static double time_reader(int fd, double *sum)
{
    static struct pfl_json_reader r;
    struct pfl_err err;
    double start;
    int rc;

    lseek(fd, 0, SEEK_SET);
    *sum = 0;
    start = now_s();
    pfl_json_reader_init(&r, "numbers", read_bytes, &fd);
    rc = pfl_json_expect(&r, PFL_JSON_ARRAY, &err);
    while (rc >= 0 && (rc = pfl_json_next_item(&r, &err)) > 0)
        *sum += fabs(r.number) < 1e3 ? r.number : 1;
    if (rc == PFL_OK)
        rc = pfl_json_next(&r, &err);
    pfl_json_reader_release(&r);
    if (rc < 0) {
        fprintf(stderr, "bench_json: %d:%d: %s\n", err.line, err.column, err.message);
        exit(1);
    }
    return now_s() - start;
}

/* strtod_l over the same bytes, in a window cut at commas. */
static double time_strtod(int fd, double *sum)
{
    static char window[65536 + 1];
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    size_t left = 0;
    double start = now_s(), value;
    ssize_t got;

    lseek(fd, 0, SEEK_SET);
    *sum = 0;
    while ((got = read(fd, window + left, sizeof window - 1 - left)) > 0) {
        char *at = window, *end = window + left + got, *last = end;

        while (last > window && last[-1] != ',' && last[-1] != '\n')
            last--;
        *end = 0;
        for (; at < last; at++) {
            if (*at == ',' || *at == '[' || *at == ']' || *at == '\n')
                continue;
            value = strtod_l(at, &at, c_locale);
            *sum += fabs(value) < 1e3 ? value : 1;
        }
        left = (size_t)(end - last);
        memmove(window, last, left);
    }
    freelocale(c_locale);
    return now_s() - start;
}

static int measure(const char *path, const char *what, long size, bool all_ranges)
{
    long baseline, peak, bytes = write_file(path, size, all_ranges);
    double ours, theirs, sum, other;
    int fd = open(path, O_RDONLY);

    if (bytes < 0 || fd < 0) {
        fprintf(stderr, "bench_json: %s: %s\n", path, strerror(errno));
        return 1;
    }
    baseline = peak_kib();
    time_reader(fd, &sum);
    peak = peak_kib();
    ours = time_reader(fd, &sum);
    theirs = time_strtod(fd, &other);
    close(fd);
    printf("%-10s %6.1f MB  reader %6.1f MB/s  strtod_l alone %6.1f MB/s  ratio %.2f  "
           "peak RSS %ld KiB (+%ld KiB)  %s\n",
           what, 1e-6 * (double)bytes, 1e-6 * (double)bytes / ours, 1e-6 * (double)bytes / theirs,
           theirs / ours, peak, peak - baseline, sum == other ? "same sum" : "SUMS DIFFER");
    return sum != other;
}

int main(int count, char **words)
{
    long megabytes = count > 1 ? strtol(words[1], NULL, 10) : 100;
    const char *tmp = getenv("TMPDIR");
    char folder[4096], path[4200];
    int failed;

    if (megabytes < 1 || megabytes > 100000) {
        fprintf(stderr, "usage: bench_json [SIZE_MB]\n");
        return 2;
    }
    snprintf(folder, sizeof folder, "%s/bench_json.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(folder)) {
        fprintf(stderr, "bench_json: %s: %s\n", folder, strerror(errno));
        return 3;
    }
    snprintf(path, sizeof path, "%s/numbers.json", folder);
    failed = measure(path, "one range", megabytes * 1000000, false);
    failed |= measure(path, "all ranges", megabytes * 1000000, true);
    unlink(path);
    rmdir(folder);
    return failed;
}
