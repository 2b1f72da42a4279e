/*
 * Introsort (D. Musser, "Introspective Sorting and Selection Algorithms", 1997): quicksort with the
 * median of three as pivot; parts of 16 and fewer are left to one insertion sort; a part that was
 * split 2·log2(n) times goes to heapsort, so that no input takes more than O(n log n).
 */
#include "sort.h"

enum { SMALL = 16 };

static void swap(double *a, double *b)
{
    double kept = *a;

    *a = *b;
    *b = kept;
}

static void insertion(double *v, size_t n)
{
    size_t i, at;

    for (i = 1; i < n; i++) {
        double x = v[i];

        for (at = i; at > 0 && v[at - 1] > x; at--)
            v[at] = v[at - 1];
        v[at] = x;
    }
}

static void sift(double *v, size_t at, size_t n)
{
    for (;;) {
        size_t child = 2 * at + 1;

        if (child >= n)
            return;
        if (child + 1 < n && v[child + 1] > v[child])
            child++;
        if (v[at] >= v[child])
            return;
        swap(&v[at], &v[child]);
        at = child;
    }
}

static void heap(double *v, size_t n)
{
    size_t i;

    for (i = n / 2; i-- > 0;)
        sift(v, i, n);
    for (i = n; i-- > 1;) {
        swap(&v[0], &v[i]);
        sift(v, 0, i);
    }
}

/* Hoare's; both sides of the answer are smaller than n. */
static size_t partition(double *v, size_t n)
{
    size_t low = 0, high = n - 1, middle = n / 2;
    double pivot;

    if (v[middle] < v[low])
        swap(&v[middle], &v[low]);
    if (v[high] < v[low])
        swap(&v[high], &v[low]);
    if (v[high] < v[middle])
        swap(&v[high], &v[middle]);
    pivot = v[middle];
    for (;;) {
        do
            low++;
        while (v[low] < pivot);
        do
            high--;
        while (v[high] > pivot);
        if (low >= high)
            return low;
        swap(&v[low], &v[high]);
    }
}

static void quick(double *v, size_t n, int splits)
{
    while (n > SMALL) {
        size_t cut;

        if (splits-- == 0) {
            heap(v, n);
            return;
        }
        cut = partition(v, n);
        quick(v + cut, n - cut, splits);
        n = cut;
    }
}

void sort_intro(double *values, size_t n)
{
    int splits = 0;
    size_t m;

    for (m = n; m > 1; m /= 2)
        splits += 2;
    quick(values, n, splits);
    insertion(values, n);
}
