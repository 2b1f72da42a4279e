/*
 * A race as JSON: a comparison's document (base and head are the first two contenders), so that
 * what reads one reads the other, and beside it how the race went: contenders, bouts, the bar.
 */
#include "report/json.h"
#include "report/race_words.h"

#include <math.h>
#include <string.h>

static const char *end_text(enum pfl_bout_end end)
{
    switch (end) {
    case PFL_BOUT_DECIDED: return "decided";
    case PFL_BOUT_TIME: return "time";
    case PFL_BOUT_INTERRUPTED: return "interrupted";
    case PFL_BOUT_FAILED: return "failed";
    case PFL_BOUT_SKIPPED: return "skipped";
    }
    return "";
}

static const char *or_null(const char *text)
{
    return text && *text ? text : NULL;
}

/* Seeds go to 2^64 - 1, further than the writer's integers. */
static void put_seed(struct pfl_json_writer *w, struct pfl_report_words *words, uint64_t seed)
{
    if (seed <= INT64_MAX)
        pfl_json_put_integer(w, "seed", (int64_t)seed);
    else
        pfl_json_put_string(w, "seed", pfl_report_format(words, "%llu", (unsigned long long)seed));
}

/* A side of which nothing was measured keeps its label. */
static void put_side(struct pfl_json_writer *w, const char *key, const struct pfl_race *race,
                     size_t contender, struct pfl_report_words *words)
{
    const struct pfl_contender *side =
        contender < race->contender_count ? &race->contenders[contender] : NULL;

    if (!side || side->run) {
        pfl_report_json_side(w, key, side ? side->run : NULL, side ? side->label : NULL, words);
        return;
    }
    pfl_json_key(w, key);
    pfl_json_object(w);
    pfl_json_put_string(w, "run", NULL);
    pfl_json_put_string(w, "revision", NULL);
    pfl_json_put_string(w, "label", side->label);
    pfl_json_object_end(w);
}

static void put_contender(struct pfl_json_writer *w, const struct pfl_contender *contender)
{
    const struct pfl_run *run = contender->run;

    pfl_json_object(w);
    pfl_json_put_string(w, "label", contender->label);
    pfl_json_put_string(w, "run", run ? or_null(run->id) : NULL);
    pfl_json_put_string(w, "revision", run ? or_null(run->revision.commit) : NULL);
    pfl_json_put_string(w, "problem", or_null(contender->problem));
    pfl_json_object_end(w);
}

static void put_bout(struct pfl_json_writer *w, const struct pfl_race *race,
                     const struct pfl_bout_result *bout)
{
    bool measured = bout->metric_name && *bout->metric_name;
    size_t i;

    pfl_json_object(w);
    pfl_json_put_string(w, "benchmark", bout->benchmark);
    pfl_json_put_string(w, "challenger", pfl_report_race_label(race, bout->challenger));
    pfl_json_put_string(w, "end", end_text(bout->end));
    pfl_json_put_string(w, "reason", bout->reason ? bout->reason : "");
    pfl_json_put_string(w, "metric", or_null(bout->metric_name));
    pfl_json_put_string(w, "metric_why", or_null(bout->metric_why));
    pfl_json_put_string(w, "mode", measured ? pfl_race_mode_text(bout->mode) : NULL);
    pfl_json_put_string(w, "mode_why", or_null(bout->mode_why));
    pfl_json_key(w, "pairs");
    pfl_json_object(w);
    for (i = 0; i < PFL_RACE_MODE_COUNT; i++)
        if (i != PFL_RACE_INSIDE || bout->pairs[i]) /* of programs with benchmarks inside only */
            pfl_json_put_integer(w, pfl_race_mode_text((enum pfl_race_mode)i),
                                 (int64_t)bout->pairs[i]);
    pfl_json_object_end(w);
    pfl_json_put_integer(w, "dropped", (int64_t)bout->dropped);
    pfl_json_put_number(w, "p", bout->p);
    pfl_json_put_number(w, "solo_ratio", bout->solo_ratio);
    pfl_report_json_range(w, "solo_ratio_ci", bout->solo_low, bout->solo_high);
    pfl_json_put_number(w, "cv_base", bout->cv_base);
    pfl_json_put_number(w, "cv_head", bout->cv_head);
    pfl_json_put_number(w, "seconds", bout->seconds);
    pfl_json_put_bool(w, "same_output_checked", bout->same_output_checked);
    pfl_json_object_end(w);
}

static void put_race(struct pfl_json_writer *w, const struct pfl_race *race,
                     struct pfl_report_words *words)
{
    size_t i;

    pfl_json_key(w, "race");
    pfl_json_object(w);
    put_seed(w, words, race->seed);
    pfl_json_put_number(w, "seconds", race->seconds);
    pfl_json_key(w, "contenders");
    pfl_json_array(w);
    for (i = 0; i < race->contender_count; i++)
        put_contender(w, &race->contenders[i]);
    pfl_json_array_end(w);
    pfl_json_key(w, "bouts");
    pfl_json_array(w);
    for (i = 0; i < race->bout_count; i++)
        put_bout(w, race, &race->bouts[i]);
    pfl_json_array_end(w);
    pfl_json_put_string(w, "recorded", or_null(race->recorded));
    pfl_json_object_end(w);
}

static void put_bar(struct pfl_json_writer *w, const struct pfl_race_bar *bar)
{
    pfl_json_key(w, "bar");
    if (isnan(bar->factor) && isnan(bar->max_cv)) {
        pfl_json_null(w);
        return;
    }
    pfl_json_object(w);
    pfl_json_put_number(w, "factor", bar->factor);
    pfl_json_put_number(w, "max_cv", bar->max_cv);
    pfl_json_put_bool(w, "met", bar->met);
    pfl_json_put_string(w, "reason", bar->reason ? bar->reason : "");
    pfl_json_object_end(w);
}

/* Which challenger a row speaks of: NULL where several could be meant. */
static const char *challenger_of(const struct pfl_race *race, const struct pfl_row *row)
{
    const struct pfl_bout_result *found = NULL;
    size_t i;

    for (i = 0; i < race->bout_count; i++)
        if (pfl_report_race_is_of(race, row, &race->bouts[i])) {
            if (found)
                return NULL;
            found = &race->bouts[i];
        }
    return found ? pfl_report_race_label(race, found->challenger) : NULL;
}

static void put_results(struct pfl_json_writer *w, const struct pfl_race *race)
{
    const struct pfl_comparison *comparison = &race->comparison;
    size_t i;

    pfl_json_key(w, "results");
    pfl_json_array(w);
    for (i = 0; i < comparison->row_count; i++) {
        pfl_json_object(w);
        pfl_report_json_row(w, &comparison->rows[i]);
        pfl_json_put_string(w, "challenger", challenger_of(race, &comparison->rows[i]));
        pfl_json_object_end(w);
    }
    pfl_json_array_end(w);
}

int pfl_report_race_json(const struct pfl_race *race, const struct pfl_report_style *style,
                         struct pfl_arena *arena, struct pfl_buf *out, struct pfl_err *err)
{
    const struct pfl_comparison *comparison = &race->comparison;
    struct pfl_report_words words;
    struct pfl_json_writer w;
    size_t i;
    int rc;

    (void)style;
    pfl_report_words_init(&words, arena);
    pfl_json_writer_init(&w, out, 1);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    put_side(&w, "base", race, 0, &words);
    put_side(&w, "head", race, 1, &words);
    pfl_json_put_string(&w, "machine_effect", NULL);
    put_results(&w, race);
    pfl_report_json_summary(&w, comparison->counts);
    pfl_json_put_bool(&w, "ok", comparison->ok);
    put_race(&w, race, &words);
    put_bar(&w, &race->bar);
    pfl_json_put_string(&w, "why_nothing",
                        comparison->exit_code == PFL_ENOTHING ? comparison->why_nothing : NULL);
    pfl_json_key(&w, "notes");
    pfl_json_array(&w);
    for (i = 0; i < comparison->note_count; i++)
        pfl_json_string(&w, comparison->notes[i]);
    pfl_json_array_end(&w);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
    rc = pfl_report_words_release(&words, err);
    return rc < 0 ? rc : pfl_buf_check(out, err, "writing the race as JSON");
}
