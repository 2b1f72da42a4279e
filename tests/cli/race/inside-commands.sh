# Two programs with benchmarks inside: each of these is a bout of its own, raced batch by batch while both live. One of them became
# slower; the other did not.
. "$CASE_LIB"
repo
steered old
steered new
echo 1.05 >new.speed
status 0 perfledger race --inside ./old ./new --max-time 3s --seed 7 --json
same "bouts" "$(json '[b["benchmark"] for b in d["race"]["bouts"]]' <out)" '["parse", "sort[n=10]"]'
same "modes" "$(json 'sorted({b["mode"] for b in d["race"]["bouts"]})' <out)" '["inside"]'
same "parse" "$(json '[r["verdict"] for r in d["results"] if r["deciding"] and r["benchmark"] == "parse"]' <out)" '["regressed"]'
same "sort" "$(json '[abs(r["ratio"] - 1) < 0.005 for r in d["results"] if r["deciding"] and r["benchmark"] != "parse"]' <out)" '[true]'
same "its size" "$(json 'abs([r["ratio"] for r in d["results"] if r["deciding"]][0] - 1.05) < 0.005' <out)" true
same "pairs" "$(json 'all(b["pairs"]["inside"] >= 10 and b["pairs"]["solo"] == b["pairs"]["duet"] == 0 for b in d["race"]["bouts"])' <out)" true
# what is recorded is what the programs measured
id=$(perfledger list --json | json '[r["id"] for r in d["runs"] if r["label"] == "./new"][0]')
same "recorded" "$(perfledger show "$id" --json | json 'sorted({r["benchmark"] for r in d["results"]})')" '["parse", "sort[n=10]"]'
# nobody is asked for more than the one benchmark of the bout
same "asked for" "$(sort -u old.told | wc -l)" 2
status 0 perfledger race --inside ./old ./new --max-time 3s --no-record -v
holds out 'batch by batch'
holds out '% slower'
holds out 'inside: both processes at once, batch by batch in turns'
# another metric than time is one of whole launches
status 0 perfledger race --inside ./old ./new --max-time 1s --no-record --metric cpu --json
same "by CPU time" "$(json 'sorted({b["mode"] == "inside" for b in d["race"]["bouts"]})' <out)" '[false]'
