/* Files as parts of a tree of folders: what stands under a name, copied and removed without
 * following symbolic links. */
#ifndef PFL_SYS_TREE_H
#define PFL_SYS_TREE_H

#include "base/err.h"

#include <stdbool.h>

enum pfl_tree_kind {
    PFL_TREE_NOTHING,
    PFL_TREE_FILE,
    PFL_TREE_PROGRAM, /* a file that its owner may execute */
    PFL_TREE_LINK,
    PFL_TREE_FOLDER,
    PFL_TREE_OTHER, /* a FIFO, a socket, a device */
};
enum pfl_tree_kind pfl_tree_kind(const char *path);

/* SHA-256 of what a file holds, or of where a link points to. */
int pfl_tree_hash(const char *path, char hex[65], struct pfl_err *err);

/* Two names of one file. */
bool pfl_tree_same(const char *a, const char *b);

/* FROM (a file or a link) takes the place of whatever TOP/NAME is, with FROM's permissions; the
 * folders between are made. A link or a file in the place of such a folder is replaced, so that
 * nothing is written outside of TOP. */
int pfl_tree_copy(const char *from, const char *top, const char *name, struct pfl_err *err);

/* A file, a link (not what it points to), or a folder with all that is in it, also where the
 * permissions of folders below it forbid that. Nothing there: fine. */
int pfl_tree_remove(const char *path, struct pfl_err *err);
/* The same of TOP/NAME; nothing is done when a link or a file stands where a folder of NAME should
 * be, so that nothing is removed outside of TOP. */
int pfl_tree_remove_below(const char *top, const char *name, struct pfl_err *err);

#endif
