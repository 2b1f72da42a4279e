/* Reading a file as what --format (or a harness) says it is, whatever it looks like. */
#ifndef PFL_FLOW_EXCHANGE_EXCHANGE_ASKED_H
#define PFL_FLOW_EXCHANGE_EXCHANGE_ASKED_H

#include "formats/format.h"

/* What a look at the content says beside what was asked for. */
struct pfl_exchange_look {
    const struct pfl_format *otherwise; /* another format that it is by its content; NULL */
    bool is_asked;                      /* it looks like what was asked for */
    bool json;
};
int pfl_exchange_look(const struct pfl_format *asked, struct pfl_format_probe *probe,
                      struct pfl_exchange_look *look, struct pfl_err *err);

/* *asked becomes NULL when nothing of the input is of that format: PFL_ENOTHING, whose message says
 * what was looked for and what the file is otherwise. */
int pfl_exchange_read_asked(const struct pfl_format **asked, const struct pfl_exchange_look *look,
                            const struct pfl_format_input *input,
                            const struct pfl_format_sink *sink, struct pfl_err *err);

#endif
