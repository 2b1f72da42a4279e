/*
 * Where the blocks of a simulated race come from.
 *
 * From a trace: blocks of each mode in their order, from a random place on (the same moment for
 * both modes), round and round. Within each block the names of base and head are exchanged at
 * random: recorded A/A blocks are symmetric in that by their make, so every race sees other noise
 * of the same size, with the same slow swings and bursts.
 *
 * A name like "idle*4" is that trace with every launch's CPU time four times as far (on the log
 * scale) from the trace's median: the recorded minutes were calm ones.
 *
 * Drawn: `gaussian` (1 % a launch, the machine's speed wanders), `heavy` (Student's t with 1.5
 * degrees of freedom, no variance), `skewed` (waits that only ever add, and a launch in 20 takes
 * half as long again).
 */
#include "base/alloc.h"
#include "replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pfl_race_launch *launch_at(struct noise *noise, int mode, size_t i)
{
    struct pfl_race_pair *pair = &noise->blocks[mode][i / 4].pairs[i % 4 / 2];

    return i % 2 ? &pair->head : &pair->base;
}

static int roughen(struct noise *noise, double factor, struct pfl_err *err)
{
    size_t n, i;
    int mode;

    for (mode = 0; mode < PFL_RACE_MODE_COUNT; mode++) {
        double *cpu, median;

        n = 4 * noise->count[mode];
        cpu = pfl_alloc(n * sizeof *cpu);
        if (!cpu)
            return pfl_err_no_memory(err);
        for (i = 0; i < n; i++)
            cpu[i] = launch_at(noise, mode, i)->value[PFL_RACE_CPU];
        pfl_stats_sort(cpu, n);
        median = pfl_stats_median_sorted(cpu, n);
        pfl_free(cpu);
        for (i = 0; i < n; i++) {
            struct pfl_race_launch *launch = launch_at(noise, mode, i);
            double old = launch->value[PFL_RACE_CPU], now = median * pow(old / median, factor);

            launch->value[PFL_RACE_CPU] = now;
            launch->value[PFL_RACE_TIME] += now - old;
            launch->wall_ns += (int64_t)((now - old) * 1e9);
        }
    }
    return PFL_OK;
}

int source_open(struct source *source, const struct replay *replay, const char *kind,
                struct pfl_err *err)
{
    char path[4096];
    size_t len = strcspn(kind, "*");
    int rc;

    *source = (struct source){.kind = kind};
    if (strcmp(kind, "gaussian") == 0 || strcmp(kind, "heavy") == 0 || strcmp(kind, "skewed") == 0)
        return PFL_OK;
    snprintf(path, sizeof path, "%s/%.*s.zst", replay->noise_folder, (int)len, kind);
    rc = noise_read(path, &source->noise, err);
    if (rc == PFL_OK && kind[len])
        rc = roughen(&source->noise, strtod(kind + len + 1, NULL), err);
    return rc;
}

void source_close(struct source *source)
{
    noise_release(&source->noise);
}

double source_gaussian(struct source *source)
{
    return pfl_stats_normal_quantile(pfl_random_unit(&source->random) + 0x1p-54);
}

void source_begin(struct source *source, uint64_t seed)
{
    double place;
    int mode;

    pfl_random_seed(&source->random, seed);
    place = pfl_random_unit(&source->random);
    for (mode = 0; mode < PFL_RACE_MODE_COUNT; mode++)
        source->at[mode] = (size_t)(place * (double)source->noise.count[mode]);
    source->drift = 0.02 * source_gaussian(source);
}

static double draw(struct source *source)
{
    double z = source_gaussian(source), chi;

    if (source->kind[0] == 'g')
        return 0.01 * z;
    if (source->kind[0] == 's')
        return 0.005 * fabs(z) - 0.03 * log1p(-pfl_random_unit(&source->random)) +
               (pfl_random_unit(&source->random) < 0.05 ? 0.4 : 0);
    /* Student's t, 1.5 degrees of freedom: a normal over a gamma (Wilson & Hilferty 1931). */
    chi = pow(fmax(1e-3, 1 - 2 / (9 * 1.5) + source_gaussian(source) * sqrt(2 / (9 * 1.5))), 3);
    return fmin(2, fmax(-2, 0.003 * z / sqrt(chi)));
}

static void draw_launch(struct source *source, struct pfl_race_launch *launch)
{
    double cpu = 0.02 * exp(source->drift + draw(source));
    double wall =
        cpu * (1.002 + (source->kind[0] == 's' ? 0.2 : 0.002) * pfl_random_unit(&source->random));

    *launch = (struct pfl_race_launch){
        .value = {wall, cpu, NAN}, .wall_ns = (int64_t)(wall * 1e9), .waits = 1, .preemptions = 3};
}

static void draw_block(struct source *source, enum pfl_race_mode mode, struct pfl_race_block *block)
{
    int i;

    *block = (struct pfl_race_block){.mode = mode, .pressure = 0.01};
    for (i = 0; i < 2; i++) {
        source->drift = 0.99 * source->drift + 0.003 * source_gaussian(source);
        draw_launch(source, &block->pairs[i].base);
        draw_launch(source, &block->pairs[i].head);
        block->took_ns += mode == PFL_RACE_DUET
                              ? block->pairs[i].base.wall_ns
                              : block->pairs[i].base.wall_ns + block->pairs[i].head.wall_ns;
    }
}

static void exchange(struct pfl_race_block *block)
{
    int i;

    for (i = 0; i < 2; i++) {
        struct pfl_race_launch base = block->pairs[i].base;

        block->pairs[i].base = block->pairs[i].head;
        block->pairs[i].head = base;
    }
    block->turned = !block->turned;
    if (block->mode == PFL_RACE_DUET)
        block->late = !block->late;
}

void source_block(struct source *source, enum pfl_race_mode mode, struct pfl_race_block *block)
{
    if (source->noise.count[mode] == 0)
        draw_block(source, mode, block);
    else {
        *block = source->noise.blocks[mode][source->at[mode] % source->noise.count[mode]];
        source->at[mode]++;
    }
    if (pfl_random_next(&source->random) >> 63)
        exchange(block);
}
