# The CI templates of src/project/ci/ as they are, embedded in the binary: text files can be read, checked and diffed, long
# literals cannot.
file(GLOB ci_templates CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/project/ci/*)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/ci_templates.c
  COMMAND ${CMAKE_COMMAND} "-DFOLDER=${CMAKE_SOURCE_DIR}/src/project/ci" -DOUTPUT=${CMAKE_BINARY_DIR}/generated/ci_templates.c
          -P ${CMAKE_SOURCE_DIR}/cmake/embed_templates.cmake
  DEPENDS ${ci_templates} ${CMAKE_SOURCE_DIR}/cmake/embed_templates.cmake
  COMMENT "Embedding the CI templates")
target_sources(pfl_project PRIVATE ${CMAKE_BINARY_DIR}/generated/ci_templates.c)
