/* The words of a text and how often each is in it. */
#include "table.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

int bench(void);

size_t split(const char *text, struct table *table)
{
    size_t words = 0;

    while (*text) {
        const char *word = text;

        while (isalpha((unsigned char)*text))
            text++;
        if (text > word)
            words++;
        if (text > word && table)
            table_add(table, word, (size_t)(text - word));
        if (*text)
            text++;
    }
    return words;
}

int main(int argc, char **argv)
{
    struct table table = {0};
    char line[4096];

    if (argc > 1 && strcmp(argv[1], "--bench") == 0)
        return bench();
    while (fgets(line, sizeof line, stdin))
        split(line, &table);
    table_print(&table);
    table_release(&table);
    return 0;
}
