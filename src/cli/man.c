/*
 * Man pages from the cards, in roff (man macros). The committed pages in man/ are this output; a
 * test compares them, so they cannot fall behind the program.
 */
#include "cli/help.h"

#include "base/text.h"
#include "cli/options.h"

#include <ctype.h>
#include <string.h>

#ifndef PFL_VERSION
#define PFL_VERSION "unknown"
#endif

/* Text for roff: backslashes and hyphens escaped, a control character at a line's start disarmed.
 */
static void roff(struct pfl_buf *out, const char *text, size_t len)
{
    bool line_start = true;
    size_t i;

    for (i = 0; i < len; i++) {
        if (line_start && (text[i] == '.' || text[i] == '\''))
            pfl_buf_text(out, "\\&");
        line_start = text[i] == '\n';
        if (text[i] == '\\')
            pfl_buf_text(out, "\\e");
        else if (text[i] == '-')
            pfl_buf_text(out, "\\-");
        else if (line_start && i + 1 < len)
            pfl_buf_text(out, "\n.PP\n");
        else
            pfl_buf_char(out, text[i]);
    }
}

static void roff_text(struct pfl_buf *out, const char *text)
{
    roff(out, text, strlen(text));
}

static void section(struct pfl_buf *out, const char *title)
{
    pfl_buf_format(out, ".SH %s\n", title);
}

static void write_options(struct pfl_buf *out, const struct pfl_option *option)
{
    for (; option && option->name; option++) {
        if (option->hidden)
            continue;
        pfl_buf_text(out, ".TP\n\\fB");
        if (option->letter)
            pfl_buf_format(out, "\\-%c\\fR, \\fB", option->letter);
        roff_text(out, option->name);
        pfl_buf_text(out, "\\fR");
        if (option->value) {
            pfl_buf_text(out, pfl_text_starts(option->value, "[=") ? "\\fI" : " \\fI");
            roff_text(out, option->value);
            pfl_buf_text(out, "\\fR");
        }
        pfl_buf_char(out, '\n');
        roff_text(out, option->summary);
        pfl_buf_char(out, '\n');
    }
}

static void write_lines(struct pfl_buf *out, const char *at, const char *before)
{
    size_t len;

    for (; at && *at; at += len + (at[len] == '\n')) {
        len = strcspn(at, "\n");
        pfl_buf_text(out, before);
        roff(out, at, len);
        pfl_buf_text(out, "\n.br\n");
    }
}

static void write_examples(struct pfl_buf *out, const char *at)
{
    for (; at && *at;) {
        size_t command = strcspn(at, "\t"), line = strcspn(at, "\n");

        pfl_buf_text(out, ".TP\n\\fB");
        roff(out, at, command < line ? command : line);
        pfl_buf_text(out, "\\fR\n");
        if (command < line)
            roff(out, at + command + 1, line - command - 1);
        pfl_buf_char(out, '\n');
        at += line + (at[line] == '\n');
    }
}

static void write_exit_status(struct pfl_buf *out)
{
    section(out, "EXIT STATUS");
    pfl_buf_text(
        out,
        "0 fine; 1 a gate said no; 2 usage or configuration; 3 environment (no permission, ledger "
        "unreachable, disk full); 4 a measured command failed; 5 inconclusive under \\-\\-strict; "
        "6 nothing "
        "to judge; 70 a bug; 130 interrupted.\n");
}

static void write_program(struct pfl_buf *out)
{
    size_t i;

    pfl_buf_text(out, ".TH PERFLEDGER 1 \"\" \"perfledger " PFL_VERSION "\" \"User Commands\"\n");
    section(out, "NAME");
    pfl_buf_text(out, "perfledger \\- a performance ledger for any program\n");
    section(out, "SYNOPSIS");
    pfl_buf_text(
        out, "\\fBperfledger\\fR [\\fIGLOBAL OPTIONS\\fR] \\fICOMMAND\\fR [\\fIOPTIONS\\fR] ...\n");
    section(out, "DESCRIPTION");
    pfl_buf_text(out, "Measures commands, records every number with where it came from, compares "
                      "runs with baselines and "
                      "judges whether a change made them slower.\n");
    section(out, "COMMANDS");
    for (i = 0; pfl_commands[i]; i++) {
        pfl_buf_format(out, ".TP\n\\fBperfledger\\-%s\\fR(1)\n", pfl_commands[i]->name);
        roff_text(out, pfl_commands[i]->summary);
        pfl_buf_char(out, '\n');
    }
    section(out, "GLOBAL OPTIONS");
    write_options(out, pfl_global_options);
    section(out, "ENVIRONMENT");
    pfl_buf_text(out, ".TP\n\\fBPERFLEDGER_LEDGER\\fR, \\fBPERFLEDGER_CONFIG\\fR\nas \\-\\-ledger "
                      "and \\-\\-config\n"
                      ".TP\n\\fBNO_COLOR\\fR\nno colour, when set to anything\n");
    write_exit_status(out);
}

static void write_command(const struct pfl_command *command, struct pfl_buf *out)
{
    const char *at;

    pfl_buf_text(out, ".TH PERFLEDGER\\-");
    for (at = command->name; *at; at++)
        pfl_buf_char(out, (char)toupper((unsigned char)*at));
    pfl_buf_text(out, " 1 \"\" \"perfledger " PFL_VERSION "\" \"User Commands\"\n");
    section(out, "NAME");
    pfl_buf_format(out, "perfledger\\-%s \\- ", command->name);
    roff_text(out, command->summary);
    pfl_buf_char(out, '\n');
    section(out, "SYNOPSIS");
    write_lines(out, command->usage, "perfledger ");
    section(out, "DESCRIPTION");
    roff_text(out, command->description ? command->description : command->summary);
    pfl_buf_char(out, '\n');
    if (command->options && command->options->name) {
        section(out, "OPTIONS");
        write_options(out, command->options);
    }
    section(out, "GLOBAL OPTIONS");
    write_options(out, pfl_global_options);
    if (command->examples) {
        section(out, "EXAMPLES");
        write_examples(out, command->examples);
    }
    write_exit_status(out);
    section(out, "SEE ALSO");
    pfl_buf_text(out, "\\fBperfledger\\fR(1)\n");
}

void pfl_man_write(const struct pfl_command *command, struct pfl_buf *out)
{
    if (command)
        write_command(command, out);
    else
        write_program(out);
}
