/*
 * How much work one launch does, written as a formula over the parameters ("{n}^3 / 2"): what makes
 * a throughput and the fit of time over size possible.
 *
 * Enters the text after substitution, leaves one positive number. A recursive-descent parser with
 * one function per precedence level; the first error sticks and names its column, because a formula
 * is written by a person. Nesting is limited since the text comes from a file.
 */
#include "measure/work.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

enum { NESTING_MAX = 64, NUMBER_TEXT_MAX = 64 };

struct parser {
    const char *text, *at;
    int depth;
    int rc;
    struct pfl_err *err;
};

static double sum(struct parser *p);

static double fail(struct parser *p, const char *expected)
{
    struct pfl_buf shown;

    if (p->rc != PFL_OK)
        return 0;
    pfl_buf_init(&shown, 1024);
    pfl_text_fit(&shown, p->text, 80);
    p->rc = pfl_err_set(p->err, PFL_ECONFIG,
                        "reading the work \"%s\": expected %s at column %zu; a work is a number or "
                        "a formula of numbers with + - * / ^ and parentheses",
                        pfl_buf_cstr(&shown), expected, (size_t)(p->at - p->text) + 1);
    pfl_buf_release(&shown);
    return 0;
}

static char peek(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
    return *p->at;
}

static double number(struct parser *p)
{
    char text[NUMBER_TEXT_MAX];
    size_t len = strspn(p->at, "0123456789.");
    double value;

    if (len && (p->at[len] == 'e' || p->at[len] == 'E')) {
        size_t sign = p->at[len + 1] == '+' || p->at[len + 1] == '-';
        size_t digits = strspn(p->at + len + 1 + sign, "0123456789");

        if (digits)
            len += 1 + sign + digits;
    }
    if (len == 0 || len >= sizeof text)
        return fail(p, "a number");
    memcpy(text, p->at, len);
    text[len] = 0;
    if (pfl_units_read_number(text, &value, NULL) != PFL_OK)
        return fail(p, "a number");
    p->at += len;
    return value;
}

static double primary(struct parser *p)
{
    double value;

    if (peek(p) != '(')
        return number(p);
    p->at++;
    value = sum(p);
    if (peek(p) != ')')
        return fail(p, "\")\"");
    p->at++;
    return value;
}

static double power(struct parser *p)
{
    double value;

    if (++p->depth > NESTING_MAX)
        return fail(p, "less nesting");
    if (peek(p) == '-') {
        p->at++;
        value = -power(p);
    } else {
        value = primary(p);
        if (p->rc == PFL_OK && peek(p) == '^') {
            p->at++;
            value = pow(value, power(p));
        }
    }
    p->depth--;
    return value;
}

static double product(struct parser *p)
{
    double value = power(p);

    while (p->rc == PFL_OK && (peek(p) == '*' || peek(p) == '/')) {
        bool divides = *p->at++ == '/';
        double other = power(p);

        value = divides ? value / other : value * other;
    }
    return value;
}

static double sum(struct parser *p)
{
    double value;

    if (++p->depth > NESTING_MAX)
        return fail(p, "less nesting");
    value = product(p);
    while (p->rc == PFL_OK && (peek(p) == '+' || peek(p) == '-')) {
        bool subtracts = *p->at++ == '-';
        double other = product(p);

        value = subtracts ? value - other : value + other;
    }
    p->depth--;
    return value;
}

int pfl_work_evaluate(const char *text, double *value, struct pfl_err *err)
{
    struct parser p = {.text = text, .at = text, .err = err};
    double result = sum(&p);

    if (p.rc == PFL_OK && peek(&p) != 0)
        fail(&p, "an operator or the end");
    if (p.rc == PFL_OK && !(isfinite(result) && result > 0))
        p.rc = pfl_err_set(err, PFL_ECONFIG,
                           "reading the work \"%s\": it comes to %g, but work must be a finite "
                           "amount above 0",
                           text, result);
    if (p.rc == PFL_OK)
        *value = result;
    return p.rc;
}
