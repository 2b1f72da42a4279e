/*
 * Reports into files. A word is split at its first `=`: no format's name holds one, a file's may.
 * Everything about the words is settled before measuring begins, so that an hour's race is not lost
 * to a slip; a folder that is not there is, too.
 */
#include "cli/report_files.h"

#include "sys/file.h"

#include <string.h>

static const char *format_of(const char *word, struct pfl_arena *arena)
{
    return pfl_arena_text_n(arena, word, strcspn(word, "="));
}

static bool is_among(const char *words, const char *word, size_t len)
{
    size_t step;

    for (; *words; words += step + (words[step] == ' ')) {
        step = strcspn(words, " ");
        if (step == len && strncmp(words, word, len) == 0)
            return true;
    }
    return false;
}

static int check_folder(const char *file, struct pfl_err *err)
{
    struct pfl_arena arena;
    const char *folder;
    int rc = PFL_OK;

    pfl_arena_init(&arena);
    folder = pfl_file_folder_of(file, &arena);
    if (!folder)
        rc = pfl_err_no_memory(err);
    else if (*folder && !pfl_file_is_folder(folder))
        rc = pfl_err_set(err, PFL_EUSAGE, "--report: there is no folder %s to write %s into",
                         folder, file);
    pfl_arena_release(&arena);
    return rc;
}

int pfl_cli_reports_check(const struct pfl_option_list *reports, const char *formats,
                          struct pfl_err *err)
{
    size_t i, len;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < reports->n; i++) {
        len = strcspn(reports->at[i], "=");
        if (!is_among(formats, reports->at[i], len) || !reports->at[i][len] ||
            !reports->at[i][len + 1])
            rc = pfl_err_set(err, PFL_EUSAGE,
                             "--report: `%s` is not FORMAT=FILE, for instance markdown=comment.md; "
                             "formats: %s",
                             reports->at[i], formats);
        else
            rc = check_folder(reports->at[i] + len + 1, err);
    }
    return rc;
}

int pfl_cli_reports_write(struct pfl_context *context, const struct pfl_option_list *reports,
                          pfl_cli_report_fn *write, const void *data, struct pfl_err *err)
{
    const char *format;
    struct pfl_buf out;
    size_t i;
    int rc = PFL_OK;

    for (i = 0; rc == PFL_OK && i < reports->n; i++) {
        format = format_of(reports->at[i], context->arena);
        if (!format)
            return pfl_err_no_memory(err);
        pfl_buf_init(&out, PFL_CLI_DOCUMENT_MAX);
        rc = write(context, format, data, &out, err);
        if (rc == PFL_OK)
            rc = pfl_buf_check(&out, err, "writing a report");
        if (rc == PFL_OK)
            rc = pfl_file_write(strchr(reports->at[i], '=') + 1, out.data, out.len, false, err);
        pfl_buf_release(&out);
    }
    return rc;
}
