/* Processes that outlived the child. */
#ifndef PFL_SYS_LAUNCHER_LEFTOVERS_H
#define PFL_SYS_LAUNCHER_LEFTOVERS_H

/* Ends and reaps every process that is left of a launch whose child led `group`; returns how many
 * had to be killed. */
int launcher_end_leftovers(int group);

#endif
