/*
 * criterion.rs: `cargo bench`, or a bench program that cargo built.
 *
 * CRITERION_HOME is a folder of the launch's own, so what the user has in target/criterion stays
 * what it is, and only what this launch measured is read.
 *
 * criterion's options stand behind a `--`, and there lies the trouble: `cargo bench` hands them to
 * the library's and the programs' ordinary tests too, which refuse what they do not know. So
 * options are given only where nothing but criterion is started: the user names bench targets, or
 * has a `--` himself, or Cargo.toml names them ([[bench]] with harness = false), whose names are
 * then added. Elsewhere (a workspace, -p) criterion runs as it is set up: that works, and takes its
 * eight seconds for each benchmark in each launch.
 *
 * The least criterion takes are ten samples. Its own analysis (100,000 resamples) is of no use
 * here. Before 0.4 it knew whole seconds only; Cargo.lock says which it is.
 */
#include "measure/harness_cargo.h"
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include "base/text.h"
#include "sys/file.h"

#include <math.h>
#include <string.h>

enum { FRACTIONS_SINCE = 4 }; /* 0.4 */

struct line {
    size_t own;     /* where the words for criterion begin: behind `--`, or its program */
    bool dashes;    /* there is a `--` */
    bool cargo;     /* else it is a bench program itself */
    bool named;     /* nothing but bench targets is started */
    bool elsewhere; /* which targets are meant the nearest Cargo.toml does not say */
};

/* ---- what the user wrote ---- */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* "--bench", "--bench=x"; of one letter also with its value attached: "-px". */
static bool is_option(const char *word, const char *option)
{
    size_t len = strlen(option);

    return strncmp(word, option, len) == 0 &&
           (word[len] == 0 || word[len] == '=' || (len == 2 && option[1] != '-'));
}

static bool is_elsewhere(const char *word)
{
    static const char *const options[] = {
        "-p",        "--package", "--workspace",   "--all",          "--lib",     "--bin",
        "--bins",    "--benches", "--test",        "--tests",        "--example", "--examples",
        "--exclude", "-C",        "--all-targets", "--manifest-path"};
    size_t i;

    for (i = 0; i < PFL_COUNT(options); i++)
        if (is_option(word, options[i]))
            return true;
    return false;
}

static int read_line(const struct pfl_harness_launch *launch, struct line *line,
                     struct pfl_err *err)
{
    bool bench = false;
    size_t i, cargo;

    *line = (struct line){.own = 1};
    for (cargo = 0; cargo < launch->argc; cargo++)
        if (strcmp(last_part(launch->argv[cargo]), "cargo") == 0)
            break;
    if (cargo == launch->argc) {
        line->named = true;
        return PFL_OK;
    }
    line->cargo = true;
    for (i = cargo + 1; i < launch->argc && strcmp(launch->argv[i], "--") != 0; i++) {
        bench = bench || strcmp(launch->argv[i], "bench") == 0;
        line->named = line->named || is_option(launch->argv[i], "--bench");
        line->elsewhere = line->elsewhere || is_elsewhere(launch->argv[i]);
    }
    line->dashes = i < launch->argc;
    line->named = line->named || line->dashes;
    line->own = i < launch->argc ? i + 1 : i;
    if (bench)
        return PFL_OK;
    return pfl_err_set(err, PFL_ECONFIG,
                       "suite %s: harness criterion drives `cargo bench`, or a bench program that "
                       "it built; its command is: %s",
                       launch->item->suite, launch->item->command);
}

/* Of the words for criterion: is one an option, or (NULL) the filter? */
static bool has_own(const struct pfl_harness_launch *launch, const struct line *line,
                    const char *option)
{
    static const char *const alone[] = {"--noplot", "-n",     "--verbose", "-v",     "--bench",
                                        "--quiet",  "--list", "--quick",   "--exact"};
    size_t i, k;

    for (i = line->own; i < launch->argc; i++) {
        const char *word = launch->argv[i];

        if (*word != '-') {
            if (!option)
                return true;
            continue;
        }
        if (option && is_option(word, option))
            return true;
        for (k = 0; k < PFL_COUNT(alone) && strcmp(word, alone[k]) != 0; k++)
            ;
        i += k == PFL_COUNT(alone) && !strchr(word, '=');
    }
    return false;
}

/* ---- what spoils its times ---- */

static const char *of_flags(const char *flags)
{
    if (strstr(flags, "instrument-coverage") || strstr(flags, "profile-generate"))
        return "coverage";
    if (strstr(flags, "sanitizer="))
        return "a sanitizer";
    return strstr(flags, "opt-level=0") ? "compiled without optimisation" : NULL;
}

static const char *instrumented(const struct pfl_harness_launch *launch, const struct line *line)
{
    static const char *const variables[] = {"CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS",
                                            "CARGO_BUILD_RUSTFLAGS"};
    const char *found = NULL;
    size_t i;

    for (i = 0; !found && i < PFL_COUNT(variables); i++)
        found = of_flags(pfl_words_variable(launch, variables[i]));
    for (i = 0; line->cargo && !found && i < line->own; i++) {
        const char *word = launch->argv[i];

        if (strcmp(word, "llvm-cov") == 0 || strcmp(word, "tarpaulin") == 0)
            found = "coverage";
        if (strcmp(word, "--profile=dev") == 0 ||
            (strcmp(word, "--profile") == 0 && i + 1 < launch->argc &&
             strcmp(launch->argv[i + 1], "dev") == 0))
            found = "compiled without optimisation";
    }
    return found;
}

/* ---- the command ---- */

static void put_flag(struct pfl_words *w, const struct line *line, const char *flag)
{
    if (!has_own(w->launch, line, flag))
        pfl_words_insert(w, w->command->argc, flag);
}

/* value NULL: memory ran out. */
static void put_own(struct pfl_words *w, const struct line *line, const char *option,
                    const char *value)
{
    if (has_own(w->launch, line, option))
        return;
    pfl_words_insert(w, w->command->argc, option);
    pfl_words_insert(w, w->command->argc, value);
}

static void put_seconds(struct pfl_words *w, const struct line *line)
{
    double seconds = w->launch->seconds, warm = seconds / 2;

    if (!pfl_cargo_at_least(w->launch->folder, "criterion", FRACTIONS_SINCE, w->arena)) {
        seconds = seconds < 1 ? 1 : floor(seconds);
        warm = warm < 1 ? 1 : floor(warm);
    }
    put_own(w, line, "--measurement-time", pfl_arena_format(w->arena, "%.6g", seconds));
    put_own(w, line, "--warm-up-time", pfl_arena_format(w->arena, "%.6g", warm));
    put_own(w, line, "--sample-size", "10");
    put_own(w, line, "--nresamples", "1001");
}

static void put_targets(struct pfl_words *w, struct line *line)
{
    const char *const *names;
    size_t n, i;

    if (line->named || line->elsewhere)
        return;
    if (!pfl_cargo_benches(w->launch->folder, w->arena, &names, &n)) {
        w->no_memory = true;
        return;
    }
    for (i = 0; i < n; i++) {
        pfl_words_add(w, "--bench");
        pfl_words_add(w, names[i]);
    }
    line->named = n > 0;
}

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    const char *regex = pfl_words_regex(launch->item, arena);
    const char *folder = pfl_file_folder_of(launch->results, arena);
    const char *home = folder ? pfl_file_join(folder, "criterion", arena) : NULL;
    struct pfl_words w;
    struct line line;
    int rc;

    pfl_words_begin(&w, launch, arena, command);
    if (!regex || !home)
        return pfl_err_no_memory(err);
    rc = read_line(launch, &line, err);
    if (rc != PFL_OK)
        return rc;
    command->results = PFL_HARNESS_FOLDER;
    command->path = home;
    command->instrumented = instrumented(launch, &line);
    pfl_words_environment(&w, "CRITERION_HOME", home);
    put_targets(&w, &line);
    if (!line.named && !launch->list)
        return pfl_words_end(&w, err);
    if (line.cargo && !line.dashes)
        pfl_words_insert(&w, command->argc, "--");
    if (!line.cargo) /* without it a bench program only tries its benchmarks */
        put_flag(&w, &line, "--bench");
    if (launch->list) {
        pfl_words_insert(&w, command->argc, "--list");
    } else {
        put_flag(&w, &line, "--noplot");
        if (launch->seconds > 0)
            put_seconds(&w, &line);
    }
    if (*regex && !has_own(launch, &line, NULL))
        pfl_words_insert(&w, command->argc, regex);
    return pfl_words_end(&w, err);
}

/* cargo compiles what it is to list; the words for criterion are no business of that. */
static int build(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                 struct pfl_harness_command *command, struct pfl_err *err)
{
    struct pfl_harness_launch cut = *launch;
    struct pfl_words w;
    struct line line;
    int rc = read_line(launch, &line, err);

    if (rc != PFL_OK)
        return rc;
    if (line.dashes)
        cut.argc = line.own - 1;
    pfl_words_begin(&w, &cut, arena, command);
    if (!line.cargo) {
        command->argc = 0;
        return pfl_words_end(&w, err);
    }
    put_targets(&w, &line);
    pfl_words_add(&w, "--no-run");
    return pfl_words_end(&w, err);
}

/* "sum/fold/10: bench", since 0.4 "…: benchmark". */
static const char *listed(struct pfl_arena *arena, const char *text, size_t len)
{
    static const char *const ends[] = {": bench", ": benchmark"};
    size_t i, end;

    for (i = 0; i < PFL_COUNT(ends); i++) {
        end = strlen(ends[i]);
        if (len > end && memcmp(text + len - end, ends[i], end) == 0)
            return pfl_arena_text_n(arena, text, len - end);
    }
    return "";
}

static const struct pfl_harness_sign signs[] = {
    {"Unrecognized option: '", false,
     "`cargo bench` hands criterion's options to ordinary tests, too, which refuse them: name the "
     "bench target in the command (cargo bench --bench NAME), or have `bench = false` under [lib] "
     "and [[bin]] in Cargo.toml"},
    {"could not find `Cargo.toml`", false,
     "there is no Cargo.toml: `cwd:` of the suite names the package's folder"},
    {0},
};

const struct pfl_harness pfl_harness_criterion = {
    .name = "criterion",
    .format = "criterion",
    .program = "cargo",
    .lists = true,
    .seconds = 1,
    .signs = signs,
    .remedy = "does the command run benchmarks of criterion (0.3 or later)?",
    .command = command,
    .build = build,
    .listed = listed,
};
