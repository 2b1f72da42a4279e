/* The words of the doctor's nouns, in one place because JSON, terminal and tests must agree. */
#include "model/doctor.h"

const char *pfl_fitness_text(enum pfl_fitness verdict)
{
    static const char *const texts[] = {"good", "fair", "poor"};

    return texts[verdict];
}

const char *pfl_yardstick_name(enum pfl_yardstick yardstick)
{
    static const char *const names[PFL_YARDSTICK_COUNT] = {
        [PFL_YARDSTICK_CORE] = "core clock",         [PFL_YARDSTICK_CHASE] = "memory latency",
        [PFL_YARDSTICK_STREAM] = "memory bandwidth", [PFL_YARDSTICK_SYSCALL] = "system calls",
        [PFL_YARDSTICK_SPAWN] = "process start",
    };

    return names[yardstick];
}

const char *pfl_yardstick_key(enum pfl_yardstick yardstick)
{
    static const char *const keys[PFL_YARDSTICK_COUNT] = {
        [PFL_YARDSTICK_CORE] = "core",     [PFL_YARDSTICK_CHASE] = "chase",
        [PFL_YARDSTICK_STREAM] = "stream", [PFL_YARDSTICK_SYSCALL] = "syscall",
        [PFL_YARDSTICK_SPAWN] = "spawn",
    };

    return keys[yardstick];
}
