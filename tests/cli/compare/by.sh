# --by: the values of a parameter within one run. The metrics come over the wire, so that no timing decides this test.
. "$CASE_LIB"
repo
cat >emit.sh <<'W'
[ "$1$2$3" != on403 ] || exit 3
case $1 in on) factor=2 ;; off) factor=1 ;; esac
echo "{\"metric\":\"cost\",\"value\":$((factor * $2 * (10 + $3))),\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
echo "{\"metric\":\"rate\",\"value\":$((factor * 100)),\"unit\":\"1/s\",\"better\":\"higher\"}" >&$PERFLEDGER_FD
echo "{\"metric\":\"errors\",\"value\":0,\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - name: e
    command: bash emit.sh {cache} {size} {seed}
    params: { cache: ["off", "on"], size: [10, 40], seed: [1, 2, 3] }
    exclude: [ { size: 10, seed: 3 } ]
  - { name: plain, command: "true" }
Y
status 2 perfledger compare --by cache
holds err 'ledger'
perfledger run >/dev/null 2>&1
status 0 perfledger compare --by cache --metric cost --json
same rows "$(json '[[r["benchmark"],r["variant"],r["base"]["median"],r["head"]["median"],r["ratio"],r["ratio_ci"],r["verdict"],r["deciding"],r["rounds"]] for r in d["results"]][:2]' <out)" '[["e[cache=off \u2192 on,seed=1,size=10]", "cache=on vs off", 110, 220, 2, [2, 2], "regressed", true, 5], ["e[cache=off \u2192 on,seed=1,size=40]", "cache=on vs off", 440, 880, 2, [2, 2], "regressed", true, 5]]'
same fields "$(json '[[r["by"],r["param"],r["value"],r["reference"],r["params"],r["base_benchmark"],r["head_benchmark"],r["combinations"]] for r in d["results"]][:1]' <out)" '[["cache", "cache", "on", "off", {"seed": "1", "size": "10"}, "e[cache=off,seed=1,size=10]", "e[cache=on,seed=1,size=10]", 1]]'
same document "$(json '[d["schema"],d["by"],d["reference"],d["group_by"],d["ok"],d["machine_effect"],d["base"]["run"]==d["head"]["run"],d["summary"]["regressed"],d["summary"]["failed"],len(d["results"])]' <out)" '[1, "cache", null, null, true, null, true, 4, 1, 4]'
same notes "$(json 'd["notes"]' <out)" '["left out: e[cache=on,seed=3,size=40] failed: exit code 3", "1 benchmark has no such parameter and is left out"]'
# the other way round: the reference is asked for
status 0 perfledger compare --by cache --reference on --metric rate --json
same reference "$(json '[[r["benchmark"],r["ratio"],r["verdict"]] for r in d["results"]][0]' <out)" '["e[cache=on \u2192 off,seed=1,size=10]", 0.5, "regressed"]'
status 0 perfledger compare --by cache --metric errors --json
same "no ratio" "$(json '[[r["ratio"],r["verdict"]] for r in d["results"]][0]' <out)" '[null, "unchanged"]'
# numbers are ordered by value
status 0 perfledger compare --by size --metric cost --json
same sizes "$(json '[[r["reference"],r["value"],r["ratio"]] for r in d["results"]][0]' <out)" '["10", "40", 4]'
# pooled over all but one
status 0 perfledger compare latest --by size --group-by cache --metric cost --json
same pooled "$(json '[[r["benchmark"],r["params"],r["ratio"],r["ratio_ci"],r["combinations"],r["head_benchmark"],r["verdict"]] for r in d["results"]]' <out)" '[["e[cache=off,size=10 \u2192 40]", {"cache": "off"}, 4, [4, 4], 2, null, "regressed"], ["e[cache=on,size=10 \u2192 40]", {"cache": "on"}, 4, [4, 4], 2, null, "regressed"]]'
same "no reference" "$(json '[n for n in d["notes"] if "reference" in n]' <out)" '["1 combination of the other parameters was not measured with the reference value and left out (e[cache=off,seed=3,size=40])"]'
# several combinations and a value that only some of them have
status 0 perfledger compare --by seed --group-by cache --metric cost --json
same seeds "$(json '[[r["value"],r["combinations"],round(r["ratio"],9),r["ratio_ci"][0] <= r["ratio"] <= r["ratio_ci"][1]] for r in d["results"]]' <out)" '[["2", 2, 1.090909091, true], ["3", 1, 1.181818182, true], ["2", 2, 1.090909091, true]]'
# exit status, and everything a person sees
status 1 perfledger compare --by cache --metric cost --fail-on regressed
status 1 perfledger compare --by cache --metric cost --fail-on failed
status 0 perfledger compare --by cache --metric cost --fail-on improved
status 0 perfledger compare --by cache --metric cost --tolerance 150% --json --sort ratio
same tolerance "$(json '[r["verdict"] for r in d["results"]][0]' <out)" unchanged
perfledger compare --by cache --group-by size --metric cost -v | sed 1d | scrub
perfledger compare --by cache --metric 'rate' --format markdown | sed 's/, in run.*//' | scrub
# a file will do, without a ledger
perfledger run --no-record --json >run.json 2>/dev/null
rm -rf .perfledger
status 0 perfledger compare run.json --by cache --metric cost --format json
same file "$(json '[d["base"]["label"],d["summary"]["regressed"]]' <out)" '["run.json", 4]'
# what cannot be
status 2 perfledger compare run.json --by cahce
holds err 'did you mean `cache`?'
status 2 perfledger compare run.json --by nothing-like-it
holds err 'there is: cache, seed, size'
status 2 perfledger compare run.json --by cache --reference onn
holds err 'did you mean `on`?'
status 2 perfledger compare run.json --by cache --group-by sise
holds err 'did you mean `size`?'
status 2 perfledger compare run.json run.json --by cache
holds err 'within one run'
status 2 perfledger compare run.json --by cache --group-by cache
status 2 perfledger compare run.json --by cache --format junit
holds err 'terminal, markdown or json'
status 2 perfledger compare run.json run.json --reference off
holds err 'belongs to --by'
status 6 perfledger compare run.json --by cache --metric absent
holds err 'no metric that matches'
sed -i 's/cache: \["off", "on"\]/cache: ["off"]/' perfledger.yaml
perfledger run --no-record --json >one.json 2>/dev/null
status 6 perfledger compare one.json --by cache
holds err 'only one value, `off`'
sed -i 's/bash emit.sh/false/; s/cache: \["off"\]/cache: ["off", "on"]/' perfledger.yaml
perfledger run --no-record --json >failed.json 2>/dev/null
status 6 perfledger compare failed.json --by cache
holds err '10 failed'
