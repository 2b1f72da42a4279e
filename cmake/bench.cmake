# bench/bench_NAME.c: the programs behind ./dev bench, one per figure of docs/bench.md; make_NAME.c: makers of what they read. Timings live there, never in tests.
file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/bench_*.c ${CMAKE_SOURCE_DIR}/bench/make_*.c)
foreach(source ${bench_sources})
  get_filename_component(target ${source} NAME_WE)
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE pfl_cli pfl_flags m)
  target_compile_definitions(${target} PRIVATE PFL_VERSION="${PROJECT_VERSION}")
endforeach()
