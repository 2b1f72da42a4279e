/* What program files say of themselves: fixtures with fixed flags, scripts, and files that are
 * broken on purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../helpers/scratch.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "sys/elf.h"
#include "sys/file.h"

static struct scratch scratch;
static struct pfl_arena arena;
static struct pfl_err err;
static struct pfl_elf elf;

static int make(void **state)
{
    (void)state;
    scratch_make(&scratch);
    pfl_arena_init(&arena);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    pfl_fault = (struct pfl_fault){0};
    pfl_arena_release(&arena);
    scratch_remove(&scratch);
    return 0;
}

static const char *fixture(const char *name)
{
    return pfl_arena_format(&arena, PFL_BINARY_DIR "/pfl_fixture_%s", name);
}

/* False (and said) when this compiler could not build it. */
static bool inspect_fixture(const char *name)
{
    if (!pfl_file_exists(fixture(name))) {
        print_message("# no fixture %s with this compiler\n", name);
        return false;
    }
    assert_int_equal(pfl_elf_inspect(fixture(name), &arena, &elf, &err), PFL_OK);
    assert_true(elf.is_elf);
    assert_false(elf.is_script);
    assert_true(elf.size > 1000 && elf.modified_ns > 0);
    return true;
}

static void optimisation(void **state)
{
    static const struct {
        const char *name;
        enum pfl_elf_optimised gcc, clang;
    } cases[] = {
        {"o0", PFL_ELF_UNOPTIMISED, PFL_ELF_UNOPTIMISED},
        {"og", PFL_ELF_UNOPTIMISED,
         PFL_ELF_OPTIMISED}, /* clang's -Og is -O1, and is not recorded */
        {"o2", PFL_ELF_OPTIMISED, PFL_ELF_OPTIMISED},
        {"silent_o0", PFL_ELF_UNOPTIMISED, PFL_ELF_UNOPTIMISED},
        {"silent_o2", PFL_ELF_OPTIMISED, PFL_ELF_OPTIMISED},
        {"asan", PFL_ELF_OPTIMISED, PFL_ELF_OPTIMISED},
        {"bare", PFL_ELF_UNKNOWN, PFL_ELF_UNKNOWN},
        {"stripped", PFL_ELF_UNKNOWN, PFL_ELF_UNKNOWN},
    };
    size_t i, seen = 0;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        if (inspect_fixture(cases[i].name)) {
            bool clang = strstr(elf.compiler, "clang");

            assert_int_equal(elf.optimised, clang ? cases[i].clang : cases[i].gcc);
            seen++;
        }
    assert_true(seen >= 3);
}

static void compiler_and_flags(void **state)
{
    (void)state;
    assert_true(inspect_fixture("o2"));
    assert_true(strstr(elf.compiler, "GNU C17 ") || strstr(elf.compiler, "clang"));
    assert_null(strstr(elf.compiler, " -"));
    if (strstr(elf.compiler, "GNU"))
        assert_non_null(strstr(elf.flags, "-O2"));
    if (inspect_fixture("asan")) /* the sanitizer's own start file, in C++, has no vote */
        assert_true(strstr(elf.compiler, "GNU C17 ") || strstr(elf.compiler, "clang"));
    assert_true(inspect_fixture("bare")); /* from .comment */
    assert_true(strstr(elf.compiler, "GCC: (") || strstr(elf.compiler, "clang"));
    assert_string_equal(elf.flags, "");
}

static void instrumentation(void **state)
{
    static const struct {
        const char *name;
        bool asan, tsan, ubsan, coverage, profile;
    } cases[] = {
        {.name = "o2"},
        {.name = "asan", .asan = true},
        {.name = "tsan", .tsan = true},
        {.name = "ubsan", .ubsan = true},
        {.name = "coverage", .coverage = true},
        {.name = "profile", .profile = true},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++)
        if (inspect_fixture(cases[i].name)) {
            assert_int_equal(elf.asan, cases[i].asan);
            assert_int_equal(elf.tsan, cases[i].tsan);
            assert_int_equal(elf.ubsan, cases[i].ubsan);
            assert_int_equal(elf.coverage, cases[i].coverage);
            assert_int_equal(elf.profile, cases[i].profile);
            assert_false(elf.msan);
        }
}

static void build_ids(void **state)
{
    size_t i;

    (void)state;
    assert_true(inspect_fixture("stripped"));
    assert_string_equal(elf.build_id, "");
    assert_true(inspect_fixture("o2"));
    for (i = 0; elf.build_id[i]; i++)
        assert_true(strchr("0123456789abcdef", elf.build_id[i]));
    assert_int_equal(i % 2, 0);
}

static void scripts(void **state)
{
    static const struct {
        const char *text, *interpreter;
    } cases[] = {
        {"#!/bin/sh\necho\n", "/bin/sh"},
        {"#! /usr/bin/env python3 \r\n", "/usr/bin/env python3"},
        {"#!/bin/sh", "/bin/sh"},
        {"#!\n", ""},
    };
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(cases); i++) {
        scratch_write(&scratch, "s", cases[i].text);
        assert_int_equal(pfl_elf_inspect(scratch_path(&scratch, "s"), &arena, &elf, &err), PFL_OK);
        assert_true(elf.is_script);
        assert_false(elf.is_elf);
        assert_string_equal(elf.interpreter, cases[i].interpreter);
    }
}

static void other_files_are_nothing_special(void **state)
{
    static const char *const texts[] = {"", "#", "plain", "\177ELF", "\177ELF\2\1\1"};
    size_t i;

    (void)state;
    for (i = 0; i < PFL_COUNT(texts); i++) {
        scratch_write(&scratch, "f", texts[i]);
        assert_int_equal(pfl_elf_inspect(scratch_path(&scratch, "f"), &arena, &elf, &err), PFL_OK);
        assert_int_equal(elf.optimised, PFL_ELF_UNKNOWN);
        assert_string_equal(elf.compiler, "");
        assert_int_equal(elf.size, strlen(texts[i]));
    }
    assert_int_equal(pfl_elf_inspect(scratch.path, &arena, &elf, &err), PFL_OK);
    assert_false(elf.is_elf);
    elf.size = -7;
    assert_int_equal(pfl_elf_inspect(scratch_path(&scratch, "none"), &arena, &elf, &err),
                     PFL_ENOENT);
    assert_int_equal(elf.size, -7);
}

/* Cut short anywhere, or with bytes turned over: an answer, no crash (the sanitizer builds look
 * closer). */
static void broken_programs_are_survived(void **state)
{
    struct pfl_buf whole;
    uint32_t random = 12345;
    const char *source;
    int64_t modified;
    size_t i, j;

    (void)state;
    pfl_buf_init(&whole, 16 << 20);
    assert_int_equal(pfl_file_read(fixture("o2"), &whole, &err), PFL_OK);
    for (i = 0; i < 150; i++) {
        const char *path = scratch_path(&scratch, "broken");
        size_t len = i < 50 ? whole.len * i / 50 : whole.len;
        char *bytes = pfl_arena_alloc(&arena, whole.len);

        assert_non_null(bytes);
        memcpy(bytes, whole.data, whole.len);
        for (j = 0; i >= 50 && j < 40; j++) {
            random = random * 1664525 + 1013904223;
            bytes[random % whole.len] ^= (char)(1 << (random >> 29));
        }
        assert_int_equal(pfl_file_write(path, bytes, len, false, &err), PFL_OK);
        assert_int_equal(pfl_elf_inspect(path, &arena, &elf, &err), PFL_OK);
        assert_int_equal(pfl_elf_newest_source(path, &arena, &modified, &source, &err), PFL_OK);
    }
    pfl_buf_release(&whole);
}

static void newest_source(void **state)
{
    const char *source = NULL;
    int64_t modified = -1, want;

    (void)state;
    assert_int_equal(pfl_elf_newest_source(fixture("o2"), &arena, &modified, &source, &err),
                     PFL_OK);
    assert_non_null(strstr(source, "tests/helpers/fixture.c"));
    assert_int_equal(pfl_file_stat(source, NULL, &want, &err), PFL_OK);
    assert_int_equal(modified, want);
    assert_int_equal(pfl_elf_newest_source(fixture("bare"), &arena, &modified, &source, &err),
                     PFL_OK);
    assert_int_equal(modified, 0);
    assert_string_equal(source, "");
    modified = -7;
    assert_int_equal(pfl_elf_newest_source("/none", &arena, &modified, &source, &err), PFL_ENOENT);
    assert_int_equal(modified, -7);
}

static void faults(void **state)
{
    const char *path = fixture("o2"), *source;
    int64_t modified;
    unsigned long n;
    int io, rc;

    (void)state;
    for (io = 0; io < 2; io++)
        for (n = 1;; n++) {
            struct pfl_arena own;

            pfl_arena_init(&own);
            pfl_fault = (struct pfl_fault){.alloc_at = io ? 0 : n, .io_at = io ? n : 0};
            rc = pfl_elf_inspect(path, &own, &elf, &err);
            if (rc == PFL_OK)
                rc = pfl_elf_newest_source(path, &own, &modified, &source, &err);
            pfl_arena_release(&own);
            if ((io ? pfl_fault.io_seen : pfl_fault.alloc_seen) < n)
                break;
            if (!io || n < 3)
                assert_int_equal(rc, io ? PFL_EIO : PFL_ENOMEM);
        }
    assert_int_equal(rc, PFL_OK);
}

int test_sys_elf(void);
int test_sys_elf(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, make, drop)
    const struct CMUnitTest tests[] = {
        CASE(optimisation),
        CASE(compiler_and_flags),
        CASE(instrumentation),
        CASE(build_ids),
        CASE(scripts),
        CASE(other_files_are_nothing_special),
        CASE(broken_programs_are_survived),
        CASE(newest_source),
        CASE(faults),
    };

    return cmocka_run_group_tests_name("sys/elf", tests, NULL, NULL);
}
