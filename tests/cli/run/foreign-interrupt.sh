# Ctrl-C in the middle of a harness's launch: its folder goes away with it, what was measured is kept. And a time limit is passed on.
. "$CASE_LIB"
repo
foreign
cat >slow <<P
#!/bin/sh
[ ! -e go ] || { touch began; sleep 6$$; }
exec ./gbench "\$@"
P
chmod +x slow
mkdir tmp
TMPDIR=$PWD/tmp
export TMPDIR
cat >perfledger.yaml <<'Y'
suites:
  - { name: cpp, harness: google-benchmark, command: ./slow, rounds: 5 }
Y
touch go
perfledger run >out 2>err &
pid=$!
while [ ! -e began ]; do kill -0 $pid 2>/dev/null || { cat out err; exit 1; }; sleep 0.02; done
same 'a folder meanwhile' "$(find tmp -name 'perfledger-harness-*' | wc -l)" 1
kill -TERM $pid
wait $pid
same exit $? 130
same 'nothing is left' "$(find tmp -name 'perfledger-harness-*' | wc -l)" 0
rm go
status 0 perfledger run --max-time 10s
same 'short limits make short measurements' "$(sed 's/.*min_time=//' asked | sort -u | awk '{ print ($1 <= 0.1) }')" 1
rm asked
status 0 perfledger run --max-time 2s --allow-few
same 'shorter' "$(sed 's/.*min_time=//' asked | sort -u | awk '{ print ($1 < 0.09) }')" 1
