# libperfledger: one header made from lib/ and a few files of src/stats (target `amalgamation`), compiled once as a static and once
# as a shared library. Made from the header because its one translation unit can make static what is not public: no symbol of src/
# meets a program's own (perfledger's programs link both), and no tool but the compiler is needed for that, with LTO or without.
#
# This file stands alone: with PFL_LIBRARY_ONLY it is all that is read, in the directory of another project's build.
include(GNUInstallDirs)
include(CheckSymbolExists)
include(CMakePushCheckState)
set(THREADS_PREFER_PTHREAD_FLAG OFF)
find_package(Threads REQUIRED)
find_program(PFL_AWK NAMES awk mawk gawk REQUIRED)

file(STRINGS ${PROJECT_SOURCE_DIR}/include/perfledger/api.h lib_version REGEX "^#define PFL_LIBRARY_VERSION")
if(NOT lib_version STREQUAL "#define PFL_LIBRARY_VERSION \"${PROJECT_VERSION}\"")
  message(FATAL_ERROR "include/perfledger/api.h says `${lib_version}', CMakeLists.txt ${PROJECT_VERSION}: make them one")
endif()

file(GLOB lib_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/perfledger/*.h)
file(GLOB lib_sources CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/lib/*.c)
foreach(name order mean interval distributions random fit)
  list(APPEND lib_sources src/stats/${name}.c)
endforeach()
list(JOIN lib_sources " " lib_sources_text)
file(GLOB lib_private CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/*.h)

# ---- the amalgamated header ----
set(lib_dist ${PROJECT_BINARY_DIR}/dist)
file(MAKE_DIRECTORY ${lib_dist})
set(lib_absolute ${lib_sources})
list(TRANSFORM lib_absolute PREPEND ${PROJECT_SOURCE_DIR}/)
add_custom_command(
  OUTPUT ${lib_dist}/perfledger.h
  COMMAND ${PFL_AWK} -f ${PROJECT_SOURCE_DIR}/cmake/amalgamate.awk -v root=${PROJECT_SOURCE_DIR} -v version=${PROJECT_VERSION}
          -v "sources=${lib_sources_text}" > ${lib_dist}/perfledger.h.new
  COMMAND ${CMAKE_COMMAND} -E rename ${lib_dist}/perfledger.h.new ${lib_dist}/perfledger.h
  DEPENDS ${PROJECT_SOURCE_DIR}/cmake/amalgamate.awk ${lib_absolute} ${lib_headers} ${lib_private}
          ${PROJECT_SOURCE_DIR}/src/stats/stats.h ${PROJECT_SOURCE_DIR}/src/stats/gamma.h
  COMMENT "One header of libperfledger: dist/perfledger.h"
  VERBATIM)
add_custom_target(perfledger_amalgamation DEPENDS ${lib_dist}/perfledger.h)
if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(amalgamation ALL DEPENDS perfledger_amalgamation)
endif()
file(CONFIGURE OUTPUT ${lib_dist}/library.c CONTENT "#define PFL_IMPLEMENTATION\n#include \"perfledger.h\"\n" @ONLY)

# ---- the libraries ----
# timer_create, dlsym and the like moved into libc with glibc 2.34; before, they are libraries of their own.
cmake_push_check_state(RESET)
set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
check_symbol_exists(timer_create time.h PFL_TIMERS_IN_LIBC)
cmake_pop_check_state()
set(lib_system m)
if(NOT PFL_TIMERS_IN_LIBC)
  list(APPEND lib_system rt)
endif()

# pfl_library(KIND): perfledger_static or perfledger_shared.
function(pfl_library kind)
  string(TOUPPER ${kind} type)
  set(target perfledger_${kind})
  add_library(${target} ${type} ${lib_dist}/library.c)
  add_library(perfledger::${kind} ALIAS ${target})
  add_dependencies(${target} perfledger_amalgamation)
  set_source_files_properties(${lib_dist}/library.c PROPERTIES OBJECT_DEPENDS ${lib_dist}/perfledger.h)
  # Position-independent in the archive as well: a plug-in or a shared library may hold benchmarks.
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME perfledger EXPORT_NAME ${kind} POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden
    C_STANDARD 17 C_EXTENSIONS ON VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} PRIVATE ${lib_system} Threads::Threads)
  # Our sanitizers and coverage, where there are any. Otherwise optimised, whatever the project's build type: the library's own cost
  # is taken off the times, and must be small. (Whether the *program* is optimised is its own matter, and is recorded.)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:$<TARGET_NAME_IF_EXISTS:pfl_flags>>)
  # Whatever flags the project has for its own: a value that is not there is NaN.
  target_compile_options(${target} PRIVATE -fno-strict-aliasing -fno-fast-math -fno-finite-math-only)
  if(NOT PFL_SANITIZE AND NOT PFL_COVERAGE)
    target_compile_options(${target} PRIVATE -O2)
  endif()
endfunction()
pfl_library(static)
pfl_library(shared)
if(NOT PFL_SANITIZE)
  target_link_options(perfledger_shared PRIVATE LINKER:-z,defs) # what is missing is missing here, not in a consumer
endif()

# perfledger::perfledger is what -lperfledger gives: in a project that took us in, as its BUILD_SHARED_LIBS says.
if(PFL_LIBRARY_ONLY AND NOT BUILD_SHARED_LIBS)
  add_library(perfledger::perfledger ALIAS perfledger_static)
else()
  add_library(perfledger::perfledger ALIAS perfledger_shared)
endif()
if(NOT PROJECT_IS_TOP_LEVEL)
  set_target_properties(perfledger_static perfledger_shared PROPERTIES EXCLUDE_FROM_ALL ON)
endif()

# The files themselves, all symbols visible: for unit tests, and for warnings that name the place.
if(NOT PFL_LIBRARY_ONLY)
  add_library(perfledger_objects STATIC ${lib_sources})
  target_include_directories(perfledger_objects PUBLIC include lib src)
  target_link_libraries(perfledger_objects PUBLIC ${lib_system} Threads::Threads PRIVATE pfl_flags)
endif()

include(${CMAKE_CURRENT_LIST_DIR}/PerfledgerBenchmark.cmake)
if(PROJECT_IS_TOP_LEVEL)
  include(${CMAKE_CURRENT_LIST_DIR}/lib-install.cmake)
endif()
