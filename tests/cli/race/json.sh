# --json and --format: a comparison's document, and how the race went beside it.
. "$CASE_LIB"
repo
status 0 perfledger race 'sleep 0.002' 'sleep 0.012' 'sleep 0.014' --seed 5 --max-time 3s -w 0 --json --metric time
same "keys" "$(json '" ".join(sorted(d))' <out)" \
    "bar base head machine_effect matters notes ok race results schema summary why_nothing"
same "sides" "$(json 'd["base"]["label"] + " / " + d["head"]["label"]' <out)" "sleep 0.002 / sleep 0.012"
same "machine_effect, bar" "$(json '[d["machine_effect"], d["bar"], d["ok"], d["schema"]]' <out)" "[null, null, true, 1]"
same "race" "$(json '" ".join(d["race"])' <out)" "seed seconds contenders bouts recorded"
same "seed" "$(json 'd["race"]["seed"]' <out)" 5
same "contender" "$(json '" ".join(d["race"]["contenders"][0])' <out)" "label run revision problem"
same "bout" "$(json '" ".join(d["race"]["bouts"][0])' <out)" \
    "benchmark challenger end reason metric metric_why mode mode_why pairs dropped p solo_ratio solo_ratio_ci cv_base cv_head seconds same_output_checked"
same "bouts" "$(json '[[b["challenger"], b["metric"]] for b in d["race"]["bouts"]]' <out)" \
    '[["sleep 0.012", "time"], ["sleep 0.014", "time"]]'
same "one deciding row each" "$(json '[[r["benchmark"], r["metric"], r["verdict"]] for r in d["results"] if r["deciding"]]' <out)" \
    '[["adhoc/sleep 0.012", "time", "regressed"], ["adhoc/sleep 0.014", "time", "regressed"]]'
same "sorted" "$(json 'd["results"] == sorted(d["results"], key=lambda r: (r["benchmark"], r["metric"], r["variant"]))' <out)" true
same "summary" "$(json 'd["summary"]["regressed"]' <out)" 2
same "runs" "$(json 'len({c["run"] for c in d["race"]["contenders"]})' <out)" 3
status 0 perfledger race 'sleep 0.002' 'sleep 0.012' --max-time 1s --no-record --format markdown
holds out '### perfledger: raced: 1 regressed'
holds out '| adhoc/sleep 0.012 |'
status 0 perfledger race true true --max-time 200ms --no-record --format json
same "format json" "$(json 'd["schema"]' <out)" 1
