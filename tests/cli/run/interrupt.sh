# SIGTERM (and Ctrl-C, which a background job of sh ignores): what was measured is recorded, marked partial; the command's group is ended; status 130.
. "$CASE_LIB"
cat >perfledger.yaml <<Y
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: a, command: "true" }
  - { name: z, command: "sh -c 'test ! -e stop || sleep 6$$; echo x >>rounds; if [ \$(wc -l <rounds) = 3 ]; then touch stop; fi'" }
Y
perfledger run >out 2>err &
pid=$!
while [ ! -e stop ] || ! pgrep -f "sleep 6$$\$" >/dev/null; do kill -0 $pid 2>/dev/null || { echo 'it ended by itself'; exit 1; }; sleep 0.02; done
kill -TERM $pid
wait $pid
same exit $? 130
same partial "$(perfledger list --json | json '[r["partial"] for r in d["runs"]]')" '[true]'
same survivors "$(pgrep -f "sleep 6$$\$" | wc -l)" 0
same launches "$(perfledger show --json | json '[r["launches"] >= 3 for r in d["results"] if r["metric"]=="time"]')" '[true, true]'
