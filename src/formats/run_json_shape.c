/*
 * The run format, field by field, and its notation of time. The order here is the order in the
 * file; the first fields of each table are the ones that scripts rely on.
 *
 * Days ↔ year, month, day: counted in years that begin in March, so that the leap day is the last
 * of its year and the months' lengths follow 153 days per five months (the usual computation for
 * the proleptic Gregorian calendar, as in E. G. Richards, "Calendars", Explanatory Supplement to
 * the Astronomical Almanac, 2013).
 */
#include "formats/run_json_shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MUST PFL_SHAPE_REQUIRED
#define OMIT PFL_SHAPE_OMIT
#define DERIVED PFL_SHAPE_DERIVED

/* clang-format off */
#define FIELD(key, kind, flags, type, member)            {key, PFL_SHAPE_##kind, flags, offsetof(type, member), 0, NULL}
#define ARRAY(key, kind, flags, type, member, count)     {key, PFL_SHAPE_##kind, flags, offsetof(type, member), offsetof(type, count), NULL}
#define NESTED(key, kind, flags, type, member, count, shape) {key, PFL_SHAPE_##kind, flags, offsetof(type, member), count, shape}

#define M(key, kind, member) FIELD(key, kind, 0, struct pfl_machine, member)
static const struct pfl_shape_field machine_fields[] = {
    M("name", TEXT, name),
    M("id", TEXT, id),
    M("fingerprint", TEXT, fingerprint),
    M("platform", TEXT, platform),
    M("hostname", TEXT, hostname),
    M("os", TEXT, os),
    M("kernel", TEXT, kernel),
    M("arch", TEXT, arch),
    M("cpu_model", TEXT, cpu_model),
    M("cores", INT, cores),
    M("cpus", INT, cpus),
    M("memory_bytes", I64, memory_bytes),
    M("governor", TEXT, governor),
    M("turbo", TEXT, turbo),
    M("virtualisation", TEXT, virtualisation),
    M("container", TEXT, container),
    M("libc", TEXT, libc),
};
static const struct pfl_shape machine_shape = {
    "the machine", machine_fields, PFL_COUNT(machine_fields), sizeof(struct pfl_machine), 0};

/* The five yardsticks at `member`, under their names in files. */
#define YARDSTICKS(flags, type, member)                                       \
    FIELD("core", NUMBER, flags, type, member[PFL_YARDSTICK_CORE]),           \
    FIELD("chase", NUMBER, flags, type, member[PFL_YARDSTICK_CHASE]),         \
    FIELD("stream", NUMBER, flags, type, member[PFL_YARDSTICK_STREAM]),       \
    FIELD("syscall", NUMBER, flags, type, member[PFL_YARDSTICK_SYSCALL]),     \
    FIELD("spawn", NUMBER, flags, type, member[PFL_YARDSTICK_SPAWN])

static const struct pfl_shape_field reading_fields[] = {
    FIELD("at", SECONDS, MUST, struct pfl_yardstick_reading, at_ns),
    YARDSTICKS(0, struct pfl_yardstick_reading, value),
};
static const struct pfl_shape reading_shape = {
    "the yardstick reading", reading_fields, PFL_COUNT(reading_fields), sizeof(struct pfl_yardstick_reading), 0};

/* Its offsets are those in the run: it is no struct of its own. */
static const struct pfl_shape_field reference_fields[] = {YARDSTICKS(0, struct pfl_run, yardstick_reference)};
static const struct pfl_shape reference_shape = {
    "the yardsticks' reference", reference_fields, PFL_COUNT(reference_fields), sizeof(struct pfl_run), 0};

#define R(key, kind, flags, member) FIELD(key, kind, flags, struct pfl_run, member)
static const struct pfl_shape_field run_fields[] = {
    R("id", TEXT, MUST | PFL_SHAPE_IDENTITY, id),
    R("label", TEXT, 0, label),
    R("project", TEXT, 0, project),
    R("kind", RUN_KIND, 0, kind),
    R("revision", TEXT, MUST | PFL_SHAPE_EMPTY_NULL, revision.commit),
    R("dirty", BOOL, MUST, revision.dirty),
    R("branch", TEXT, 0, revision.branch),
    R("tag", TEXT, 0, revision.tag),
    R("pull_request", TEXT, 0, revision.pull_request),
    R("subject", TEXT, 0, revision.subject),
    R("commit_time", I64, 0, revision.commit_time),
    R("partial", BOOL, MUST, partial),
    R("complete", BOOL, 0, complete),
    R("selection", TEXT, 0, selection),
    R("tier", TEXT, 0, tier),
    R("started", TIME, MUST, started_unix_ns),
    R("finished", TIME, 0, finished_unix_ns),
    R("seed", U64, 0, seed),
    R("tool", TEXT, 0, tool),
    NESTED("machine", OBJECT, MUST, struct pfl_run, machine, 0, &machine_shape),
    ARRAY("environment", PAIRS, MUST, struct pfl_run, environment, environment_count),
    ARRAY("warnings", TEXTS, 0, struct pfl_run, warnings, warning_count),
    NESTED("yardsticks", LIST, OMIT, struct pfl_run, yardsticks, offsetof(struct pfl_run, yardstick_count), &reading_shape),
    {"yardstick_reference", PFL_SHAPE_OBJECT, OMIT, 0, offsetof(struct pfl_run, yardstick_count), &reference_shape},
    R("thinned", TIME, OMIT, thinned_unix_ns),
};
const struct pfl_shape pfl_shape_run = {"the run", run_fields, PFL_COUNT(run_fields), sizeof(struct pfl_run), 0};

#define E(key, kind, flags, member) FIELD(key, kind, flags, struct pfl_run_json_entry, member)
static const struct pfl_shape_field entry_fields[] = {
    E("benchmark", TEXT, MUST, benchmark),
    ARRAY("params", PAIRS, 0, struct pfl_run_json_entry, params, param_count),
    E("metric", TEXT_OR_NULL, MUST, result.metric),
    E("unit", TEXT_OR_NULL, MUST, result.unit),
    E("better", BETTER, 0, result.better),
    E("variant", TEXT, OMIT, result.variant),
    E("text", TEXT_OR_NULL, OMIT, result.text),
    E("launches", SIZE, DERIVED, launches),
    E("median", NUMBER, DERIVED, result.summary.median),
    ARRAY("ci", RANGE, DERIVED, struct pfl_run_json_entry, result.summary.ci_low, result.summary.ci_high),
    ARRAY("median_ci", RANGE, DERIVED | OMIT, struct pfl_run_json_entry, median_low, median_high),
    E("raw_median", AMOUNT, DERIVED | OMIT, result.normalised.raw_median),
    E("normalised_by", TEXT_OR_NULL, DERIVED | OMIT, result.normalised.by),
    E("mean", NUMBER, DERIVED, result.summary.mean),
    E("stddev", NUMBER, DERIVED, result.summary.stddev),
    E("min", NUMBER, DERIVED, result.summary.min),
    E("max", NUMBER, DERIVED, result.summary.max),
    E("q1", NUMBER, DERIVED, result.summary.q1),
    E("q3", NUMBER, DERIVED, result.summary.q3),
    ARRAY("samples", NUMBERS, MUST, struct pfl_run_json_entry, result.values, result.n),
    ARRAY("launch_of", U32S, OMIT, struct pfl_run_json_entry, result.launch_of, launch_of_count),
    E("summary_only", BOOL, OMIT, result.summary_only),
    E("status", STATUS, MUST, status),
};
const struct pfl_shape pfl_shape_entry = {
    "the result", entry_fields, PFL_COUNT(entry_fields), sizeof(struct pfl_run_json_entry),
    offsetof(struct pfl_run_json_entry, place)};

#define B(key, kind, flags, member) FIELD(key, kind, flags, struct pfl_benchmark, member)
static const struct pfl_shape_field benchmark_fields[] = {
    B("name", TEXT, MUST, name),
    B("suite", TEXT, 0, suite),
    B("command", TEXT, 0, command),
    B("definition", TEXT, 0, definition),
    B("tier", TEXT, 0, tier),
    ARRAY("params", PAIRS, 0, struct pfl_benchmark, params, param_count),
    B("work", AMOUNT, OMIT, work),
    B("work_unit", TEXT, OMIT, work_unit),
    B("seed", U64, 0, seed),
    B("status", STATUS, MUST, status),
    B("reason", TEXT, 0, reason),
    B("partial", BOOL, 0, partial),
    B("few", BOOL, 0, few),
    ARRAY("environment", PAIRS, 0, struct pfl_benchmark, environment, environment_count),
    ARRAY("warnings", TEXTS, 0, struct pfl_benchmark, warnings, warning_count),
    ARRAY("launches", LAUNCHES, 0, struct pfl_benchmark, launches, launch_count),
};
const struct pfl_shape pfl_shape_benchmark = {
    "the benchmark", benchmark_fields, PFL_COUNT(benchmark_fields), sizeof(struct pfl_run_json_detail),
    offsetof(struct pfl_run_json_detail, place)};

#define D struct pfl_run_json_document
static const struct pfl_shape_field document_fields[] = {
    FIELD("schema", SCHEMA, MUST, D, schema),
    NESTED("run", OBJECT, MUST, D, run, 0, &pfl_shape_run),
    NESTED("results", LIST, MUST, D, entries, offsetof(D, entry_count), &pfl_shape_entry),
    NESTED("benchmarks", LIST, 0, D, details, offsetof(D, detail_count), &pfl_shape_benchmark),
};
const struct pfl_shape pfl_shape_document = {
    "the document", document_fields, PFL_COUNT(document_fields), sizeof(D), 0};

#define L(key, kind, member) FIELD(key, kind, MUST, struct pfl_launch, member)
const struct pfl_shape_field pfl_shape_launch_columns[PFL_SHAPE_LAUNCH_COLUMNS] = {
    L("round", U32S, round),
    L("position", U32S, position),
    L("started_ns", I64, started_ns),
    L("gap_ns", I64, gap_ns),
    L("exit_code", INT, exit_code),
    L("signal", INT, signal),
    L("flags", U32S, flags),
};
/* clang-format on */

enum {
    DAY = 86400,
    DAYS_OF_400_YEARS = 146097,
    DAYS_TO_EPOCH = 719468 /* 1970-01-01 from 0000-03-01 */
};

void pfl_shape_time_write(char out[PFL_SHAPE_TIME_MAX], int64_t seconds, int ns, bool with_ns)
{
    int64_t days = seconds / DAY - (seconds % DAY < 0), era, year;
    int second = (int)(seconds - days * DAY), of_era, of_year, month, day;

    days += DAYS_TO_EPOCH;
    era = days / DAYS_OF_400_YEARS - (days % DAYS_OF_400_YEARS < 0);
    of_era = (int)(days - era * DAYS_OF_400_YEARS);
    year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (int)(365 * year + year / 4 - year / 100);
    month = (5 * of_year + 2) / 153; /* 0 = March */
    day = of_year - (153 * month + 2) / 5 + 1;
    year += era * 400 + (month >= 10);
    month = month < 10 ? month + 3 : month - 9;
    snprintf(out, PFL_SHAPE_TIME_MAX, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d", year, month, day,
             second / 3600, second / 60 % 60, second % 60);
    if (with_ns)
        snprintf(out + strlen(out), PFL_SHAPE_TIME_MAX - strlen(out), ".%09d", ns);
    snprintf(out + strlen(out), PFL_SHAPE_TIME_MAX - strlen(out), "Z");
}

/* Two, or `digits`, decimal digits at *text, then the character `after`; -1 when they are not
 * there. */
static int take_number(const char **text, int digits, char after)
{
    int value = 0;

    for (; digits > 0; digits--, ++*text) {
        if (**text < '0' || **text > '9')
            return -1;
        value = value * 10 + (**text - '0');
    }
    if (**text != after)
        return -1;
    ++*text;
    return value;
}

static bool take_fraction(const char **text, int64_t *ns)
{
    int64_t unit = 100000000;

    *ns = 0;
    for (; unit > 0 && **text >= '0' && **text <= '9'; unit /= 10, ++*text)
        *ns += unit * (**text - '0');
    return unit < 100000000 && **text == 'Z';
}

static bool is_date(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month >= 1 && month <= 12 && day >= 1 &&
           day <= lengths[month - 1] + (month == 2 && leap);
}

bool pfl_shape_time_read(const char *text, int64_t *unix_ns)
{
    int year = take_number(&text, 4, '-'), month, day, hour, minute, second, march_year,
        march_month;
    int64_t ns = 0, seconds, days;
    bool fraction;

    month = year < 0 ? -1 : take_number(&text, 2, '-');
    day = month < 0 ? -1 : take_number(&text, 2, 'T');
    hour = day < 0 ? -1 : take_number(&text, 2, ':');
    minute = hour < 0 ? -1 : take_number(&text, 2, ':');
    if (minute < 0 || strlen(text) < 3)
        return false;
    fraction = text[2] == '.';
    second = take_number(&text, 2, fraction ? '.' : 'Z');
    if (!is_date(year, month, day) || hour > 23 || minute > 59 || second < 0 || second > 60)
        return false;
    if (fraction && (!take_fraction(&text, &ns) || *text++ != 'Z'))
        return false;
    march_year = year - (month < 3);
    march_month = month < 3 ? month + 9 : month - 3;
    days = 365 * (int64_t)march_year + march_year / 4 - march_year / 100 + march_year / 400 +
           (153 * march_month + 2) / 5 + day - 1 - DAYS_TO_EPOCH;
    seconds = days * DAY + hour * 3600 + minute * 60 + second;
    if (*text != 0 || march_year < 0 || seconds > INT64_MAX / 1000000000 - 1 ||
        seconds < INT64_MIN / 1000000000)
        return false;
    *unix_ns = seconds * 1000000000 + ns;
    return true;
}
