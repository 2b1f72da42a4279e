/* The terminal: is there one, how wide, does it take colour and UTF-8. */
#ifndef PFL_SYS_TTY_H
#define PFL_SYS_TTY_H

#include <stdbool.h>
#include <stddef.h>

bool pfl_tty_is(int fd);
/* Descriptors 0, 1 and 2 that our parent closed are taken by /dev/null, the wrong way round: a read
 * or write of them fails with EBADF as before, and no file opened later (the ledger!) can be
 * written to by mistake. */
void pfl_streams_keep(void);

size_t pfl_tty_width(int fd); /* columns; COLUMNS when it is no terminal; 0 = unknown */
bool pfl_tty_colour(int fd);  /* a terminal, TERM is not dumb, NO_COLOR is unset or empty */
bool pfl_tty_utf8(void);      /* by LC_ALL, LC_CTYPE, LANG; unset counts as UTF-8 */

/* SIGINT, SIGTERM, SIGHUP: noted, once installed. The first asks to stop, the second to hurry
 * (leave even cleaning up), and a SIGINT after that ends the process as usual. */
void pfl_signals_install(void);
bool pfl_signals_stop_asked(void);
bool pfl_signals_hurry_asked(void);
int pfl_signals_which(void);

/* Variables of the environment: the value or NULL. */
const char *pfl_environment(const char *name);
extern char **pfl_environment_all(void);
/* Does this entry (NAME=VALUE) bind git to a certain repository, as those a git hook is given do?
 * They would mislead whatever is started in another check-out. */
bool pfl_environment_binds_git(const char *entry);

#endif
