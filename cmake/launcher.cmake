# The launcher: a tiny program of its own (see src/sys/spawn.h), embedded in the binary as an array of bytes. It is never
# instrumented and, where src/sys/launcher/raw.c knows the machine's instructions, stands on no C library: its resident memory is
# the floor under every peak RSS that is measured. Elsewhere it is a static program of the C library (floor 0.7 MB), or, where no
# static one is installed, a dynamic one (floor 1.5 MB).
include(CheckCSourceCompiles)

set(launcher_raw_options -ffreestanding -fno-builtin -fno-pic -nostdlib -static)
string(JOIN " " CMAKE_REQUIRED_FLAGS ${launcher_raw_options})
check_c_source_compiles("
#if !(defined(__x86_64__) && !defined(__ILP32__)) && !defined(__aarch64__)
#error no
#endif
void _start(void); void _start(void) { } int main(void) { return 0; }" PFL_LAUNCHER_RAW)
unset(CMAKE_REQUIRED_FLAGS)
set(CMAKE_REQUIRED_LINK_OPTIONS -static)
check_c_source_compiles("int main(void) { return 0; }" PFL_STATIC_LIBC)
unset(CMAKE_REQUIRED_LINK_OPTIONS)

file(GLOB launcher_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/sys/launcher/*.c)
add_executable(pfl_launcher ${launcher_sources})
set_target_properties(pfl_launcher PROPERTIES POSITION_INDEPENDENT_CODE OFF INTERPROCEDURAL_OPTIMIZATION OFF)
target_include_directories(pfl_launcher PRIVATE src)
target_compile_definitions(pfl_launcher PRIVATE _GNU_SOURCE)
target_compile_options(pfl_launcher PRIVATE -U_FORTIFY_SOURCE -O2 -g0 -Wall -Wextra -Wshadow
  -fno-stack-protector -fno-asynchronous-unwind-tables -fno-sanitize=all -fno-strict-aliasing
  $<$<BOOL:${PFL_WERROR}>:-Werror>)
if(PFL_LAUNCHER_RAW)
  target_compile_definitions(pfl_launcher PRIVATE PFL_LAUNCHER_RAW)
  target_compile_options(pfl_launcher PRIVATE -ffreestanding -fno-builtin -fno-pic)
  target_link_options(pfl_launcher PRIVATE -s -nostdlib -static -Wl,-z,noseparate-code -Wl,--build-id=none)
elseif(PFL_STATIC_LIBC)
  target_link_options(pfl_launcher PRIVATE -s -static)
else()
  target_link_options(pfl_launcher PRIVATE -s)
endif()

add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/launcher_image.c
  COMMAND ${CMAKE_COMMAND} -DINPUT=$<TARGET_FILE:pfl_launcher> -DOUTPUT=${CMAKE_BINARY_DIR}/generated/launcher_image.c
          -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS pfl_launcher ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  COMMENT "Embedding the launcher")
add_library(pfl_launcher_image STATIC ${CMAKE_BINARY_DIR}/generated/launcher_image.c)
