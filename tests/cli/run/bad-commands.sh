# A command that is not there, not executable, a folder, crashes, fails: status 4, and the reason names it.
. "$CASE_LIB"
status 4 perfledger run -r 5 -w 0 --no-record -- ./absent
holds out 'absent'
echo hello >plain
status 4 perfledger run -r 5 -w 0 --no-record -- ./plain
holds out 'ermission'
echo echo hello >script && chmod +x script
status 4 perfledger run -r 5 -w 0 --no-record -- ./script
holds out '#!;'
printf '#!/absent/interpreter\n' >script
status 4 perfledger run -r 5 -w 0 --no-record -- ./script
holds out 'interpreter'
status 4 perfledger run -r 5 -w 0 --no-record -- "$PFL_CHILD" signal 11
holds out 'SIGSEGV'
status 4 perfledger run -r 5 -w 0 --no-record -- sh -c 'echo the last word >&2; exit 3'
holds out 'the last word'
holds out '3'
status 0 perfledger run -r 5 -w 0 --no-record -i -- sh -c 'exit 3'
status 2 perfledger run -r 5 -- 'true "unclosed'
holds err 'quote'
status 2 perfledger run --
status 2 perfledger run -- ''
