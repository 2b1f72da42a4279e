/*
 * Reads recorded noise (noise/README.md): one line per block or per reading of the yardsticks, the
 * whole compressed by zstd.
 *
 * The pressure of a block (the share of its time in which somebody waited for a CPU) is not in the
 * file. It is taken from the launches: they compute all the time, so what wall-clock time has
 * beyond CPU time is waiting.
 */
#include "noise.h"
#include "base/alloc.h"
#include "base/vec.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

enum { TEXT_MAX = 64 << 20 };

PFL_VEC(blocks, struct pfl_race_block);
struct reading {
    double value[PFL_YARDSTICK_COUNT];
};
PFL_VEC(readings, struct reading);

static int slurp(const char *path, char **bytes, size_t *len, struct pfl_err *err)
{
    FILE *file = fopen(path, "rbe");
    long size;

    if (!file)
        return pfl_err_set_os(err, PFL_EIO, errno, "reading the noise %s", path);
    *bytes = NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) > 0 && size < TEXT_MAX &&
        fseek(file, 0, SEEK_SET) == 0 && (*bytes = pfl_alloc((size_t)size + 1)) != NULL) {
        *len = fread(*bytes, 1, (size_t)size, file);
        (*bytes)[*len] = 0;
    }
    fclose(file);
    return *bytes ? PFL_OK : pfl_err_set(err, PFL_EIO, "reading the noise %s failed", path);
}

/* In place: the compressed bytes become the text. */
static int expand(const char *path, char **bytes, size_t *len, struct pfl_err *err)
{
    unsigned long long size = ZSTD_getFrameContentSize(*bytes, *len);
    char *text;
    size_t got;

    if (size == ZSTD_CONTENTSIZE_ERROR)
        return PFL_OK; /* not compressed */
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size > TEXT_MAX)
        return pfl_err_set(err, PFL_EPARSE, "the noise %s does not say its size", path);
    text = pfl_alloc((size_t)size + 1);
    if (!text)
        return pfl_err_no_memory(err);
    got = ZSTD_decompress(text, (size_t)size, *bytes, *len);
    pfl_free(*bytes);
    *bytes = text;
    *len = ZSTD_isError(got) ? 0 : got;
    text[*len] = 0;
    return ZSTD_isError(got)
               ? pfl_err_set(err, PFL_ECORRUPT, "the noise %s: %s", path, ZSTD_getErrorName(got))
               : PFL_OK;
}

static const char *read_launch(const char *at, struct pfl_race_launch *launch)
{
    long wall_us, cpu_us, waits, preemptions;
    int used = 0;

    if (sscanf(at, " %ld %ld %ld %ld%n", &wall_us, &cpu_us, &waits, &preemptions, &used) != 4 ||
        wall_us <= 0 || cpu_us <= 0)
        return NULL;
    *launch = (struct pfl_race_launch){
        .value = {(double)wall_us / 1e6, (double)cpu_us / 1e6, NAN},
        .wall_ns = wall_us * 1000,
        .waits = waits,
        .preemptions = preemptions,
    };
    return at + used;
}

static bool read_block(const char *line, struct pfl_race_block *block)
{
    struct pfl_race_launch *launches[] = {&block->pairs[0].base, &block->pairs[0].head,
                                          &block->pairs[1].base, &block->pairs[1].head};
    int turned, late, used = 0;
    long took_us;
    double wall = 0, waited = 0;
    const char *at;
    size_t i;

    if (sscanf(line + 1, " %d %d %ld%n", &turned, &late, &took_us, &used) != 3)
        return false;
    at = line + 1 + used;
    *block = (struct pfl_race_block){.mode = line[0] == 'd' ? PFL_RACE_DUET : PFL_RACE_SOLO,
                                     .turned = turned != 0,
                                     .late = late != 0,
                                     .took_ns = took_us * 1000};
    for (i = 0; i < PFL_COUNT(launches) && at; i++) {
        at = read_launch(at, launches[i]);
        wall += launches[i]->value[PFL_RACE_TIME];
        waited += fmax(0, launches[i]->value[PFL_RACE_TIME] - launches[i]->value[PFL_RACE_CPU]);
    }
    block->pressure = waited / wall;
    return at != NULL;
}

static bool read_line(const char *line, struct blocks *blocks, struct readings *readings)
{
    struct pfl_race_block block;
    struct reading reading;
    double *v = reading.value;
    size_t i;

    if (line[0] == 's' || line[0] == 'd')
        return read_block(line, &block) && pfl_vec_push(&blocks[block.mode], &block);
    if (line[0] != 'y')
        return line[0] == '#' || line[0] == 0;
    if (sscanf(line + 1, "%lf %lf %lf %lf %lf", &v[0], &v[1], &v[2], &v[3], &v[4]) !=
        PFL_YARDSTICK_COUNT)
        return false;
    for (i = 0; i < PFL_YARDSTICK_COUNT; i++)
        v[i] *= 1e-9;
    return pfl_vec_push(readings, &reading);
}

static int read_text(const char *path, char *text, struct noise *noise, struct pfl_err *err)
{
    struct blocks blocks[PFL_RACE_MODE_COUNT] = {0};
    struct readings readings = {0};
    char *line, *rest = NULL;
    int number = 0;

    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        number++;
        if (!read_line(line, blocks, &readings))
            return pfl_err_set_at(err, PFL_EPARSE, path, number, 0, "this is no line of noise");
    }
    if (blocks[PFL_RACE_SOLO].n == 0)
        return pfl_err_set(err, PFL_EPARSE, "the noise %s has no solo blocks", path);
    noise->blocks[PFL_RACE_SOLO] = blocks[PFL_RACE_SOLO].at;
    noise->count[PFL_RACE_SOLO] = blocks[PFL_RACE_SOLO].n;
    noise->blocks[PFL_RACE_DUET] = blocks[PFL_RACE_DUET].at;
    noise->count[PFL_RACE_DUET] = blocks[PFL_RACE_DUET].n;
    noise->yardsticks = (double(*)[PFL_YARDSTICK_COUNT])(void *)readings.at;
    noise->yardstick_count = readings.n;
    return PFL_OK;
}

int noise_read(const char *path, struct noise *noise, struct pfl_err *err)
{
    char *bytes = NULL;
    size_t len = 0;
    int rc = slurp(path, &bytes, &len, err);

    if (rc == PFL_OK)
        rc = expand(path, &bytes, &len, err);
    if (rc == PFL_OK)
        rc = read_text(path, bytes, noise, err);
    pfl_free(bytes);
    return rc;
}

void noise_release(struct noise *noise)
{
    pfl_free(noise->blocks[PFL_RACE_SOLO]);
    pfl_free(noise->blocks[PFL_RACE_DUET]);
    pfl_free(noise->yardsticks);
    *noise = (struct noise){0};
}
