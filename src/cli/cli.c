/*
 * The program from main's words to its exit status: parse, set the styles of both streams, run the
 * command's card, print the error if there is one. This file, and those beside it, are the only
 * ones that print.
 */
#include "cli/main.h"

#include "base/alloc.h"
#include "base/log.h"
#include "cli/help.h"
#include "cli/options.h"
#include "sys/file.h"
#include "sys/folder.h"
#include "sys/tty.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_MAX = 64 << 10 };

static void print_message(const struct pfl_err *what, const char *severity,
                          const struct pfl_report_style *style)
{
    struct pfl_buf buf;

    pfl_buf_init(&buf, MESSAGE_MAX);
    pfl_report_error(what, severity, style, &buf);
    if (buf.error) /* no memory even for the words */
        pfl_file_write_fd(2, "perfledger: out of memory\n", 26, NULL);
    else
        pfl_file_write_fd(2, buf.data, buf.len, NULL);
    pfl_buf_release(&buf);
}

static void log_line(void *context, enum pfl_log_level level, const char *line)
{
    struct pfl_err message;

    pfl_err_set(&message, PFL_OK, "%s", line);
    print_message(&message, level == PFL_LOG_WARNING ? "warning" : "note", context);
}

static void report_bug(const char *file, int line, const char *message)
{
    struct pfl_report_style plain = {.width = 80};
    struct pfl_err err;

    pfl_err_set(&err, PFL_EBUG,
                "a bug in perfledger at %s:%d: %s; please report it with the command that led here",
                file, line, message);
    print_message(&err, "error", &plain);
    _exit(pfl_err_exit_status(PFL_EBUG));
}

static struct pfl_report_style style_of(int fd, const char *color, int verbosity)
{
    struct pfl_report_style style = {.utf8 = pfl_tty_utf8(), .verbosity = verbosity};

    style.width = pfl_tty_width(fd);
    if (style.width == 0)
        style.width = 80;
    style.colour = color && strcmp(color, "always") == 0  ? true
                   : color && strcmp(color, "never") == 0 ? false
                                                          : pfl_tty_colour(fd);
    return style;
}

/* Counters for the fault tests: PFL_FAIL_ALLOC=n, PFL_FAIL_IO=n (n-th call fails),
 * PFL_FAIL_ALWAYS=1. */
static void arm_faults(void)
{
    const char *alloc = pfl_environment("PFL_FAIL_ALLOC"), *io = pfl_environment("PFL_FAIL_IO");

    if (alloc)
        pfl_fault.alloc_at = strtoul(alloc, NULL, 10);
    if (io)
        pfl_fault.io_at = strtoul(io, NULL, 10);
    pfl_fault.always = pfl_environment("PFL_FAIL_ALWAYS") != NULL;
}

/* How many calls came by, for the fault tests: PFL_FAIL_REPORT=FILE. */
static void report_faults(void)
{
    const char *path = pfl_environment("PFL_FAIL_REPORT");
    unsigned long allocs = pfl_fault.alloc_seen, ios = pfl_fault.io_seen;
    struct pfl_buf buf;

    if (!path)
        return;
    memset(&pfl_fault, 0, sizeof pfl_fault);
    pfl_buf_init(&buf, 256);
    pfl_buf_format(&buf, "ALLOC %lu\nIO %lu\n", allocs, ios);
    pfl_file_write(path, pfl_buf_cstr(&buf), buf.len, false, NULL);
    pfl_buf_release(&buf);
}

int pfl_cli_print(struct pfl_context *context, const struct pfl_buf *buf, struct pfl_err *err)
{
    int rc = pfl_buf_check(buf, err, "writing the report");

    struct pfl_err why;

    (void)context;
    if (rc != PFL_OK)
        return rc;
    rc = pfl_file_write_fd(1, pfl_buf_cstr(buf), buf->len, &why);
    if (rc == PFL_EIO && why.os_errno == EPIPE)
        return PFL_OK;
    if (rc != PFL_OK && err)
        *err = why;
    return rc;
}

/* A variable that is set but empty counts as unset, as everywhere in a shell. */
static const char *given_or_variable(const char *given, const char *name)
{
    const char *value = given ? given : pfl_environment(name);

    return given || (value && *value) ? value : NULL;
}

static int run_command(struct pfl_parsed *parsed, struct pfl_context *context, struct pfl_err *err)
{
    const struct pfl_global_options *globals = &parsed->globals;
    int rc = PFL_OK;

    if (globals->help || !parsed->command)
        return pfl_help_print(context, parsed->command, globals->help || globals->version, err);
    if (globals->folder)
        rc = pfl_folder_change(globals->folder, err);
    if (rc != PFL_OK)
        return rc;
    context->config_file = given_or_variable(globals->config, "PERFLEDGER_CONFIG");
    context->ledger_url = given_or_variable(globals->ledger, "PERFLEDGER_LEDGER");
    context->options = parsed->options;
    context->args = parsed->args;
    context->arg_count = parsed->arg_count;
    context->args_before_dashes = parsed->args_before_dashes;
    context->dashes = parsed->dashes;
    return parsed->command->run(context, err);
}

int pfl_cli_main(int count, char **words)
{
    struct pfl_context context = {.program = "perfledger"};
    struct pfl_parsed parsed;
    struct pfl_arena arena;
    struct pfl_err err;
    int rc;

    pfl_streams_keep();
    arm_faults();
    signal(SIGPIPE, SIG_IGN);
    pfl_err_set_bug_hook(report_bug);
    pfl_err_clear(&err);
    pfl_arena_init(&arena);
    rc = pfl_options_parse(words, (size_t)count, &arena, &parsed, &err);
    if (parsed.globals.version)
        parsed.command = pfl_command_find("version");
    context.arena = &arena;
    context.json = parsed.globals.json;
    context.verbosity = parsed.globals.quiet ? -1 : parsed.globals.verbose ? 1 : 0;
    context.out = style_of(1, parsed.globals.color, context.verbosity);
    context.errors = style_of(2, parsed.globals.color, context.verbosity);
    pfl_log_set_sink(log_line, &context.errors,
                     context.verbosity < 0   ? PFL_LOG_WARNING
                     : context.verbosity > 0 ? PFL_LOG_DETAIL
                                             : PFL_LOG_NOTICE);
    if (rc == PFL_OK)
        rc = run_command(&parsed, &context, &err);
    if (rc != PFL_OK && *err.message)
        print_message(&err, "error", &context.errors);
    pfl_log_set_sink(NULL, NULL, PFL_LOG_WARNING);
    pfl_arena_release(&arena);
    report_faults();
    return pfl_err_exit_status(rc);
}
