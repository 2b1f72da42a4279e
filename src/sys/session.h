/* All processes of one session: what a program that was started with setsid() left running. */
#ifndef PFL_SYS_SESSION_H
#define PFL_SYS_SESSION_H

#include <stdint.h>
#include <sys/types.h>

/* Sends the signal to every process of the session that has not ended; how many there were. */
int pfl_session_signal(pid_t session, int signal);
/* Ends them: SIGTERM and up to grace_ns to follow it (0: at once SIGKILL), then SIGKILL until none
 * is left, or some cannot be ended. The leader must not be reaped yet: its id is the session's. */
void pfl_session_end(pid_t session, int64_t grace_ns);

#endif
