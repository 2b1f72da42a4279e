# --json: perfledger's run format, one result per benchmark and metric, one sample per launch.
. "$CASE_LIB"

status 1 "$SAMPLE" tag:good wrong --json --launches 3 --time 0.03 --seed 7
cp out a.json
json '"\n".join(sorted({"%s %s%s: %d %s%s" % (r["benchmark"], r["metric"], " " + r["variant"] if "variant" in r else "",
    len(r["samples"]), r["status"], " (" + r["reason"].split(" (")[0] + ")" if "reason" in r and r["metric"] is None else "")
    for r in d["results"] if r["benchmark"][:4] != "walk"}))' <a.json
same complexity "$(json '[[r["benchmark"], r["metric"], "text" in r, r["params"]] for r in d["results"] if r["metric"] in ("complexity", "residual")]' <a.json)" \
    '[["walk[kind=down]", "complexity", true, {"kind": "down"}], ["walk[kind=down]", "residual", false, {"kind": "down"}], ["walk[kind=up]", "complexity", true, {"kind": "up"}], ["walk[kind=up]", "residual", false, {"kind": "up"}]]'
same run "$(json '[d["schema"], d["run"]["seed"], d["run"]["partial"], d["run"]["tool"][:13], sorted(d["run"]["machine"])[:3]]' <a.json)" \
    '[1, 7, false, "libperfledger", ["arch", "cpu_model", "cpus"]]'
# On a machine that is busy enough a launch has time but no cycles, for its yardstick was disturbed: of one value there is no interval.
same 'intervals hold medians' "$(json 'all(r["ci"][0] <= r["median_ci"][0] <= r["median"] <= r["median_ci"][1] <= r["ci"][1] for r in d["results"]
    if r["metric"] == "time" or r["metric"] == "cycles" and r["ci"][0] is not None)' <a.json)" true

# Beside the table; and perfledger reads it.
status 0 "$SAMPLE" chain --json=b.json --launches 2 --time 0.01
holds out 'benchmark'
same file "$(json 'd["results"][0]["benchmark"]' <b.json)" chain
status 0 perfledger compare a.json b.json --json
same compared "$(json 'sorted({r["metric"] for r in d["results"] if r["benchmark"] == "chain" and r["metric"]})' <out)" '["cpu", "cycles", "first_call", "time"]'
same "one launch has no interval" "$(SAMPLE_STATUS="" "$SAMPLE" chain --launches 1 --time 0.01 --json 2>/dev/null | json '[r["ci"] for r in d["results"] if r["metric"] == "time"]')" "[[null, null]]"
