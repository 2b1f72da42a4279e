# Another perfledger that measures at the same time is seen, and so is Ctrl-C.
. "$CASE_LIB"
perfledger run --no-record -r 1 -w 0 --allow-few -- sleep 30 >/dev/null 2>&1 &
other=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -z "$(ls "$PERFLEDGER_PRESENCE_DIR")" ] || break
    sleep 0.2
done
perfledger doctor --max-time 100ms --json >doctor.json
same others "$(json '[c["verdict"] for c in d["checks"] if c["name"] == "other perfledgers"]' <doctor.json)" '["poor"]'
kill -TERM $other
wait $other

perfledger doctor --max-time 1h >out 2>err &
doctor=$!
sleep 0.5
kill -TERM $doctor
wait $doctor
same "stopped, exit status" $? 130
same "a report of half a look" "$(wc -c <out | tr -d ' ')" 0
holds err 'stopped while the noise floor was measured'
