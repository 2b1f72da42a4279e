# A side that fails, skips, crashes, hangs, talks nonsense, lacks the benchmark: named outcomes, put down to the side that did it.
# One that knows no control channel is raced by whole launches, and the reason is said.
. "$CASE_LIB"
repo
steered old
steered new
ends() { json '{b["benchmark"]: b["end"] for b in d["race"]["bouts"]}' <out; }
reason() { json '[b["reason"] for b in d["race"]["bouts"] if b["benchmark"] == "parse"][0]' <out; }
raced() { perfledger race --inside ./old ./new --tolerance 0 --max-time "$1" --no-record --json >out 2>err || true; }
echo fail >new.mood
raced 1500ms
same "fail" "$(ends)" '{"parse": "failed", "sort[n=10]": "time"}'
same "why" "$(reason)" './new failed: a made-up reason'
echo skip >new.mood
raced 1500ms
same "skip" "$(ends)" '{"parse": "skipped", "sort[n=10]": "time"}'
same "why" "$(reason)" './new skips it: a made-up reason'
rm new.mood
echo crash >old.mood
raced 2s
same "crash" "$(ends)" '{"parse": "failed", "sort[n=10]": "failed"}'
reason | grep -q '^./old failed: ended by signal' || { reason; exit 1; }
echo garble >old.mood
raced 2s
reason | grep -q '^./old failed: it answered on PERFLEDGER_FD' || { reason; exit 1; }
rm old.mood
echo lack >new.mood
raced 1500ms
same "lack" "$(ends)" '{"parse": "skipped", "sort[n=10]": "time"}'
same "why" "$(reason)" './new skips it: ./new has no such benchmark'
echo hang >new.mood
perfledger race --inside ./old ./new --max-time 20s --timeout 500ms --no-record --json >out 2>err
same "hang" "$(ends)" '{"parse": "failed", "sort[n=10]": "failed"}'
reason | grep -q '^./new failed: a launch did not end within its timeout' || { reason; exit 1; }
for side in old new; do
    rm -f old.mood new.mood
    echo closed >$side.mood
    perfledger race --inside ./old ./new --max-time 20s --timeout 500ms --no-record --json >out 2>err
    same "closed" "$(ends)" '{"parse": "failed", "sort[n=10]": "failed"}'
    reason | grep -q "^./$side failed: .*timeout" || { reason; exit 1; }
    echo leave >$side.mood
    raced 2s
    reason | grep -q "^./$side failed: its process ended in the middle of the benchmark" || { reason; exit 1; }
done
rm -f old.mood
echo deaf >new.mood
status 0 perfledger race --inside ./old ./new --max-time 4s --no-record --json
same "deaf" "$(json 'sorted({b["mode"] == "inside" for b in d["race"]["bouts"]})' <out)" '[false]'
same "and said" "$(json 'all("does not answer on PERFLEDGER_CONTROL_FD" in b["mode_why"] for b in d["race"]["bouts"])' <out)" true
