/*
 * asv (airspeed velocity, 0.4 and later): `asv run`.
 *
 * asv is made for the history of a project: it builds commits and keeps an archive of results.
 * perfledger measures the checkout at hand and keeps its own. So what is measured is the commit
 * that is checked out, in the Python that runs asv (--python=same: the project is installed there,
 * as for `asv dev`), unless the command names an environment (-E virtualenv: asv builds the commit
 * in one of its own, which leaves out what is not committed). Results are written only where asv
 * knows a commit (--set-commit-hash), and where asv.conf.json says, which is why a launch has a
 * copy of it (harness_asv_config.c). A range of commits is refused: their results would be taken
 * for this checkout's.
 *
 * Launches repeat, so one round is enough (-a processes=1, its older name, which every version
 * takes), of samples that together take the seconds that are to be spent. Failed benchmarks are
 * null in the file, with no reason.
 */
#include "measure/harness_asv_config.h"
#include "measure/harness_table.h"
#include "measure/harness_words.h"

#include "base/text.h"
#include "sys/file.h"

#include <math.h>
#include <string.h>

static const char config_name[] = "asv.conf.json", other_config_name[] = "asv.conf.jsonc";

/* Of `asv run`, as far as it matters here. */
struct line {
    const char *config;      /* NULL: not given */
    const char *range;       /* commits; NULL */
    const char *environment; /* as -E has it: "existing:same", "virtualenv:3.11"; NULL */
    const char *saves_not;   /* the option that keeps asv from saving results; NULL */
    bool commit, selects, samples, profiles;
    bool rounds, repeat, warmup; /* attributes that are given */
};

/* ---- what the user wrote ---- */

enum takes { TAKES_NOTHING, TAKES_VALUE, TAKES_NUMBER };
enum meaning {
    OTHER,
    CONFIG,
    ENVIRONMENT,
    PYTHON,
    COMMIT,
    SELECTS,
    ATTRIBUTE,
    PROFILES,
    SAVES_NOT
};

static const struct option {
    const char *brief, *full;
    enum takes takes;
    enum meaning meaning;
} options[] = {
    {"", "--config", TAKES_VALUE, CONFIG},
    {"-E", "--environment", TAKES_VALUE, ENVIRONMENT},
    {"", "--python", TAKES_VALUE, PYTHON},
    {"", "--set-commit-hash", TAKES_VALUE, COMMIT},
    {"-b", "--bench", TAKES_VALUE, SELECTS},
    {"-a", "--attribute", TAKES_VALUE, ATTRIBUTE},
    {"-p", "--profile", TAKES_NOTHING, PROFILES},
    {"-q", "--quick", TAKES_NOTHING, SAVES_NOT},
    {"-n", "--dry-run", TAKES_NOTHING, SAVES_NOT},
    {"-s", "--steps", TAKES_VALUE, OTHER},
    {"", "--date-period", TAKES_VALUE, OTHER},
    {"", "--cpu-affinity", TAKES_VALUE, OTHER},
    {"", "--launch-method", TAKES_VALUE, OTHER},
    {"-m", "--machine", TAKES_VALUE, OTHER},
    {"-j", "--parallel", TAKES_NUMBER, OTHER},
    {"", "--durations", TAKES_NUMBER, OTHER},
};

static bool is_number(const char *word)
{
    return *word && word[strspn(word, "0123456789")] == 0;
}

/* The option that the word is, with *value where it stands in the word itself. NULL: none that
 * matters. */
static const struct option *find_option(const char *word, const char **value)
{
    size_t i, len;

    *value = NULL;
    for (i = 0; i < PFL_COUNT(options); i++) {
        len = strlen(options[i].full);
        if (strncmp(word, options[i].full, len) == 0 && (word[len] == 0 || word[len] == '=')) {
            *value = word[len] ? word + len + 1 : NULL;
            return &options[i];
        }
        if (*options[i].brief && strncmp(word, options[i].brief, 2) == 0) {
            *value = word[2] ? word + 2 : NULL;
            return &options[i];
        }
    }
    return NULL;
}

static void note_attribute(struct line *line, const char *value)
{
    line->rounds =
        line->rounds || pfl_text_starts(value, "rounds=") || pfl_text_starts(value, "processes=");
    line->repeat = line->repeat || pfl_text_starts(value, "repeat=");
    line->warmup = line->warmup || pfl_text_starts(value, "warmup_time=");
}

static void note(struct line *line, const struct option *option, const char *value)
{
    switch (option->meaning) {
    case CONFIG: line->config = value; break;
    case ENVIRONMENT: line->environment = value; break;
    case PYTHON: /* "same", or a version */
        line->environment = strcmp(value, "same") == 0 ? "existing:same" : value;
        break;
    case COMMIT: line->commit = true; break;
    case SELECTS: line->selects = true; break;
    case ATTRIBUTE: note_attribute(line, value); break;
    case PROFILES: line->profiles = true; break;
    case SAVES_NOT: line->saves_not = option->full; break;
    case OTHER: break;
    }
}

/* Where `run` stands; argc: nowhere. */
static size_t find_run(const struct pfl_harness_launch *launch)
{
    size_t i;

    for (i = 1; i < launch->argc && strcmp(launch->argv[i], "run") != 0; i++)
        ;
    return i;
}

static void read_line(const struct pfl_harness_launch *launch, size_t run, struct line *line)
{
    const struct option *option;
    const char *value;
    size_t i;

    *line = (struct line){0};
    for (i = 1; i < launch->argc; i++) {
        const char *word = launch->argv[i];

        if (*word != '-') {
            if (i > run)
                line->range = word;
            continue;
        }
        if (strcmp(word, "--record-samples") == 0 || strcmp(word, "--no-record-samples") == 0)
            line->samples = true;
        option = find_option(word, &value);
        if (!option)
            continue;
        if (!value && i + 1 < launch->argc &&
            (option->takes == TAKES_VALUE ||
             (option->takes == TAKES_NUMBER && is_number(launch->argv[i + 1]))))
            value = launch->argv[++i];
        note(line, option, value ? value : "");
    }
}

/* "HEAD^!" and "HEAD" are one commit. */
static bool is_one_commit(const char *range)
{
    return pfl_text_ends(range, "^!") || strcmp(range, "HEAD") == 0;
}

static int check(const struct pfl_harness_launch *launch, const struct line *line,
                 struct pfl_err *err)
{
    const char *suite = launch->item->suite;

    if (find_run(launch) == launch->argc)
        return pfl_err_set(err, PFL_ECONFIG,
                           "suite %s: harness asv drives `asv run`; its command is: %s", suite,
                           launch->item->command);
    if (line->saves_not)
        return pfl_err_set(err, PFL_ECONFIG,
                           "suite %s: leave %s out of its command: asv saves no results with it, "
                           "and nothing could be read",
                           suite, line->saves_not);
    if (line->range && !is_one_commit(line->range))
        return pfl_err_set(err, PFL_ECONFIG,
                           "suite %s: `%s` may be many commits, and a run is of one; leave it out "
                           "(what is checked out is measured), or say HEAD^!",
                           suite, line->range);
    return PFL_OK;
}

/* ---- the command ---- */

static const char *find_config(const struct pfl_harness_launch *launch, const struct line *line,
                               struct pfl_arena *arena)
{
    const char *path =
        pfl_file_absolute(launch->folder, line->config ? line->config : config_name, arena);

    if (!path || line->config || pfl_file_exists(path))
        return path;
    return pfl_file_absolute(launch->folder, other_config_name, arena);
}

static int copy_config(const struct pfl_harness_launch *launch, const struct line *line,
                       struct pfl_words *w, struct pfl_err *err)
{
    const char *folder = pfl_file_folder_of(launch->results, w->arena);
    struct pfl_asv_config config = {
        .from = find_config(launch, line, w->arena),
        .to = folder ? pfl_file_join(folder, config_name, w->arena) : NULL,
        .results = folder ? pfl_file_join(folder, "asv", w->arena) : NULL,
        .here = !line->range,
        .installed = !line->environment || pfl_text_starts(line->environment, "existing"),
    };

    if (!config.from || !config.to || !config.results)
        return pfl_err_no_memory(err);
    if (!pfl_file_exists(config.from))
        return pfl_err_set(err, PFL_ENOENT,
                           "there is no %s in %s: `cwd:` of the suite names its folder, or "
                           "--config in the command the file",
                           config_name, launch->folder);
    w->command->results = PFL_HARNESS_FOLDER;
    w->command->path = config.results;
    pfl_words_format(w, "--config=%s", config.to);
    return pfl_asv_config_copy(&config, w->arena, err);
}

static void put_seconds(struct pfl_words *w, const struct line *line, double seconds)
{
    if (!line->rounds)
        pfl_words_add(w, "--attribute=processes=1");
    if (seconds <= 0)
        return;
    if (!line->repeat)
        pfl_words_format(w, "--attribute=repeat=(1,10,%.6g)", seconds);
    if (!line->warmup)
        pfl_words_format(w, "--attribute=warmup_time=%.6g", fmin(seconds / 2, 0.1));
}

static int command(const struct pfl_harness_launch *launch, struct pfl_arena *arena,
                   struct pfl_harness_command *command, struct pfl_err *err)
{
    /* What asv matches has parameters in round brackets behind. */
    const char *regex = pfl_words_prefix_regex(launch->item, arena, "(\\(|$)");
    struct pfl_words w;
    struct line line;
    int rc;

    pfl_words_begin(&w, launch, arena, command);
    if (!regex)
        return pfl_err_no_memory(err);
    read_line(launch, find_run(launch), &line);
    rc = check(launch, &line, err);
    if (rc == PFL_OK)
        rc = copy_config(launch, &line, &w, err);
    if (rc != PFL_OK)
        return rc;
    if (!line.environment && !line.range) {
        line.environment = "existing:same";
        pfl_words_add(&w, "--python=same");
    }
    if (line.environment && pfl_text_starts(line.environment, "existing") && !line.commit)
        pfl_words_add(&w, "--set-commit-hash=HEAD");
    if (!line.samples)
        pfl_words_add(&w, "--record-samples");
    put_seconds(&w, &line, launch->seconds);
    if (*regex && !line.selects)
        pfl_words_format(&w, "--bench=%s", regex);
    command->instrumented = line.profiles ? "a profiler" : NULL;
    return pfl_words_end(&w, err);
}

static const struct pfl_harness_sign signs[] = {
    {"No module named asv", true, "asv is not installed for this Python: pip install asv"},
    {"Run asv at the console the first time", false,
     "asv knows nothing of this machine yet: run `asv machine --yes` once"},
    {"cannot be set", false, "this asv is too old: 0.4 or later is needed"},
    {"Can not determine what kind of DVCS", false,
     "asv needs the repository that asv.conf.json names as \"repo\""},
    {0},
};

const struct pfl_harness pfl_harness_asv = {
    .name = "asv",
    .format = "asv",
    .program = "asv",
    .signs = signs,
    .remedy = "is the project installed in the Python that runs asv, and does `asv run "
              "--python=same` find its benchmarks?",
    .command = command,
};
