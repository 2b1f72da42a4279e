/* The story of `doctor`: probe the conditions, try a command against itself, diagnose. */
#ifndef PFL_FLOW_DOCTOR_H
#define PFL_FLOW_DOCTOR_H

#include "flow/flow.h"
#include "measure/measure.h"
#include "model/doctor.h"

struct pfl_flow_doctor_params {
    int64_t max_time_ns; /* of the whole; at least the trial's least is done all the same */
    void (*progress)(void *context, const struct pfl_progress *progress); /* may be NULL */
    bool (*stop_asked)(void *context);                                    /* may be NULL */
    void *context;
};

struct pfl_flow_doctor_result {
    struct pfl_evidence evidence;
    struct pfl_diagnosis diagnosis;
};

/* PFL_OK when there is a diagnosis, whatever it says (see diagnosis.exit_code). Needs neither
 * ledger nor repository, and writes nothing. PFL_EINTERRUPTED: stopped before its time; there is no
 * result. */
int pfl_flow_doctor(struct pfl_flow *flow, const struct pfl_flow_doctor_params *params,
                    struct pfl_flow_doctor_result *result, struct pfl_err *err);

#endif
