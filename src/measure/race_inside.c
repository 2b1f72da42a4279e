/*
 * Who runs when, inside a pair of launches.
 *
 *     both greet → first sets up, then second → A B  B A  A B  B A … → both end
 *
 * Nothing of one side runs while the other one is measured: setting up is done one after the other,
 * too. Neighbouring batches, a tenth of a millisecond each, lie in the same weather: a step of the
 * host's clock, its drift and other guests fall on both, and the pair of batches in which one of
 * them did not is one of many in a median. That is taken over the quieter half of the pairs: both
 * batches near their side's shortest, which is the same when base and head exchange their names.
 * The order turns about with each pair of batches, so that what being first in a pair is worth
 * cancels in that median as well.
 *
 * Both run the same number of iterations per batch, the geometric mean of what each would choose
 * alone: equal for equal programs, and the same when base and head exchange their names. The first
 * pair of batches warms both up and does not count.
 *
 * Plain times are compared, not yardstick-normalised ones: the neighbour is the better yardstick
 * (docs/statistics.md has the figures), and holds for what waits for memory, too.
 */
#include "measure/race_inside.h"

#include "base/alloc.h"
#include "base/json.h"
#include "stats/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX = 1 << 20, WARM = 1, LEAST_PAIRS = 4 };

void pfl_inside_begin(struct pfl_inside *inside, const struct pfl_inside_params *params)
{
    int side;

    memset(inside, 0, sizeof *inside);
    inside->params = *params;
    for (side = 0; side < PFL_INSIDE_SIDES; side++)
        pfl_buf_init(&inside->sides[side].line, LINE_MAX);
}

void pfl_inside_release(struct pfl_inside *inside)
{
    int side;

    for (side = 0; side < PFL_INSIDE_SIDES; side++)
        pfl_buf_release(&inside->sides[side].line);
    pfl_vec_release(&inside->batches);
}

static int first_of(const struct pfl_inside *inside)
{
    return inside->params.head_first ? PFL_INSIDE_HEAD : PFL_INSIDE_BASE;
}

/* A B B A A B …, counted in batches. */
static int side_of_turn(const struct pfl_inside *inside, size_t turn)
{
    bool other = ((turn & 1) ^ (turn >> 1 & 1)) != 0;

    return other ? !first_of(inside) : first_of(inside);
}

static void say(struct pfl_inside *inside, int side, const char *line)
{
    if (!inside->sides[side].gone)
        inside->params.say(inside->params.context, side, line, strlen(line));
}

/* Nothing more is wanted of either. */
static void dismiss(struct pfl_inside *inside, enum pfl_inside_end end, int who)
{
    if (inside->dismissed)
        return;
    inside->dismissed = true;
    inside->end = end;
    inside->who = who;
    say(inside, PFL_INSIDE_BASE, "{\"quit\":true}\n");
    say(inside, PFL_INSIDE_HEAD, "{\"quit\":true}\n");
}

static void ask_to_run(struct pfl_inside *inside, int side)
{
    struct pfl_json_writer writer;
    struct pfl_buf line;

    pfl_buf_init(&line, LINE_MAX);
    pfl_json_writer_init(&writer, &line, 0);
    pfl_json_object(&writer);
    pfl_json_put_string(&writer, "run", inside->params.benchmark);
    pfl_json_object_end(&writer);
    pfl_buf_char(&line, '\n');
    if (line.error)
        inside->no_memory = true;
    else
        say(inside, side, pfl_buf_cstr(&line));
    pfl_buf_release(&line);
}

static bool enough(const struct pfl_inside *inside)
{
    size_t pairs = inside->turn / 2;

    if (inside->turn % 2 || pairs <= WARM)
        return false;
    pairs -= WARM;
    return pairs >= inside->params.pairs ||
           (pairs % 2 == 0 && pairs >= LEAST_PAIRS && inside->spent_ns >= inside->params.enough_ns);
}

static void next_turn(struct pfl_inside *inside)
{
    char line[48];

    if (enough(inside)) {
        dismiss(inside, PFL_INSIDE_WHOLE, 0);
        return;
    }
    snprintf(line, sizeof line, "{\"batch\":%llu}\n", (unsigned long long)inside->iterations);
    say(inside, side_of_turn(inside, inside->turn), line);
}

int pfl_inside_awaited(const struct pfl_inside *inside)
{
    int first = first_of(inside);

    if (!inside->sides[first].ready)
        return first;
    if (!inside->sides[!first].ready)
        return !first;
    return side_of_turn(inside, inside->turn);
}

/* ---- answers ---- */

static void hear_greeting(struct pfl_inside *inside, int side)
{
    if (inside->sides[side].greeted) {
        dismiss(inside, PFL_INSIDE_GARBLED, side);
        return;
    }
    inside->sides[side].greeted = true;
    if (inside->sides[!side].greeted)
        ask_to_run(inside, first_of(inside));
}

static void hear_ready(struct pfl_inside *inside, int side, uint64_t iterations)
{
    const struct pfl_inside_side *base = &inside->sides[PFL_INSIDE_BASE];
    const struct pfl_inside_side *head = &inside->sides[PFL_INSIDE_HEAD];

    if (inside->sides[side].ready || side != pfl_inside_awaited(inside)) {
        dismiss(inside, PFL_INSIDE_GARBLED, side);
        return;
    }
    inside->sides[side].ready = true;
    inside->sides[side].wanted = iterations ? iterations : 1;
    if (side == first_of(inside)) {
        ask_to_run(inside, !side);
        return;
    }
    inside->iterations = (uint64_t)llround(sqrt((double)base->wanted * (double)head->wanted));
    next_turn(inside);
}

static void hear_batch(struct pfl_inside *inside, int side, double batch_ns, uint64_t iterations)
{
    struct pfl_inside_batch pair;
    int first = first_of(inside);

    if (!inside->sides[first].ready || !inside->sides[!first].ready ||
        side != side_of_turn(inside, inside->turn) || iterations != inside->iterations) {
        dismiss(inside, PFL_INSIDE_GARBLED, side);
        return;
    }
    inside->sides[side].ns = batch_ns / (double)iterations;
    inside->spent_ns += batch_ns;
    inside->turn++;
    if (inside->turn % 2 == 0 && inside->turn / 2 > WARM) {
        pair = (struct pfl_inside_batch){
            {inside->sides[PFL_INSIDE_BASE].ns, inside->sides[PFL_INSIDE_HEAD].ns}};
        inside->no_memory = !pfl_vec_push(&inside->batches, &pair) || inside->no_memory;
    }
    next_turn(inside);
}

/* Its benchmark is over. Before it was dismissed that is not what it was asked for. */
static void hear_over(struct pfl_inside *inside, int side)
{
    inside->sides[side].over = true;
    dismiss(inside, inside->sides[side].ready ? PFL_INSIDE_STOPPED : PFL_INSIDE_LACKING, side);
}

struct answer {
    bool control, ready, batch, over;
    double batch_ns;
    int64_t iterations;
};

static bool read_member(struct pfl_json_reader *json, struct answer *answer)
{
    bool ready = pfl_json_key_is(json, "ready"), over = pfl_json_key_is(json, "over");
    bool batch = pfl_json_key_is(json, "batch_ns"), control = pfl_json_key_is(json, "control");
    bool iterations = pfl_json_key_is(json, "iterations");

    if (pfl_json_next(json, NULL) < 0)
        return false;
    answer->ready |= ready;
    answer->over |= over;
    answer->batch |= batch;
    answer->control |= control;
    if (ready || over)
        return json->token == PFL_JSON_STRING;
    if (json->token != PFL_JSON_NUMBER)
        return !batch && !control && !iterations && pfl_json_skip(json, NULL) == PFL_OK;
    if (batch)
        answer->batch_ns = json->number;
    else if (iterations)
        answer->iterations = json->is_integer ? json->integer : -1;
    return true;
}

/* false: it is no answer. */
static bool read_answer(const char *line, size_t len, struct answer *answer)
{
    struct pfl_json_reader json;
    bool good;
    int rc;

    *answer = (struct answer){0};
    pfl_json_reader_init_text(&json, "an answer", line, len);
    good = pfl_json_expect(&json, PFL_JSON_OBJECT, NULL) == PFL_OK;
    rc = good ? pfl_json_next_key(&json, NULL) : -1;
    while (good && rc > 0) {
        good = read_member(&json, answer);
        rc = good ? pfl_json_next_key(&json, NULL) : -1;
    }
    pfl_json_reader_release(&json);
    return good && rc == 0 && answer->control + answer->ready + answer->batch + answer->over == 1 &&
           answer->iterations >= 0 && answer->batch_ns >= 0;
}

/* Answers begin with one of four keys; anything else is a message. */
static bool is_answer(const char *line, size_t len)
{
    static const char *const begins[] = {
        "{\"control\":", "{\"ready\":", "{\"batch_ns\":", "{\"over\":"};
    size_t i;

    for (i = 0; i < PFL_COUNT(begins); i++)
        if (len > strlen(begins[i]) && memcmp(line, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static void hear_answer(struct pfl_inside *inside, int side, const char *line, size_t len)
{
    struct answer answer;

    if (!read_answer(line, len, &answer)) {
        dismiss(inside, PFL_INSIDE_GARBLED, side);
        return;
    }
    if (inside->dismissed) /* it was on its way already */
        inside->sides[side].over |= answer.over;
    else if (answer.control)
        hear_greeting(inside, side);
    else if (answer.ready)
        hear_ready(inside, side, (uint64_t)answer.iterations);
    else if (answer.batch)
        hear_batch(inside, side, answer.batch_ns, (uint64_t)answer.iterations);
    else
        hear_over(inside, side);
}

/* ---- bytes ---- */

static void end_line(struct pfl_inside *inside, int side, int64_t at_ns, int pid)
{
    struct pfl_buf *line = &inside->sides[side].line;

    if (line->error)
        inside->no_memory = true;
    else if (line->len && is_answer(line->data, line->len))
        hear_answer(inside, side, line->data, line->len - (line->data[line->len - 1] == '\n'));
    else if (line->len)
        inside->params.pass(inside->params.context, side, line->data, line->len, at_ns, pid);
    pfl_buf_clear(line);
}

void pfl_inside_feed(struct pfl_inside *inside, int side, const char *bytes, size_t len,
                     int64_t at_ns, int pid)
{
    struct pfl_buf *line = &inside->sides[side].line;
    const char *newline;
    size_t n;

    while (len) {
        newline = memchr(bytes, '\n', len);
        n = newline ? (size_t)(newline - bytes) + 1 : len;
        if (line->len + n >
            LINE_MAX) /* no answer is that long; whoever counts bytes may judge it */
            end_line(inside, side, at_ns, pid);
        pfl_buf_add(line, bytes, n);
        if (newline)
            end_line(inside, side, at_ns, pid);
        bytes += n;
        len -= n;
    }
}

void pfl_inside_ended(struct pfl_inside *inside, int side)
{
    inside->sides[side].gone = true;
    if (inside->sides[side].greeted)
        dismiss(inside, PFL_INSIDE_BROKEN, side);
    else
        dismiss(inside, PFL_INSIDE_DEAF, side);
}

void pfl_inside_finish(struct pfl_inside *inside, int side, int64_t at_ns)
{
    end_line(inside, side, at_ns, 0);
}

/* ---- the result ---- */

static double median_of(double *values, size_t n)
{
    pfl_stats_sort(values, n);
    return pfl_stats_median_sorted(values, n);
}

double pfl_inside_scatter(const struct pfl_inside *inside)
{
    const struct pfl_inside_batch *at = inside->batches.at;
    size_t n = inside->batches.n, i;
    double *values = n ? pfl_alloc(n * sizeof *values) : NULL, middle;

    if (!values)
        return NAN;
    for (i = 0; i < n; i++)
        values[i] = log(at[i].ns[PFL_INSIDE_HEAD]) - log(at[i].ns[PFL_INSIDE_BASE]);
    middle = median_of(values, n);
    for (i = 0; i < n; i++)
        values[i] = fabs(values[i] - middle);
    middle = median_of(values, n);
    pfl_free(values);
    return middle;
}

/* How far the more disturbed of both batches is above its side's shortest one. */
static double disturbance(const struct pfl_inside_batch *pair, const double shortest[2])
{
    return fmax(pair->ns[PFL_INSIDE_BASE] / shortest[PFL_INSIDE_BASE],
                pair->ns[PFL_INSIDE_HEAD] / shortest[PFL_INSIDE_HEAD]);
}

/* The log ratios of the quieter half; → how many. Which of the two orders they were measured in is
 * left to chance: what being first is worth cancels between the two pairs of launches of a block.
 * room: n doubles. */
static size_t quiet_ratios(const struct pfl_inside *inside, double *ratios, double *room)
{
    const struct pfl_inside_batch *at = inside->batches.at;
    size_t n = inside->batches.n, keep = n < 4 ? n : (n / 2 + 1) & ~(size_t)1, kept = 0, i;
    double shortest[2] = {INFINITY, INFINITY}, most;
    int side;

    for (i = 0; i < n; i++)
        for (side = 0; side < PFL_INSIDE_SIDES; side++)
            shortest[side] = fmin(shortest[side], at[i].ns[side]);
    for (i = 0; i < n; i++)
        room[i] = disturbance(&at[i], shortest);
    pfl_stats_sort(room, n);
    most = n ? room[keep - 1] : 0;
    for (i = 0; i < n && kept < keep; i++)
        if (!(disturbance(&at[i], shortest) > most))
            ratios[kept++] = log(at[i].ns[PFL_INSIDE_HEAD]) - log(at[i].ns[PFL_INSIDE_BASE]);
    return kept;
}

bool pfl_inside_result(const struct pfl_inside *inside, double *base_s, double *head_s)
{
    const struct pfl_inside_batch *at = inside->batches.at;
    size_t n = inside->batches.n, i;
    double *values = pfl_alloc(2 * (n + 1) * sizeof *values), middle, half;

    if (!values)
        return false;
    half = median_of(values, quiet_ratios(inside, values, values + n)) / 2;
    for (i = 0; i < n; i++) {
        values[i] = at[i].ns[PFL_INSIDE_BASE];
        values[n + i] = at[i].ns[PFL_INSIDE_HEAD];
    }
    middle = (log(median_of(values, n)) + log(median_of(values + n, n))) / 2;
    *base_s = exp(middle - half) * 1e-9;
    *head_s = exp(middle + half) * 1e-9;
    pfl_free(values);
    return true;
}
