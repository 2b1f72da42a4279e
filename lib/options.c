/*
 * The texts of the source become values: `100, 1 << 20, "sorted"`.
 *
 * The preprocessor hands over what stands between the brackets of PFL_ARGS as one text, macros
 * expanded. It is split at commas outside quotes and brackets; each part is a string literal (or
 * some, side by side) or a constant expression of numbers: + - * / % << >> and brackets, unary +
 * and
 * -, C's precedence, by recursive descent. Two integers give an integer of 64 bits (overflow and
 * division by zero are said), else it is a double. A cast such as (size_t) is passed over. Names
 * cannot be known here, and the message says so.
 */
#include "engine.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct options_reader {
    const char *at;
    const char *problem; /* NULL: fine so far */
    int depth;
};

struct options_number {
    bool is_integer;
    int64_t integer;
    double number;
};

enum { OPTIONS_DEPTH = 64 };

static struct options_number options_sum(struct options_reader *r);

static struct options_number options_failed(struct options_reader *r, const char *problem)
{
    if (!r->problem)
        r->problem = problem;
    return (struct options_number){true, 0, 0};
}

static char options_peek(struct options_reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
    return *r->at;
}

static struct options_number options_integer(int64_t value)
{
    return (struct options_number){true, value, (double)value};
}

static struct options_number options_double(double value)
{
    return (struct options_number){false, 0, value};
}

/* ---- literals ---- */

static bool options_is_float(const char *from, const char *to, bool hex)
{
    for (; from < to; from++)
        if (*from == '.' || (!hex && (*from == 'e' || *from == 'E')) ||
            (hex && (*from == 'p' || *from == 'P')))
            return true;
    return false;
}

/* One preprocessing number: up to where it cannot go on. */
static struct options_number options_literal(struct options_reader *r)
{
    char digits[64], *end;
    size_t n = 0;
    bool hex = r->at[0] == '0' && (r->at[1] == 'x' || r->at[1] == 'X'), fraction;
    bool binary = r->at[0] == '0' && (r->at[1] == 'b' || r->at[1] == 'B');
    const char *from = r->at, *to;
    unsigned long long value;

    for (to = from;
         isalnum((unsigned char)*to) || *to == '.' || *to == '_' || *to == '\'' ||
         ((*to == '+' || *to == '-') && to > from && strchr(hex ? "pP" : "eE", to[-1]) != NULL);
         to++) {
        if (*to == '\'') /* C++14's digit separator */
            continue;
        if (n + 1 >= sizeof digits)
            return options_failed(r, "a number that long");
        digits[n++] = *to;
    }
    digits[n] = '\0';
    r->at = to;
    fraction = options_is_float(digits, digits + n, hex);
    errno = 0;
    if (fraction) {
        double number = pfl_lib_strtod(digits, &end);

        if (end == digits || strspn(end, "fFlL") != strlen(end) || !isfinite(number))
            return options_failed(r, "a number that cannot be read");
        return options_double(number);
    }
    value = strtoull(digits + (binary ? 2 : 0), &end, binary ? 2 : 0);
    if (end == digits || strspn(end, "uUlLzZ") != strlen(end))
        return options_failed(r, "a number that cannot be read");
    if (errno == ERANGE || value > INT64_MAX)
        return options_failed(r, "an integer beyond 64 bits with sign");
    return options_integer((int64_t)value);
}

/* 'x', and the escapes a benchmark might use. */
static struct options_number options_character(struct options_reader *r)
{
    static const char escapes[] = "n\nt\tr\r0\0\\\\''\"\"";
    char c = r->at[1];
    size_t i;

    if (c == '\\') {
        for (i = 0; i + 1 < sizeof escapes && escapes[i] != r->at[2]; i += 2)
            ;
        if (r->at[2] == '\0' || i + 1 >= sizeof escapes || r->at[3] != '\'')
            return options_failed(r, "a character that cannot be read");
        r->at += 4;
        return options_integer(escapes[i + 1]);
    }
    if (c == '\0' || r->at[2] != '\'')
        return options_failed(r, "a character that cannot be read");
    r->at += 3;
    return options_integer(c);
}

/* ---- expressions ---- */

/* "(size_t)", "(unsigned long)": nothing but names up to the bracket, and something behind it. */
static const char *options_behind_cast(const char *at)
{
    bool names = false;

    for (at++; isalnum((unsigned char)*at) || *at == '_' || *at == ' ' || *at == ':'; at++) {
        if (!names && isdigit((unsigned char)*at))
            return NULL;
        names = names || isalpha((unsigned char)*at) || *at == '_';
    }
    if (!names || *at != ')')
        return NULL;
    at++;
    while (isspace((unsigned char)*at))
        at++;
    return isdigit((unsigned char)*at) || (*at && strchr("(.+-'", *at)) ? at : NULL;
}

static struct options_number options_unary(struct options_reader *r)
{
    struct options_number value;
    char c = options_peek(r);
    const char *behind;

    if (r->problem)
        return options_integer(0);
    if (++r->depth > OPTIONS_DEPTH)
        return options_failed(r, "an expression nested that deeply");
    if (c == '+' || c == '-') {
        r->at++;
        value = options_unary(r);
        if (c == '-' && value.is_integer)
            value.integer = -value.integer; /* literals are at most INT64_MAX, so this fits */
        value.number = c == '-' ? -value.number : value.number;
    } else if (c == '(' && (behind = options_behind_cast(r->at)) != NULL) {
        r->at = behind;
        value = options_unary(r);
    } else if (c == '(') {
        r->at++;
        value = options_sum(r);
        if (options_peek(r) == ')')
            r->at++;
        else
            options_failed(r, "a bracket that is not closed");
    } else if (isdigit((unsigned char)c) || c == '.') {
        value = options_literal(r);
    } else if (c == '\'') {
        value = options_character(r);
    } else if (isalpha((unsigned char)c) || c == '_') {
        value =
            options_failed(r, "a name that the preprocessor does not know (enums, variables and "
                              "sizeof are no constants here)");
    } else {
        value = options_failed(r, "no number");
    }
    r->depth--;
    return value;
}

static struct options_number options_apply(struct options_reader *r, struct options_number a,
                                           char operator, struct options_number b)
{
    int64_t value = 0;
    bool over = false;

    if (r->problem)
        return options_integer(0);
    if (!a.is_integer || !b.is_integer) {
        double x = operator== '+' ? a.number + b.number :
                   operator== '-' ? a.number - b.number
                   :
                   operator== '*' ? a.number * b.number
                                  : a.number / b.number;

        if (strchr("%<>", operator))
            return options_failed(r, "an operator for integers between other numbers");
        return isfinite(x) ? options_double(x) : options_failed(r, "a value that is not finite");
    }
    if (strchr("/%", operator) && (b.integer == 0 || (a.integer == INT64_MIN && b.integer == -1)))
        return options_failed(r, "a division by zero");
    if (strchr("<>", operator) && (b.integer < 0 || b.integer > 62 || a.integer < 0))
        return options_failed(r, "a shift that C does not define");
    switch (operator) {
    case '+': over = __builtin_add_overflow(a.integer, b.integer, &value); break;
    case '-': over = __builtin_sub_overflow(a.integer, b.integer, &value); break;
    case '*': over = __builtin_mul_overflow(a.integer, b.integer, &value); break;
    case '/': value = a.integer / b.integer; break;
    case '%': value = a.integer % b.integer; break;
    case '<': over = __builtin_mul_overflow(a.integer, INT64_C(1) << b.integer, &value); break;
    case '>': value = a.integer >> b.integer; break;
    default: break;
    }
    return over ? options_failed(r, "an integer beyond 64 bits with sign") : options_integer(value);
}

static struct options_number options_product(struct options_reader *r)
{
    struct options_number value = options_unary(r);
    char c;

    while (!r->problem && (c = options_peek(r)) != '\0' && strchr("*/%", c)) {
        r->at++;
        value = options_apply(r, value, c, options_unary(r));
    }
    return value;
}

static struct options_number options_addition(struct options_reader *r)
{
    struct options_number value = options_product(r);
    char c;

    while (!r->problem && ((c = options_peek(r)) == '+' || c == '-')) {
        r->at++;
        value = options_apply(r, value, c, options_product(r));
    }
    return value;
}

/* The lowest precedence there is here: shifts. */
static struct options_number options_sum(struct options_reader *r)
{
    struct options_number value = options_addition(r);
    char c;

    while (!r->problem && ((c = options_peek(r)) == '<' || c == '>') && r->at[1] == c) {
        r->at += 2;
        value = options_apply(r, value, c, options_addition(r));
    }
    return value;
}

static bool options_evaluate(struct options_reader *r, struct pfl_lib_arg *value)
{
    struct options_number number = options_sum(r);

    if (!r->problem && options_peek(r) != '\0')
        options_failed(r, "something behind the number");
    if (r->problem)
        return false;
    value->is_integer = number.is_integer;
    value->integer = number.integer;
    value->number = number.number;
    return true;
}

/* ---- texts ---- */

/* Literals side by side, their quotes and escapes off. out: as long as the text. */
static bool options_text(struct options_reader *r, char *out)
{
    static const char escapes[] = "n\nt\tr\r\\\\\"\"''";
    size_t i;

    while (options_peek(r) == '"') {
        for (r->at++; *r->at && *r->at != '"'; r->at++) {
            if (*r->at != '\\') {
                *out++ = *r->at;
                continue;
            }
            r->at++;
            for (i = 0; i + 1 < sizeof escapes - 1 && escapes[i] != *r->at; i += 2)
                ;
            if (*r->at == '\0' || i + 1 >= sizeof escapes - 1)
                return options_failed(r, "an escape other than \\n \\t \\r \\\\ \\\"").number > 0;
            *out++ = escapes[i + 1];
        }
        if (*r->at != '"')
            return options_failed(r, "a quote that is not closed").number > 0;
        r->at++;
    }
    *out = '\0';
    if (options_peek(r) != '\0')
        return options_failed(r, "something behind the text").number > 0;
    return true;
}

static char *options_shortest(double number)
{
    char text[PFL_LIB_SHORTEST_MAX];

    pfl_lib_shortest(text, number);
    return pfl_lib_text("%s", text);
}

static bool options_value(const char *source, struct pfl_lib_arg *value, char *problem, size_t room)
{
    struct options_reader r = {.at = source};

    *value = (struct pfl_lib_arg){.number = NAN};
    if (options_peek(&r) == '"') {
        char *text = pfl_lib_alloc(strlen(source) + 1);

        value->text = text;
        if (options_text(&r, text))
            return true;
        free(text);
    } else if (options_evaluate(&r, value)) {
        value->text = value->is_integer ? pfl_lib_text("%lld", (long long)value->integer)
                                        : options_shortest(value->number);
        return true;
    }
    snprintf(problem, room, "`%s` is no constant: %s", source, r.problem);
    return false;
}

bool pfl_lib_constant(const char *text, struct pfl_lib_arg *value, char *problem, size_t room)
{
    struct options_reader r = {.at = text};

    *value = (struct pfl_lib_arg){.number = NAN};
    if (options_evaluate(&r, value))
        return true;
    snprintf(problem, room, "`%s` is no constant: %s", text, r.problem);
    return false;
}

/* Where the value at hand ends: at a comma outside of brackets and quotes, or at the end. */
static const char *options_value_end(const char *at)
{
    int depth = 0;
    char quote = '\0';

    for (; *at; at++) {
        if (quote) {
            if (*at == '\\' && at[1])
                at++;
            else if (*at == quote)
                quote = '\0';
        } else if (*at == '"') {
            quote = *at;
        } else if (*at == '\'' && at[1] && (at[2] == '\'' || at[1] == '\\')) {
            quote = *at;
        } else if (*at == '(') {
            depth++;
        } else if (*at == ')') {
            depth--;
        } else if (*at == ',' && depth <= 0) {
            break;
        }
    }
    return at;
}

int pfl_lib_values_parse(const char *text, struct pfl_lib_arg *values, char *problem, size_t room)
{
    const char *end;
    char *source;
    int n = 0, i;
    bool ok;

    for (;; text = end + 1) {
        end = options_value_end(text);
        while (isspace((unsigned char)*text))
            text++;
        source = pfl_lib_text("%.*s", (int)(end - text), text);
        while (source[0] && isspace((unsigned char)source[strlen(source) - 1]))
            source[strlen(source) - 1] = '\0';
        if (n == PFL_LIB_VALUES_MAX) {
            snprintf(problem, room, "it has more than %d values", PFL_LIB_VALUES_MAX);
            ok = false;
        } else {
            ok = options_value(source, &values[n], problem, room);
        }
        free(source);
        if (!ok) {
            for (i = 0; i < n; i++)
                free((char *)values[i].text);
            return -1;
        }
        n++;
        if (*end == '\0')
            return n;
    }
}
