# A program that hangs when it is asked what is inside: SIGTERM (as Ctrl-C) and --max-time end the question and all of its
# processes, in `run`, `run --list` and `race --inside`.
. "$CASE_LIB"
repo
cat >program <<P
#!/bin/sh
echo x >>asked
[ "\$1" = --list ] && { sleep 8$$; exit; }
echo '{"bench":"x","samples_ns":[5]}' >&"\$PERFLEDGER_FD"
P
chmod +x program
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5 }
suites:
  - { name: k, harness: perfledger, command: ./program }
Y
nobody() {
    for _ in $(seq 100); do pgrep -f "sleep 8$$\$" >/dev/null || break; sleep 0.02; done
    same 'left behind' "$(pgrep -f "sleep 8$$\$" | wc -l)" 0
}
stopped() {
    "$@" >out 2>err &
    pid=$!
    until pgrep -f "sleep 8$$\$" >/dev/null; do kill -0 $pid 2>/dev/null || { echo 'it ended by itself'; exit 1; }; sleep 0.02; done
    kill -TERM $pid
    wait $pid
    same exit $? 130
    holds err 'interrupted while ./program was asked what is inside it'
    nobody
}
stopped perfledger run k/x
stopped perfledger run --list
stopped perfledger race --inside ./program ./program
rm asked
status 0 perfledger run --max-time 2s k/x
holds out k/x
nobody
same 'asked once, measured in the rest' "$(wc -l <asked)" 6
