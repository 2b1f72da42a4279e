/* The program: everything it does is in pfl_cli_main(), so that tests and fuzzers can link all of
 * cli/. */
#include "cli/main.h"

int main(int count, char **words)
{
    return pfl_cli_main(count, words);
}
