# tests/proof: the programs behind ./dev proof. `work` is what is measured: static where that is possible, optimised always.
add_executable(proof_work ${CMAKE_SOURCE_DIR}/tests/proof/work.c)
target_compile_definitions(proof_work PRIVATE _GNU_SOURCE)
target_compile_options(proof_work PRIVATE -O2 -g0 -Wall -Wextra $<$<BOOL:${PFL_WERROR}>:-Werror>)
if(PFL_STATIC_LIBC AND NOT PFL_SANITIZE)
  target_link_options(proof_work PRIVATE -static)
endif()

# A program with a benchmark inside, for the rows of races inside processes.
add_executable(proof_kernel ${CMAKE_SOURCE_DIR}/tests/proof/kernel.c)
target_compile_options(proof_kernel PRIVATE -O2 -g0 -Wall -Wextra $<$<BOOL:${PFL_WERROR}>:-Werror>)
target_link_libraries(proof_kernel PRIVATE perfledger_static)

# pfl_proof(NAME SOURCES…): proof_NAME, linked with everything of ours.
function(pfl_proof name)
  list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/tests/proof/)
  add_executable(proof_${name} ${ARGN})
  target_include_directories(proof_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/proof)
  target_link_libraries(proof_${name} PRIVATE pfl_cli pfl_flags PkgConfig::ZSTD m)
endfunction()
pfl_proof(replay replay.c replay_race.c replay_suite.c replay_source.c noise.c share.c)
pfl_proof(record record.c)
pfl_proof(calibrate calibrate.c)
pfl_proof(tell tell.c share.c)
