/*
 * The perfledger.yaml that `init` writes: short enough to be read whole, and it runs. For each kind
 * of project that was found there is a suite that this version can measure (the time a program
 * takes to start is a number every program has), with `requires`, so that what is not built yet is
 * skipped and said, not failed. Where it is not sure what is built, that suite is a comment and an
 * example takes its place that runs everywhere, so that the first run measures something. Commented
 * out, too: the suite for the benchmark tool the project already uses.
 *
 * The project's name goes into paths and commands, so a tame form of it is used there; everywhere
 * else it is quoted.
 */
#include "base/text.h"
#include "project/init.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct template
{
    unsigned kind;
    const char *text; /* {name}: tame, {module}: as a Python module */
};

static const char head[] =
    "# What perfledger measures here, and what it enforces. Every key is described in perfledger's "
    "docs/config.md\n"
    "# (installed in share/doc/perfledger).\n"
    "#\n"
    "#   perfledger run             measure all suites, keep the samples in .perfledger/ledger.db\n"
    "#   perfledger baseline save   keep the last run as a numbered file; commit it\n"
    "#   perfledger check           the gates below, against that baseline: exit code 1 when one "
    "says no\n"
    "\n";

static const char settings[] =
    "\n"
    "# How each command is measured. A suite may set any of these for itself.\n"
    "defaults:\n"
    "  rounds: 10       # launches that count; fewer than 5 are refused\n"
    "  warmup: 1        # launches before, not counted\n"
    "  timeout: 120s    # one launch\n"
    "  max_time: 30s    # one benchmark, all its launches\n"
    "\n"
    "# Variables that change how programs run, recorded with each run besides a few built-in ones; "
    "no others are.\n"
    "environment: [OMP_NUM_THREADS]\n";

/* The first that fits is the project's `build`. */
static const struct template builds[] = {
    {PFL_INIT_CMAKE,
     "sh -c 'cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build'"},
    {PFL_INIT_MESON,
     "sh -c '(test -d build || meson setup build --buildtype=release) && meson compile -C build'"},
    {PFL_INIT_CARGO, "cargo build --release"},
    {PFL_INIT_GO, "go build -o build/ ./..."},
    {PFL_INIT_MAVEN, "mvn -q -DskipTests package"},
    {PFL_INIT_MAKE, "make -j2"},
};

/* A suite by kind. {path} is what was found; where nothing was, the suite is written as a comment
 * with a guess in its place. */
struct suite {
    unsigned kind;
    size_t found;    /* the field of struct pfl_init_found that must be known; NEVER: none can be */
    bool only_known; /* another row of the kind has the guess */
    const char *guess; /* for {path} */
    const char *text;
};

#define FOUND(field) offsetof(struct pfl_init_found, field)
#define NEVER SIZE_MAX

static const char startup[] = "  - name: startup\n"
                              "    command: ./{path} --version\n"
                              "    requires: [ ./{path} ]   # not there: skipped, and said so\n";

static const struct suite suites[] = {
    {PFL_INIT_CMAKE | PFL_INIT_MESON, FOUND(program), false, "build/{name}", startup},
    {PFL_INIT_MAKE, FOUND(program), false, "{name}", startup},
    {PFL_INIT_CARGO, FOUND(cargo_program), false, "target/release/{name}",
     "  - name: startup-cargo\n"
     "    command: ./{path} --version\n"
     "    requires: [ ./{path} ]\n"},
    {PFL_INIT_GO, FOUND(go_program), false, "build/{name}",
     "  - name: startup-go\n"
     "    command: ./{path} -h\n"
     "    requires: [ ./{path} ]\n"
     "    ignore_failure: true   # -h may answer with an exit code of its own\n"},
    {PFL_INIT_PYTHON, FOUND(src_module), true, NULL,
     "  - name: import\n"
     "    command: python3 -c 'import {path}'\n"
     "    env: { PYTHONPATH: src }\n"
     "    requires: [ \"cmd: python3 -c 'import {path}'\" ]   # a probe: absent, then skipped\n"},
    {PFL_INIT_PYTHON, FOUND(module), false, "{module}",
     "  - name: import\n"
     "    command: python3 -c 'import {path}'\n"
     "    requires: [ \"cmd: python3 -c 'import {path}'\" ]   # a probe: absent, then skipped\n"},
    {PFL_INIT_NODE, FOUND(entry), false, ".",
     "  - name: load\n"
     "    command: [ node, -e, \"require('{path}')\" ]   # a list: words as they stand\n"
     "    requires: [ \"cmd: node -e \\\"require('{path}')\\\"\" ]\n"},
    {PFL_INIT_GOOGLE_BENCHMARK, FOUND(google_program), true, NULL,
     "  - name: google-benchmark\n"
     "    harness: google-benchmark     # the benchmarks inside it are the results\n"
     "    command: ./{path}\n"
     "    rounds: 6                     # each runs all that is inside\n"
     "    warmup: 0\n"
     "    timeout: 10min\n"
     "    requires: [ ./{path} ]\n"},
    {PFL_INIT_PYTEST_BENCHMARK, FOUND(pytest), true, NULL,
     "  - name: pytest\n"
     "    harness: pytest-benchmark     # the tests that use `benchmark` are the results\n"
     "    command: {path}\n"
     "    rounds: 6                     # each runs all that is inside\n"
     "    warmup: 0\n"
     "    timeout: 10min\n"
     "    requires: [ \"cmd: python3 -c 'import pytest_benchmark'\" ]\n"},
    {PFL_INIT_MAVEN, NEVER, false, "target/{name}.jar",
     "  - name: startup-java\n"
     "    command: java -jar {path} --version\n"
     "    requires: [ {path} ]\n"
     "    tier: deep             # only with --tier deep\n"},
};

static const char not_sure[] =
    "  # Which program is built here could not be told: put its path in, and take the # away.\n";

/* Where nothing is sure: a suite that works everywhere and shows parameters. */
static const char example[] =
    "  - name: example          # replace it by a command of yours\n"
    "    command: sh -c 'i=0; while [ $i -lt {count} ]; do i=$((i+1)); done'\n"
    "    params: { count: [1000, 10000, 100000] }   # one benchmark for each: example[count=1000] "
    "...\n"
    "    work: { loops: \"{count}\" }                 # gives loops/s, and how time grows with "
    "count\n";

static const char more_keys[] =
    "    # params: { size: [10, 100] }     # one benchmark for each value; {size} in the command "
    "is replaced\n"
    "    # work: { rows: \"{size}\" }        # gives rows/s\n"
    "    # validate: ./check_result.sh     # the result must be right, or the benchmark failed\n"
    "    # prepare: ./drop_caches.sh       # before each launch, not timed\n";

static const struct template harnesses[] = {
    {PFL_INIT_GOOGLE_BENCHMARK, "  # - name: google-benchmark\n"
                                "  #   harness: google-benchmark\n"
                                "  #   command: ./build/{name}_bench\n"},
    {PFL_INIT_CRITERION, "  # - name: criterion\n"
                         "  #   harness: criterion\n"
                         "  #   command: cargo bench\n"},
    {PFL_INIT_GO, "  # - name: go\n"
                  "  #   harness: go\n"
                  "  #   command: go test -run=NONE -bench=. ./...\n"},
    {PFL_INIT_PYTEST_BENCHMARK, "  # - name: pytest\n"
                                "  #   harness: pytest-benchmark\n"
                                "  #   command: python3 -m pytest\n"},
    {PFL_INIT_ASV, "  # - name: asv\n"
                   "  #   harness: asv\n"
                   "  #   command: asv run --python=same\n"},
};

static const char gates[] =
    "\n"
    "# What `perfledger check` refuses. The last gate that matches a benchmark and a metric wins. "
    "Metrics without a gate\n"
    "# (cpu, page_faults, context_switches ...) are recorded and shown, and never fail.\n"
    "gates:\n"
    "  - { match: \"*\", metric: time, max_regression: 10% }\n"
    "  - { match: \"*\", metric: peak_rss, max_regression: 5% }\n"
    "  # - { match: \"*\", metric: time, max: 2s }                                        # an "
    "absolute limit\n"
    "  # - { match: \"fast*\", metric: time, max_ratio: 0.5, relative_to: \"plain*\" }       # "
    "within one run\n"
    "  # - { match: \"*\", metric: artifact_hash, report_only: true }                     # shown, "
    "never fails\n"
    "\n"
    "# Goals that are not reached yet stand here, apart from the gates.\n"
    "# targets:\n"
    "#   - { benchmark: \"*\", metric: time, max: 50ms, tolerance: 10% }\n"
    "\n"
    "# The written ledger, `perfledger log`: the machine whose figures count (`perfledger doctor` "
    "shows its id), parts of\n"
    "# the project, and what a change of files asks for.\n"
    "# reference_machine: 5f53970e79de\n"
    "# areas: { parser: [ \"parse*\" ] }\n"
    "# paths:\n"
    "#   - { match: \"src/parser*\", demand: [ snapshot, row ], max_regression: 5% }\n"
    "\n"
    "# manual: `perfledger baseline save` decides. auto: each accepted run of the default branch "
    "becomes the baseline.\n"
    "baseline: { update: manual }\n";

/* The name as it may stand in a path, bare in YAML and in a command. */
static void add_tame(struct pfl_buf *buf, const char *name, bool module)
{
    for (; *name; name++) {
        bool letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
                      (*name >= '0' && *name <= '9') || *name == '_';

        pfl_buf_char(buf, letter || (!module && *name == '.') ? *name : module ? '_' : '-');
    }
}

static void add_template(struct pfl_buf *buf, const char *text, const char *name, const char *path)
{
    while (*text) {
        size_t len = strcspn(text, "{");

        pfl_buf_add(buf, text, len);
        text += len;
        if (strncmp(text, "{name}", 6) == 0 || strncmp(text, "{module}", 8) == 0) {
            add_tame(buf, name, text[1] == 'm');
            text += text[1] == 'm' ? 8 : 6;
        } else if (path && strncmp(text, "{path}", 6) == 0) {
            add_template(buf, path, name, NULL);
            text += 6;
        } else if (*text) {
            pfl_buf_char(buf, *text++);
        }
    }
}

/* All rows that fit, or only the first one; how many. */
static size_t add_rows(struct pfl_buf *buf, const struct template *rows, size_t n,
                       const struct pfl_init_found *found, bool first_only)
{
    size_t added = 0, i;

    for (i = 0; i < n && !(first_only && added); i++)
        if (rows[i].kind & found->kinds) {
            add_template(buf, rows[i].text, found->name, NULL);
            added++;
        }
    return added;
}

/* What was found for a suite; NULL: nothing. */
static const char *known(const struct pfl_init_found *found, const struct suite *suite)
{
    return suite->found == NEVER
               ? NULL
               : *(const char *const *)(const void *)((const char *)found + suite->found);
}

/* "  - name: x" → "  # - name: x", line by line. */
static void add_commented(struct pfl_buf *buf, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        pfl_buf_text(buf, "  # ");
        pfl_buf_add(buf, text + 2, len - 2);
        pfl_buf_char(buf, '\n');
        text += len + 1;
    }
}

static void add_guess(struct pfl_buf *buf, const struct suite *suite, const char *name)
{
    struct pfl_buf text;

    pfl_buf_init(&text, 1 << 16);
    add_template(&text, suite->text, name, suite->guess);
    if (text.error)
        buf->error = text.error;
    else
        add_commented(buf, pfl_buf_cstr(&text));
    pfl_buf_release(&text);
}

/* The suites that are sure, or else the example; behind them, as comments, those that are not. */
static void add_suites(struct pfl_buf *buf, const struct pfl_init_found *found)
{
    unsigned native = PFL_INIT_CMAKE | PFL_INIT_MESON, kinds = found->kinds;
    size_t sure = 0, unsure = 0, i;

    if (kinds & native) /* a Makefile beside it only calls it */
        kinds &= ~(unsigned)PFL_INIT_MAKE;
    for (i = 0; i < PFL_COUNT(suites); i++)
        if ((suites[i].kind & kinds) && known(found, &suites[i])) {
            add_template(buf, suites[i].text, found->name, known(found, &suites[i]));
            sure++;
        }
    pfl_buf_text(buf, sure ? more_keys : example);
    for (i = 0; i < PFL_COUNT(suites); i++)
        if ((suites[i].kind & kinds) && !known(found, &suites[i]) && !suites[i].only_known &&
            !(suites[i].kind == PFL_INIT_PYTHON && found->src_module)) {
            if (unsure++ == 0)
                pfl_buf_text(buf, not_sure);
            add_guess(buf, &suites[i], found->name);
        }
}

/* A double-quoted YAML text. */
static void add_quoted(struct pfl_buf *buf, const char *text)
{
    pfl_buf_char(buf, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            pfl_buf_char(buf, '\\');
        if ((unsigned char)*text >= 0x20)
            pfl_buf_char(buf, *text);
    }
    pfl_buf_char(buf, '"');
}

static void add_branch(struct pfl_buf *buf, const char *name)
{
    if (strcmp(name, "main") == 0 || strcmp(name, "master") == 0)
        pfl_buf_text(buf, name);
    else
        add_quoted(buf, name);
}

void pfl_init_write_config(const struct pfl_init_found *found, struct pfl_buf *buf)
{
    struct pfl_init_found unsure = *found; /* harnesses that have no suite yet */

    if (found->google_program)
        unsure.kinds &= ~(unsigned)PFL_INIT_GOOGLE_BENCHMARK;
    if (found->pytest)
        unsure.kinds &= ~(unsigned)PFL_INIT_PYTEST_BENCHMARK;
    pfl_buf_text(buf, head);
    pfl_buf_text(buf, "project: ");
    add_quoted(buf, found->name);
    pfl_buf_text(buf, "\ndefault_branch: ");
    add_branch(buf, found->default_branch ? found->default_branch : "main");
    pfl_buf_text(buf, "\n\n# How to build any revision (race, history, bisect).\nbuild: ");
    if (add_rows(buf, builds, PFL_COUNT(builds), found, true) == 0) {
        pfl_buf_truncate(buf, buf->len - strlen("build: "));
        pfl_buf_text(buf, "# build: make");
    }
    pfl_buf_char(buf, '\n');
    pfl_buf_text(buf, settings);
    pfl_buf_text(buf, "\nsuites:\n");
    add_suites(buf, found);
    add_rows(buf, harnesses, PFL_COUNT(harnesses), &unsure, false);
    pfl_buf_text(buf, "  # - name: kernels            # a program linked with libperfledger "
                      "reports its own benchmarks\n"
                      "  #   harness: perfledger\n"
                      "  #   command: ./build/bench_kernels\n");
    pfl_buf_text(buf, gates);
}
