# Each pair runs new copies of both programs, under their own names, and nothing of them is left. What cannot be copied, and what another
# program starts, runs from its file, and that is said.
. "$CASE_LIB"
repo
steered old
steered new
why() { json '[b["mode_why"] for b in d["race"]["bouts"] if b["benchmark"] == "parse"][0]' <out; }
raced() { perfledger race --inside "$@" --max-time 2s --no-record --json >out 2>err; }
raced ./old ./new
why | grep -q 'each pair from new copies of both programs' || { why; exit 1; }
test -s old.told && test -s new.told
printf '#!/bin/sh\nexec ./new "$@"\n' >script
chmod +x script
raced ./old ./script
why | grep -q 'each program from its file, for it is a script' || { why; exit 1; }
raced ./old 'env A=1 ./new'
why | grep -q 'each program from its file, for the program is started by another one' || { why; exit 1; }
