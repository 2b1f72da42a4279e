/*
 * A template and what it is fitted to → a file's text, line by line (the language: ci.h).
 *
 * Values come from perfledger.yaml, so each is written for the place it stands in: a name is quoted
 * for YAML where a plain word would be read as something else, a branch's name is escaped for the
 * glob that GitHub takes it for, `${{` in a build command is kept from being an expression. A line
 * that is only a value takes all lines of it, or goes when there are none.
 */
#include "base/text.h"
#include "project/ci.h"
#include "project/ci_templates.h"
#include "project/init.h"

#include <string.h>

enum { DEPTH_MAX = 8, NAME_MAX_LEN = 63, VALUE_MAX = 1 << 20 };

struct writing {
    const struct pfl_ci_fit *fit;
    const char *template; /* its name */
    struct pfl_buf *out;
};

static const char *template_text(const char *name)
{
    const struct pfl_ci_template *at;

    for (at = pfl_ci_templates; at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at->text;
    PFL_BUG("no such template");
}

static bool is_github(const struct writing *w)
{
    return strstr(w->template, "github") != NULL;
}

/* Is it a word that YAML takes for itself, in block and in flow? */
static bool is_plain(const char *text)
{
    static const char *const reserved[] = {"y",   "n",    "yes",   "no",   "on",
                                           "off", "true", "false", "null", "~"};
    size_t i;
    const char *c;

    for (i = 0; i < PFL_COUNT(reserved); i++)
        if (strcmp(reserved[i], text) == 0)
            return false;
    if (!((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || *text == '.'))
        return false;
    for (c = text; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
              strchr("._/-", *c)))
            return false;
    return c[-1] != '.' && strcmp(text, "..") != 0;
}

/* A YAML text; in single quotes, in which only the quote itself is special. */
static void put_yaml(struct pfl_buf *out, const char *text)
{
    if (*text && is_plain(text)) {
        pfl_buf_text(out, text);
        return;
    }
    pfl_buf_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            pfl_buf_char(out, '\'');
        pfl_buf_char(out, *text);
    }
    pfl_buf_char(out, '\'');
}

static void put_path(struct pfl_buf *out, const char *prefix, const char *file)
{
    struct pfl_buf path;

    pfl_buf_init(&path, VALUE_MAX);
    pfl_buf_format(&path, "%s%s", prefix, file);
    put_yaml(out, pfl_buf_cstr(&path));
    pfl_buf_release(&path);
}

/* The folder of the configuration, without the / at its end; for YAML or for the shell. */
static void put_sub(struct pfl_buf *out, const char *prefix, bool shell)
{
    struct pfl_buf path;

    pfl_buf_init(&path, VALUE_MAX);
    pfl_buf_add(&path, prefix, strlen(prefix) - 1);
    if (shell)
        pfl_text_quote(out, pfl_buf_cstr(&path));
    else
        put_yaml(out, pfl_buf_cstr(&path));
    pfl_buf_release(&path);
}

/* GitHub reads names of branches as globs. */
static void put_branch(struct pfl_buf *out, const char *branch)
{
    struct pfl_buf glob;

    pfl_buf_init(&glob, VALUE_MAX);
    for (; *branch; branch++) {
        if (strchr("+!*?[]\\", *branch))
            pfl_buf_char(&glob, '\\');
        pfl_buf_char(&glob, *branch);
    }
    put_yaml(out, pfl_buf_cstr(&glob));
    pfl_buf_release(&glob);
}

/* `${{` would begin an expression of GitHub's; this expression's value is that text. */
static void put_script(struct pfl_buf *out, const char *text, bool github)
{
    const char *at;

    for (; github && (at = strstr(text, "${{")); text = at + 3) {
        pfl_buf_add(out, text, (size_t)(at - text));
        pfl_buf_text(out, "${{ '${{' }}");
    }
    pfl_buf_text(out, text);
}

/* In make's text `$` begins a variable and `#` a comment; the value stands between ' in recipes. */
static void put_make(struct pfl_buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '$')
            pfl_buf_char(out, '$');
        else if (*text == '#')
            pfl_buf_char(out, '\\');
        else if (*text == '\'')
            pfl_buf_text(out, "'\\'");
        pfl_buf_char(out, *text);
    }
}

static void put_image(struct pfl_buf *out, unsigned kinds)
{
    pfl_buf_text(out, kinds & PFL_INIT_CARGO    ? "rust:1-bookworm"
                      : kinds & PFL_INIT_GO     ? "golang:1-bookworm"
                      : kinds & PFL_INIT_PYTHON ? "python:3-bookworm"
                      : kinds & PFL_INIT_NODE   ? "node:lts-bookworm"
                      : kinds & PFL_INIT_MAVEN  ? "maven:3-eclipse-temurin-21"
                                                : "debian:bookworm");
}

static void put_template(struct writing *w, const char *text);

static void put_value(struct writing *w, const char *name, struct pfl_buf *out)
{
    const struct pfl_ci_fit *fit = w->fit;
    struct writing inner = {.fit = fit, .template = w->template, .out = out};

    if (strcmp(name, "branch") == 0)
        put_branch(out, fit->default_branch);
    else if (strcmp(name, "branch_make") == 0)
        put_make(out, fit->default_branch);
    else if (strcmp(name, "branch_rule") == 0) {
        if (strpbrk(fit->default_branch, "\"\\"))
            pfl_buf_text(out, "$CI_DEFAULT_BRANCH");
        else
            pfl_buf_format(out, "\"%s\"", fit->default_branch);
    } else if (strcmp(name, "build") == 0)
        put_script(out, fit->build, is_github(w));
    else if (strcmp(name, "reference") == 0)
        put_yaml(out, fit->reference);
    else if (strcmp(name, "baselines") == 0)
        pfl_buf_text(out, fit->baselines);
    else if (strcmp(name, "log") == 0)
        pfl_text_quote(out, fit->log);
    else if (strcmp(name, "prefix") == 0)
        pfl_buf_text(out, fit->prefix);
    else if (strncmp(name, "path ", 5) == 0)
        put_path(out, fit->prefix, name + 5);
    else if (strcmp(name, "path_baselines") == 0)
        put_path(out, fit->prefix, fit->baselines);
    else if (strncmp(name, "sub", 3) == 0)
        put_sub(out, fit->prefix, strcmp(name, "sub_shell") == 0);
    else if (strcmp(name, "source") == 0)
        put_yaml(out, fit->source);
    else if (strcmp(name, "image") == 0)
        put_image(out, fit->kinds);
    else if (strcmp(name, "setup") == 0)
        put_template(&inner, template_text(is_github(w) ? "setup-github.yml" : "setup-gitlab.yml"));
    else
        PFL_BUG("a template names a value that there is not");
}

static bool holds(const struct pfl_ci_fit *fit, const char *name)
{
    const unsigned native = PFL_INIT_CMAKE | PFL_INIT_MESON | PFL_INIT_MAKE;
    const struct {
        const char *name;
        bool holds;
    } conditions[] = {
        {"build", fit->build != NULL},
        {"auto", fit->baseline_auto},
        {"reference", fit->reference != NULL},
        {"deep", fit->deep},
        {"targets", fit->targets},
        {"sub", *fit->prefix != 0},
        {"native", (fit->kinds & native) != 0},
        {"meson", (fit->kinds & PFL_INIT_MESON) != 0},
        {"go", (fit->kinds & PFL_INIT_GO) != 0},
        {"python", (fit->kinds & PFL_INIT_PYTHON) != 0},
        {"pytest_benchmark", (fit->kinds & PFL_INIT_PYTEST_BENCHMARK) != 0},
        {"asv", (fit->kinds & PFL_INIT_ASV) != 0},
        {"node", (fit->kinds & PFL_INIT_NODE) != 0},
        {"maven", (fit->kinds & PFL_INIT_MAVEN) != 0},
        {"google_benchmark", (fit->kinds & PFL_INIT_GOOGLE_BENCHMARK) != 0},
    };
    size_t i;

    for (i = 0; i < PFL_COUNT(conditions); i++)
        if (strcmp(conditions[i].name, name) == 0)
            return conditions[i].holds;
    PFL_BUG("a template names a condition that there is not");
}

/* What stands between two @ at `at`, a name or a name, a blank and a file: its length; 0: an @ like
 * any other. */
static size_t value_name(const char *at, char name[NAME_MAX_LEN + 1])
{
    size_t len = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");

    if (len && at[len + 1] == ' ')
        len += 1 + strspn(at + len + 2, "abcdefghijklmnopqrstuvwxyz./-");
    if (len == 0 || len > NAME_MAX_LEN || at[len + 1] != '@')
        return 0;
    memcpy(name, at + 1, len);
    name[len] = 0;
    return len;
}

/* All lines of a value, indented as its place is; no value, no line. */
static void put_lines(struct writing *w, size_t indent, const char *name)
{
    struct pfl_buf value;
    const char *at;
    size_t len;

    pfl_buf_init(&value, VALUE_MAX);
    put_value(w, name, &value);
    if (value.error)
        w->out->error = value.error;
    for (at = pfl_buf_cstr(&value); *at; at += len + (at[len] == '\n')) {
        len = strcspn(at, "\n");
        if (len)
            pfl_buf_fill(w->out, ' ', indent);
        pfl_buf_add(w->out, at, len);
        pfl_buf_char(w->out, '\n');
    }
    pfl_buf_release(&value);
}

static void put_line(struct writing *w, const char *line, size_t len)
{
    size_t indent = strspn(line, " "), name_len;
    char name[NAME_MAX_LEN + 1];

    if (indent < len && line[indent] == '@') {
        name_len = value_name(line + indent, name);
        if (name_len && indent + name_len + 2 == len) {
            put_lines(w, indent, name);
            return;
        }
    }
    for (; len; line++, len--) {
        name_len = *line == '@' ? value_name(line, name) : 0;
        if (name_len) {
            put_value(w, name, w->out);
            line += name_len + 1;
            len -= name_len + 1;
        } else {
            pfl_buf_char(w->out, *line);
        }
    }
    pfl_buf_char(w->out, '\n');
}

/* "%if NAME", "%ifnot NAME": whether what follows stands. */
static bool opens(const struct writing *w, const char *line, size_t len)
{
    bool not_ = strncmp(line, "%ifnot ", 7) == 0;
    size_t skip = not_ ? 7 : 4;
    char name[NAME_MAX_LEN + 1];

    if (len <= skip || len - skip >= sizeof name)
        PFL_BUG("a template's %%if is damaged");
    memcpy(name, line + skip, len - skip);
    name[len - skip] = 0;
    return holds(w->fit, name) != not_;
}

static void put_template(struct writing *w, const char *text)
{
    bool stands[DEPTH_MAX + 1] = {true};
    size_t depth = 0, len;

    for (; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        if (strncmp(text, "%if", 3) == 0) {
            if (depth == DEPTH_MAX)
                PFL_BUG("a template is nested too deeply");
            stands[depth + 1] = stands[depth] && opens(w, text, len);
            depth++;
        } else if (strncmp(text, "%end", 4) == 0) {
            if (depth-- == 0)
                PFL_BUG("a template's %%end ends nothing");
        } else if (stands[depth]) {
            put_line(w, text, len);
        }
    }
}

int pfl_ci_write(const struct pfl_ci_file *file, const struct pfl_ci_fit *fit, struct pfl_buf *out,
                 struct pfl_err *err)
{
    struct writing w = {.fit = fit, .template = file->name, .out = out};

    put_template(&w, template_text(file->name));
    return pfl_buf_check(out, err, "writing a CI template");
}
