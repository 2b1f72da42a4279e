/* A program to be inspected, never to be run: built several times with fixed flags
 * (cmake/tests.cmake). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int weight(int i);

struct total {
    double sum;
    long count;
};

/* A leaf: GCC describes "all its calls" even without optimisation. */
int weight(int i)
{
    int rest = i % 3;

    return rest + 1;
}

static int add_all(struct total *total, int n, char **words)
{
    int i, bad = 0;

    for (i = 0; i < n; i++) {
        char *end;
        double value = strtod(words[i], &end);

        if (end == words[i]) {
            bad++;
            continue;
        }
        total->sum += value;
        total->count += (long)strlen(words[i]) * weight(i);
    }
    return bad;
}

int main(int argc, char **argv)
{
    struct total total = {0, 0};
    int bad = add_all(&total, argc - 1, argv + 1);

    printf("%g %ld %d\n", total.sum, total.count, bad);
    return bad != 0;
}
