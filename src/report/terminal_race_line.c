/*
 * The live line of a race. Like the progress line of a run it is cut, never wrapped, and what gives
 * way first is the name: the numbers are what moves.
 */
#include "report/race_words.h"
#include "report/terminal.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>

enum { NAME_LEAST = 8 };

static void write_name(struct pfl_buf *buf, const struct pfl_race_standing *s)
{
    const char *challenger = s->challenger ? s->challenger : "";
    const char *benchmark = s->benchmark ? s->benchmark : "";

    if (s->bouts > 1)
        pfl_buf_format(buf, "%zu/%zu ", s->bout + 1, s->bouts);
    if (*benchmark && !pfl_text_starts(benchmark, "adhoc/"))
        pfl_buf_format(buf, "%s%s", benchmark, *challenger ? " · " : "");
    pfl_buf_text(buf, challenger);
}

static void write_numbers(struct pfl_report_words *words, struct pfl_buf *buf,
                          const struct pfl_race_standing *s)
{
    struct pfl_row row = {.ratio = s->ratio, .ratio_low = s->low, .ratio_high = s->high};

    if (s->phase && *s->phase)
        pfl_buf_format(buf, "  %s", s->phase);
    if (s->pairs)
        pfl_buf_format(buf, "  %zu pair%s", s->pairs, s->pairs == 1 ? "" : "s");
    if (s->ratio > 0 && isfinite(s->ratio)) {
        pfl_buf_format(buf, "  %s", pfl_report_race_change(words, &row));
        if (isfinite(s->low) && isfinite(s->high))
            pfl_buf_format(buf, " (%s)", pfl_report_race_interval(words, &row));
        pfl_buf_format(buf, "  %s", s->decided ? "decided" : "undecided");
    }
    if (isfinite(s->seconds_left) && s->seconds_left >= 0) {
        pfl_buf_text(buf, "  ");
        pfl_units_write_duration(buf, s->seconds_left);
        pfl_buf_text(buf, " left");
    }
}

void pfl_report_race_line(const struct pfl_race_standing *standing,
                          const struct pfl_report_style *style, struct pfl_buf *out)
{
    struct pfl_buf name, numbers, line;
    const char *shown_name, *shown_numbers;
    struct pfl_arena arena;
    struct pfl_terminal t;
    size_t used;

    pfl_arena_init(&arena);
    pfl_terminal_init(&t, style, &arena, out);
    pfl_buf_init(&name, 1 << 16);
    pfl_buf_init(&numbers, 1 << 16);
    pfl_buf_init(&line, 1 << 20);
    write_name(&name, standing);
    write_numbers(&t.words, &numbers, standing);
    shown_name = pfl_terminal_show(&t, pfl_buf_cstr(&name));
    shown_numbers = pfl_terminal_show(&t, pfl_buf_cstr(&numbers));
    if (!*shown_name) /* nothing is raced yet: the phase alone, without the gap before it */
        while (*shown_numbers == ' ')
            shown_numbers++;
    used = pfl_text_width(shown_numbers);
    if (used + NAME_LEAST > t.width)
        used = t.width > NAME_LEAST ? t.width - NAME_LEAST : t.width / 2;
    pfl_text_fit(&line, shown_name, t.width - used);
    pfl_buf_text(&line, shown_numbers);
    pfl_text_fit(out, pfl_buf_cstr(&line), t.width);
    pfl_terminal_finish(&t, NULL, "writing the live line");
    pfl_buf_release(&line);
    pfl_buf_release(&numbers);
    pfl_buf_release(&name);
    pfl_arena_release(&arena);
}
