# Unit tests: tests/unit/FOLDER/TOPIC.c defines `int test_FOLDER_TOPIC(void)` (it returns what
# cmocka_run_group_tests_name() returns); all topics of a folder become one binary, test_FOLDER, whose main is written
# here. Everything speaks TAP, so that ./dev test can count.
if(PFL_TESTS)
  find_package(cmocka QUIET CONFIG)
  pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
  pkg_check_modules(JANSSON IMPORTED_TARGET jansson)

  # A program for tests to run, that behaves as badly as asked; a sanitizer would catch its signals.
  add_executable(pfl_test_child tests/helpers/child.c)
  target_compile_definitions(pfl_test_child PRIVATE _GNU_SOURCE)
  target_compile_options(pfl_test_child PRIVATE -Wall -Wextra $<$<BOOL:${PFL_WERROR}>:-Werror>)

  # One with benchmarks inside that lets itself be told when to run which; for CLI cases (tests/cli/lib.sh: steered).
  add_executable(pfl_test_steered tests/helpers/steered.c)
  target_compile_definitions(pfl_test_steered PRIVATE _GNU_SOURCE)
  target_compile_options(pfl_test_steered PRIVATE -Wall -Wextra $<$<BOOL:${PFL_WERROR}>:-Werror>)

  # A program of the library's, for tests/cli/lib: "$SAMPLE". Optimised, so that its reports carry no warning.
  add_executable(pfl_sample tests/cli/lib/sample.c)
  target_compile_definitions(pfl_sample PRIVATE _GNU_SOURCE)
  target_compile_options(pfl_sample PRIVATE -Wall -Wextra $<$<BOOL:${PFL_WERROR}>:-Werror> -O2)
  target_link_libraries(pfl_sample PRIVATE perfledger_static pfl_flags)

  file(GLOB folders CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/*)
  foreach(path ${folders})
    if(NOT IS_DIRECTORY ${path})
      continue()
    endif()
    get_filename_component(folder ${path} NAME)
    file(GLOB topics CONFIGURE_DEPENDS ${path}/*.c)
    set(declare "")
    set(call "")
    foreach(topic_path ${topics})
      get_filename_component(topic ${topic_path} NAME_WE)
      string(APPEND declare "int test_${folder}_${topic}(void);\n")
      string(APPEND call "    if (!wanted(count, words, \"${topic}\"))\n        ;\n    else\n        failed += test_${folder}_${topic}();\n")
    endforeach()
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/test_${folder}.c CONTENT
"#include <string.h>
@declare@
static int wanted(int count, char **words, const char *topic)
{
    int i;

    for (i = 1; i < count; i++)
        if (strcmp(words[i], topic) == 0)
            return 1;
    return count < 2;
}

int main(int count, char **words)
{
    int failed = 0;

@call@    return failed != 0;
}
" @ONLY)
    add_executable(test_${folder} ${topics} ${CMAKE_BINARY_DIR}/generated/test_${folder}.c)
    # libperfledger stands alone: its tests see its files (hidden symbols too) and nothing else of ours.
    if(folder STREQUAL lib)
      target_link_libraries(test_lib PRIVATE perfledger_objects pfl_flags PkgConfig::CMOCKA)
    else()
      target_link_libraries(test_${folder} PRIVATE pfl_cli pfl_flags PkgConfig::CMOCKA)
    endif()
    target_compile_definitions(test_${folder} PRIVATE PFL_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
      PFL_BINARY_DIR="${CMAKE_BINARY_DIR}" PFL_VERSION="${PROJECT_VERSION}"
      PFL_TEST_CHILD="$<TARGET_FILE:pfl_test_child>")
    add_dependencies(test_${folder} pfl_test_child)
    if(TARGET PkgConfig::JANSSON)
      target_link_libraries(test_${folder} PRIVATE PkgConfig::JANSSON)
    endif()
    add_test(NAME ${folder} COMMAND test_${folder})
    set_tests_properties(${folder} PROPERTIES ENVIRONMENT "CMOCKA_MESSAGE_OUTPUT=TAP")
  endforeach()
endif()

# Programs for the tests to inspect: one source, built with fixed flags that come after (and so win over) the build type's.
# A flag that the compiler or its run-time library lacks leaves its fixture out; the test then skips, visibly.
if(PFL_TESTS AND TARGET test_sys)
  include(CheckCSourceCompiles)
  function(pfl_fixture name)
    string(REPLACE ";" " " flags "${ARGN}")
    set(CMAKE_REQUIRED_FLAGS "${flags}")
    check_c_source_compiles("int main(void) { return 0; }" PFL_FIXTURE_${name})
    if(PFL_FIXTURE_${name})
      add_executable(pfl_fixture_${name} ${CMAKE_SOURCE_DIR}/tests/helpers/fixture.c)
      target_compile_options(pfl_fixture_${name} PRIVATE ${ARGN})
      target_link_options(pfl_fixture_${name} PRIVATE ${ARGN})
      add_dependencies(test_sys pfl_fixture_${name})
    endif()
  endfunction()
  pfl_fixture(o0 -O0 -g)
  pfl_fixture(og -Og -g)
  pfl_fixture(o2 -O2 -g)
  pfl_fixture(silent_o0 -O0 -g -gno-record-gcc-switches)
  pfl_fixture(silent_o2 -O2 -g -gno-record-gcc-switches)
  pfl_fixture(lines -O2 -g1 -gno-record-gcc-switches)
  pfl_fixture(bare -O2 -g0)
  pfl_fixture(stripped -O2 -g0)
  target_link_options(pfl_fixture_stripped PRIVATE -s -Wl,--build-id=none)
  pfl_fixture(asan -O2 -g -fsanitize=address)
  pfl_fixture(ubsan -O2 -g -fsanitize=undefined)
  pfl_fixture(tsan -O2 -g -fsanitize=thread)
  pfl_fixture(coverage -O2 -g --coverage)
  pfl_fixture(profile -O2 -g -pg)
endif()

# Fuzz targets: tests/fuzz/fuzz_TARGET.c; corpus in tests/fuzz/corpus/TARGET. With PFL_FUZZ they are libFuzzer programs
# (clang), else each becomes a test that replays its corpus.
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_*.c)
foreach(source ${fuzz_sources})
  get_filename_component(target ${source} NAME_WE)
  string(REPLACE "fuzz_" "" corpus ${target})
  if(PFL_FUZZ)
    add_executable(${target} ${source})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(${target} ${source} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
    add_test(NAME ${target} COMMAND ${target} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${corpus})
  endif()
  target_link_libraries(${target} PRIVATE pfl_cli pfl_flags)
endforeach()
