/*
 * A command is a card: its name, help, options and the function that runs it. Help, man pages and
 * shell completion are made from the cards, so what is not on a card does not exist.
 */
#ifndef PFL_CLI_COMMAND_H
#define PFL_CLI_COMMAND_H

#include "base/arena.h"
#include "base/err.h"
#include "report/report.h"

enum pfl_option_kind {
    PFL_OPTION_FLAG,     /* bool */
    PFL_OPTION_TEXT,     /* const char * */
    PFL_OPTION_COUNT,    /* int, ≥ min */
    PFL_OPTION_DURATION, /* int64_t ns */
    PFL_OPTION_FRACTION, /* double: 1% or 0.01 */
    PFL_OPTION_FACTOR,   /* double: 3x */
    PFL_OPTION_SEED,     /* struct pfl_option_seed: 0 is a seed like any other */
    PFL_OPTION_CHOICE,   /* const char *, one of `choices` (blank-separated) */
    PFL_OPTION_LIST,     /* may be given several times: struct pfl_option_list */
};

struct pfl_option_list {
    const char **at;
    size_t n;
};

struct pfl_option_seed {
    bool given;
    uint64_t value;
};

struct pfl_option {
    const char *name; /* "--rounds" */
    char letter;      /* 'r' or 0 */
    enum pfl_option_kind kind;
    const char *value;   /* "N", shown in help; NULL for flags; "[VALUE]": may be left out before
                            another option or `--`, and is then the first of `choices`;
                            "[=VALUE]": the same, and the next word is never taken for it */
    const char *summary; /* one line */
    size_t offset;       /* of the field in the command's options struct */
    int64_t min;         /* COUNT */
    const char *choices; /* CHOICE: "terminal markdown junit" ; TEXT: NULL or "file", "folder",
                            "run", "benchmark" for completion */
    int words;           /* LIST: how many words each use takes (0 = 1); -L takes 2, -P takes 3 */
    bool hidden;
};

/* What every command is given. */
struct pfl_context {
    struct pfl_arena *arena; /* of the command */
    const char *program;     /* "perfledger" */
    const char *config_file; /* --config, PERFLEDGER_CONFIG; NULL: found by walking up */
    const char *ledger_url;  /* --ledger, PERFLEDGER_LEDGER; NULL: default */
    bool json;
    struct pfl_report_style out, errors; /* styles of stdout and stderr */
    int verbosity;
    void *options; /* the command's struct, filled from its card */
    char **args;   /* what was left: words before `--`, then those behind it */
    size_t arg_count;
    size_t args_before_dashes; /* = arg_count when there was no `--` */
    bool dashes;
};

struct pfl_command {
    const char *name;        /* "run", or "baseline" with verbs of its own as arguments */
    const char *group;       /* heading in `help`: "Measure", "Judge", "Ledger", "Set-up" */
    const char *summary;     /* one line */
    const char *usage;       /* lines after "perfledger ", newline-separated */
    const char *description; /* paragraphs for help and the man page */
    const char *examples;    /* lines "command\tmeaning" */
    const struct pfl_option *options; /* ends with a zeroed entry */
    size_t options_size; /* of the options struct: allocated zeroed, texts NULL, fractions and
                            factors NaN, counts -1, durations -1 */
    const char *verbs;   /* blank-separated sub-verbs for completion, or NULL */
    int (*run)(struct pfl_context *context,
               struct pfl_err *err); /* PFL_OK or a code; its exit status follows err.h */
};

extern const struct pfl_command *const pfl_commands[]; /* NULL-terminated: table.c */

/* Prints to stdout. A reader that has gone (EPIPE: `| head -1`) has read what it wanted: that is
 * PFL_OK, and the command ends with the status it would have had. */
int pfl_cli_print(struct pfl_context *context, const struct pfl_buf *buf, struct pfl_err *err);

#endif
