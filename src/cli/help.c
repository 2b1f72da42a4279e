/*
 * Help for people, from the cards: usage, what it does, options with their values, examples.
 * Wrapped to the width it is given; nothing here is written by hand per command.
 */
#include "cli/help.h"

#include "base/text.h"
#include "cli/options.h"
#include "sys/file.h"

#include <string.h>

enum { HELP_MAX = 1 << 20, OPTION_COLUMN = 28, WIDEST = 100 };

/* Appends text wrapped at `width`, each line behind `indent` blanks; the first line starts where
 * the caller left off. */
static void wrap(struct pfl_buf *out, const char *text, size_t indent, size_t width)
{
    size_t column = indent, len, word;

    while (*text) {
        if (*text == '\n') {
            pfl_buf_char(out, '\n');
            pfl_buf_fill(out, ' ', indent);
            column = indent;
            text++;
            continue;
        }
        text += strspn(text, " ");
        len = strcspn(text, " \n");
        if (len == 0)
            continue;
        word = len;
        if (column > indent && column + 1 + word > width) {
            pfl_buf_char(out, '\n');
            pfl_buf_fill(out, ' ', indent);
            column = indent;
        } else if (column > indent) {
            pfl_buf_char(out, ' ');
            column++;
        }
        pfl_buf_add(out, text, len);
        column += word;
        text += len;
    }
    pfl_buf_char(out, '\n');
}

static size_t width_of(const struct pfl_report_style *style)
{
    size_t width = style->width ? style->width : 80;

    return width > WIDEST ? WIDEST : width < 40 ? 40 : width;
}

void pfl_help_option_name(const struct pfl_option *option, struct pfl_buf *out)
{
    if (option->letter)
        pfl_buf_format(out, "-%c, ", option->letter);
    pfl_buf_text(out, option->name);
    if (option->value)
        pfl_buf_format(out, "%s%s", pfl_text_starts(option->value, "[=") ? "" : " ", option->value);
}

static void write_options(const struct pfl_option *option, const struct pfl_report_style *style,
                          struct pfl_buf *out)
{
    size_t start, len;

    for (; option && option->name; option++) {
        if (option->hidden)
            continue;
        pfl_buf_text(out, option->letter ? "  " : "      ");
        start = out->len;
        pfl_help_option_name(option, out);
        len = out->len - start + (option->letter ? 2 : 6);
        if (len + 2 > OPTION_COLUMN) {
            pfl_buf_char(out, '\n');
            len = 0;
        }
        pfl_buf_fill(out, ' ', OPTION_COLUMN - len);
        wrap(out, option->summary, OPTION_COLUMN, width_of(style));
    }
}

static void write_usage(const struct pfl_command *command, struct pfl_buf *out)
{
    const char *at = command->usage, *end;

    while (*at) {
        end = at + strcspn(at, "\n");
        pfl_buf_text(out, at == command->usage ? "Usage: perfledger " : "       perfledger ");
        pfl_buf_add(out, at, (size_t)(end - at));
        pfl_buf_char(out, '\n');
        at = *end ? end + 1 : end;
    }
}

static void write_examples(const char *at, struct pfl_buf *out)
{
    while (at && *at) {
        size_t command = strcspn(at, "\t"), line = strcspn(at, "\n");

        pfl_buf_text(out, "  ");
        pfl_buf_add(out, at, command);
        if (command < line)
            pfl_buf_format(out, "\n      %.*s", (int)(line - command - 1), at + command + 1);
        pfl_buf_char(out, '\n');
        at += line + (at[line] == '\n');
    }
}

void pfl_help_write(const struct pfl_command *command, const struct pfl_report_style *style,
                    struct pfl_buf *out)
{
    write_usage(command, out);
    pfl_buf_char(out, '\n');
    wrap(out, command->description ? command->description : command->summary, 0, width_of(style));
    if (command->options && command->options->name) {
        pfl_buf_text(out, "\nOptions:\n");
        write_options(command->options, style, out);
    }
    pfl_buf_text(out, "\nGlobal options:\n");
    write_options(pfl_global_options, style, out);
    if (command->examples) {
        pfl_buf_text(out, "\nExamples:\n");
        write_examples(command->examples, out);
    }
}

static bool first_of_group(size_t index)
{
    size_t i;

    for (i = 0; i < index; i++)
        if (strcmp(pfl_commands[i]->group, pfl_commands[index]->group) == 0)
            return false;
    return true;
}

void pfl_help_overview(const struct pfl_report_style *style, struct pfl_buf *out)
{
    size_t i, j;

    pfl_buf_text(
        out,
        "perfledger: measures programs, records every number with where it came from, and judges\n"
        "whether a change made them slower.\n\n"
        "Usage: perfledger [GLOBAL OPTIONS] COMMAND [OPTIONS] …\n");
    for (i = 0; pfl_commands[i]; i++) {
        if (!first_of_group(i))
            continue;
        pfl_buf_format(out, "\n%s:\n", pfl_commands[i]->group);
        for (j = i; pfl_commands[j]; j++)
            if (strcmp(pfl_commands[j]->group, pfl_commands[i]->group) == 0) {
                pfl_buf_format(out, "  %-12s", pfl_commands[j]->name);
                wrap(out, pfl_commands[j]->summary, 14, width_of(style));
            }
    }
    pfl_buf_text(out, "\nGlobal options:\n");
    write_options(pfl_global_options, style, out);
    pfl_buf_text(
        out, "\nStart here:\n"
             "  perfledger run -- gzip -9kf big.txt     measure a command\n"
             "  perfledger init                        set up a project\n"
             "  perfledger help run                    all about one command\n\n"
             "Exit status: 0 fine · 1 a gate said no · 2 usage or configuration · 3 environment ·\n"
             "4 a measured command failed · 5 inconclusive under --strict · 6 nothing to judge\n");
}

int pfl_help_print(struct pfl_context *context, const struct pfl_command *command, bool asked,
                   struct pfl_err *err)
{
    struct pfl_buf out;
    int rc;

    pfl_buf_init(&out, HELP_MAX);
    if (command)
        pfl_help_write(command, &context->out, &out);
    else
        pfl_help_overview(asked ? &context->out : &context->errors, &out);
    rc = pfl_buf_check(&out, err, "writing the help");
    if (rc == PFL_OK && (asked || command))
        rc = pfl_cli_print(context, &out, err);
    else if (rc == PFL_OK) {
        rc = pfl_file_write_fd(2, out.data, out.len, err);
        if (rc == PFL_OK)
            rc = PFL_EUSAGE;
    }
    pfl_buf_release(&out);
    return rc;
}
