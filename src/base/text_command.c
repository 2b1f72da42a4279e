/*
 * Commands as text: split into words, quoted again, parameters put in.
 *
 * Splitting follows POSIX shell quoting (XCU 2.2) and nothing else of the shell: no expansion
 * happens, so that what is measured is the command and not a shell. What a shell would have acted
 * on is only reported, because `gzip < file` taken literally is a mistake that must be said. All
 * words share one block: the words of a command and their final zeros are never longer than the
 * command itself.
 */
#include "base/text.h"

#include <string.h>

enum { TEXT_MAX = 1 << 26 };

struct splitter {
    const char *command, *at;
    char *out; /* the next byte of the word being built */
    bool in_word;
    char shell_char;
    struct pfl_err *err;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int column_of(const char *command, const char *at)
{
    int column = 1;

    for (; command < at; command++)
        if (((unsigned char)command[1] & 0xC0) != 0x80)
            column++;
    return column;
}

static void note_shell_char(struct splitter *s, char c)
{
    if (!s->shell_char)
        s->shell_char = c;
}

static int fail(struct splitter *s, const char *place, const char *what)
{
    int column = column_of(s->command, place);

    return pfl_err_set_at(s->err, PFL_EPARSE, NULL, 0, column,
                          "splitting a command into words: %s at column %d", what, column);
}

static int take_single_quoted(struct splitter *s)
{
    const char *open = s->at++;

    for (; *s->at != '\''; s->at++) {
        if (*s->at == 0)
            return fail(s, open, "the quote ' is never closed: it begins");
        *s->out++ = *s->at;
    }
    s->at++;
    return PFL_OK;
}

static int take_double_quoted(struct splitter *s)
{
    const char *open = s->at++;

    for (; *s->at != '"'; s->at++) {
        if (*s->at == 0)
            return fail(s, open, "the quote \" is never closed: it begins");
        if (*s->at == '\\' && s->at[1] == '\n') {
            s->at++;
            continue;
        }
        if (*s->at == '\\' && s->at[1] && strchr("\"\\$`", s->at[1]))
            s->at++;
        else if (*s->at == '$' || *s->at == '`')
            note_shell_char(s, *s->at);
        *s->out++ = *s->at;
    }
    s->at++;
    return PFL_OK;
}

static int take_escaped(struct splitter *s)
{
    if (s->at[1] == 0)
        return fail(s, s->at, "nothing follows the \\");
    if (s->at[1] != '\n') {
        *s->out++ = s->at[1];
        s->in_word = true;
    }
    s->at += 2;
    return PFL_OK;
}

static void take_plain(struct splitter *s)
{
    char c = *s->at++;

    if (strchr("|&;<>()$`*?[", c) || (!s->in_word && (c == '~' || c == '#')))
        note_shell_char(s, c);
    *s->out++ = c;
    s->in_word = true;
}

/* One piece of a word: a quoted part, an escaped byte, a plain byte. */
static int take_piece(struct splitter *s)
{
    switch (*s->at) {
    case '\'': s->in_word = true; return take_single_quoted(s);
    case '"': s->in_word = true; return take_double_quoted(s);
    case '\\': return take_escaped(s);
    default: take_plain(s); return PFL_OK;
    }
}

int pfl_text_split_command(struct pfl_arena *arena, const char *command, char ***argv, size_t *argc,
                           char *shell_char, struct pfl_err *err)
{
    struct splitter s = {.command = command, .at = command, .err = err};
    size_t len = strlen(command), n = 0;
    char **words = pfl_arena_array(arena, len / 2 + 2, sizeof *words), *word;
    int rc;

    word = s.out = pfl_arena_alloc(arena, len + 2);
    if (!words || !s.out)
        return pfl_err_no_memory(err);
    for (;;) {
        if (*s.at && !is_blank(*s.at)) {
            rc = take_piece(&s);
            if (rc < 0)
                return rc;
            continue;
        }
        if (s.in_word) {
            *s.out++ = 0;
            words[n++] = word;
            word = s.out;
            s.in_word = false;
        }
        if (*s.at++ == 0)
            break;
    }
    *argv = words;
    *argc = n;
    *shell_char = s.shell_char;
    return PFL_OK;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80 || strchr("_@%+=:,./-", c);
}

void pfl_text_quote(struct pfl_buf *buf, const char *word)
{
    const char *at = word;

    while (*at && is_plain(*at))
        at++;
    if (*at == 0 && at != word) {
        pfl_buf_text(buf, word);
        return;
    }
    pfl_buf_char(buf, '\'');
    for (at = word; *at; at++) {
        if (*at == '\'')
            pfl_buf_text(buf, "'\\''");
        else
            pfl_buf_char(buf, *at);
    }
    pfl_buf_char(buf, '\'');
}

static bool is_name(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (!(text[i] == '_' || (text[i] >= 'a' && text[i] <= 'z') ||
              (text[i] >= 'A' && text[i] <= 'Z') ||
              (i > 0 && (text[i] == '-' || text[i] == '.' || (text[i] >= '0' && text[i] <= '9')))))
            return false;
    return len > 0;
}

struct substitution {
    struct pfl_arena *arena;
    const char *const *names, *const *values;
    size_t n;
    const char *unknown;
};

/* At a `{` that is not doubled: appends the value of {name} and returns the bytes taken, or 0 when
 * it is just a brace. */
static size_t put_value(struct substitution *s, struct pfl_buf *buf, const char *text)
{
    const char *name = text + 1;
    size_t len = strcspn(name, "{}"), i;

    if (name[len] != '}')
        return 0;
    for (i = 0; i < s->n; i++)
        if (strlen(s->names[i]) == len && memcmp(s->names[i], name, len) == 0) {
            pfl_buf_text(buf, s->values[i]);
            return len + 2;
        }
    if (!s->unknown && is_name(name, len)) {
        s->unknown = pfl_arena_text_n(s->arena, name, len);
        if (!s->unknown)
            buf->error = PFL_ENOMEM;
    }
    return 0;
}

const char *pfl_text_substitute(struct pfl_arena *arena, const char *text, const char *const *names,
                                const char *const *values, size_t n, const char **unknown)
{
    struct substitution s = {.arena = arena, .names = names, .values = values, .n = n};
    const char *done = NULL;
    struct pfl_buf buf;
    size_t taken;

    pfl_buf_init(&buf, TEXT_MAX);
    while (*text) {
        taken = 0;
        if ((*text == '{' || *text == '}') && text[1] == *text) {
            pfl_buf_char(&buf, *text);
            taken = 2;
        } else if (*text == '{') {
            taken = put_value(&s, &buf, text);
        }
        if (taken == 0) {
            pfl_buf_char(&buf, *text);
            taken = 1;
        }
        text += taken;
    }
    if (!buf.error)
        done = pfl_arena_text_n(arena, pfl_buf_cstr(&buf), buf.len);
    pfl_buf_release(&buf);
    if (done && unknown)
        *unknown = s.unknown;
    return done;
}
