# The launcher: a static program of its own (see src/sys/spawn.h), embedded in the binary as an array of bytes.
# It is never instrumented: it must stay tiny. Where no static C library is installed it is linked dynamically, and
# peak RSS below about 2 MB is then the launcher's own.
include(CheckCSourceCompiles)
set(CMAKE_REQUIRED_LINK_OPTIONS -static)
check_c_source_compiles("int main(void) { return 0; }" PFL_STATIC_LIBC)
unset(CMAKE_REQUIRED_LINK_OPTIONS)

file(GLOB launcher_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/sys/launcher/*.c)
if(launcher_sources)
  add_executable(pfl_launcher ${launcher_sources})
  target_include_directories(pfl_launcher PRIVATE src)
  target_compile_definitions(pfl_launcher PRIVATE _GNU_SOURCE)
  target_compile_options(pfl_launcher PRIVATE -O2 -g0 -Wall -Wextra)
  target_link_options(pfl_launcher PRIVATE -s $<$<BOOL:${PFL_STATIC_LIBC}>:-static>)
  add_custom_command(
    OUTPUT ${CMAKE_BINARY_DIR}/generated/launcher_image.c
    COMMAND ${CMAKE_COMMAND} -DINPUT=$<TARGET_FILE:pfl_launcher>
            -DOUTPUT=${CMAKE_BINARY_DIR}/generated/launcher_image.c
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS pfl_launcher ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
  add_library(pfl_launcher_image STATIC ${CMAKE_BINARY_DIR}/generated/launcher_image.c)
else()
  add_library(pfl_launcher_image INTERFACE)
endif()
