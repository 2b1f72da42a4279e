/* A command of known, steady work, inside the launcher's own image. */
#ifndef PFL_SYS_LAUNCHER_SPIN_H
#define PFL_SYS_LAUNCHER_SPIN_H

/* argv[1]: how many steps, in decimal; NULL or empty: none. */
void launcher_spin(char *const *argv);

#endif
