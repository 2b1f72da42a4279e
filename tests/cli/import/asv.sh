# An asv archive: what goes in, what is broken, what comes again, and two of its files compared.
. "$CASE_LIB"
mkdir -p results/box
echo '{"machine": "box", "arch": "x86_64", "cpu": "A CPU", "version": 1}' >results/box/machine.json
cat >results/benchmarks.json <<'J'
{
  "suite.time_sort": {"name": "suite.time_sort", "param_names": ["n", "kind"], "params": [["10", "100"], ["'list'", "'tuple'"]],
    "type": "time", "unit": "seconds", "version": "1"},
  "suite.peakmem_load": {"name": "suite.peakmem_load", "param_names": [], "params": [], "type": "peakmemory", "unit": "bytes"},
  "version": 2
}
J

# result COMMIT DAY ENV SCALE
result() {
    python3 - "$@" <<'P'
import json, sys
commit, day, env, scale = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
values = [scale * 1e-3, None, float("nan"), scale * 4e-3]
def stats(factor):
    return [v if v is None or v != v else v * factor for v in values]
json.dump({"commit_hash": commit * 10, "env_name": env, "date": 1700000000000 + day * 86400000, "python": "3.12",
           "params": {"machine": "box"}, "requirements": {"numpy": ""},
           "result_columns": ["result", "params", "version", "started_at", "duration", "stats_ci_99_a", "stats_ci_99_b",
                              "stats_q_25", "stats_q_75", "stats_number", "stats_repeat", "samples", "profile"],
           "results": {"suite.time_sort": [values, [["10", "100"], ["'list'", "'tuple'"]], "1", None, None,
                                           stats(.98), stats(1.02), stats(.99), stats(1.01), [1] * 4, [10] * 4],
                       "suite.peakmem_load": [[1048576], [], "1"]}, "version": 2},
          open("results/box/%s-%s.json" % (commit, env), "w"))
P
}
for i in 1 2 3 4 5 6 7 8 9; do
    result "000$i" "$i" virtualenv-py3.12 1
done
result 0009 9 virtualenv-py3.13 3
printf '{"commit_hash": "000a", "da' >results/box/0000000a-virtualenv-py3.12.json

perfledger import results | scrub
perfledger import results | scrub
echo '— and one more'
result 000b 10 virtualenv-py3.12 2
perfledger import results --json >more.json
json '{k: d["totals"][k] for k in ("runs", "added", "known", "points")}' <more.json
perfledger list --json >list.json
json 'len(d["runs"])' <list.json
json '[r["revision"] for r in d["runs"]] == sorted(r["revision"] for r in d["runs"])' <list.json
perfledger export "$(json 'd["runs"][-1]["id"]' <list.json)" >run.json
json '[[r["benchmark"], r["metric"], r["median"], r["ci"], r["status"]] for r in d["results"]]' <run.json
json '{k: d["run"]["environment"][k] for k in ("environment", "numpy", "python")}' <run.json

echo '— two files'
perfledger compare --json results/box/0001-virtualenv-py3.12.json results/box/000b-virtualenv-py3.12.json >compare.json
json '[[r["benchmark"], r["metric"], r["verdict"], r["ratio"]] for r in d["results"]]' <compare.json
