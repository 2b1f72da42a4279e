#include "cli/main.h"

int pfl_cli_main(int count, char **words)
{
    (void)count;
    (void)words;
    return 0;
}
