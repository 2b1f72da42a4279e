/*
 * Counts the words of a text, as an example of a program that tells perfledger about itself.
 *
 *     wordcount TEXT OUT                 counts; writes "count word" lines, most frequent first
 *     wordcount --generate N SEED TEXT   makes a text of N words to count
 *
 * Without PERFLEDGER_FD in the environment (that is: when nobody measures it) it says nothing and
 * costs nothing. Everything about the wire is in say() and its callers in count_text(); the rest is
 * an ordinary program.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the wire: one line of JSON per message, written at once ---- */

static int wire = -1;

static void open_wire(void)
{
    const char *number = getenv("PERFLEDGER_FD");

    if (number)
        wire = atoi(number);
}

static void say(const char *format, ...)
{
    char line[512];
    va_list args;
    int n;

    if (wire < 0)
        return;
    va_start(args, format);
    n = vsnprintf(line, sizeof line - 1, format, args);
    va_end(args);
    if (n < 0 || n >= (int)sizeof line - 1)
        return;
    line[n++] = '\n';
    if (write(wire, line, (size_t)n) != n)
        wire = -1;
}

/* ---- the program ---- */

struct word {
    const char *text;
    size_t len, count;
};

struct table { /* open addressing, a power of two of slots, at most half full */
    struct word *slots;
    size_t size, used, probes;
};

static void die(const char *what)
{
    fprintf(stderr, "wordcount: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *checked(void *memory)
{
    if (!memory)
        die("memory");
    return memory;
}

static size_t hash_of(const char *text, size_t len)
{
    uint64_t hash = 14695981039346656037u;
    size_t i;

    for (i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return (size_t)(hash ^ (hash >> 32));
}

static struct word *find(struct table *table, const char *text, size_t len)
{
    size_t at = hash_of(text, len) & (table->size - 1);

    while (table->slots[at].text &&
           (table->slots[at].len != len || memcmp(table->slots[at].text, text, len) != 0)) {
        at = (at + 1) & (table->size - 1);
        table->probes++;
    }
    return &table->slots[at];
}

static void grow(struct table *table)
{
    struct table bigger = {checked(calloc(table->size * 2, sizeof *table->slots)), table->size * 2,
                           table->used, table->probes};
    size_t i;

    for (i = 0; i < table->size; i++)
        if (table->slots[i].text)
            *find(&bigger, table->slots[i].text, table->slots[i].len) = table->slots[i];
    free(table->slots);
    *table = bigger;
}

static void add(struct table *table, const char *text, size_t len)
{
    struct word *word = find(table, text, len);

    if (!word->text) {
        *word = (struct word){text, len, 0};
        table->used++;
    }
    word->count++;
    if (table->used * 2 > table->size)
        grow(table);
}

static int by_count(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    order = memcmp(x->text, y->text, len);
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

static char *read_all(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    size_t capacity = 1 << 16, got;
    char *text;

    if (!file) {
        say("{\"skip\":\"there is no text to count; make one with --generate\"}");
        die(path);
    }
    text = checked(malloc(capacity));
    for (*len = 0; (got = fread(text + *len, 1, capacity - *len, file)) > 0; *len += got)
        if (*len + got == capacity)
            text = checked(realloc(text, capacity *= 2));
    if (ferror(file))
        die(path);
    fclose(file);
    return text;
}

static size_t count_words(struct table *table, const char *text, size_t len)
{
    size_t from, to = 0, words = 0;

    while (to < len) {
        for (from = to; from < len && !isalpha((unsigned char)text[from]); from++)
            ;
        for (to = from; to < len && isalpha((unsigned char)text[to]); to++)
            ;
        if (to > from) {
            add(table, text + from, to - from);
            words++;
        }
    }
    return words;
}

static size_t write_sorted(struct table *table, const char *path)
{
    struct word *sorted = checked(calloc(table->used + 1, sizeof *sorted));
    FILE *out = fopen(path, "wb");
    size_t n = 0, total = 0, i;

    if (!out)
        die(path);
    for (i = 0; i < table->size; i++)
        if (table->slots[i].text)
            sorted[n++] = table->slots[i];
    qsort(sorted, n, sizeof *sorted, by_count);
    for (i = 0; i < n; i++) {
        fprintf(out, "%zu %.*s\n", sorted[i].count, (int)sorted[i].len, sorted[i].text);
        total += sorted[i].count;
    }
    if (fclose(out) != 0)
        die(path);
    free(sorted);
    return total;
}

static int count_text(const char *in, const char *out)
{
    struct table table = {checked(calloc(1024, sizeof *table.slots)), 1024, 0, 0};
    size_t len, words, total;
    char *text;

    say("{\"environment\":{\"hash\":\"fnv-1a\",\"pointer_bytes\":%zu}}", sizeof(void *));
    say("{\"stage\":\"read\"}");
    text = read_all(in, &len);
    say("{\"stage\":\"count\"}");
    words = count_words(&table, text, len);
    say("{\"stage\":\"sort\"}");
    total = write_sorted(&table, out);
    say("{\"stage\":null}");
    say("{\"metric\":\"distinct_words\",\"value\":%zu,\"better\":\"neither\"}", table.used);
    say("{\"metric\":\"probes_per_word\",\"value\":%.6f}",
        words ? (double)table.probes / (double)words : 0.0);
    if (total != words)
        say("{\"fail\":\"%zu words were read, %zu were written\"}", words, total);
    if (!strpbrk(out, "\"\\"))
        say("{\"artifact\":\"counts\",\"path\":\"%s\"}", out);
    free(table.slots);
    free(text);
    return total != words;
}

/* Words of a skewed distribution, as in real texts: few that are frequent, many that are rare. */
static int generate(long words, uint64_t seed, const char *path)
{
    FILE *out = fopen(path, "wb");
    uint64_t state = seed * 2 + 1;

    if (!out)
        die(path);
    for (; words > 0; words--) {
        uint64_t draw, rank;

        state = state * 6364136223846793005u + 1442695040888963407u;
        draw = state >> 33;
        rank = (1u << 20) / (draw % (1u << 20) + 8);
        rank = rank * 37 + (draw >> 20) % 37;
        do
            fputc("etaoinshrdlucmfwypvbgkqjxz"[rank % 26], out);
        while (rank /= 26);
        fputc(words % 12 ? ' ' : '\n', out);
    }
    if (fclose(out) != 0)
        die(path);
    return 0;
}

int main(int count, char **args)
{
    open_wire();
    if (count == 5 && strcmp(args[1], "--generate") == 0)
        return generate(atol(args[2]), strtoull(args[3], NULL, 10), args[4]);
    if (count == 3)
        return count_text(args[1], args[2]);
    fputs("usage: wordcount TEXT OUT | wordcount --generate WORDS SEED TEXT\n", stderr);
    return 2;
}
