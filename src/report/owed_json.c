/* What changes owe as JSON: since when, the changed files, the rules they touch with each demand,
 * what to measure, what was loosened. */
#include "report/owed.h"

#include "base/json.h"

static void put_texts(struct pfl_json_writer *w, const char *key, const char *const *texts,
                      size_t n)
{
    size_t i;

    pfl_json_key(w, key);
    pfl_json_array(w);
    for (i = 0; i < n; i++)
        pfl_json_string(w, texts[i]);
    pfl_json_array_end(w);
}

static void put_demand(struct pfl_json_writer *w, const char *what, const char *met, bool later)
{
    pfl_json_object(w);
    pfl_json_put_string(w, "demand", what);
    pfl_json_put_bool(w, "met", met != NULL);
    pfl_json_put_string(w, "by", met);
    pfl_json_put_bool(w, "after_merge", later && !met);
    pfl_json_object_end(w);
}

static void put_rule(struct pfl_json_writer *w, const struct pfl_owed *owed,
                     const struct pfl_owed_rule *touched)
{
    const struct pfl_path_rule *rule = touched->rule;

    pfl_json_object(w);
    pfl_json_put_string(w, "file", touched->file);
    pfl_json_put_integer(w, "line", rule->line);
    put_texts(w, "match", rule->matches, rule->match_count);
    put_texts(w, "files", touched->files, touched->file_count);
    put_texts(w, "suites", rule->suites, rule->suite_count);
    pfl_json_put_number(w, "max_regression", rule->max_regression);
    pfl_json_put_string(w, "metric", rule->metric);
    pfl_json_key(w, "demands");
    pfl_json_array(w);
    if (rule->demand & PFL_DEMAND_SNAPSHOT)
        put_demand(w, "snapshot", touched->snapshot, false);
    if (rule->demand & PFL_DEMAND_ROW)
        put_demand(w, "row", touched->row, owed->unmerged);
    pfl_json_array_end(w);
    pfl_json_object_end(w);
}

static void put_loosened(struct pfl_json_writer *w, const struct pfl_loosened *one)
{
    pfl_json_object(w);
    pfl_json_put_string(w, "what", one->what);
    pfl_json_put_string(w, "change", one->change);
    pfl_json_put_string(w, "file", one->file);
    pfl_json_put_integer(w, "line", one->line);
    pfl_json_put_bool(w, "removed", one->removed);
    pfl_json_put_string(w, "entry", one->removed ? one->entry : NULL);
    pfl_json_put_string(w, "reason", one->reason);
    pfl_json_put_bool(w, "owed", !one->reason);
    pfl_json_object_end(w);
}

void pfl_report_owed_json(const struct pfl_owed *owed, struct pfl_buf *out)
{
    struct pfl_json_writer w;
    size_t i;

    pfl_json_writer_init(&w, out, 1);
    pfl_json_object(&w);
    pfl_json_put_integer(&w, "schema", 1);
    pfl_json_key(&w, "since");
    pfl_json_object(&w);
    pfl_json_put_string(&w, "revision", owed->commit);
    pfl_json_put_string(&w, "name", owed->name);
    pfl_json_object_end(&w);
    put_texts(&w, "files", owed->files, owed->file_count);
    pfl_json_key(&w, "rules");
    pfl_json_array(&w);
    for (i = 0; i < owed->rule_count; i++)
        put_rule(&w, owed, &owed->rules[i]);
    pfl_json_array_end(&w);
    put_texts(&w, "suites", owed->suites, owed->suite_count);
    pfl_json_key(&w, "loosened");
    pfl_json_array(&w);
    for (i = 0; i < owed->loosened_count; i++)
        put_loosened(&w, &owed->loosened[i]);
    pfl_json_array_end(&w);
    pfl_json_put_integer(&w, "owed", (int64_t)pfl_owed_count(owed));
    pfl_json_put_integer(&w, "after_merge", (int64_t)owed->later);
    pfl_json_put_bool(&w, "ok", pfl_owed_count(owed) == 0);
    pfl_json_object_end(&w);
    pfl_buf_char(out, '\n');
}
