/* XML: what the reader makes of tags, attributes and everything between; its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/xml.h"
#include "taken.h"

int test_formats_xml(void);

/* "<a k=v>" an element, "/a" its end; an error is the last. */
static void walk(const char *text, size_t len, struct pfl_buf *out)
{
    struct taken_bytes bytes = {text, len};
    const char *value;
    struct pfl_xml x;
    struct pfl_err err;
    int rc;

    pfl_xml_init(&x, "f", "r", taken_read, &bytes);
    while ((rc = pfl_xml_next(&x, &err)) == PFL_OK && x.token != PFL_XML_DONE) {
        value = x.token == PFL_XML_ELEMENT ? pfl_xml_attribute(&x, "k") : NULL;
        if (x.said.len)
            pfl_buf_format(out, "(%s) ", pfl_buf_cstr(&x.said));
        pfl_buf_format(out, "%s%s%s%s%s ", x.token == PFL_XML_ELEMENT ? "<" : "/", x.name,
                       value ? " k=" : "", value ? value : "",
                       x.token == PFL_XML_ELEMENT ? ">" : "");
    }
    if (rc != PFL_OK)
        pfl_buf_format(out, "%d:%d %s", err.line, err.column, err.message);
    pfl_xml_release(&x);
}

static const struct {
    const char *text, *expected;
} cases[] = {
    {"<r/>", "<r> /r "},
    {"<?xml version='1.0'?><root><a k=\"v\"/></root>x<y", "<root> <a k=v> /a /root "},
    {"a < b <b> <<r k = 'x' j=\"1\" ></r >", "<r k=x> /r "},
    {"<r k=\"&lt;&gt;&amp;&quot;&apos;&#65;&#x20AC;&#0;&#xD800;&nope;&;& x\"></r>",
     "<r k=<>&\"'A\u20ac&#0;&#xD800;&nope;&;& x> /r "},
    {"<r><!-- <a> -- ---><![CDATA[</r>]]]><?pi <b> ?><!DOCTYPE x>t&amp;<c/></r>",
     "<r> (t&) <c> /c /r "},
    {"<r>\n<\u00fc k='\u00fc'/></r>", "<r> (\n) <\u00fc k=\u00fc> /\u00fc /r "},
    {"", "1:1 expected an element <r\u2026>, found the end of the file"},
    {"nothing", "1:8 expected an element <r\u2026>, found the end of the file"},
    {"<r>\n </x></r>", "<r> 2:2 expected </r>, found </x>"},
    {"<r k></r>", "1:5 expected = behind an attribute's name"},
    {"<r k=v></r>", "1:6 expected a quoted value"},
    {"<r k=\"v></r>", "1:9 an attribute's value is not closed"},
    {"<r k=\"v", "1:8 an attribute's value is not closed"},
    {"<r", "1:3 expected a name"},
    {"<r><!-- ", "<r> 1:9 the document ends within a comment or a declaration"},
    {"<r></r", "<r> 1:7 expected > at the end of a tag"},
    {"<r/ >", "1:4 expected > at the end of a tag"},
    {"<r>< a></r>", "<r> 1:5 expected a name"},
};

static void documents_are_walked(void **state)
{
    struct pfl_buf out;
    size_t i;

    (void)state;
    pfl_buf_init(&out, 1 << 20);
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_clear(&out);
        walk(cases[i].text, strlen(cases[i].text), &out);
        if (strcmp(pfl_buf_cstr(&out), cases[i].expected) != 0)
            print_message("case %zu\n", i);
        assert_string_equal(pfl_buf_cstr(&out), cases[i].expected);
    }
    pfl_buf_release(&out);
}

/* A million open elements, a tag of two megabytes. */
static void limits_hold(void **state)
{
    struct pfl_buf text, out;
    int i;

    (void)state;
    pfl_buf_init(&text, 16 << 20);
    pfl_buf_init(&out, 1 << 20);
    pfl_buf_text(&text, "<r>");
    for (i = 0; i < 1000000; i++)
        pfl_buf_text(&text, "<a>");
    walk(text.data, text.len, &out);
    assert_non_null(strstr(pfl_buf_cstr(&out), "elements are nested deeper than 256"));
    pfl_buf_clear(&text);
    pfl_buf_clear(&out);
    pfl_buf_text(&text, "<r k=\"");
    pfl_buf_fill(&text, 'x', 2 << 20);
    pfl_buf_text(&text, "\"/>");
    walk(text.data, text.len, &out);
    assert_string_equal(pfl_buf_cstr(&out), "1:1 a tag is longer than 1 MiB");
    pfl_buf_release(&text);
    pfl_buf_release(&out);
}

int test_formats_xml(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_walked),
        cmocka_unit_test(limits_hold),
    };

    return cmocka_run_group_tests_name("formats/xml", tests, NULL, NULL);
}
