/* A lean record and what is kept elsewhere give back the run; wrong bytes are refused, in the
 * record as in a form. The ledger's part is played by a table here. */
#include "runs.h"

#include "store/lean.h"

enum { BENCHMARKS = 7, RESULTS = 64 };

struct ledger {
    struct pfl_arena *arena;
    struct pfl_buf forms[BENCHMARKS]; /* number 10 + i */
    const char *definitions[BENCHMARKS];
    struct pfl_summary points[RESULTS]; /* series 100 + i */
    int64_t form_numbers[BENCHMARKS], definition_numbers[BENCHMARKS], series[RESULTS];
};

static int form_of(void *context, int64_t number, struct pfl_store_cursor *bytes,
                   struct pfl_err *err)
{
    struct ledger *ledger = context;
    const struct pfl_buf *form;

    if (number < 10 || number >= 10 + BENCHMARKS)
        return pfl_err_set(err, PFL_ECORRUPT, "no form");
    form = &ledger->forms[number - 10];
    bytes->at = pfl_arena_alloc(ledger->arena, form->len);
    memcpy((void *)(uintptr_t)bytes->at, form->data, form->len);
    bytes->end = bytes->at + form->len;
    return PFL_OK;
}

static int definition_of(void *context, int64_t number, const char **hash, struct pfl_err *err)
{
    struct ledger *ledger = context;

    if (number < 1 || number > BENCHMARKS)
        return pfl_err_set(err, PFL_ECORRUPT, "no definition");
    *hash = ledger->definitions[number - 1];
    return PFL_OK;
}

static int point_of(void *context, int64_t series, struct pfl_summary *summary, struct pfl_err *err)
{
    struct ledger *ledger = context;

    if (series < 100 || series >= 100 + RESULTS)
        return pfl_err_set(err, PFL_ECORRUPT, "no point");
    *summary = ledger->points[series - 100];
    return PFL_OK;
}

static struct pfl_run *make_lean(struct pfl_arena *arena, uint64_t number)
{
    struct pfl_run *run = make_run(arena, number, (size_t)number % (BENCHMARKS + 1));
    size_t i, j;

    for (i = 0; i < run->benchmark_count; i++) {
        run->benchmarks[i].launch_count = 0;
        if (number % 3 == i)
            run->benchmarks[i].definition = NULL;
        for (j = 0; j < run->benchmarks[i].result_count; j++) {
            run->benchmarks[i].results[j].n = 0;
            run->benchmarks[i].results[j].launch_of = NULL;
        }
    }
    return run;
}

/* Every third result keeps its numbers in the record. */
static void keep(struct ledger *ledger, const struct pfl_run *run, struct pfl_arena *arena)
{
    size_t i, j, at = 0;

    memset(ledger, 0, sizeof *ledger);
    ledger->arena = arena;
    for (i = 0; i < run->benchmark_count; i++) {
        const struct pfl_benchmark *bench = &run->benchmarks[i];

        pfl_buf_init(&ledger->forms[i], 1 << 20);
        assert_int_equal(pfl_store_form_write(bench, &ledger->forms[i], NULL), PFL_OK);
        ledger->form_numbers[i] = 10 + (int64_t)i;
        ledger->definitions[i] = bench->definition;
        ledger->definition_numbers[i] = bench->definition ? 1 + (int64_t)i : 0;
        for (j = 0; j < bench->result_count; j++, at++) {
            ledger->points[at] = bench->results[j].summary;
            ledger->series[at] = at % 3 ? 100 + (int64_t)at : 0;
        }
    }
}

static void forget(struct ledger *ledger)
{
    size_t i;

    for (i = 0; i < BENCHMARKS; i++)
        pfl_buf_release(&ledger->forms[i]);
}

static int read_lean(struct pfl_store_zstd *zstd, struct ledger *ledger, const struct pfl_buf *blob,
                     struct pfl_run *run)
{
    struct pfl_store_lean_source source = {ledger->arena, form_of, definition_of, point_of, ledger};
    struct pfl_store_cursor in = {(unsigned char *)blob->data,
                                  (unsigned char *)blob->data + blob->len};

    return pfl_store_lean_read(zstd, &in, &source, run, NULL);
}

static void write_lean(struct pfl_store_zstd *zstd, const struct ledger *ledger,
                       const struct pfl_run *run, struct pfl_buf *blob)
{
    struct pfl_store_lean_places places = {ledger->form_numbers, ledger->definition_numbers,
                                           ledger->series};

    pfl_buf_init(blob, 1 << 24);
    assert_true(pfl_store_lean_suits(run));
    assert_int_equal(pfl_store_lean_write(zstd, run, &places, blob, NULL), PFL_OK);
}

static void every_field_comes_back(void **state)
{
    struct pfl_store_zstd zstd = {0};
    struct ledger ledger;
    struct pfl_arena arena;
    struct pfl_run *run, back;
    struct pfl_buf blob;
    uint64_t i;

    (void)state;
    for (i = 0; i < 60; i++) {
        pfl_arena_init(&arena);
        run = make_lean(&arena, i);
        keep(&ledger, run, &arena);
        write_lean(&zstd, &ledger, run, &blob);
        assert_int_equal(read_lean(&zstd, &ledger, &blob, &back), PFL_OK);
        back.id = run->id;
        assert_runs_equal(run, &back);
        pfl_buf_release(&blob);
        forget(&ledger);
        pfl_arena_release(&arena);
    }
    pfl_store_zstd_release(&zstd);
}

static void samples_make_a_run_ordinary(void **state)
{
    struct pfl_arena arena;
    struct pfl_run *run;
    uint32_t launch = 0;

    (void)state;
    pfl_arena_init(&arena);
    run = make_lean(&arena, 6);
    assert_true(pfl_store_lean_suits(run));
    run->benchmarks[2].launch_count = 1;
    assert_false(pfl_store_lean_suits(run));
    run->benchmarks[2].launch_count = 0;
    run->benchmarks[3].result_count = 1;
    run->benchmarks[3].results = pfl_arena_alloc(&arena, sizeof(struct pfl_result));
    run->benchmarks[3].results[0].n = 1;
    assert_false(pfl_store_lean_suits(run));
    run->benchmarks[3].results[0].n = 0;
    run->benchmarks[3].results[0].launch_of = &launch;
    assert_false(pfl_store_lean_suits(run));
    pfl_arena_release(&arena);
}

/* A sound frame around wrong fields. */
static void spoil(struct pfl_store_zstd *zstd, const struct pfl_buf *good, struct dice *dice,
                  struct pfl_buf *wrong)
{
    struct pfl_store_cursor in = {(unsigned char *)good->data,
                                  (unsigned char *)good->data + good->len};
    struct pfl_store_cursor raw;
    struct pfl_arena arena;
    struct pfl_buf fields;
    size_t i;

    pfl_arena_init(&arena);
    pfl_buf_init(&fields, 1 << 24);
    pfl_buf_init(wrong, 1 << 24);
    assert_int_equal(pfl_store_frame_read(zstd, 3, &in, &arena, &raw, NULL), PFL_OK);
    pfl_buf_add(&fields, raw.at, (size_t)(raw.end - raw.at));
    if (below(dice, 3) == 0)
        pfl_buf_truncate(&fields, below(dice, fields.len));
    else
        for (i = 0; i <= below(dice, 3); i++)
            fields.data[below(dice, fields.len)] = (char)roll(dice);
    assert_int_equal(pfl_store_frame_write(zstd, 3, &fields, wrong, NULL), PFL_OK);
    pfl_buf_release(&fields);
    pfl_arena_release(&arena);
}

static void wrong_fields_are_refused(void **state)
{
    struct pfl_store_zstd zstd = {0};
    struct dice dice = {5};
    struct ledger ledger;
    struct pfl_arena arena;
    struct pfl_run *run, back;
    struct pfl_buf blob, wrong;
    int i, code, refused = 0;

    (void)state;
    pfl_arena_init(&arena);
    run = make_lean(&arena, 7);
    keep(&ledger, run, &arena);
    write_lean(&zstd, &ledger, run, &blob);
    for (i = 0; i < 1500; i++) {
        spoil(&zstd, &blob, &dice, &wrong);
        code = read_lean(&zstd, &ledger, &wrong, &back);
        assert_true(code == PFL_OK || code == PFL_ECORRUPT);
        refused += code != PFL_OK;
        pfl_buf_release(&wrong);
    }
    assert_true(refused > 500);
    for (i = 0; i < 500; i++) {
        struct pfl_buf *form = &ledger.forms[below(&dice, BENCHMARKS)];
        size_t at = below(&dice, form->len);
        char was = form->data[at];

        form->data[at] = (char)roll(&dice);
        code = read_lean(&zstd, &ledger, &blob, &back);
        assert_true(code == PFL_OK || code == PFL_ECORRUPT);
        form->data[at] = was;
    }
    pfl_buf_release(&blob);
    forget(&ledger);
    pfl_store_zstd_release(&zstd);
    pfl_arena_release(&arena);
}

int test_store_lean(void);
int test_store_lean(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_comes_back),
        cmocka_unit_test(samples_make_a_run_ordinary),
        cmocka_unit_test(wrong_fields_are_refused),
    };

    return cmocka_run_group_tests_name("store lean", tests, NULL, NULL);
}
