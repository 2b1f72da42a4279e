# perfledger_add_benchmark(TARGET [NAME name] [SUITE suite] [ARGS arg…] [LABELS label…] [TIMEOUT seconds]
#                          [GATE [BASELINE baseline] [MAX_REGRESSION 10%] [CONFIG perfledger.yaml]])
#
# A program linked with libperfledger as ordinary tests of CTest:
#
#   NAME.smoke     each benchmark once, untimed: does it run, is its result right
#   NAME.gate      with GATE: `perfledger run` and `perfledger check` of the suite. Fails when the check says no; is skipped, and says
#                  why, when there is nothing to judge yet (no baseline, no perfledger)
#   NAME.baseline  a target: measures, and keeps the result as what NAME.gate is judged by
#
# NAME is the target's by default, SUITE is NAME. ARGS go to the program both times. BASELINE: the name under which it is kept, and which
# is judged by (otherwise the one in use). The suite is that of CONFIG, or of the nearest perfledger.yaml above the current source
# folder, when it has a suite of that name; otherwise a file is written for it into the build folder, with one gate: time,
# MAX_REGRESSION. Its baselines are kept in .benchmarks/NAME of the current source folder, to be committed.
#
# All tests have the label `perfledger`, gates also `perfledger-gate`: `ctest -LE perfledger-gate` leaves the measuring out. A gate runs
# alone, after its smoke test. TIMEOUT is of each (default: 60 s smoke, 600 s gate).
set(PERFLEDGER_GATE_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/perfledger-gate.sh CACHE INTERNAL "")

function(perfledger_add_benchmark target)
  cmake_parse_arguments(PARSE_ARGV 1 bench "GATE" "NAME;SUITE;BASELINE;MAX_REGRESSION;CONFIG;TIMEOUT" "ARGS;LABELS")
  if(bench_UNPARSED_ARGUMENTS OR bench_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "perfledger_add_benchmark(${target}): cannot use `${bench_UNPARSED_ARGUMENTS}"
                        "${bench_KEYWORDS_MISSING_VALUES}'; there are NAME SUITE ARGS LABELS TIMEOUT GATE BASELINE MAX_REGRESSION CONFIG")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "perfledger_add_benchmark(${target}): there is no such target; call it after add_executable")
  endif()
  if(NOT bench_NAME)
    set(bench_NAME ${target})
  endif()
  if(NOT bench_SUITE)
    set(bench_SUITE ${bench_NAME})
  endif()

  set(limit 60)
  if(bench_TIMEOUT)
    set(limit ${bench_TIMEOUT})
  endif()
  add_test(NAME ${bench_NAME}.smoke COMMAND ${target} --once ${bench_ARGS})
  set_tests_properties(${bench_NAME}.smoke PROPERTIES LABELS "perfledger;${bench_LABELS}" TIMEOUT ${limit}
                       FIXTURES_SETUP ${bench_NAME}.smoke)
  if(bench_GATE)
    perfledger_add_gate_()
  endif()
endfunction()

# The rest of it, for GATE; sees its caller's variables.
function(perfledger_add_gate_)
  # An imported target or the project's own wins: it is the version that belongs to this library.
  if(TARGET perfledger)
    get_target_property(type perfledger TYPE)
  endif()
  if(PERFLEDGER_PROGRAM)
    set(program ${PERFLEDGER_PROGRAM})
  elseif(type STREQUAL "EXECUTABLE")
    set(program $<TARGET_FILE:perfledger>)
  else()
    find_program(PERFLEDGER_PROGRAM perfledger)
    mark_as_advanced(PERFLEDGER_PROGRAM)
    set(program ${PERFLEDGER_PROGRAM})
  endif()

  if(NOT bench_MAX_REGRESSION)
    set(bench_MAX_REGRESSION 10%)
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/perfledger/${bench_NAME})
  string(REGEX REPLACE "([{}])" "\\1\\1" args "${bench_ARGS}") # in perfledger's commands, {x} is a parameter
  perfledger_quote_(words $<TARGET_FILE:${target}> ${args})
  perfledger_quote_(suite ${bench_SUITE})
  perfledger_quote_(kept ${CMAKE_CURRENT_SOURCE_DIR}/.benchmarks/${bench_NAME})
  file(GENERATE OUTPUT ${folder}/perfledger.yaml CONTENT
"# Written by perfledger_add_benchmark(${target}); not to be edited.
project: ${suite}
suites:
  - name: ${suite}
    harness: perfledger
    command: [ ${words} ]
gates:
  - { match: \"*\", metric: time, max_regression: ${bench_MAX_REGRESSION} }
baseline: { folder: ${kept} }
")

  # Whose perfledger.yaml: the script asks perfledger itself, when it runs.
  if(bench_CONFIG)
    get_filename_component(config ${bench_CONFIG} ABSOLUTE)
  else()
    set(config "")
    set(above ${CMAKE_CURRENT_SOURCE_DIR})
    while(NOT config)
      if(EXISTS ${above}/perfledger.yaml)
        set(config ${above}/perfledger.yaml)
      elseif(above STREQUAL CMAKE_SOURCE_DIR OR above STREQUAL "/")
        break()
      endif()
      get_filename_component(above ${above} DIRECTORY)
    endwhile()
  endif()

  set(needed ${target})
  set(limit 600)
  if(bench_TIMEOUT)
    set(limit ${bench_TIMEOUT})
  endif()
  # `-`: none; an empty word would be lost on the way.
  foreach(word program bench_BASELINE config)
    if(NOT ${word})
      set(${word} -)
    endif()
  endforeach()
  set(common ${program} ${bench_SUITE} ${bench_BASELINE} ${folder}/perfledger.yaml ${config}
             "cmake --build ${CMAKE_BINARY_DIR} --target ${bench_NAME}.baseline")
  add_test(NAME ${bench_NAME}.gate COMMAND sh ${PERFLEDGER_GATE_SCRIPT} gate ${common})
  set_tests_properties(${bench_NAME}.gate PROPERTIES LABELS "perfledger;perfledger-gate;${bench_LABELS}" TIMEOUT ${limit}
                       RUN_SERIAL ON SKIP_RETURN_CODE 6 FIXTURES_REQUIRED ${bench_NAME}.smoke)
  if(type STREQUAL "EXECUTABLE")
    list(APPEND needed perfledger)
  endif()
  add_custom_target(${bench_NAME}.baseline COMMAND sh ${PERFLEDGER_GATE_SCRIPT} save ${common} DEPENDS ${needed}
                    USES_TERMINAL VERBATIM COMMENT "Measuring ${bench_SUITE}: a baseline for ${bench_NAME}.gate")
endfunction()

# Words as a YAML list in double quotes, without its brackets.
function(perfledger_quote_ out)
  set(quoted "")
  foreach(word IN LISTS ARGN)
    string(REGEX REPLACE "([\\\\\"])" "\\\\\\1" word "${word}")
    list(APPEND quoted "\"${word}\"")
  endforeach()
  list(JOIN quoted ", " quoted)
  set(${out} "${quoted}" PARENT_SCOPE)
endfunction()
