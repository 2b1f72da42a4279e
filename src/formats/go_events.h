/* `go test -json`: the lines that the test binaries printed, put together from events. */
#ifndef PFL_FORMATS_GO_EVENTS_H
#define PFL_FORMATS_GO_EVENTS_H

#include "formats/build.h"
#include "formats/line_reader.h"

struct pfl_go_part {
    const char *package;
    struct pfl_buf begun; /* a line of it that has no end yet */
};
PFL_VEC(pfl_go_parts, struct pfl_go_part);

struct pfl_go_events {
    struct pfl_line_reader lines; /* of events */
    struct pfl_build *build;      /* for warnings */
    struct pfl_arena arena;
    struct pfl_go_parts parts; /* a package each, in the order met */
    struct pfl_buf ready;      /* whole lines */
    size_t at;                 /* how much of it was given */
    size_t last;               /* whose line was given last, + 1 */
    size_t whole;              /* events that were understood */
    bool over;
};

/* Does the beginning of a file look like events? */
bool pfl_go_is_events(const char *bytes, size_t len);

void pfl_go_events_init(struct pfl_go_events *events, const struct pfl_format_input *input,
                        struct pfl_build *build);
void pfl_go_events_release(struct pfl_go_events *events);

/* As pfl_line_reader_next(): the next printed line; lines.number is that of its last event. */
int pfl_go_events_next(struct pfl_go_events *events, struct pfl_buf *line, struct pfl_err *err);

#endif
