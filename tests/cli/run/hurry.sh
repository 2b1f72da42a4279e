# Asked to stop a second time while a cleanup hangs: it is ended, and what was measured is recorded all the same.
. "$CASE_LIB"
perfledger run -r 5 -w 0 -c 'touch cleaning; sleep 993' -- true >out 2>err &
pid=$!
while [ ! -e cleaning ]; do kill -0 $pid 2>/dev/null || { echo 'it ended by itself'; exit 1; }; sleep 0.02; done
while kill -TERM $pid 2>/dev/null; do sleep 0.05; done
wait $pid
same exit $? 0
# Killed is not gone yet: a dying process may be seen for a moment on a busy machine.
for i in $(seq 100); do pgrep -f 'sleep 993$' >/dev/null || break; sleep 0.02; done
same survivors "$(pgrep -f 'sleep 993$' | wc -l)" 0
holds out 'was interrupted'
same launches "$(perfledger show --json | json '[r["launches"] for r in d["results"] if r["metric"]=="time"]')" '[5]'
