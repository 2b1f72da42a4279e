/*
 * A race inside processes: perfledger decides which of two programs runs its next batch.
 *
 * Both builds' processes live at the same time; the one whose turn it is not sleeps in read() on
 * PERFLEDGER_CONTROL_FD. So batches of the two alternate within milliseconds, and what the machine
 * does meanwhile falls on both alike. One JSON object a line:
 *
 *     asked  {"run":"NAME"}   set the benchmark up, up to its loop
 *            {"batch":N}      one batch of N iterations, the yardstick around it
 *            {"end":true}     the loop ends, the benchmark's function goes on to its end
 *            {"quit":true}    the program ends; so does it when the descriptor is closed
 *     told   {"control":1}       at the beginning: this program understands the above
 *            {"ready":"NAME","iterations":N}   N: what this side would choose for a batch
 *            {"batch_ns":…,"iterations":N,"yardstick_ns":…}
 *            {"over":"NAME"}  after the outcome's own messages, also when it failed or was skipped
 *
 * The reader takes these four and nothing else: a program that misunderstood what it was asked for
 * must not measure anything. Numbers are told as integers with three places, whatever the locale.
 */
#include "program.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"

/* Short ones: what counts is how often the two sides alternate, for the median over that drops the
 * batches in which somebody else ran. docs/statistics.md has the figures. */
static const double control_batch_s = 0.00008;

enum { CONTROL_LINE_MAX = 8 * PFL_LIB_NAME_MAX };

struct control_line {
    int fd;
    char bytes[CONTROL_LINE_MAX];
    size_t len, used; /* in the buffer; of the line that was given out last */
};

struct control_session {
    struct control_line line;
    const struct pfl_lib_cases *cases;
    const char *running;             /* the benchmark at hand */
    struct pfl_lib_timeout *timeout; /* of that, set while it is this program's turn */
    bool quitting, confused;
};

/* ---- reading ---- */

static const char *control_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\r')
        at++;
    return at;
}

static int control_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \u0041: four digits, no surrogates (perfledger escapes control characters only). NULL: not one.
 */
static const char *control_code(const char *at, char **out)
{
    int code = 0, i, digit;

    for (i = 0; i < 4; i++) {
        digit = control_hex(at[i]);
        if (digit < 0)
            return NULL;
        code = code * 16 + digit;
    }
    if (code == 0 || (code >= 0xd800 && code < 0xe000))
        return NULL;
    if (code < 0x80) {
        *(*out)++ = (char)code;
    } else if (code < 0x800) {
        *(*out)++ = (char)(0xc0 | code >> 6);
        *(*out)++ = (char)(0x80 | (code & 0x3f));
    } else {
        *(*out)++ = (char)(0xe0 | code >> 12);
        *(*out)++ = (char)(0x80 | (code >> 6 & 0x3f));
        *(*out)++ = (char)(0x80 | (code & 0x3f));
    }
    return at + 4;
}

static const char *control_escape(const char *at, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found;

    if (*at == 'u')
        return control_code(at + 1, out);
    found = *at ? strchr(from, *at) : NULL;
    if (!found)
        return NULL;
    *(*out)++ = to[found - from];
    return at + 1;
}

/* A JSON string at `at` into name; behind it, or NULL. */
static const char *control_text(const char *at, char name[PFL_LIB_NAME_MAX])
{
    char *out = name, *end = name + PFL_LIB_NAME_MAX - 4;

    if (*at++ != '"')
        return NULL;
    while (*at && *at != '"') {
        if (out >= end)
            return NULL;
        if (*at != '\\') {
            *out++ = *at++;
            continue;
        }
        at = control_escape(at + 1, &out);
        if (!at)
            return NULL;
    }
    *out = 0;
    return *at == '"' && out > name ? at + 1 : NULL;
}

static const char *control_count(const char *at, uint64_t *count)
{
    const char *begin = at;

    for (*count = 0; *at >= '0' && *at <= '9'; at++) {
        if (at - begin >= 18)
            return NULL;
        *count = *count * 10 + (uint64_t)(*at - '0');
    }
    return at > begin && *count > 0 && *begin != '0' ? at : NULL;
}

static const char *control_value(const char *key, const char *at, struct pfl_lib_asked *asked)
{
    static const struct {
        const char *key;
        enum pfl_lib_asking what;
    } known[] = {{"run", PFL_LIB_ASKED_RUN},
                 {"batch", PFL_LIB_ASKED_BATCH},
                 {"end", PFL_LIB_ASKED_END},
                 {"quit", PFL_LIB_ASKED_QUIT}};
    size_t i;

    for (i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(key, known[i].key) == 0)
            break;
    if (i == sizeof known / sizeof *known)
        return NULL;
    asked->what = known[i].what;
    if (asked->what == PFL_LIB_ASKED_RUN)
        return control_text(at, asked->name);
    if (asked->what == PFL_LIB_ASKED_BATCH)
        return control_count(at, &asked->iterations);
    return strncmp(at, "true", 4) == 0 ? at + 4 : NULL;
}

bool pfl_lib_control_parse(const char *line, struct pfl_lib_asked *asked)
{
    char key[PFL_LIB_NAME_MAX];
    const char *at = control_blanks(line);

    if (*at++ != '{')
        return false;
    at = control_text(control_blanks(at), key);
    if (!at)
        return false;
    at = control_blanks(at);
    if (*at++ != ':')
        return false;
    at = control_value(key, control_blanks(at), asked);
    if (!at)
        return false;
    at = control_blanks(at);
    return *at == '}' && *control_blanks(at + 1) == 0;
}

/* The next line without its newline; NULL: there will be none. What is longer than any request ends
 * the reading, too. */
static char *control_next_line(struct control_line *line)
{
    char *newline;
    ssize_t n;

    memmove(line->bytes, line->bytes + line->used, line->len - line->used);
    line->len -= line->used;
    line->used = 0;
    for (;;) {
        newline = memchr(line->bytes, '\n', line->len);
        if (newline) {
            *newline = 0;
            line->used = (size_t)(newline - line->bytes) + 1;
            return line->bytes;
        }
        if (line->len == sizeof line->bytes)
            return NULL;
        n = read(line->fd, line->bytes + line->len, sizeof line->bytes - line->len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return NULL;
        line->len += (size_t)n;
    }
}

/* ---- what is told ---- */

static void control_tell_name(const char *key, const char *name, uint64_t iterations)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        pfl_lib_no_memory();
    fprintf(out, "{\"%s\":", key);
    pfl_lib_json_text(out, name);
    if (iterations)
        fprintf(out, ",\"iterations\":%llu", (unsigned long long)iterations);
    fputs("}\n", out);
    if (fclose(out) != 0)
        pfl_lib_no_memory();
    pfl_lib_wire_line(text, len);
    free(text);
}

/* Thousandths, as digits. */
static void control_number(char *text, size_t room, double value)
{
    unsigned long long thousandths =
        value > 0 && value < 1e15 ? (unsigned long long)(value * 1000 + 0.5) : 0;

    snprintf(text, room, "%llu.%03llu", thousandths / 1000, thousandths % 1000);
}

static void control_ready(void *context, uint64_t iterations)
{
    const struct control_session *session = context;

    control_tell_name("ready", session->running, iterations);
}

static void control_done(void *context, uint64_t iterations, double batch_ns, double yardstick_ns)
{
    char batch[32], yardstick[32], text[160];
    int len;

    (void)context;
    control_number(batch, sizeof batch, batch_ns);
    control_number(yardstick, sizeof yardstick, yardstick_ns);
    len = snprintf(text, sizeof text, "{\"batch_ns\":%s,\"iterations\":%llu,\"yardstick_ns\":%s}\n",
                   batch, (unsigned long long)iterations, yardstick);
    pfl_lib_wire_line(text, (size_t)len);
}

/* What was asked cannot be done: said where a person sees it, and told to perfledger. */
static void control_refuse(struct control_session *session, const char *line, const char *expected)
{
    char *why =
        pfl_lib_text("on PERFLEDGER_CONTROL_FD it was asked %.200s, and %s was expected; is "
                     "this libperfledger (%s) older than perfledger?",
                     line, expected, PFL_LIBRARY_VERSION);

    pfl_lib_say("%s", why);
    control_tell_name("fail", why, 0);
    free(why);
    session->confused = session->quitting = true;
}

/* ---- serving ---- */

static uint64_t control_asked(void *context)
{
    struct control_session *session = context;
    struct pfl_lib_asked asked;
    const char *line = session->quitting ? NULL : control_next_line(&session->line);

    if (!line) {
        session->quitting = true;
        return 0;
    }
    if (!pfl_lib_control_parse(line, &asked) || asked.what == PFL_LIB_ASKED_RUN) {
        control_refuse(session, line, "{\"batch\":N}, {\"end\":true} or {\"quit\":true}");
        return 0;
    }
    if (asked.what == PFL_LIB_ASKED_BATCH)
        return asked.iterations;
    session->quitting = asked.what == PFL_LIB_ASKED_QUIT;
    return 0;
}

/* Waiting for one's turn is not taking long. */
static uint64_t control_next(void *context)
{
    struct control_session *session = context;
    uint64_t n;

    pfl_lib_timeout_set(session->timeout, false);
    n = control_asked(session);
    pfl_lib_timeout_set(session->timeout, true);
    return n;
}

static const struct pfl_lib_case *control_find(const struct pfl_lib_cases *cases, const char *name)
{
    size_t i;

    for (i = 0; i < cases->n; i++)
        if (strcmp(cases->at[i].name, name) == 0)
            return &cases->at[i];
    return NULL;
}

static void control_run(struct control_session *session, const char *name,
                        const struct pfl_lib_how *how)
{
    const struct pfl_lib_steering steering = {control_ready, control_next, control_done, session};
    const struct pfl_lib_case *c = control_find(session->cases, name);
    struct pfl_lib_how steered = *how;
    struct pfl_lib_outcome outcome;

    if (c) {
        memset(&outcome, 0, sizeof outcome);
        session->running = c->name;
        steered.steering = &steering;
        steered.batch_s = control_batch_s;
        session->timeout = pfl_lib_timeout_begin(c);
        pfl_lib_engine_run(c, &steered, &outcome);
        pfl_lib_timeout_end(session->timeout);
        pfl_lib_wire_outcome(&outcome);
        pfl_lib_outcome_release(&outcome);
    }
    control_tell_name("over", name, 0); /* without "ready" before it: there was nothing to run */
}

bool pfl_lib_control_open(void)
{
    const char *text = getenv("PERFLEDGER_CONTROL_FD");

    return text && *text;
}

int pfl_lib_control_serve(const struct pfl_lib_cases *cases, const struct pfl_lib_how *how)
{
    struct control_session *session = pfl_lib_alloc(sizeof *session);
    struct pfl_lib_asked asked;
    const char *line;
    bool confused;

    memset(session, 0, sizeof *session);
    session->cases = cases;
    session->line.fd = pfl_lib_descriptor(getenv("PERFLEDGER_CONTROL_FD"));
    if (session->line.fd < 0 || !pfl_lib_wire_open()) {
        pfl_lib_say("PERFLEDGER_CONTROL_FD is set, but %s; it is perfledger's to set, remove it "
                    "from the environment",
                    session->line.fd < 0 ? "it is no descriptor" : "there is no PERFLEDGER_FD");
        free(session);
        return 2;
    }
    pfl_lib_wire_line("{\"control\":1}\n", 14);
    while (!session->quitting && (line = control_next_line(&session->line))) {
        if (!pfl_lib_control_parse(line, &asked) || asked.what == PFL_LIB_ASKED_BATCH ||
            asked.what == PFL_LIB_ASKED_END)
            control_refuse(session, line, "{\"run\":\"NAME\"} or {\"quit\":true}");
        else if (asked.what == PFL_LIB_ASKED_QUIT)
            session->quitting = true;
        else
            control_run(session, asked.name, how);
    }
    confused = session->confused;
    free(session);
    return confused ? 2 : 0;
}
