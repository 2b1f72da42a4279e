# The flags of our own code, as an interface target that is linked privately: consumers and dependencies never see them.
add_library(pfl_flags INTERFACE)
target_compile_definitions(pfl_flags INTERFACE _GNU_SOURCE)
target_compile_options(pfl_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla
  -fno-strict-aliasing $<$<BOOL:${PFL_WERROR}>:-Werror>)
if(PFL_SANITIZE)
  target_compile_options(pfl_flags INTERFACE -fsanitize=${PFL_SANITIZE} -fno-omit-frame-pointer
                                             -fno-sanitize-recover=all)
  target_link_options(pfl_flags INTERFACE -fsanitize=${PFL_SANITIZE})
  target_compile_definitions(pfl_flags INTERFACE PFL_MOVING=256) # base/macros.h
endif()
if(PFL_COVERAGE)
  target_compile_options(pfl_flags INTERFACE --coverage)
  target_link_options(pfl_flags INTERFACE --coverage)
endif()
if(PFL_FUZZ)
  target_compile_options(pfl_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
