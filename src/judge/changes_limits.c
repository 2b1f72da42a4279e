/*
 * Made by bench_changes_calibrate (seed 20261121): do not edit. {a, b} of the limits a + b · min(φ̂,
 * 0.3) that the strongest place of a quiet series exceeds with chance 50 %, 10 %, 1 %, 0.1 % at
 * most; one line per length.
 */
#include "judge/changes_table.h"

/* clang-format off */
const size_t pfl_changes_lengths[PFL_CHANGES_LENGTHS] = {16, 20, 25, 32, 40, 50, 80, 125, 200, 320, 500, 1000, 2000, 5000, 20000};

const double pfl_changes_limits[PFL_CHANGES_LENGTHS][PFL_CHANGES_LEVELS][2] = {
    {{1.47, 6}, {12.29, 0}, {18.72, 0}, {18.96, 0}}, /* n = 16, 60000 series of each coefficient */
    {{1.90, 4}, {9.44, 18}, {22.88, 0}, {24.28, 0}}, /* n = 20, 60000 series of each coefficient */
    {{2.60, 2}, {6.91, 22}, {23.66, 0}, {30.64, 0}}, /* n = 25, 60000 series of each coefficient */
    {{3.23, 2}, {7.29, 12}, {21.23, 12}, {34.12, 0}}, /* n = 32, 60000 series of each coefficient */
    {{3.93, 2}, {7.59, 8}, {15.48, 28}, {34.69, 2}}, /* n = 40, 60000 series of each coefficient */
    {{4.73, 0}, {7.87, 6}, {13.44, 28}, {24.84, 46}}, /* n = 50, 60000 series of each coefficient */
    {{5.69, 0}, {9.06, 0}, {13.36, 16}, {20.07, 30}}, /* n = 80, 60000 series of each coefficient */
    {{6.55, 0}, {9.69, 0}, {13.38, 10}, {17.64, 28}}, /* n = 125, 60000 series of each coefficient */
    {{7.50, 0}, {10.57, 0}, {14.67, 2}, {18.37, 14}}, /* n = 200, 40000 series of each coefficient */
    {{8.32, 0}, {11.40, 0}, {15.37, 0}, {18.92, 6}}, /* n = 320, 25000 series of each coefficient */
    {{9.13, 0}, {12.18, 0}, {15.99, 0}, {19.94, 8}}, /* n = 500, 16000 series of each coefficient */
    {{10.49, 0}, {13.57, 0}, {17.64, 0}, {21.76, 0}}, /* n = 1000, 8000 series of each coefficient */
    {{11.85, 0}, {15.22, 0}, {19.27, 0}, {24.33, 0}}, /* n = 2000, 4000 series of each coefficient */
    {{13.74, 0}, {16.98, 0}, {21.26, 0}, {23.90, 4}}, /* n = 5000, 1600 series of each coefficient */
    {{16.34, 0}, {19.51, 0}, {24.05, 0}, {25.96, 14}}, /* n = 20000, 400 series of each coefficient */
};
/* clang-format on */
