/*
 * XML, as far as test reporters write it: a pull reader of elements and their attributes. Of
 * character data the beginning of what stands right before a tag is kept; comments, CDATA,
 * processing instructions and the document type are passed over; the five named entities and
 * numeric ones are decoded; tags must match. What stands before the root element is passed over,
 * too: tests print.
 */
#ifndef PFL_FORMATS_XML_H
#define PFL_FORMATS_XML_H

#include "base/buf.h"
#include "base/json.h"
#include "base/vec.h"

enum pfl_xml_token {
    PFL_XML_ELEMENT, /* <name …>; also of <name …/>, whose end comes next */
    PFL_XML_END,     /* </name> */
    PFL_XML_DONE,    /* behind the root element */
};

enum { PFL_XML_NESTING_MAX = 256, PFL_XML_TAG_MAX = 1 << 20, PFL_XML_SAID_MAX = 1000 };

struct pfl_xml_attribute {
    size_t name, value; /* places in text */
};
PFL_VEC(pfl_xml_attributes, struct pfl_xml_attribute);
PFL_VEC(pfl_xml_open, size_t);

struct pfl_xml {
    enum pfl_xml_token token;
    const char *name;    /* until the next call */
    int line, column;    /* where the token began */
    struct pfl_buf said; /* character data right before it; until the next call */

    /* Private from here. */
    const char *file, *root;
    pfl_json_read_fn *read;
    void *context;
    struct pfl_buf text; /* of the tag at hand: name, then attributes, each with its 0 */
    struct pfl_xml_attributes attributes;
    struct pfl_buf names; /* of the open elements, each with its 0 */
    struct pfl_xml_open open;
    char *window;
    size_t at, end;
    int at_line, at_column;
    bool over, empty, started; /* empty: <name/>, its end is due */
};

/* root: what the name of the root element begins with. file is borrowed. */
void pfl_xml_init(struct pfl_xml *x, const char *file, const char *root, pfl_json_read_fn *read,
                  void *context);
void pfl_xml_release(struct pfl_xml *x);

/* PFL_OK with the token current; PFL_EPARSE at file:line:column, PFL_ELIMIT. */
int pfl_xml_next(struct pfl_xml *x, struct pfl_err *err);

/* Of the element that is current; NULL: it has none of that name. */
const char *pfl_xml_attribute(const struct pfl_xml *x, const char *name);

#endif
