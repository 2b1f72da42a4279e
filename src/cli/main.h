/* The whole program behind main(): returns the exit status. */
#ifndef PFL_CLI_MAIN_H
#define PFL_CLI_MAIN_H

int pfl_cli_main(int count, char **words);

#endif
