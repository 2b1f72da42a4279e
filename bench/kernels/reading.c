/*
 * What `import`, `compare A.json` and every configuration cost: the JSON reader and writer over a
 * run of 200 benchmarks with 10 samples each, some 100 KB, as `run --json` writes it.
 */
#include "base/json.h"

#include <perfledger/perfledger.h>

#include <stdio.h>

enum { BENCHMARKS = 320, SAMPLES = 10 };

static void write_result(struct pfl_json_writer *w, struct pfl_bench *b, int i)
{
    double samples[SAMPLES];
    char name[64];
    int j;

    for (j = 0; j < SAMPLES; j++)
        samples[j] = 0.01 * (1 + pfl_rand_unit(b));
    snprintf(name, sizeof name, "pipeline[size=%d,solver=direct]", i);
    pfl_json_object(w);
    pfl_json_put_string(w, "benchmark", name);
    pfl_json_put_string(w, "metric", "time");
    pfl_json_put_string(w, "unit", "s");
    pfl_json_put_integer(w, "launches", SAMPLES);
    pfl_json_put_number(w, "median", samples[0]);
    pfl_json_key(w, "samples");
    pfl_json_numbers(w, samples, SAMPLES);
    pfl_json_put_bool(w, "deciding", true);
    pfl_json_object_end(w);
}

static void write_document(struct pfl_buf *out, struct pfl_bench *b)
{
    struct pfl_json_writer w;
    int i;

    pfl_json_writer_init(&w, out, 0);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_json_key(&w, "results");
    pfl_json_array(&w);
    for (i = 0; i < BENCHMARKS; i++)
        write_result(&w, b, i);
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
}

PFL_BENCH_ARGS(read, PFL_GROUP("json"))
{
    static struct pfl_json_reader reader; /* too large for the stack of a thread */
    struct pfl_buf document;
    long numbers = 0, values = 0;

    pfl_buf_init(&document, 1 << 20);
    write_document(&document, b);
    PFL_LOOP(b)
    {
        int token;

        numbers = values = 0;
        pfl_json_reader_init_text(&reader, "run.json", document.data, document.len);
        while ((token = pfl_json_next(&reader, NULL)) > 0) {
            values++;
            numbers += token == PFL_JSON_NUMBER;
        }
        pfl_keep(reader.number);
        pfl_json_reader_release(&reader);
    }
    pfl_validate(numbers == 1 + BENCHMARKS * (2 + SAMPLES), "numbers were lost");
    pfl_bytes(b, (double)document.len);
    pfl_items(b, (double)values);
    pfl_buf_release(&document);
}

PFL_BENCH_ARGS(write, PFL_GROUP("json"))
{
    struct pfl_buf out;
    double values[1000];
    size_t i;

    for (i = 0; i < PFL_COUNT(values); i++)
        values[i] = 0.01 * (1 + pfl_rand_unit(b));
    pfl_buf_init(&out, 1 << 20);
    PFL_LOOP(b)
    {
        struct pfl_json_writer w;

        pfl_buf_clear(&out);
        pfl_json_writer_init(&w, &out, 0);
        pfl_json_numbers(&w, values, PFL_COUNT(values));
    }
    pfl_validate(out.len > 15 * PFL_COUNT(values), "numbers were lost");
    pfl_bytes(b, (double)out.len);
    pfl_items(b, (double)PFL_COUNT(values));
    pfl_buf_release(&out);
}
