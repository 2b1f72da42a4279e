/*
 * Searching build files for a name and a dependency.
 *
 * Three small readers do it: a call with its first argument (CMake, Meson, setup.py), a TOML key
 * within a section, and a JSON key of the outermost object. Comments are stepped over in each
 * language's own way; anything computed (${NAME}) is left alone.
 */
#include "project/init_scan.h"

#include <string.h>
#include <strings.h>

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

static const char *next_line(const char *text)
{
    text += strcspn(text, "\n");
    return *text ? text + 1 : text;
}

/* A quoted text at `text`: its inside. */
static size_t quoted(const char *text, const char **start)
{
    const char *end;

    if (*text != '"' && *text != '\'')
        return 0;
    end = strchr(text + 1, *text);
    if (!end || memchr(text, '\n', (size_t)(end - text)))
        return 0;
    *start = text + 1;
    return (size_t)(end - *start);
}

/* The first argument of each call `word(`, asked one after the other until it is a name. */
static size_t first_argument(const char *text, const char *word, bool bare, const char **start)
{
    size_t word_len = strlen(word), len;
    const char *at;
    char before = '\n';

    for (at = text; *at; before = *at++) {
        if (*at == '#') { /* a comment in CMake, Meson and Python alike */
            at += strcspn(at, "\n");
            if (!*at)
                break;
        }
        if (is_word(before) || strncasecmp(at, word, word_len) != 0)
            continue;
        *start = skip_blanks(at + word_len);
        if (**start != '(')
            continue;
        *start = skip_blanks(*start + 1);
        len = quoted(*start, start);
        if (len == 0 && bare)
            len = strcspn(*start, " \t\r\n)\"'");
        if (len > 0 && !memchr(*start, '$', len))
            return len;
    }
    return 0;
}

size_t pfl_init_cmake_name(const char *text, const char **start)
{
    return first_argument(text, "project", true, start);
}

size_t pfl_init_meson_name(const char *text, const char **start)
{
    return first_argument(text, "project", false, start);
}

bool pfl_init_is_program(const char *name, size_t len)
{
    size_t i;

    if (len == 0 || len > PFL_INIT_PROGRAM_MAX || strchr("/-.", *name))
        return false;
    for (i = 0; i < len; i++) {
        if (!is_word(name[i]) && !strchr("+-./", name[i]))
            return false;
        if (len - i >= 4 && strncasecmp(name + i, "test", 4) == 0)
            return false;
    }
    return true;
}

/* The first call that makes a program; `ALIAS` and `IMPORTED` ones make none. */
static size_t first_program(const char *text, const char *word, bool bare, const char **start)
{
    const char *behind;
    size_t len;

    while ((len = first_argument(text, word, bare, start)) > 0) {
        behind = skip_blanks(*start + len);
        if (pfl_init_is_program(*start, len) && strncmp(behind, "ALIAS", 5) != 0 &&
            strncmp(behind, "IMPORTED", 8) != 0)
            return len;
        text = *start + len;
    }
    return 0;
}

size_t pfl_init_cmake_program(const char *text, const char **start)
{
    static const char *const same[] = {"add_executable(${PROJECT_NAME}",
                                       "add_executable(${CMAKE_PROJECT_NAME}"};
    size_t len = first_program(text, "add_executable", true, start);

    if (len == 0 && (strstr(text, same[0]) || strstr(text, same[1])))
        len = pfl_init_cmake_name(text, start);
    return len;
}

size_t pfl_init_meson_program(const char *text, const char **start)
{
    return first_program(text, "executable", false, start);
}

bool pfl_init_cmake_uses_google_benchmark(const char *text)
{
    const char *start;
    size_t len;

    while ((len = first_argument(text, "find_package", true, &start)) > 0) {
        if (len == 9 && strncmp(start, "benchmark", 9) == 0)
            return true;
        text = start + len;
    }
    return strstr(text, "benchmark::benchmark") || strstr(text, "google/benchmark");
}

/* Does the text make a program of that name? */
static bool makes(const char *text, const char *name, size_t len)
{
    const char *start;
    size_t found;

    while ((found = first_argument(text, "add_executable", true, &start)) > 0) {
        if (found == len && memcmp(start, name, len) == 0)
            return true;
        text = start + found;
    }
    return false;
}

size_t pfl_init_cmake_google_program(const char *text, const char **start)
{
    const char *at = text, *what;
    size_t len;

    while ((len = first_argument(at, "target_link_libraries", true, start)) > 0) {
        at = *start + len;
        what = strstr(at, "benchmark::benchmark");
        if (what && (size_t)(what - at) < strcspn(at, ")") && makes(text, *start, len))
            return len;
    }
    return 0;
}

bool pfl_init_meson_uses_google_benchmark(const char *text)
{
    const char *start;
    size_t len;

    while ((len = first_argument(text, "dependency", false, &start)) > 0) {
        if (len == 9 && strncmp(start, "benchmark", 9) == 0)
            return true;
        text = start + len;
    }
    return false;
}

/* TOML: the value's place of `key` in [section]; with key NULL the section's own place. */
static const char *toml_find(const char *text, const char *section, const char *key)
{
    size_t section_len = strlen(section), key_len = key ? strlen(key) : 0;
    bool inside = false;
    const char *line, *at;

    for (line = text; *line; line = next_line(line)) {
        at = line + strspn(line, " \t");
        if (*at == '[') {
            inside = strncmp(at + 1, section, section_len) == 0 && at[1 + section_len] == ']';
            if (inside && !key)
                return at;
        } else if (inside && key && strncmp(at, key, key_len) == 0) {
            at += key_len;
            at += strspn(at, " \t");
            if (*at == '=')
                return at + 1 + strspn(at + 1, " \t");
        }
    }
    return NULL;
}

size_t pfl_init_cargo_name(const char *text, const char **start)
{
    const char *value = toml_find(text, "package", "name");

    return value ? quoted(value, start) : 0;
}

size_t pfl_init_cargo_bin(const char *text, const char **start)
{
    const char *value = toml_find(text, "[bin]", "name");

    return value ? quoted(value, start) : 0;
}

bool pfl_init_cargo_uses_criterion(const char *text)
{
    return toml_find(text, "dev-dependencies", "criterion") ||
           toml_find(text, "dev-dependencies", "criterion.workspace") ||
           toml_find(text, "dev-dependencies.criterion", NULL) ||
           toml_find(text, "workspace.dependencies", "criterion");
}

size_t pfl_init_pyproject_name(const char *text, const char **start)
{
    const char *value = toml_find(text, "project", "name");

    if (!value)
        value = toml_find(text, "tool.poetry", "name");
    return value ? quoted(value, start) : 0;
}

bool pfl_init_python_uses_pytest_benchmark(const char *text)
{
    const char *line, *found, *comment;

    for (line = text; *line; line = next_line(line)) {
        size_t len = strcspn(line, "\n");

        found = strstr(line, "pytest-benchmark");
        if (!found)
            found = strstr(line, "pytest_benchmark");
        if (!found)
            return false;
        comment = memchr(line, '#', len);
        if (found < line + len && (!comment || found < comment))
            return true;
    }
    return false;
}

size_t pfl_init_setup_name(const char *text, const char **start)
{
    const char *at = strstr(text, "setup("), *value;
    size_t len;

    for (; at && (at = strstr(at, "name")); at++) {
        if (is_word(at[-1]))
            continue;
        value = skip_blanks(at + 4);
        if (*value != '=')
            continue;
        len = quoted(skip_blanks(value + 1), start);
        if (len > 0)
            return len;
    }
    return 0;
}

size_t pfl_init_go_name(const char *text, const char **start)
{
    const char *line, *end, *last;

    for (line = text; *line && strncmp(line, "module", 6) != 0; line = next_line(line))
        ;
    if (!*line || !strchr(" \t", line[6]))
        return 0;
    line += 6 + strspn(line + 6, " \t\"");
    end = line + strcspn(line, " \t\r\n\"");
    for (last = end; last > line && last[-1] != '/'; last--)
        ;
    if (last > line && *last == 'v' && end - last > 1 &&
        strspn(last + 1, "0123456789") == (size_t)(end - last - 1)) {
        end = last - 1; /* …/plate/v2 is called plate */
        for (last = end; last > line && last[-1] != '/'; last--)
            ;
    }
    *start = last;
    return (size_t)(end - last);
}

/* Behind the JSON string, comment or single character at `at`. */
static const char *json_step(const char *at)
{
    if (at[0] == '/' && at[1] == '/')
        return at + strcspn(at, "\n");
    if (at[0] != '"')
        return at + 1;
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at + 1 : at;
}

/* The text that `key` has in the outermost object. */
static size_t json_text(const char *text, const char *key, const char **start)
{
    size_t key_len = strlen(key), len;
    const char *at, *behind;
    int depth = 0;

    for (at = text; *at; at = behind) {
        behind = json_step(at);
        if (strchr("{[", *at))
            depth++;
        else if (strchr("}]", *at))
            depth--;
        if (depth != 1 || *at != '"' || (size_t)(behind - at) != key_len + 2 ||
            strncmp(at + 1, key, key_len) != 0)
            continue;
        behind = skip_blanks(behind);
        if (*behind != ':')
            continue;
        len = quoted(skip_blanks(behind + 1), start);
        if (len > 0 && !memchr(*start, '\\', len))
            return len;
    }
    return 0;
}

size_t pfl_init_asv_name(const char *text, const char **start)
{
    return json_text(text, "project", start);
}

/* "@scope/name" is called name. */
size_t pfl_init_node_name(const char *text, const char **start)
{
    size_t len = json_text(text, "name", start);
    const char *slash = len ? memchr(*start, '/', len) : NULL;

    if (!slash)
        return len;
    len -= (size_t)(slash + 1 - *start);
    *start = slash + 1;
    return len;
}

size_t pfl_init_maven_name(const char *text, const char **start)
{
    static const char open[] = "<artifactId>";
    const char *parent = strstr(text, "<parent>"), *found = strstr(text, open), *end;

    if (found && parent && parent < found) {
        end = strstr(parent, "</parent>");
        found = end ? strstr(end, open) : NULL;
    }
    if (!found)
        return 0;
    *start = skip_blanks(found + sizeof open - 1);
    return strcspn(*start, " \t\r\n<");
}
