/*
 * Where files lie in memory, taken out of a race.
 *
 * Two builds of one program are two files, and each lies in the page cache where it came to lie:
 * that alone makes one of them up to some per cent faster (sys/page_cache.c), for as long as it
 * stays there, so that a race of equal builds finds a difference that is real and means nothing
 * (6 of 10 races of two copies of a 7 MB interpreter). Inside processes each pair runs new copies
 * of the programs (race_turns.c); a whole command might look at where it is run from. So the files
 * themselves are laid elsewhere, round after round, and where they lie becomes one more thing that
 * scatters.
 *
 * A side's own files are what its commands name and not all sides do, and all in the folder that
 * belongs to it (a checkout, the work tree). Before the first launch they are dropped, so that
 * those found in memory later are the ones that launches read. These parts are dropped andread
 * back before every round, all sides' together and in turns, while that takes less than a tenth of
 * the time; else less often. A file that changed meanwhile, or that cannot be dropped (a tmpfs, a
 * running program), stays where it is.
 */
#include "measure/race_session.h"

#include "base/map.h"
#include "sys/file.h"

#include <stdio.h>
#include <string.h>

enum { MOST_FILES = 50000, MOST_WORDS = 1000, MOST_DEPTH = 64 };

static const int64_t most_bytes = INT64_C(256) << 20;
static const double share_of_time = 0.1;

/* What a race looks through for them. */
struct search {
    struct pfl_race_session *race;
    struct pfl_arena scratch;
    struct pfl_map found; /* real path → place in files */
    size_t side, left;    /* how many more files of this side */
    bool out_of_memory;
};

/* ---- whose files ---- */

/* NULL is no memory. */
static bool have(struct search *g, const void *made)
{
    g->out_of_memory = g->out_of_memory || !made;
    return made != NULL;
}

static void add_file(struct search *g, const char *path)
{
    struct pfl_race_files *files = &g->race->places.files;
    struct pfl_race_file file = {.side = g->side, .sides = 1};
    const size_t *known;

    if (g->left == 0 || !pfl_file_is_regular(path))
        return;
    file.path = pfl_file_real(path, g->race->arena);
    known = file.path ? pfl_map_get(&g->found, file.path) : NULL;
    if (known) {
        files->at[*known].sides += files->at[*known].side != g->side;
        files->at[*known].side = g->side;
        return;
    }
    if (!file.path || pfl_file_stat(file.path, &file.size, &file.modified_ns, NULL) != PFL_OK ||
        file.size > most_bytes)
        return;
    g->left--;
    if (!pfl_vec_push(files, &file) || !pfl_map_set(&g->found, file.path, files->n - 1))
        g->out_of_memory = true;
}

/* Another side's folder (checkouts lie below the work tree), git's own files and ours. */
static bool is_left_out(const struct search *g, const char *name, const char *path)
{
    size_t i;

    for (i = 0; i < g->race->side_count; i++) {
        const char *folder = g->race->params->contenders[i].folder;

        if (i != g->side && folder && strcmp(folder, path) == 0)
            return true;
    }
    return strcmp(name, ".git") == 0 || strcmp(name, ".perfledger") == 0;
}

static void add_folder(struct search *g, const char *folder, int depth)
{
    const char **names, *path;
    size_t i, n;

    int rc = depth > MOST_DEPTH ? PFL_ENOENT : pfl_file_list(folder, &g->scratch, &names, &n, NULL);

    g->out_of_memory = g->out_of_memory || rc == PFL_ENOMEM;
    if (rc != PFL_OK) /* what we may not look into, a launch hardly reads */
        return;
    for (i = 0; i < n && g->left > 0; i++) {
        path = pfl_file_join(folder, names[i], &g->scratch);
        if (!have(g, path) || is_left_out(g, names[i], path) || pfl_file_is_link(path))
            continue;
        if (pfl_file_is_folder(path))
            add_folder(g, path, depth + 1);
        else
            add_file(g, path);
    }
}

static void add_word(struct search *g, const struct pfl_session_item *item, const char *word)
{
    const char *path;

    if (!*word)
        return;
    path = pfl_file_absolute(item->cwd, word, &g->scratch);
    if (have(g, path))
        add_file(g, path);
}

/* A word that is no file may hold some: --data=FILE, or a whole line for a shell. */
static void add_words(struct search *g, const struct pfl_session_item *item, const char *text)
{
    static const char between[] = " \t\n='\"`$(){}<>|&;:,";
    size_t len, n;
    const char *word;

    add_word(g, item, text);
    for (n = 0; *text && n < MOST_WORDS; n++) {
        text += strspn(text, between);
        len = strcspn(text, between);
        word = pfl_arena_format(&g->scratch, "%.*s", (int)len, text);
        if (have(g, word))
            add_word(g, item, word);
        text += len;
    }
}

static void add_item(struct search *g, const struct pfl_session_item *item)
{
    const struct pfl_plan_item *plan = item->plan;
    const char *cwd = item->cwd ? item->cwd : ".", *program;
    size_t i;

    program = plan->argc ? pfl_file_which(plan->argv[0], cwd, &g->scratch) : NULL;
    if (program)
        add_word(g, item, program);
    for (i = 0; i < plan->argc; i++)
        add_words(g, item, plan->argv[i]);
    if (plan->how.input)
        add_word(g, item, plan->how.input);
}

static void search_side(struct search *g)
{
    const struct pfl_session *s = &g->race->sides[g->side].session;
    const char *folder = g->race->params->contenders[g->side].folder;
    size_t i;

    g->left = MOST_FILES;
    for (i = 0; i < s->item_count; i++)
        if (!s->items[i].over)
            add_item(g, &s->items[i]);
    if (folder)
        add_folder(g, folder, 0);
}

/* Writing is begun for all before the first is waited for: a fresh checkout is not on the disk yet.
 */
static void drop_all(struct pfl_race_session *race)
{
    struct pfl_race_files *files = &race->places.files;
    size_t i, n = 0;

    for (i = 0; i < files->n && !pfl_race_over(race); i++)
        pfl_page_cache_begin_writing(files->at[i].path);
    for (i = 0; i < files->n && !pfl_race_over(race); i++)
        if (files->at[i].sides < race->side_count && pfl_page_cache_drop(files->at[i].path))
            files->at[n++] = files->at[i];
    files->n = n; /* they have no parts yet */
}

int pfl_race_find_places(struct pfl_race_session *race, struct pfl_err *err)
{
    struct search g = {.race = race};

    pfl_random_seed(&race->places.random, ~race->params->seed); /* not the turns again */
    race->places.begun_ns = pfl_session_now(&race->sides[0].session);
    pfl_arena_init(&g.scratch);
    pfl_map_init(&g.found);
    for (; g.side < race->side_count && !pfl_race_over(race); g.side++)
        search_side(&g);
    pfl_map_release(&g.found);
    pfl_arena_release(&g.scratch);
    if (g.out_of_memory)
        return pfl_err_no_memory(err);
    drop_all(race);
    return PFL_OK;
}

/* ---- where they lie ---- */

static void keep(struct pfl_race_places *places, bool (*good)(struct pfl_race_file *file))
{
    size_t i, n = 0;

    for (i = 0; i < places->files.n; i++) {
        struct pfl_race_file *file = &places->files.at[i];

        if (good(file))
            places->files.at[n++] = *file;
        else
            pfl_vec_release(&file->parts);
    }
    places->files.n = n;
}

static bool is_as_it_was(struct pfl_race_file *file)
{
    int64_t size, modified_ns;

    return pfl_file_stat(file->path, &size, &modified_ns, NULL) == PFL_OK && size == file->size &&
           modified_ns == file->modified_ns;
}

/* A launch read it, and nobody writes it. */
static bool is_read(struct pfl_race_file *file)
{
    return is_as_it_was(file) && pfl_page_cache_parts(file->path, &file->parts) &&
           file->parts.n > 0;
}

static bool can_be_dropped(struct pfl_race_file *file)
{
    return pfl_page_cache_drop(file->path);
}

static bool is_gone_once_dropped(struct pfl_race_file *file)
{
    struct pfl_file_parts left = {0};
    bool gone =
        pfl_page_cache_drop(file->path) && pfl_page_cache_parts(file->path, &left) && left.n == 0;

    pfl_vec_release(&left);
    return gone;
}

static int64_t bytes_of(const struct pfl_race_places *places)
{
    int64_t sum = 0;
    size_t i, j;

    for (i = 0; i < places->files.n; i++)
        for (j = 0; j < places->files.at[i].parts.n; j++)
            sum += places->files.at[i].parts.at[j].len;
    return sum;
}

/* In an order drawn anew each time: the kernel hands out first what it got back last, so that in
 * any fixed order the files would come to lie in the same places again. */
static void shuffle(struct pfl_race_places *places)
{
    struct pfl_race_file file;
    size_t i, j;

    for (i = places->files.n; i > 1; i--) {
        j = pfl_random_below(&places->random, i);
        file = places->files.at[i - 1];
        places->files.at[i - 1] = places->files.at[j];
        places->files.at[j] = file;
    }
}

static void load(struct pfl_race_places *places)
{
    size_t i;

    shuffle(places);
    for (i = 0; i < places->files.n; i++) /* what cannot be read, the launch reads */
        (void)pfl_page_cache_load(places->files.at[i].path, &places->files.at[i].parts);
}

static void forget_all(struct pfl_race_places *places)
{
    size_t i;

    for (i = 0; i < places->files.n; i++)
        pfl_vec_release(&places->files.at[i].parts);
    pfl_vec_release(&places->files);
}

void pfl_race_places_release(struct pfl_race_places *places)
{
    forget_all(places);
}

static void learn(struct pfl_race_places *places)
{
    places->learnt = true;
    keep(places, is_read);
    if (bytes_of(places) > most_bytes)
        forget_all(places);
}

static bool is_due(const struct pfl_race_places *places, int64_t now_ns)
{
    return places->laid == 0 || (double)(places->spent_ns + places->last_ns) <=
                                    share_of_time * (double)(now_ns - places->begun_ns);
}

static void note(const struct pfl_race_session *race)
{
    const struct pfl_race_places *places = &race->places;
    char text[120];
    size_t i;

    if (!race->params->note_places)
        return;
    snprintf(text, sizeof text,
             "the files that not all sides read (%zu, %.1f MiB in all) were laid elsewhere in "
             "memory %zu time%s",
             places->files.n, (double)bytes_of(places) / (1 << 20), places->laid,
             places->laid == 1 ? "" : "s");
    for (i = 0; i < race->bout_count; i++)
        if (!race->bouts[i].over)
            race->params->note_places(race->params->context, i, text);
}

void pfl_race_lay(struct pfl_race_session *race)
{
    struct pfl_race_places *places = &race->places;
    int64_t begin_ns;

    if (!places->learnt)
        learn(places);
    begin_ns = pfl_session_now(&race->sides[0].session);
    if (places->files.n == 0 || !is_due(places, begin_ns))
        return;
    shuffle(places);
    keep(places, is_as_it_was);
    keep(places, places->laid ? can_be_dropped : is_gone_once_dropped);
    load(places);
    places->laid++;
    places->last_ns = pfl_session_now(&race->sides[0].session) - begin_ns;
    places->spent_ns += places->last_ns;
    if (places->files.n)
        note(race);
}
