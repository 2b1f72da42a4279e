/* The templates as they stand in src/project/ci/, embedded by the build. Internal to project/. */
#ifndef PFL_PROJECT_CI_TEMPLATES_H
#define PFL_PROJECT_CI_TEMPLATES_H

struct pfl_ci_template {
    const char *name; /* of the file; NULL ends the list */
    const char *text;
};
extern const struct pfl_ci_template pfl_ci_templates[];

#endif
