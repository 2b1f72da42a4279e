/*
 * Made by bench_changes_calibrate (seed 20261121): do not edit. {a, b} of the limits a + b · min(φ̂, 0.3) that the
 * strongest place of a quiet series exceeds with chance 50 %, 10 %, 1 %, 0.1 % at most; one line per length.
 */
#include "judge/changes_table.h"

/* clang-format off */
const size_t pfl_changes_lengths[PFL_CHANGES_LENGTHS] = {16, 20, 25, 32, 40, 50, 80, 125, 200, 320, 500, 1000, 2000, 5000, 20000};

const double pfl_changes_limits[PFL_CHANGES_LENGTHS][PFL_CHANGES_LEVELS][2] = {
    {{1.46, 6}, {12.24, 0}, {18.72, 0}, {18.96, 0}}, /* n = 16, 100000 series of each coefficient */
    {{1.90, 4}, {9.27, 18}, {22.75, 0}, {24.28, 0}}, /* n = 20, 100000 series of each coefficient */
    {{3.59, 4}, {8.69, 16}, {23.56, 0}, {30.64, 0}}, /* n = 25, 100000 series of each coefficient */
    {{4.13, 2}, {8.76, 10}, {23.06, 4}, {34.26, 0}}, /* n = 32, 100000 series of each coefficient */
    {{5.42, 2}, {10.26, 4}, {17.02, 26}, {33.27, 0}}, /* n = 40, 100000 series of each coefficient */
    {{4.75, 0}, {7.86, 6}, {13.88, 24}, {26.16, 48}}, /* n = 50, interim */
    {{7.91, 0}, {12.51, 0}, {17.71, 6}, {23.12, 20}}, /* n = 80, 100000 series of each coefficient */
    {{8.93, 0}, {13.46, 0}, {18.96, 0}, {23.62, 14}}, /* n = 125, 100000 series of each coefficient */
    {{7.51, 0}, {10.55, 0}, {14.27, 4}, {18.69, 14}}, /* n = 200, interim */
    {{11.91, 0}, {16.42, 0}, {21.51, 0}, {25.90, 2}}, /* n = 320, 75000 series of each coefficient */
    {{12.82, 0}, {17.40, 0}, {22.96, 0}, {27.26, 0}}, /* n = 500, 48000 series of each coefficient */
    {{14.59, 0}, {19.24, 0}, {24.63, 0}, {28.96, 0}}, /* n = 1000, 24000 series of each coefficient */
    {{16.52, 0}, {21.27, 0}, {26.09, 0}, {31.77, 0}}, /* n = 2000, 12000 series of each coefficient */
    {{19.38, 0}, {22.91, 0}, {28.55, 0}, {32.94, 0}}, /* n = 5000, 4800 series of each coefficient */
    {{22.44, 0}, {26.15, 0}, {32.76, 0}, {36.32, 0}}, /* n = 20000, 1200 series of each coefficient */
};
/* clang-format on */
