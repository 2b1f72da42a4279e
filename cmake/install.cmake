# Install rules: the binary, its man pages and completions (made by the binary itself from its command cards), and
# perfledger.pc for whoever wants to find them. The library has its own rules: lib-install.cmake, read before this.
configure_file(cmake/perfledger.pc.in ${CMAKE_BINARY_DIR}/perfledger.pc @ONLY)
install(TARGETS perfledger RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_BINARY_DIR}/perfledger.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING PATTERN "*.md")
install(DIRECTORY man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
install(FILES completions/perfledger.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME perfledger OPTIONAL)
install(FILES completions/_perfledger DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions OPTIONAL)
install(FILES completions/perfledger.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d OPTIONAL)
