/* asv: result files of all three generations, archives with their oddities, which environments are
 * one history, and what is not read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "flow/exchange/exchange.h"
#include "formats/asv.h"
#include "sys/file.h"
#include "taken.h"

int test_formats_asv(void);

/* ---- one file ---- */

#define COLUMNS                                                                                    \
    "\"result_columns\":[\"result\",\"params\",\"version\",\"started_at\",\"duration\","           \
    "\"stats_ci_99_a\",\"stats_ci_99_b\",\"stats_q_25\",\"stats_q_75\",\"stats_number\","          \
    "\"stats_repeat\",\"samples\",\"profile\"]"
#define FILE_OF(commit, date, env)                                                                 \
    "{\"commit_hash\":\"" commit "\",\"env_name\":\"" env "\",\"date\":" date ",\"params\":{"      \
    "\"machine\":\"m\",\"cpu\":\"C\",\"ram\":\"8\"},\"python\":\"3.8\",\"requirements\":{"         \
    "\"numpy\":\"1.2\"},\"env_vars\":{\"V\":\"1\"}," COLUMNS ",\"results\":{"
#define HEAD FILE_OF("c0ffee", "1700000000000", "py3")
#define RUN_OF(seconds, env) "run asv on m (C, 0 CPUs) at " seconds " {V: 1, environment: " env ", "
#define REST "numpy: 1.2, python: 3.8, ram: 8}\n"
#define RUN RUN_OF("1700000000", "py3") REST
#define NO_LIST                                                                                    \
    "there is no benchmarks.json: units are those of asv's naming (time_ and timeraw_ seconds, "   \
    "mem_ and peakmem_ bytes), parameters are param1, param2 …\n"
#define WITHOUT_SAMPLES(results)                                                                   \
    results " without samples (asv run --record-samples keeps them): the median stands, with "     \
            "asv's 99 % interval narrowed to 95 % or one made of the quartiles, where it has "     \
            "these\n"
#define NULL_IS " failed: asv has null for it\n"
#define NAN_IS " skipped: asv has NaN for it\n"

static const struct taken_case cases[] = {
    /* two parameters, the last fastest; failed, skipped; narrowed intervals (n 10: 2.2622 /
     * 3.2498); an infinite interval of one sample; columns left out */
    {HEAD "\"a.time_x\":[[0.5,null,NaN,2],[[\"1\",\"2\"],[\"'a'\",\"'b'\"]],\"v1\",1700000100000,"
          "1,[0.4,null,null,-Infinity],[0.7,null,null,Infinity],[0.45,null,null,2],[0.6,null,null,"
          "2],[3,null,null,1],[10,null,null,1]],\"a.peakmem_y\":[[1024]],\"b.mem_z\":[null,[["
          "\"7\"]]]},\"durations\":{},\"version\":2}",
     RUN_OF("1700000000",
            "py3") "measured: 2023-11-14T22:15:00Z, " REST
                   "a.peakmem_y\n  peak_rss B lower ~1 1024\n"
                   "a.time_x[param1=1,param2=a] {param1: 1, param2: a}\n"
                   "  time s lower ~10 0.5 [0.43039 0.63922]\n"
                   "a.time_x[param1=1,param2=b] {param1: 1, param2: b}" NULL_IS
                   "a.time_x[param1=2,param2=a] {param1: 2, param2: a}" NAN_IS
                   "a.time_x[param1=2,param2=b] {param1: 2, param2: b}\n  time s lower ~1 2\n"
                   "b.mem_z[param1=7] {param1: 7}" NULL_IS NO_LIST WITHOUT_SAMPLES("3 results"),
     NULL, false},
    /* samples are the values; quartiles alone make an interval; what is infinite is none */
    {HEAD "\"time_s\":[[3,4],[[\"1\",\"2\"]],null,null,null,null,null,null,null,null,null,[[2,3,"
          "4],null]],\"time_q\":[[3],[],null,null,null,null,null,[2],[4],[1],[4]],\"time_i\":["
          "[Infinity]]},\"version\":2}",
     RUN "time_q\n  time s lower ~4 3 [1.43 4.57]\n"
         "time_s[param1=1] {param1: 1}\n  time s lower 2 3 4\n"
         "time_s[param1=2] {param1: 2}\n  time s lower ~1 4\n" NO_LIST WITHOUT_SAMPLES(
             "2 results") "1 infinite value is left out\n",
     NULL, false},
    /* v1: bare numbers */
    {"{\"commit_hash\":\"c\",\"date\":1389280586000,\"params\":{\"machine\":\"m\"},\"python\":"
     "\"2.7\",\"requirements\":{},\"results\":{\"time_a\":0.25,\"time_b\":null,\"time_c\":NaN,"
     "\"track_t\":42},\"version\":1}",
     "run asv on m at 1389280586 {environment: py2.7, python: 2.7}\n"
     "time_a\n  time s lower ~1 0.25\ntime_b" NULL_IS "time_c" NAN_IS
     "track_t\n  value 1 neither ~1 42\n"
     "1 benchmark, such as track_t, tracks a number whose unit asv does not have; --unit says it, "
     "else it counts as a plain number\n"
     "whether more or less is better of 1 benchmark, such as track_t, asv does not say; --better "
     "says it, else their changes are neither\n" NO_LIST WITHOUT_SAMPLES("2 results"),
     NULL, false},
    /* v1.x: objects; an interval without its number of samples (1.96 / 2.5758) */
    {"{\"commit_hash\":\"c\",\"date\":1389280586000,\"params\":{\"machine\":\"m\"},\"results\":{"
     "\"time_p\":{\"params\":[[\"1\",\"2\"]],\"result\":[1,null],\"stats\":[{\"ci_99\":[0.5,1.5],"
     "\"q_25\":0.9,\"q_75\":1.1},null]},\"time_o\":{\"result\":3,\"stats\":null}},"
     "\"benchmark_version\":{\"time_o\":\"2\"},\"version\":1}",
     "run asv on m at 1389280586\ntime_o\n  time s lower ~1 3\n"
     "time_p[param1=1] {param1: 1}\n  time s lower ~1 1 [0.61955 1.3805]\n"
     "time_p[param1=2] {param1: 2}" NULL_IS NO_LIST WITHOUT_SAMPLES("2 results"),
     NULL, false},
    /* --unit for what has none */
    {HEAD "\"track_t\":[[42]]},\"version\":2}",
     RUN "track_t\n  time s lower ~1 0.042\n" NO_LIST WITHOUT_SAMPLES("1 result"), "ms", false},
    /* things in the wrong place cost themselves */
    {HEAD "\"time_x\":[[\"text\",{\"a\":[1]},1],[[\"1\",[2],\"3\"]],7,\"later\"],\"time_y\":"
          "\"text\",\"time_n\":[[1,2],[[\"1\",\"2\",\"3\"]]],\"time_e\":[[],[[]]]},\"version\":2}",
     RUN "time_n[param1=1] {param1: 1}\n  time s lower ~1 1\n"
         "time_n[param1=2] {param1: 2}\n  time s lower ~1 2\n"
         "time_x[param1=3] {param1: 3}\n  time s lower ~1 1\n" NO_LIST WITHOUT_SAMPLES(
             "3 results") "1:376 expected a number, or a parameter's text: left out, here and "
                          "wherever else there is none\n"
                          "1 list of results (the first: time_n) is not as long as the parameters "
                          "have combinations: what has both is taken\n",
     NULL, false},
    /* one name twice; an object's address is none of its name; values that would be the same
     * without their quotes keep them, and so do those that a name could mix up */
    {HEAD "\"time_x\":[[1]],\"time_x\":[[2]],\"time_\\u001b\":[[3,4],[[\"'a,b'\",\"<f at "
          "0x7f00>\"]]],\"time_q\":[[5,6],[[\"'1'\",\"1\"]]]},\"version\":2}",
     "time_x comes twice: this one is kept as time_x#2\n" RUN
     "time_\x1b[param1='a,b'] {param1: 'a,b'}\n  time s lower ~1 3\n"
     "time_\x1b[param1=<f>] {param1: <f>}\n  time s lower ~1 4\n"
     "time_q[param1='1'] {param1: '1'}\n  time s lower ~1 5\n"
     "time_q[param1=1] {param1: 1}\n  time s lower ~1 6\n"
     "time_x\n  time s lower ~1 1\ntime_x#2\n  time s lower ~1 2\n" NO_LIST WITHOUT_SAMPLES(
         "6 results"),
     NULL, false},
    /* of a time to come; no results; not the whole; nothing in it */
    {HEAD "\"time_x\":[[1]]},\"version\":3}",
     "0:0 error: version 3 of asv's result files; this perfledger reads those up to 2\n", NULL,
     false},
    {"{\"commit_hash\":\"c\",\"date\":1,\"params\":{},\"version\":1}",
     "0:0 error: it has no \"results\": no result file of asv\n", NULL, false},
    {HEAD "\"time_x\":[[1]]}", "1:380 error: expected ',' or '}', found the end of the input\n",
     NULL, false},
    {HEAD "}}", "", NULL, false},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("asv", cases, PFL_COUNT(cases));
}

static void damage_is_survived(void **state)
{
    (void)state;
    taken_damage("asv", cases[0].text, true);
    taken_damage("asv", cases[3].text, true);
}

/* ---- archives ---- */

struct file {
    const char *name, *text;
};

#define LIST                                                                                       \
    "{\"a.time_x\":{\"code\":\"x\",\"name\":\"a.time_x\",\"param_names\":[\"n\",\"k\"],"           \
    "\"params\":[[\"1\"],[\"2\"]],\"type\":\"time\",\"unit\":\"seconds\"},"                        \
    "\"track_t\":{\"param_names\":[],\"type\":\"track\",\"unit\":\"frames/s\"},"                   \
    "\"track_u\":{\"param_names\":[],\"type\":\"track\",\"unit\":\"unit\"},\"version\":2}"
#define MACHINE "{\"machine\":\"m\",\"arch\":\"x86\",\"num_cpu\":\"4\",\"version\":1}"
#define SMALL(commit, date, env)                                                                   \
    "{\"commit_hash\":\"" commit "\",\"env_name\":\"" env "\",\"date\":" date                      \
    ",\"params\":{\"machine\":\"m\"}," COLUMNS ",\"results\":{\"time_x\":[[1]]},\"version\":2}"
#define SMALL_RUN(seconds, env)                                                                    \
    "run asv on m at " seconds " {environment: " env "}\ntime_x\n  time s lower ~1 1\n"

static const struct file whole[] = {
    {"benchmarks.json", LIST},
    {"m/machine.json", MACHINE},
    {"m/00000001-py3.json",
     FILE_OF("01", "1000000",
             "py3") "\"a.time_x\":[[1,2],[[\"7\"],[\"1\",\"2\"]]],\"track_t\":[[3]],\"track_u\":"
                    "[[4]],\"gone.time_y\":[[5]]},\"version\":2}"},
    {"m/notes.txt", "no result"},
    {"m/.hidden.json", "no result"},
    {NULL, NULL},
};
static const char whole_out[] =
    "run asv on m (C, 4 CPUs) at 1000 {V: 1, environment: py3, " REST
    "a.time_x[k=1,n=7] {k: 1, n: 7}\n  time s lower ~1 1\n"
    "a.time_x[k=2,n=7] {k: 2, n: 7}\n  time s lower ~1 2\n"
    "gone.time_y\n  time s lower ~1 5\n"
    "track_t\n  value frames/s higher ~1 3\ntrack_u\n  value 1 neither ~1 4\n"
    "1 benchmark, such as track_u, tracks a number whose unit asv does not have; --unit says it, "
    "else it counts as a plain number\n"
    "whether more or less is better of 1 benchmark, such as track_u, asv does not say; --better "
    "says it, else their changes are neither\n"
    "1 benchmark, such as gone.time_y, is not (or no more) in benchmarks.json; kept, with units by "
    "asv's naming\n" WITHOUT_SAMPLES("5 results");

/* Files that are wrong, each in its own way, and what is left. In order of their dates. */
static const struct file damaged[] = {
    {"benchmarks.json", "{\"time_x\":{\"type\":\"time\",\"unit\":\"seconds\"},\"b\":["},
    {"m/machine.json", MACHINE},
    {"m/00000001-e.json", SMALL("01", "3000", "e")},
    {"m/00000002-e.json", "{\"commit_hash\":\"02\",\"env_name\":\"e\",\"date\":2000,\"results\":{"},
    {"m/00000003-e.json", ""},
    {"m/00000004-e.json", "{\"date\":1000,\"version\":1}"},
    {"m/00000005-e.json", "{\"commit_hash\":\"05\",\"date\":5000,\"params\":{\"machine\":\"x\"},"
                          "\"results\":{\"time_x\":1},\"version\":1}"},
    {"m/00000006-e.json", "{\"date\":6000,\"results\":{\"time_x\":1},\"version\":7}"},
    {"m/00000007-e.json", "{\"date\":7000,\"results\":[1],\"version\":2}"},
    {"n/00000001-e.json", "[]"}, /* a folder that is no machine's: there is no machine.json */
    {"o/machine.json", "{\"machine\":"},
    {"o/00000001-e.json", SMALL("01", "8000", "e")},
    {NULL, NULL},
};
static const char damaged_out[] =
    "benchmarks.json:1:49 expected a value or ']', found the end of the input; what comes behind "
    "in it is not known: units by asv's naming alone\n"
    "m/00000004-e.json it has no \"results\": no result file of asv: left out\n"
    "m/00000002-e.json:1:59 expected a key or '}', found the end of the input: left "
    "out\n" SMALL_RUN(
        "3",
        "e") "m/00000005-e.json its machine is \"x\", that of machine.json beside it \"m\"; asv "
             "passes over "
             "such a file, too: left out\n"
             "m/00000006-e.json version 7 of asv's result files; this perfledger reads those up to "
             "2: left "
             "out\n"
             "m/00000007-e.json:1:24 expected an object with a benchmark per key, found an array: "
             "left out\n"
             "m/00000007-e.json it has no \"results\": no result file of asv: left out\n"
             "m/00000003-e.json:1:1 expected a value, found the end of the input: left out\n"
             "n/machine.json there is none; the machine's name is taken from the result files\n"
             "n/00000001-e.json:1:1 expected an object, found an array: left out\n"
             "o/machine.json:1:12 expected a value, found the end of the input; the machine's name "
             "is taken "
             "from the result files\n" SMALL_RUN("8", "e") WITHOUT_SAMPLES("2 results");

/* A dependency bump goes on in the same line (the definition tells), another Python beside it is a
 * variant; without benchmarks.json; named by the project's folder, whose configuration has
 * comments. */
static const struct file project[] = {
    {"bench/asv.conf.json", "{\n  // \"results_dir\": \"elsewhere\",\n  \"version\": 1, /* */\n"
                            "  \"results_dir\" : \".asv/out\"\n}\n"},
    {"bench/.asv/out/m/machine.json", MACHINE},
    {"bench/.asv/out/m/00000001-a.json", SMALL("01", "1000", "py3-np1")},
    {"bench/.asv/out/m/00000002-a.json", SMALL("02", "2000", "py3-np1")},
    {"bench/.asv/out/m/00000003-b.json", SMALL("03", "3000", "py3-np2")},
    {"bench/.asv/out/m/00000001-c.json", SMALL("01", "1000", "py4-np1")},
    {"bench/.asv/out/m/00000003-c.json", SMALL("03", "3000", "py4-np1")},
    {NULL, NULL},
};
static const char project_out[] = SMALL_RUN("1", "py3-np1") SMALL_RUN("2", "py3-np1") SMALL_RUN(
    "3",
    "py3-np2") "run asv on m at 1 {environment: py4-np1}\ntime_x\n  time:py4-np1 s lower ~1 1\n"
               "run asv on m at 3 {environment: py4-np1}\ntime_x\n  time:py4-np1 s lower ~1 "
               "1\n" NO_LIST WITHOUT_SAMPLES("5 results");

/* ---- what was found ---- */

struct folder_taken {
    struct pfl_buf text;
    const char *root;
};

static int take_folder_run(void *context, struct pfl_run *run, struct pfl_arena *arena,
                           struct pfl_err *err)
{
    return taken_run(&((struct folder_taken *)context)->text, run, arena, err);
}

/* The path below the scratch folder in front, where it is of a file. */
static int take_folder_warning(void *context, const struct pfl_format_place *place,
                               const char *what)
{
    struct folder_taken *taken = context;
    size_t root = strlen(taken->root);

    if (strlen(place->path) > root + 1)
        pfl_buf_format(&taken->text, "%s%s", place->path + root + 1, place->line ? ":" : " ");
    if (place->line)
        pfl_buf_format(&taken->text, "%d:%d ", place->line, place->column);
    return pfl_buf_format(&taken->text, "%s\n", what), PFL_OK;
}

static void write_all(const struct scratch *scratch, const struct file *files)
{
    for (; files->name; files++)
        scratch_write(scratch, files->name, files->text);
}

/* Told by its names, then read; the text is the caller's to release. */
static void read_folder(const struct scratch *scratch, const char *below,
                        struct folder_taken *taken)
{
    static const struct pfl_exchange exchange = {.format = NULL};
    const struct pfl_format_sink sink = {take_folder_run, take_folder_warning, taken};
    const struct pfl_format *format;

    taken->root = *below ? scratch_path(scratch, below) : scratch->path;
    pfl_buf_init(&taken->text, 1 << 20);
    assert_int_equal(pfl_exchange_read(&exchange, taken->root, &sink, &format, NULL), PFL_OK);
    assert_string_equal(format->name, "asv");
}

static void archives_are_read(void **state)
{
    static const struct {
        const struct file *files;
        const char *path, *expected;
    } folders[] = {
        {whole, "", whole_out},
        {whole, "m", whole_out},
        {whole, "m/00000001-py3.json", whole_out},
        {damaged, "", damaged_out},
        {project, "bench", project_out},
        {project, "bench/.asv/out", project_out},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(folders); i++) {
        struct folder_taken taken;
        struct scratch scratch;

        scratch_make(&scratch);
        write_all(&scratch, folders[i].files);
        read_folder(&scratch, folders[i].path, &taken);
        assert_string_equal(pfl_buf_cstr(&taken.text), folders[i].expected);
        pfl_buf_release(&taken.text);
        scratch_remove(&scratch);
    }
}

/* What is no archive, however much it looks like one. */
static void other_folders_are_left_alone(void **state)
{
    static const char *const names[] = {"a/benchmarks.json", "b/asv.conf.json",
                                        "c/m/00000001-e.json", "d/.m/machine.json"};
    struct scratch scratch;
    size_t i;

    (void)state;
    scratch_make(&scratch);
    for (i = 0; i < PFL_COUNT(names); i++) {
        struct pfl_format_probe probe = {.folder = true};
        char folder[2] = {names[i][0], 0};
        struct pfl_arena arena;

        scratch_write(&scratch, names[i], LIST);
        probe.path = scratch_path(&scratch, folder);
        pfl_arena_init(&arena);
        assert_int_equal(pfl_file_list(probe.path, &arena, (const char ***)&probe.names,
                                       &probe.name_count, NULL),
                         PFL_OK);
        assert_null(pfl_format_recognise(&probe));
        pfl_arena_release(&arena);
    }
    scratch_remove(&scratch);
}

/* ---- definitions ---- */

struct definitions {
    char texts[8][80];
    size_t n;
};

static int take_definition(void *context, struct pfl_run *run, struct pfl_arena *arena,
                           struct pfl_err *err)
{
    struct definitions *all = context;

    (void)arena;
    (void)err;
    assert_int_equal(run->benchmark_count, 1);
    assert_true(all->n < PFL_COUNT(all->texts));
    snprintf(all->texts[all->n++], sizeof all->texts[0], "%s", run->benchmarks[0].definition);
    return PFL_OK;
}

static int pass_warning(void *context, const struct pfl_format_place *place, const char *what)
{
    (void)context;
    (void)place;
    (void)what;
    return PFL_OK;
}

#define VERSIONED(date, env, version)                                                              \
    "{\"commit_hash\":\"c\",\"env_name\":\"" env "\",\"date\":" date "," COLUMNS                   \
    ",\"results\":{\"time_x\":[[1],[],\"" version "\"]},\"version\":2}"

/* The same version in the same environment is the same, in v1 too; another of either is not. */
static void definitions_mark_edits_and_bumps(void **state)
{
    static const struct file files[] = {
        {"m/machine.json", MACHINE},
        {"m/00000001-e.json", VERSIONED("1000", "e", "1")},
        {"m/00000002-e.json", VERSIONED("2000", "e", "1")},
        {"m/00000003-e.json", VERSIONED("3000", "e", "2")},
        {"m/00000004-e.json", "{\"date\":4000,\"env_name\":\"e\",\"results\":{\"time_x\":1},"
                              "\"benchmark_version\":{\"time_x\":\"1\"},\"version\":1}"},
        {"m/00000005-f.json", VERSIONED("5000", "f", "1")},
        {"m/00000006-f.json", "{\"date\":6000,\"results\":{\"time_x\":1},\"version\":1}"},
        {NULL, NULL},
    };
    struct pfl_format_input input = {.folder = true};
    struct definitions all = {.n = 0};
    const struct pfl_format_sink sink = {take_definition, pass_warning, &all};
    struct scratch scratch;
    size_t i, k;

    (void)state;
    scratch_make(&scratch);
    write_all(&scratch, files);
    input.path = scratch.path;
    assert_int_equal(pfl_format_find("asv")->read(&input, &sink, NULL), PFL_OK);
    assert_int_equal(all.n, 6);
    for (i = 0; i < all.n; i++)
        assert_int_equal(strlen(all.texts[i]), 64);
    assert_string_equal(all.texts[0], all.texts[1]);
    assert_string_equal(all.texts[0], all.texts[3]);
    for (i = 0; i < all.n; i++)
        for (k = 0; k < i; k++)
            if (!((i == 1 || i == 3) && (k == 0 || k == 1)))
                assert_string_not_equal(all.texts[i], all.texts[k]);
    scratch_remove(&scratch);
}

/* ---- environments ---- */

/* "NAME 1 3-6 9": the dates of its files. */
static size_t add_heads(struct pfl_asv_head *heads, size_t n, const char *text, char name[64])
{
    int used, from, to;

    assert_int_equal(sscanf(text, "%63s%n", name, &used), 1);
    for (text += used; sscanf(text, " %d%n", &from, &used) == 1; text += used) {
        to = from;
        text += used;
        used = 0;
        if (*text == '-')
            assert_int_equal(sscanf(text, "-%d%n", &to, &used), 1);
        for (; from <= to; from++)
            heads[n++] = (struct pfl_asv_head){.env = name, .date = from};
    }
    return n;
}

static void environments_that_follow_are_one(void **state)
{
    static const struct {
        const char *environments[5];
        const char *variants[5];
    } archives[] = {
        {{"py3"}, {""}},
        {{"py3 1-9"}, {""}},
        {{"py3-np1 1-9", "py3-np2 10-20", "py3-np3 21"}, {"", "", ""}},
        /* the same commit with both, at the bump */
        {{"py3-np1 1-9", "py3-np2 9-20"}, {"", ""}},
        /* one in twenty may lie on the wrong side, not one in ten */
        {{"py3-np1 1-50", "py3-np2 50-99 3 4"}, {"", ""}},
        {{"py3-np1 1-20", "py3-np2 21-30 3"}, {"", "py3-np2"}},
        /* side by side; what began first has no variant, else the first by name */
        {{"py3 2-20", "py2 3-20"}, {"", "py2"}},
        {{"py3 2-20", "py2 2-20"}, {"py3", ""}},
        {{"py3 2-20", "py2 11"}, {"", "py2"}},
        /* each goes on in its own line */
        {{"py3-np1 1-9", "py4-np1 1-9", "py3-np2 10-19", "py4-np2 10-19"},
         {"", "py4-np1", "", "py4-np1"}},
        {{"py3-np1 1-9", "py4-np1 2-9", "py4-np2 10-19"}, {"", "py4-np1", "py4-np1"}},
        /* a later one that only the second has room for */
        {{"a 1-30", "b 2-10", "c 12-30"}, {"", "b", "b"}},
    };
    struct pfl_asv_head heads[400];
    char names[5][64];
    size_t i, k, n, begin[6];

    (void)state;
    for (i = 0; i < PFL_COUNT(archives); i++) {
        for (k = n = 0; k < 5 && archives[i].environments[k]; k++) {
            begin[k] = n;
            n = add_heads(heads, n, archives[i].environments[k], names[k]);
        }
        begin[k] = n;
        assert_true(pfl_asv_environments(heads, n));
        for (k = 0; k < 5 && archives[i].environments[k]; k++)
            for (n = begin[k]; n < begin[k + 1]; n++) {
                if (strcmp(heads[n].variant, archives[i].variants[k]) != 0)
                    print_message("archive %zu, environment %zu\n", i, k);
                assert_string_equal(heads[n].variant, archives[i].variants[k]);
            }
    }
}

/* ---- what was imported before ---- */

struct memory {
    char sources[8][200], at_hand[200];
    size_t n, asked, runs;
};

static int is_known(void *context, const char *source, bool *known, struct pfl_err *err)
{
    struct memory *memory = context;
    size_t i;

    (void)err;
    memory->asked++;
    for (i = 0; i < memory->n; i++)
        *known = *known || strcmp(memory->sources[i], source) == 0;
    return PFL_OK;
}

static int is_from(void *context, const char *source, const char *place, struct pfl_err *err)
{
    struct memory *memory = context;

    (void)err;
    assert_true((source != NULL) == (place != NULL)); /* one place per file */
    snprintf(memory->at_hand, sizeof memory->at_hand, "%s", source);
    return PFL_OK;
}

static int remember(void *context, struct pfl_run *run, struct pfl_arena *arena,
                    struct pfl_err *err)
{
    struct memory *memory = context;

    (void)run;
    (void)arena;
    (void)err;
    memory->runs++;
    assert_true(memory->n < PFL_COUNT(memory->sources));
    snprintf(memory->sources[memory->n++], sizeof memory->sources[0], "%s", memory->at_hand);
    return PFL_OK;
}

/* Known by the bytes, wherever the archive lies and whatever benchmarks.json says. */
static void known_files_are_not_read(void **state)
{
    struct memory memory = {.n = 0};
    const struct pfl_format_memory before = {is_known, is_from, &memory};
    const struct pfl_format_sink sink = {remember, pass_warning, &memory};
    struct pfl_format_input input = {.folder = true, .memory = &before};
    const struct pfl_format *asv = pfl_format_find("asv");
    struct scratch scratch;
    int turn;

    (void)state;
    for (turn = 0; turn < 2; turn++) {
        scratch_make(&scratch);
        input.path = scratch.path;
        write_all(&scratch, project);
        scratch_write(&scratch, "bench/.asv/out/benchmarks.json", turn ? LIST : "{}");
        input.path = scratch_path(&scratch, "bench");
        assert_int_equal(asv->read(&input, &sink, NULL), PFL_OK);
        assert_int_equal(memory.runs, 5);
        assert_int_equal(memory.asked, 5 + 5 * turn);
        if (turn == 0)
            scratch_remove(&scratch);
    }
    scratch_write(&scratch, "bench/.asv/out/m/00000003-b.json", SMALL("03", "3001", "py3-np2"));
    assert_int_equal(asv->read(&input, &sink, NULL), PFL_OK);
    assert_int_equal(memory.runs, 6);
    scratch_remove(&scratch);
}

/* Few bytes that would be very many benchmarks: left out, and nothing else with them. */
static void combinations_are_bounded(void **state)
{
    static const char *const expected = RUN "time_x\n  time s lower ~1 1\n" NO_LIST WITHOUT_SAMPLES(
        "1 result") "1 time a benchmark has more combinations of parameters than can be read: "
                    "left out\n";
    struct pfl_buf text, out;
    int axis, i;

    (void)state;
    pfl_buf_init(&text, 1 << 20);
    pfl_buf_init(&out, 1 << 20);
    pfl_buf_text(&text, HEAD "\"time_many\":[null,[");
    for (axis = 0; axis < 3; axis++) {
        pfl_buf_text(&text, axis ? ",[\"x\"" : "[\"x\"");
        for (i = 0; i < 2000; i++)
            pfl_buf_format(&text, ",\"%d\"", i);
        pfl_buf_char(&text, ']');
    }
    pfl_buf_text(&text, "]],\"time_x\":[[1]]},\"version\":2}");
    assert_int_equal(taken_text(pfl_format_find("asv"), text.data, text.len, NULL, &out), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&out), expected);
    pfl_buf_release(&text);
    pfl_buf_release(&out);
}

int test_formats_asv(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_survived),
        cmocka_unit_test(combinations_are_bounded),
        cmocka_unit_test(archives_are_read),
        cmocka_unit_test(other_folders_are_left_alone),
        cmocka_unit_test(definitions_mark_edits_and_bumps),
        cmocka_unit_test(environments_that_follow_are_one),
        cmocka_unit_test(known_files_are_not_read),
    };

    return cmocka_run_group_tests_name("formats/asv", tests, NULL, NULL);
}
