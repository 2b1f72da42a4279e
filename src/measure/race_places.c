/*
 * Where files lie in memory, taken out of a race.
 *
 * Two builds of one program are two files, and each lies in the page cache where it came to lie:
 * that alone makes one of them up to some per cent faster (sys/page_cache.c), for as long as it
 * stays there, so that a race of equal builds finds a difference that is real and means nothing
 * (6 of 10 races of two copies of a 7 MB interpreter). Inside processes each pair runs new copies
 * of the programs (race_turns.c); a whole command might look at where it is run from. So the files
 * themselves are laid elsewhere, round after round, and where they lie becomes one more thing that
 * scatters. Blocks between two layings have it in common, and say so: to the judge they are one.
 *
 * A side's own files are what its commands name and not all sides do, and all in the folder that
 * belongs to it (a checkout, the work tree). Before the first launch they are dropped, so that
 * those found in memory later are the ones that launches read. What is in memory of these is
 * dropped and read back before every round, all sides' together in a random order, while that takes
 * less than a tenth of the time; else less often. A file that changed meanwhile, that cannot be
 * dropped (a tmpfs, a running program, another user's), or that is very large, stays where it is.
 *
 * Time is bounded: the search has a fiftieth of the race's, two seconds at most, and what is to be
 * laid is so little that reading it slowly takes a tenth.
 */
#include "measure/race_session.h"

#include "base/map.h"
#include "sys/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SEEN = 50000, MOST_WORDS = 1000, MOST_DEPTH = 64, ENOUGH_PLACES = 12 };

static const int64_t most_bytes = INT64_C(256) << 20, most_search_ns = INT64_C(2000000000);
static const double share_of_time = 0.1, share_of_search = 0.02;
static const double slow_disk = 1e8; /* bytes a second, not to be surprised */
static const double alike = 0.75;    /* files of which one is at least this much of the other */

/* What a race looks through for them. */
struct search {
    struct pfl_race_session *race;
    struct pfl_arena scratch;
    struct pfl_map found;       /* real path → place in files */
    size_t side, left;          /* how many more names of this side */
    int64_t slice_ns, until_ns; /* each side has as long */
    bool out_of_memory;
};

/* ---- whose files ---- */

static bool is_over(struct search *g)
{
    return g->left == 0 || g->out_of_memory || pfl_race_over(g->race) ||
           pfl_session_now(&g->race->sides[0].session) > g->until_ns;
}

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

    if (!pfl_file_is_regular(path))
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

/* Another disk, perhaps one that hangs, or another repository. */
static bool is_elsewhere(struct search *g, const char *path, const char *above)
{
    const char *git = pfl_file_join(path, ".git", &g->scratch);

    return !have(g, git) || pfl_file_is_folder(git) || !pfl_file_same_device(path, above);
}

static void add_folder(struct search *g, const char *folder, int depth)
{
    const char **names, *path;
    size_t i, n;
    int rc = depth > MOST_DEPTH ? PFL_ENOENT : pfl_file_list(folder, &g->scratch, &names, &n, NULL);

    g->out_of_memory = g->out_of_memory || rc == PFL_ENOMEM;
    if (rc != PFL_OK) /* what we may not look into, a launch hardly reads */
        return;
    for (i = 0; i < n && !is_over(g); i++) {
        g->left--;
        path = pfl_file_join(folder, names[i], &g->scratch);
        if (!have(g, path) || is_left_out(g, names[i], path) || pfl_file_is_link(path))
            continue;
        if (!pfl_file_is_folder(path))
            add_file(g, path);
        else if (!is_elsewhere(g, path, folder))
            add_folder(g, path, depth + 1);
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
    for (n = 0; *text && n < MOST_WORDS && !is_over(g); n++) {
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

    program = item->program ? item->program
              : plan->argc  ? pfl_file_which(plan->argv[0], cwd, &g->scratch)
                            : NULL;
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

    g->left = MOST_SEEN;
    g->until_ns = pfl_session_now(&g->race->sides[0].session) + g->slice_ns;
    for (i = 0; i < s->item_count && !is_over(g); i++)
        if (!s->items[i].over)
            add_item(g, &s->items[i]);
    if (!folder)
        return;
    if (s->plan->root && strcmp(s->plan->root, folder) !=
                             0) /* where the suites are first: there may be too much of the rest */
        add_folder(g, s->plan->root, 0);
    add_folder(g, folder, 0);
}

/* Twice: the first time pages may just be on their way to the disk. */
static bool is_gone_once_dropped(const struct pfl_race_file *file)
{
    struct pfl_file_parts left = {0};
    bool gone = false;
    int i;

    for (i = 0; i < 2 && !gone; i++)
        gone = pfl_page_cache_drop(file->path) && pfl_page_cache_parts(file->path, &left) &&
               left.n == 0;
    pfl_vec_release(&left);
    return gone;
}

/* In an order drawn anew each time: the kernel hands out first what it got back last, so that in
 * any fixed order the files would come to lie in the same places again. */
static void shuffle(struct pfl_race_session *race)
{
    struct pfl_race_files *files = &race->places.files;
    struct pfl_race_file file;
    size_t i, j;

    for (i = files->n; i > 1; i--) {
        j = pfl_random_below(&race->chance, i);
        file = files->at[i - 1];
        files->at[i - 1] = files->at[j];
        files->at[j] = file;
    }
}

/* Writing is begun for all before the first is waited for: a fresh checkout is not on the disk yet.
 */
static void drop_all(struct pfl_race_session *race)
{
    struct pfl_race_files *files = &race->places.files;
    size_t i, n = 0;

    for (i = 0; i < files->n; i++)
        if (files->at[i].sides < race->side_count)
            files->at[n++] = files->at[i];
    files->n = n; /* they have no parts yet */
    shuffle(race);
    for (i = 0; i < files->n && !pfl_race_over(race); i++)
        pfl_page_cache_begin_writing(files->at[i].path);
    for (i = n = 0; i < files->n && !pfl_race_over(race); i++)
        if (is_gone_once_dropped(&files->at[i]))
            files->at[n++] = files->at[i];
    files->n = n;
}

int pfl_race_find_places(struct pfl_race_session *race, struct pfl_err *err)
{
    struct pfl_session *s = &race->sides[0].session;
    struct search g = {.race = race};
    double time_ns;

    pfl_random_seed(&race->chance, ~race->params->seed); /* not the turns again */
    race->places.begun_ns = pfl_session_now(s);
    time_ns = s->deadline_ns ? (double)(s->deadline_ns - race->places.begun_ns) : INFINITY;
    time_ns = fmin((double)most_search_ns, share_of_search * time_ns);
    g.slice_ns = (int64_t)(time_ns / (double)race->side_count);
    pfl_arena_init(&g.scratch);
    pfl_map_init(&g.found);
    for (; g.side < race->side_count && !pfl_race_over(race); g.side++)
        search_side(&g);
    pfl_map_release(&g.found);
    pfl_arena_release(&g.scratch);
    if (g.out_of_memory)
        return pfl_err_no_memory(err);
    drop_all(race);
    race->places.spent_ns = pfl_session_now(s) - race->places.begun_ns;
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

/* What launches read later than the first ones is theirs, too. */
static bool is_still_dropped(struct pfl_race_file *file)
{
    struct pfl_file_parts now = {0};

    if (pfl_page_cache_parts(file->path, &now) && now.n > 0) {
        pfl_vec_release(&file->parts);
        file->parts = now;
    } else {
        pfl_vec_release(&now); /* it was put out meanwhile: what is known of it */
    }
    return is_as_it_was(file) && pfl_page_cache_drop(file->path);
}

static bool is_loaded(struct pfl_race_file *file)
{
    return pfl_page_cache_load(file->path, &file->parts);
}

static int64_t size_of(const struct pfl_race_file *file)
{
    int64_t sum = 0;
    size_t i;

    for (i = 0; i < file->parts.n; i++)
        sum += file->parts.at[i].len;
    return sum;
}

static int64_t bytes_of(const struct pfl_race_places *places)
{
    int64_t sum = 0;
    size_t i;

    for (i = 0; i < places->files.n; i++)
        sum += size_of(&places->files.at[i]);
    return sum;
}

/* The largest, and with it what is about as large: its rival of the other side. */
static void leave_the_largest(struct pfl_race_places *places)
{
    int64_t largest = 0;
    size_t i, n = 0;

    for (i = 0; i < places->files.n; i++)
        if (size_of(&places->files.at[i]) > largest)
            largest = size_of(&places->files.at[i]);
    for (i = 0; i < places->files.n; i++) {
        struct pfl_race_file *file = &places->files.at[i];

        if ((double)size_of(file) < alike * (double)largest)
            places->files.at[n++] = *file;
        else
            pfl_vec_release(&file->parts);
    }
    places->stay += places->files.n - n;
    places->files.n = n;
}

void pfl_race_places_release(struct pfl_race_places *places)
{
    size_t i;

    for (i = 0; i < places->files.n; i++)
        pfl_vec_release(&places->files.at[i].parts);
    pfl_vec_release(&places->files);
}

/* How long the race still takes, at most: all bouts have their own time. */
static double seconds_left(struct pfl_race_session *race)
{
    struct pfl_session *s = &race->sides[0].session;
    double left = 0;
    size_t i;

    if (s->deadline_ns)
        return (double)(s->deadline_ns - pfl_session_now(s)) / 1e9;
    for (i = 0; i < race->bout_count; i++)
        left += (double)pfl_race_item(race, 0, race->bouts[i].benchmark)->plan->how.max_time_ns;
    return left > 0 ? left / 1e9 : INFINITY;
}

static void leave_all_but(struct pfl_race_places *places, double bytes)
{
    while (places->files.n > 0 && (double)bytes_of(places) > bytes)
        leave_the_largest(places);
}

static void learn(struct pfl_race_session *race)
{
    double most = fmin((double)most_bytes, share_of_time * slow_disk * seconds_left(race));

    race->places.learnt = true;
    keep(&race->places, is_read);
    leave_all_but(&race->places, most);
}

/* The first time tells how long it takes: too few places are no better than one. */
static void learn_more(struct pfl_race_session *race)
{
    double may_take_ns = share_of_time * seconds_left(race) * 1e9 / ENOUGH_PLACES;

    if ((double)race->places.last_ns > may_take_ns)
        leave_all_but(&race->places,
                      (double)bytes_of(&race->places) * may_take_ns / (double)race->places.last_ns);
}

static bool is_due(const struct pfl_race_places *places, int64_t now_ns)
{
    return places->laid == 0 || (double)(places->spent_ns + places->last_ns) <=
                                    share_of_time * (double)(now_ns - places->begun_ns);
}

static void note(const struct pfl_race_session *race)
{
    const struct pfl_race_places *places = &race->places;
    char text[200];
    size_t i;
    int len = 0;

    if (!race->params->note_places)
        return;
    if (places->files.n > 0)
        len = snprintf(text, sizeof text,
                       "the files that not all sides read (%zu, %.1f MiB in all) were laid "
                       "elsewhere in memory %zu time%s",
                       places->files.n, (double)bytes_of(places) / (1 << 20), places->laid,
                       places->laid == 1 ? "" : "s");
    if (places->stay > 0)
        snprintf(text + len, sizeof text - (size_t)len,
                 "%s%zu larger file%s stayed, and where may be worth a per cent", len ? "; " : "",
                 places->stay, places->stay == 1 ? "" : "s");
    for (i = 0; i < race->bout_count; i++)
        if (!race->bouts[i].over && (places->files.n > 0 || places->stay > 0))
            race->params->note_places(race->params->context, i, text);
}

void pfl_race_lay(struct pfl_race_session *race)
{
    struct pfl_race_places *places = &race->places;
    struct pfl_session *s = &race->sides[0].session;
    int64_t begin_ns = pfl_session_now(s);

    if (!places->learnt) {
        learn(race);
        note(race);
    }
    if (places->files.n == 0 || !is_due(places, begin_ns))
        return;
    shuffle(race);
    keep(places, is_still_dropped);
    shuffle(race);
    keep(places, is_loaded);
    places->laid++;
    places->last_ns = pfl_session_now(s) - begin_ns;
    places->spent_ns += places->last_ns;
    if (places->laid == 1)
        learn_more(race);
    note(race);
}

/* Inside processes programs run from copies, new ones for each pair. */
uint32_t pfl_race_place(const struct pfl_race_session *race, enum pfl_race_mode mode)
{
    return mode != PFL_RACE_INSIDE && race->places.files.n > 0 ? (uint32_t)race->places.laid + 1
                                                               : 0;
}
