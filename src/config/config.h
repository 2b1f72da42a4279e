/*
 * perfledger.yaml → struct pfl_config. The only user of libfyaml.
 *
 * Strict: unknown keys, wrong types and values out of range are errors with file:line:column, the
 * line with a caret under the place, and a suggestion where a slip is likely. Up to 20 errors are
 * gathered into one message. Nothing is half-applied: on failure *config stays untouched.
 */
#ifndef PFL_CONFIG_CONFIG_H
#define PFL_CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "model/suite.h"

/* text/len: the file's content (flow/ reads it). `load` reads the file a `thresholds: FILE` names
 * (relative to root; the text in the arena); NULL = refused. Scalars are typed by us: `no`, `on`,
 * quotes, 1e3, 120s, 10%. */
struct pfl_config_params {
    const char *file; /* absolute path, for messages and config->file */
    const char *root;
    const char *text;
    size_t len;
    int (*load)(void *context, const char *path, struct pfl_arena *arena, const char **text,
                size_t *len, struct pfl_err *err);
    void *context;
};
int pfl_config_parse(const struct pfl_config_params *params, struct pfl_arena *arena,
                     struct pfl_config *config, struct pfl_err *err);

/* The configuration without a file: built-in defaults (10 rounds, 1 warm-up, 120 s per launch, 30 s
 * per benchmark). */
void pfl_config_defaults(struct pfl_config *config);

#endif
