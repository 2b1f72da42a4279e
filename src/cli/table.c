/* The commands there are, in the order in which help shows them. To add one: write its card, name
 * it here twice. */
#include "cli/command.h"

extern const struct pfl_command pfl_command_run, pfl_command_race, pfl_command_doctor,
    pfl_command_check, pfl_command_compare, pfl_command_changes, pfl_command_baseline,
    pfl_command_targets, pfl_command_list, pfl_command_show, pfl_command_void, pfl_command_note,
    pfl_command_import, pfl_command_export, pfl_command_log, pfl_command_init,
    pfl_command_completion, pfl_command_version, pfl_command_help;

const struct pfl_command *const pfl_commands[] = {
    &pfl_command_run,        &pfl_command_race,    &pfl_command_doctor,  &pfl_command_check,
    &pfl_command_compare,    &pfl_command_targets, &pfl_command_changes, &pfl_command_baseline,
    &pfl_command_list,       &pfl_command_show,    &pfl_command_void,    &pfl_command_note,
    &pfl_command_import,     &pfl_command_export,  &pfl_command_log,     &pfl_command_init,
    &pfl_command_completion, &pfl_command_version, &pfl_command_help,    NULL,
};
