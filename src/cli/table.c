/* The commands there are, in the order in which help shows them. To add one: write its card, name
 * it here in one line. */
#include "cli/command.h"

/* clang-format off */
#define COMMANDS(X) \
    X(run)          \
    X(race)         \
    X(doctor)       \
    X(check)        \
    X(compare)      \
    X(changes)      \
    X(targets)      \
    X(baseline)     \
    X(list)         \
    X(show)         \
    X(void)         \
    X(note)         \
    X(alias)        \
    X(prune)        \
    X(import)       \
    X(export)       \
    X(log)          \
    X(init)         \
    X(ci)           \
    X(completion)   \
    X(version)      \
    X(help)
/* clang-format on */

#define DECLARE(name) extern const struct pfl_command pfl_command_##name;
COMMANDS(DECLARE)

#define PLACE(name) &pfl_command_##name,
const struct pfl_command *const pfl_commands[] = {COMMANDS(PLACE) NULL};
