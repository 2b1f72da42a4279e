/* One condition under examination: what the two files of checks share. */
#ifndef PFL_JUDGE_DOCTOR_EXAMINATION_H
#define PFL_JUDGE_DOCTOR_EXAMINATION_H

#include "base/arena.h"
#include "model/doctor.h"

struct pfl_examination {
    const struct pfl_evidence *evidence;
    const struct pfl_conditions *conditions; /* of the evidence */
    const struct pfl_machine *machine;       /* of the conditions */
    const struct pfl_diagnosis *diagnosis;   /* floors, gates and yardsticks are there */
    struct pfl_arena *arena;
    struct pfl_check *check; /* the one being filled: name is set, verdict good, texts "" */
    bool failed;             /* no memory */
};

void pfl_examination_state(struct pfl_examination *x, const char *format, ...) PFL_PRINTF(2, 3);
/* cost and advice are kept as they are. */
void pfl_examination_judge(struct pfl_examination *x, enum pfl_fitness verdict, const char *cost,
                           const char *advice);
/* A quantity as people write it; kept in the arena. */
const char *pfl_examination_shown(struct pfl_examination *x, double value, const char *unit);
/* Below `good`, below `fair`, or poor. */
enum pfl_fitness pfl_examination_grade(double value, double good, double fair);

struct pfl_examiner {
    const char *name;
    void (*examine)(struct pfl_examination *x);
};
/* doctor_settings.c: ends with a NULL name. */
extern const struct pfl_examiner pfl_doctor_settings[];

#endif
