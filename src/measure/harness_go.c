/*
 * Go's own benchmarks: `go test`, or a test binary (`go test -c`), which takes the same flags with
 * `test.` in front.
 *
 * What perfledger adds stands right behind `test`, in front of everything that the user wrote:
 * behind his words flags might belong to -args, and a flag of his that comes later wins. Ordinary
 * tests are left out (-run=^$), and -count=1 keeps the cache of test results out of it. Building is
 * the business of Go's build cache: the first launch compiles, and `go test` runs no benchmark
 * before all is built, and one package at a time. The results are its standard output; a benchmark
 * that failed or was skipped is in it.
 *
 * -bench matches level by level, split at `/`, without the package in front and GOMAXPROCS behind.
 * Of several patterns only the first level can be told as one; a single one is told to where its
 * wildcards begin.
 *
 * Names: a command for several packages has them in front of all names, whatever a selection leaves
 * of them; otherwise selecting one package's benchmarks would rename them.
 */
#include "measure/harness_go.h"
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include "base/buf.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

struct go_line {
    size_t flags;       /* where the words behind `test` begin */
    size_t end;         /* where they end: at -args */
    const char *prefix; /* of flags: "-", "-test." */
};

/* ---- what the user wrote ---- */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* "go", "go1.21.3" */
static bool is_go(const char *word)
{
    const char *name = last_part(word);

    return strncmp(name, "go", 2) == 0 && name[2 + strspn(name + 2, ".0123456789")] == 0;
}

static bool find_line(const struct pfl_harness_launch *launch, struct go_line *line)
{
    char *const *argv = launch->argv;
    size_t i;

    for (i = 0; i + 1 < launch->argc; i++)
        if (is_go(argv[i]) && strcmp(argv[i + 1], "test") == 0)
            break;
    if (i + 1 < launch->argc) {
        *line = (struct go_line){i + 2, launch->argc, "-"};
    } else {
        for (i = 0; i < launch->argc && !pfl_text_ends(argv[i], ".test"); i++)
            ;
        if (i == launch->argc)
            return false;
        *line = (struct go_line){i + 1, launch->argc, "-test."};
    }
    if (line->flags < launch->argc && strncmp(argv[line->flags], "-C", 2) == 0)
        line->flags += argv[line->flags][2] ? 1 : 2; /* -C has to be the first flag */
    if (line->flags > launch->argc)
        line->flags = launch->argc;
    for (i = line->flags; i < launch->argc; i++)
        if (strcmp(argv[i], "-args") == 0 || strcmp(argv[i], "--args") == 0)
            line->end = i;
    return true;
}

/* "-bench", "--bench", "-bench=…", "-test.bench": what stands behind the flag's name. NULL: another
 * word. */
static const char *behind_flag(const char *word, const char *flag)
{
    size_t len = strlen(flag);

    if (*word != '-')
        return NULL;
    word += word[1] == '-' ? 2 : 1;
    if (strncmp(word, "test.", 5) == 0)
        word += 5;
    if (strncmp(word, flag, len) != 0 || (word[len] && word[len] != '='))
        return NULL;
    return word + len;
}

static bool given(const struct pfl_harness_launch *launch, const struct go_line *line,
                  const char *flag)
{
    size_t i;

    for (i = line->flags; i < line->end; i++)
        if (behind_flag(launch->argv[i], flag))
            return true;
    return false;
}

/* Does the flag's value stand in the next word? Only those that are yes or no have none. */
static bool takes_next(const char *word)
{
    static const char *const alone[] = {"a",          "asan",     "benchmem", "c",    "cover",
                                        "failfast",   "fullpath", "i",        "json", "linkshared",
                                        "modcacherw", "msan",     "n",        "race", "short",
                                        "trimpath",   "v",        "work",     "x"};
    size_t i;

    if (strchr(word, '='))
        return false;
    for (i = 0; i < PFL_COUNT(alone); i++)
        if (behind_flag(word, alone[i]))
            return false;
    return true;
}

static bool several_packages(const struct pfl_harness_launch *launch, const struct go_line *line)
{
    size_t packages = 0, i;
    const char *word;

    for (i = line->flags; i < line->end; i++) {
        word = launch->argv[i];
        if (*word == '-') {
            i += takes_next(word);
            continue;
        }
        if (strstr(word, "..."))
            return true;
        packages++;
    }
    return packages > 1;
}

/* ---- what spoils its times ---- */

static const struct {
    const char *flag, *what;
} instruments[] = {
    {"race", "the race detector"},     {"msan", "the memory sanitizer"},
    {"asan", "the address sanitizer"}, {"cover", "coverage"},
    {"coverprofile", "coverage"},      {"covermode", "coverage"},
    {"coverpkg", "coverage"},          {"cpuprofile", "a profiler"},
    {"memprofile", "a profiler"},      {"blockprofile", "a profiler"},
    {"mutexprofile", "a profiler"},    {"trace", "the execution tracer"},
};

static const char *instrument_of(const char *word)
{
    const char *value;
    size_t i;

    for (i = 0; i < PFL_COUNT(instruments); i++) {
        value = behind_flag(word, instruments[i].flag);
        if (value && strcmp(value, "=false") != 0 && strcmp(value, "=0") != 0)
            return instruments[i].what;
    }
    value = behind_flag(word, "gcflags");
    return value && strstr(value, "-N") ? "compiled without optimisation" : NULL;
}

static const char *instrumented(const struct pfl_harness_launch *launch, const struct go_line *line,
                                struct pfl_arena *arena)
{
    const char *flags = pfl_words_variable(launch, "GOFLAGS"), *found = NULL;
    char *shell_free, **words = NULL;
    size_t n = 0, i;

    for (i = line->flags; i < line->end && !found; i++)
        found = instrument_of(launch->argv[i]);
    shell_free = found ? NULL : pfl_arena_text(arena, flags);
    if (shell_free &&
        pfl_text_split_command(arena, shell_free, &words, &n, &(char){0}, NULL) != PFL_OK)
        n = 0;
    for (i = 0; i < n && !found; i++)
        found = instrument_of(words[i]);
    return found;
}

/* ---- the selection ---- */

/* Where the benchmark's own name begins: behind the package. NULL: the glob does not say. */
static const char *own_name(const char *glob, size_t len)
{
    static const char begin[] = "Benchmark", behind_package[] = "/Benchmark";
    const char *found;

    if (len >= strlen(begin) && strncmp(glob, begin, strlen(begin)) == 0)
        return glob;
    found = memmem(glob, len, behind_package, strlen(behind_package));
    return found ? found + 1 : NULL;
}

/* Appends one level as far as it is literal; true: and it is so to its end. *at: behind it. */
static bool put_level(struct pfl_buf *buf, const char **at, const char *end, bool exact)
{
    const char *p = *at;

    for (; p < end && *p != '/' && (exact || !strchr("*?\\", *p)); p++) {
        if (strchr(".[]{}()*+?^$|\\", *p))
            pfl_buf_char(buf, '\\');
        pfl_buf_char(buf, *p);
    }
    *at = p;
    return p == end || *p == '/';
}

/* The last level's name may have GOMAXPROCS behind it, which -bench does not see. */
static const char *without_procs(const char *at, const char *end)
{
    const char *p = end;

    while (p > at && isdigit((unsigned char)p[-1]))
        p--;
    return p < end && p > at && p[-1] == '-' ? p - 1 : end;
}

static void put_deep(struct pfl_buf *buf, const char *at, const char *end, bool exact)
{
    const char *bare = without_procs(at, end);
    bool whole = true;

    while (whole) {
        pfl_buf_char(buf, '^');
        whole = put_level(buf, &at, bare, exact);
        if (whole && at == bare && bare < end)
            pfl_buf_format(buf, "(%.*s)?", (int)(end - bare), bare);
        pfl_buf_text(buf, whole ? "$" : "");
        if (!whole || at == bare)
            return;
        pfl_buf_char(buf, *at++);
    }
}

/* For -bench; NULL: no memory. */
static const char *regex_of(const struct pfl_plan_item *item, struct pfl_arena *arena)
{
    bool exact, any = false;
    const char *rest = pfl_words_wanted(item, arena, &exact), *glob, *at, *made;
    struct pfl_buf buf;
    size_t len;

    if (!rest)
        return NULL;
    pfl_buf_init(&buf, 1 << 20);
    while ((glob = pfl_words_next(&rest, &len))) {
        at = own_name(glob, len);
        if (!at) {
            pfl_buf_clear(&buf);
            break;
        }
        if (!any && !*rest) {
            put_deep(&buf, at, glob + len, exact);
            break;
        }
        pfl_buf_text(&buf, any ? "|^" : "^");
        if (put_level(&buf, &at, without_procs(at, glob + len), exact))
            pfl_buf_char(&buf, '$');
        any = true;
    }
    made = buf.error ? NULL : buf.len ? pfl_arena_text(arena, pfl_buf_cstr(&buf)) : ".";
    pfl_buf_release(&buf);
    return made;
}

/* ---- the command ---- */

struct flags {
    struct pfl_words *words;
    const struct go_line *line;
    size_t at;
};

/* Before the user's words; behind them where a shell has them. */
static void put_flag(struct flags *flags, const char *name, const char *value)
{
    struct pfl_words *w = flags->words;
    const char *word = pfl_arena_format(w->arena, "%s%s=%s", flags->line->prefix, name, value);

    if (!word)
        w->no_memory = true;
    else if (w->launch->item->how.shell)
        pfl_words_add(w, word);
    else
        pfl_words_insert(w, flags->at++, word);
}

static void put_default(struct flags *flags, const char *name, const char *value)
{
    if (!given(flags->words->launch, flags->line, name))
        put_flag(flags, name, value);
}

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    const char *regex = regex_of(launch->item, arena), *seconds;
    struct flags flags;
    struct go_line line;
    struct pfl_words w;

    pfl_words_begin(&w, launch, arena, command);
    if (!find_line(launch, &line))
        return pfl_err_set(err, PFL_ECONFIG,
                           "suite %s: harness go drives `go test`, or a test binary that `go test "
                           "-c` made (NAME.test); its command is: %s",
                           launch->item->suite, launch->item->command);
    flags = (struct flags){&w, &line, line.flags};
    seconds = pfl_arena_format(arena, "%.6gs", launch->seconds);
    if (!regex || !seconds)
        return pfl_err_no_memory(err);
    put_default(&flags, "run", "^$");
    put_default(&flags, "bench", regex);
    put_default(&flags, "benchmem", "true");
    put_default(&flags, "count", "1");
    if (launch->seconds > 0)
        put_default(&flags, "benchtime", seconds);
    command->results = PFL_HARNESS_STDOUT;
    command->qualify = several_packages(launch, &line);
    command->instrumented = instrumented(launch, &line, arena);
    return pfl_words_end(&w, err);
}

static const struct pfl_harness_sign signs[] = {
    {"go.mod file not found", false,
     "there is no Go module here: `cwd:` of the suite names the module's folder"},
    {"no Go files in", false,
     "there is no package here: name one in the command, or all of them with ./..."},
    {0},
};

const struct pfl_harness pfl_harness_go = {
    .name = "go",
    .format = "go",
    .program = "go (Debian: golang-go)",
    .signs = signs,
    .remedy = "do the packages of the command have functions BenchmarkX(b *testing.B) in files "
              "*_test.go?",
    .command = command,
    .failures = pfl_harness_go_failures,
};
