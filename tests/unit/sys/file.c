/* Files and paths: reads, durable writes under every fault, folders, names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "base/alloc.h"
#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

static struct scratch scratch;
static struct pfl_err err;

static int make(void **state)
{
    (void)state;
    scratch_make(&scratch);
    pfl_err_clear(&err);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_fault = (struct pfl_fault){0};
    scratch_remove(&scratch);
    return 0;
}

static size_t count_entries(const char *folder)
{
    DIR *dir = opendir(folder);
    size_t n = 0;

    assert_non_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n - 2;
}

static void assert_content(const char *path, const char *want)
{
    struct pfl_buf buf;

    pfl_buf_init(&buf, 1 << 20);
    assert_int_equal(pfl_file_read(path, &buf, &err), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&buf), want);
    pfl_buf_release(&buf);
}

static void reads_a_file_after_what_is_there(void **state)
{
    struct pfl_buf buf;

    (void)state;
    scratch_write(&scratch, "a", "world");
    pfl_buf_init(&buf, 100);
    pfl_buf_text(&buf, "hello ");
    assert_int_equal(pfl_file_read(scratch_path(&scratch, "a"), &buf, &err), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&buf), "hello world");
    pfl_buf_release(&buf);
}

static void reading_keeps_to_the_limit(void **state)
{
    static const struct {
        size_t max;
        int rc;
    } cases[] = {{5, PFL_OK}, {6, PFL_OK}, {4, PFL_ELIMIT}, {0, PFL_ELIMIT}};
    struct pfl_buf buf;
    size_t i;

    (void)state;
    scratch_write(&scratch, "five", "12345");
    for (i = 0; i < PFL_COUNT(cases); i++) {
        pfl_buf_init(&buf, cases[i].max);
        assert_int_equal(pfl_file_read(scratch_path(&scratch, "five"), &buf, &err), cases[i].rc);
        assert_int_equal(buf.len, cases[i].rc == PFL_OK ? 5 : 0);
        pfl_buf_release(&buf);
    }
}

static void reading_refuses_folders_and_what_is_missing(void **state)
{
    struct pfl_buf buf;

    (void)state;
    pfl_buf_init(&buf, 100);
    assert_int_equal(pfl_file_read(scratch.path, &buf, &err), PFL_EINVAL);
    assert_non_null(strstr(err.message, "is a folder"));
    assert_int_equal(pfl_file_read(scratch_path(&scratch, "none"), &buf, &err), PFL_ENOENT);
    assert_non_null(strstr(err.message, "none"));
    assert_int_equal(buf.len, 0);
    assert_int_equal(buf.error, 0);
}

static void dash_is_standard_input(void **state)
{
    struct pfl_buf buf;
    int saved = dup(0), fd;

    (void)state;
    scratch_write(&scratch, "in", "typed");
    fd = open(scratch_path(&scratch, "in"), O_RDONLY);
    dup2(fd, 0);
    close(fd);
    pfl_buf_init(&buf, 100);
    assert_int_equal(pfl_file_read("-", &buf, &err), PFL_OK);
    assert_string_equal(pfl_buf_cstr(&buf), "typed");
    assert_true(fcntl(0, F_GETFD) >= 0); /* and it is still open */
    pfl_buf_release(&buf);
    dup2(saved, 0);
    close(saved);
}

static void writes_and_replaces(void **state)
{
    const char *path = scratch_path(&scratch, "out.json");
    struct stat st;

    (void)state;
    assert_int_equal(pfl_file_write(path, "one", 3, false, &err), PFL_OK);
    assert_content(path, "one");
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(pfl_file_write(path, "", 0, false, &err), PFL_OK);
    assert_content(path, "");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(count_entries(scratch.path), 1);
}

static void exclusive_never_overwrites(void **state)
{
    const char *path = scratch_path(&scratch, "0001_a.json");

    (void)state;
    assert_int_equal(pfl_file_write(path, "first", 5, true, &err), PFL_OK);
    assert_int_equal(pfl_file_write(path, "second", 6, true, &err), PFL_EBUSY);
    assert_content(path, "first");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("nowhere", path), 0); /* a name is taken by a dangling link too */
    assert_int_equal(pfl_file_write(path, "third", 5, true, &err), PFL_EBUSY);
    assert_int_equal(count_entries(scratch.path), 1);
}

static void writes_through_links_and_to_devices(void **state)
{
    const char *link_path = scratch_path(&scratch, "link");
    struct stat st;

    (void)state;
    scratch_write(&scratch, "deep/target", "old");
    assert_int_equal(symlink("deep/target", link_path), 0);
    assert_int_equal(pfl_file_write(link_path, "new", 3, false, &err), PFL_OK);
    assert_int_equal(lstat(link_path, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_content(scratch_path(&scratch, "deep/target"), "new");
    assert_int_equal(pfl_file_write("/dev/null", "x", 1, false, &err), PFL_OK);
    assert_int_equal(pfl_file_write("/dev/full", "x", 1, false, &err), PFL_EFULL);
    assert_int_equal(pfl_file_write(scratch.path, "x", 1, false, &err), PFL_EINVAL);
    assert_int_equal(pfl_file_write(scratch_path(&scratch, "no/x"), "x", 1, false, &err),
                     PFL_ENOENT);
    assert_non_null(strstr(err.message, "folder does not exist"));
}

/* A limit on file sizes is the full disk that a test can have without mounting one. */
static void a_full_disk_leaves_the_old_file(void **state)
{
    const char *path = scratch_path(&scratch, "ledger");
    struct rlimit old, small = {4096, RLIM_INFINITY};
    char *big = malloc(100000);
    int rc;

    (void)state;
    assert_non_null(big);
    memset(big, 'x', 100000);
    scratch_write(&scratch, "ledger", "old");
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small.rlim_max = old.rlim_max;
    setrlimit(RLIMIT_FSIZE, &small);
    rc = pfl_file_write(path, big, 100000, false, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    free(big);
    assert_int_equal(rc, PFL_EFULL);
    assert_non_null(strstr(err.message, "untouched"));
    assert_content(path, "old");
    assert_int_equal(count_entries(scratch.path), 1);
}

/* Fails each system call and each allocation once: the file is the old or the new one, and alone in
 * its folder. */
static void every_fault_of_a_write_is_harmless(void **state)
{
    const char *path = scratch_path(&scratch, "f");
    unsigned long n, failed = 0;
    int memory, rc;

    (void)state;
    for (memory = 0; memory < 2; memory++)
        for (n = 1;; n++) {
            scratch_write(&scratch, "f", "old");
            pfl_fault = (struct pfl_fault){.io_at = memory ? 0 : n, .alloc_at = memory ? n : 0};
            rc = pfl_file_write(path, "new", 3, false, &err);
            if ((memory ? pfl_fault.alloc_seen : pfl_fault.io_seen) < n)
                break;
            pfl_fault = (struct pfl_fault){0};
            assert_int_equal(rc, memory ? PFL_ENOMEM : PFL_EIO);
            assert_int_equal(count_entries(scratch.path), 1);
            failed++;
            if (memory || n < 5) /* only the folder's fsync comes after the rename */
                assert_content(path, "old");
        }
    assert_int_equal(rc, PFL_OK);
    pfl_fault = (struct pfl_fault){0};
    assert_true(failed >= 7);
}

static void streams_a_file(void **state)
{
    struct pfl_file file;
    char three[3];

    (void)state;
    scratch_write(&scratch, "s", "abcde");
    assert_int_equal(pfl_file_open(scratch_path(&scratch, "s"), &file, &err), PFL_OK);
    assert_int_equal(pfl_file_read_some(&file, three, 3, &err), 3);
    assert_memory_equal(three, "abc", 3);
    assert_int_equal(pfl_file_read_some(&file, three, 3, &err), 2);
    assert_int_equal(pfl_file_read_some(&file, three, 3, &err), 0);
    pfl_fault.io_at = pfl_fault.io_seen + 1;
    assert_int_equal(pfl_file_read_some(&file, three, 3, &err), PFL_EIO);
    pfl_file_close(&file);
    pfl_file_close(&file);
    pfl_file_close(NULL);
}

static void a_closed_pipe_is_an_error_with_its_number(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pfl_file_write_fd(ends[1], "x", 1, &err), PFL_EIO);
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(err.os_errno, EPIPE);
    close(ends[1]);
}

static void hashes_a_file(void **state)
{
    char hex[65] = "untouched";
    int64_t size = -1;

    (void)state;
    scratch_write(&scratch, "abc", "abc"); /* the example of FIPS 180-4 */
    assert_int_equal(pfl_file_hash(scratch_path(&scratch, "abc"), hex, &size, &err), PFL_OK);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(size, 3);
    strcpy(hex, "untouched");
    assert_int_equal(pfl_file_hash(scratch_path(&scratch, "none"), hex, &size, &err), PFL_ENOENT);
    assert_string_equal(hex, "untouched");
}

static void makes_folders(void **state)
{
    (void)state;
    assert_int_equal(pfl_file_make_folders(scratch_path(&scratch, "a/b//c/"), &err), PFL_OK);
    assert_true(pfl_file_is_folder(scratch_path(&scratch, "a/b/c")));
    assert_int_equal(pfl_file_make_folders(scratch_path(&scratch, "a/b"), &err), PFL_OK);
    scratch_write(&scratch, "file", "");
    assert_int_equal(pfl_file_make_folders(scratch_path(&scratch, "file/x"), &err), PFL_EINVAL);
    assert_non_null(strstr(err.message, "a file has this name"));
    assert_int_equal(pfl_file_make_folders("/proc/pfl/x", &err), PFL_ENOENT);
}

static void lists_a_folder_in_order(void **state)
{
    struct pfl_arena arena;
    const char **names = NULL;
    size_t n = 77;

    (void)state;
    pfl_arena_init(&arena);
    assert_int_equal(pfl_file_list(scratch_path(&scratch, "none"), &arena, &names, &n, &err),
                     PFL_ENOENT);
    assert_null(names);
    assert_int_equal(n, 77);
    scratch_write(&scratch, "l/b", "");
    scratch_write(&scratch, "l/a", "");
    scratch_write(&scratch, "l/.c", "");
    assert_int_equal(pfl_file_list(scratch_path(&scratch, "l"), &arena, &names, &n, &err), PFL_OK);
    assert_int_equal(n, 3);
    assert_string_equal(names[0], ".c");
    assert_string_equal(names[1], "a");
    assert_string_equal(names[2], "b");
    pfl_arena_release(&arena);
}

static void sizes_and_times(void **state)
{
    struct timespec times[2] = {{5, 7}, {1000, 250}};
    int64_t size, modified;

    (void)state;
    scratch_write(&scratch, "t", "12");
    assert_int_equal(utimensat(AT_FDCWD, scratch_path(&scratch, "t"), times, 0), 0);
    assert_int_equal(pfl_file_stat(scratch_path(&scratch, "t"), &size, &modified, &err), PFL_OK);
    assert_int_equal(size, 2);
    assert_int_equal(modified, 1000000000250);
    assert_int_equal(pfl_file_stat(scratch_path(&scratch, "u"), NULL, NULL, &err), PFL_ENOENT);
}

static void paths_are_joined_and_normalised(void **state)
{
    static const struct {
        const char *base, *path, *want;
    } absolute[] = {
        {"/a", "b", "/a/b"},           {"/a", "/b", "/b"},
        {"/a/b", "../c", "/a/c"},      {"/a", "../../..", "/"},
        {"/a/", "./b//c/.", "/a/b/c"}, {NULL, "/x/./y/", "/x/y"},
        {"/a", "...", "/a/..."},       {"/", "", "/"},
        {"/a", "b/..", "/a"},          {"/a", "..b/.c", "/a/..b/.c"},
    };
    static const struct {
        const char *path, *want;
    } folders[] = {{"a/b", "a"}, {"a", "."}, {"/a", "/"}, {"/", "/"}, {"a/b/", "a"}, {"a//b", "a"}};
    struct pfl_arena arena;
    char cwd[PATH_MAX];
    size_t i;

    (void)state;
    pfl_arena_init(&arena);
    for (i = 0; i < PFL_COUNT(absolute); i++)
        assert_string_equal(pfl_file_absolute(absolute[i].base, absolute[i].path, &arena),
                            absolute[i].want);
    for (i = 0; i < PFL_COUNT(folders); i++)
        assert_string_equal(pfl_file_folder_of(folders[i].path, &arena), folders[i].want);
    assert_non_null(getcwd(cwd, sizeof cwd));
    assert_string_equal(pfl_file_absolute(NULL, ".", &arena), cwd);
    assert_string_equal(pfl_file_absolute("x", "../y", &arena),
                        pfl_file_absolute(NULL, "y", &arena));
    assert_string_equal(pfl_file_join("a", "b", &arena), "a/b");
    assert_string_equal(pfl_file_join("a/", "b", &arena), "a/b");
    assert_string_equal(pfl_file_join("a", "/b", &arena), "/b");
    assert_string_equal(pfl_file_join("", "b", &arena), "b");
    pfl_arena_release(&arena);
}

static void finds_upwards_and_along_path(void **state)
{
    const char *old = getenv("PATH");
    char *kept = strdup(old ? old : "");
    struct pfl_arena arena;

    (void)state;
    pfl_arena_init(&arena);
    scratch_write(&scratch, "top/perfledger.yaml", "");
    scratch_write(&scratch, "top/a/b/x", "");
    assert_string_equal(
        pfl_file_find_up(scratch_path(&scratch, "top/a/b"), "perfledger.yaml", &arena),
        scratch_path(&scratch, "top"));
    assert_null(pfl_file_find_up(scratch_path(&scratch, "top"), "no such name", &arena));

    scratch_write(&scratch, "bin/tool", "");
    scratch_write(&scratch, "bin/data", "");
    chmod(scratch_path(&scratch, "bin/tool"), 0755);
    setenv("PATH", "/nonexistent::bin", 1);
    assert_string_equal(pfl_file_which("tool", scratch.path, &arena),
                        scratch_path(&scratch, "bin/tool"));
    assert_null(pfl_file_which("data", scratch.path, &arena)); /* not executable */
    assert_null(pfl_file_which("bin", scratch.path, &arena));  /* a folder */
    assert_null(pfl_file_which("", scratch.path, &arena));
    assert_string_equal(pfl_file_which("bin/tool", scratch.path, &arena),
                        scratch_path(&scratch, "bin/tool"));
    assert_null(pfl_file_which("./tool", scratch.path, &arena));
    setenv("PATH", kept, 1);
    free(kept);
    pfl_arena_release(&arena);
}

int test_sys_file(void);
int test_sys_file(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        CASE(reads_a_file_after_what_is_there),
        CASE(reading_keeps_to_the_limit),
        CASE(reading_refuses_folders_and_what_is_missing),
        CASE(dash_is_standard_input),
        CASE(writes_and_replaces),
        CASE(exclusive_never_overwrites),
        CASE(writes_through_links_and_to_devices),
        CASE(a_full_disk_leaves_the_old_file),
        CASE(every_fault_of_a_write_is_harmless),
        CASE(streams_a_file),
        CASE(a_closed_pipe_is_an_error_with_its_number),
        CASE(hashes_a_file),
        CASE(makes_folders),
        CASE(lists_a_folder_in_order),
        CASE(sizes_and_times),
        CASE(paths_are_joined_and_normalised),
        CASE(finds_upwards_and_along_path),
    };

    return cmocka_run_group_tests_name("sys/file", tests, NULL, NULL);
}
