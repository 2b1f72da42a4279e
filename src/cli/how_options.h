/* How a command is measured, on the command line: the options that `run` and `race` share. */
#ifndef PFL_CLI_HOW_OPTIONS_H
#define PFL_CLI_HOW_OPTIONS_H

#include "cli/command.h"
#include "model/suite.h"

/* A command's options struct has one of these, called `how`. */
struct pfl_how_options {
    int warmup;
    int64_t timeout;
    bool no_shell, ignore_failure, clean_env, memory_tree;
    const char *shell_name, *setup, *prepare, *conclude, *cleanup, *validate, *cwd, *input, *output,
        *pin;
    struct pfl_option_list env;
};

/* Entries of the table. AT: offset of a field of the command's options struct. */
#define PFL_NAME_OPTIONS(AT)                                                                       \
    {.name = "--name",                                                                             \
     .letter = 'n',                                                                                \
     .kind = PFL_OPTION_LIST,                                                                      \
     .value = "NAME",                                                                              \
     .offset = AT(names),                                                                          \
     .summary = "name of the command, in order; may be given several times"},                      \
    {                                                                                              \
        .name = "--command-name", .kind = PFL_OPTION_LIST, .value = "NAME", .offset = AT(names),   \
        .hidden = true, .summary = "the same as --name"                                            \
    }

#define PFL_HOW_OPTIONS(AT)                                                                        \
    {.name = "--warmup",                                                                           \
     .letter = 'w',                                                                                \
     .kind = PFL_OPTION_COUNT,                                                                     \
     .value = "N",                                                                                 \
     .offset = AT(how.warmup),                                                                     \
     .summary = "launches before, not recorded (default 1)"},                                      \
        {.name = "--timeout",                                                                      \
         .kind = PFL_OPTION_DURATION,                                                              \
         .value = "D",                                                                             \
         .offset = AT(how.timeout),                                                                \
         .summary = "bound on one launch; its process group is ended then, and the benchmark has " \
                    "timed out"},                                                                  \
        {.name = "--setup",                                                                        \
         .letter = 's',                                                                            \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "CMD",                                                                           \
         .offset = AT(how.setup),                                                                  \
         .summary = "before each benchmark, once (through sh, as all these)"},                     \
        {.name = "--prepare",                                                                      \
         .letter = 'p',                                                                            \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "CMD",                                                                           \
         .offset = AT(how.prepare),                                                                \
         .summary = "before each launch, not measured"},                                           \
        {.name = "--conclude",                                                                     \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "CMD",                                                                           \
         .offset = AT(how.conclude),                                                               \
         .summary = "after each launch, not measured"},                                            \
        {.name = "--cleanup",                                                                      \
         .letter = 'c',                                                                            \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "CMD",                                                                           \
         .offset = AT(how.cleanup),                                                                \
         .summary = "after each benchmark, once"},                                                 \
        {.name = "--validate",                                                                     \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "CMD",                                                                           \
         .offset = AT(how.validate),                                                               \
         .summary = "the result must be right: the benchmark fails when CMD does"},                \
        {.name = "--shell",                                                                        \
         .letter = 'S',                                                                            \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "[SHELL]",                                                                       \
         .offset = AT(how.shell_name),                                                             \
         .choices = "sh",                                                                          \
         .summary = "run through SHELL -c (default sh); its start-up is measured and subtracted, " \
                    "and said"},                                                                   \
        {.name = "--no-shell",                                                                     \
         .letter = 'N',                                                                            \
         .kind = PFL_OPTION_FLAG,                                                                  \
         .offset = AT(how.no_shell),                                                               \
         .summary = "no shell, words split as a shell would (the default)"},                       \
        {.name = "--ignore-failure",                                                               \
         .letter = 'i',                                                                            \
         .kind = PFL_OPTION_FLAG,                                                                  \
         .offset = AT(how.ignore_failure),                                                         \
         .summary = "a launch that exits with another status than 0 counts all the same"},         \
        {.name = "--input",                                                                        \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "FILE",                                                                          \
         .offset = AT(how.input),                                                                  \
         .choices = "file",                                                                        \
         .summary = "standard input of the command, relative to its folder (default /dev/null)"},  \
        {.name = "--output",                                                                       \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "WHERE",                                                                         \
         .offset = AT(how.output),                                                                 \
         .choices = "file",                                                                        \
         .summary = "standard output of the command: null (default), pipe, inherit, or a file"},   \
        {.name = "--cwd",                                                                          \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "DIR",                                                                           \
         .offset = AT(how.cwd),                                                                    \
         .choices = "folder",                                                                      \
         .summary = "working folder of the command"},                                              \
        {.name = "--env",                                                                          \
         .kind = PFL_OPTION_LIST,                                                                  \
         .value = "NAME=VALUE",                                                                    \
         .offset = AT(how.env),                                                                    \
         .summary = "set a variable for the command; may be given several times"},                 \
        {.name = "--clean-env",                                                                    \
         .kind = PFL_OPTION_FLAG,                                                                  \
         .offset = AT(how.clean_env),                                                              \
         .summary = "give the command only PATH, HOME, LANG, TMPDIR and --env"},                   \
        {.name = "--pin",                                                                          \
         .kind = PFL_OPTION_TEXT,                                                                  \
         .value = "CPUS",                                                                          \
         .offset = AT(how.pin),                                                                    \
         .summary = "run the command on these CPUs only (0, or 0-3,6)"},                           \
    {                                                                                              \
        .name = "--memory-tree", .kind = PFL_OPTION_FLAG, .offset = AT(how.memory_tree),           \
        .summary = "sample the memory of the whole process tree too (every 10 ms)"                 \
    }

/* What was given, with its bits in how->set. PFL_EUSAGE when options exclude each other. */
int pfl_how_options_read(const struct pfl_how_options *given, struct pfl_arena *arena,
                         struct pfl_how *how, struct pfl_err *err);

#endif
