# doctor looks at whatever machine the tests run on: what it finds is not asserted, only that it says it, whole and in form.
. "$CASE_LIB"

# fit or not: the exit status and the report agree.
perfledger doctor --max-time 1s --json >doctor.json 2>err
got=$?
case $got in 0 | 1) ;; *) echo "exit status $got"; cat err; exit 1 ;; esac
[ ! -s err ] || { echo "said on stderr:"; cat err; exit 1; }
same schema "$(json 'd["schema"]' <doctor.json)" 1
same "exit status and fit agree" "$(json "d['fit'] == ($got == 0)" <doctor.json)" true
same verdict "$(json 'd["verdict"] in ("good","fair","poor") and (d["verdict"] != "poor") == d["fit"]' <doctor.json)" true
same metrics "$(json '[f["metric"] for f in d["noise_floor"]]' <doctor.json)" '["time", "cpu"]'
same "at least eight pairs" "$(json 'all(f["pairs"] >= 8 and f["pair_scatter"] >= 0 and f["ratio_ci"][0] <= f["ratio"] <= f["ratio_ci"][1] for f in d["noise_floor"])' <doctor.json)" true
same gates "$(json 'sorted({(g["tolerance"], g["command_seconds"]) for g in d["gates"]})' <doctor.json)" '[[0.01, 0.02], [0.01, 1], [0.03, 0.02], [0.03, 1], [0.1, 0.02], [0.1, 1]]'
same "a tighter gate never costs less" "$(json 'all(a["pairs"] >= b["pairs"] for a in d["gates"] for b in d["gates"] if a["tolerance"] < b["tolerance"] and (a["metric"], a["command_seconds"]) == (b["metric"], b["command_seconds"]))' <doctor.json)" true
same "one metric decides" "$(json 'sum(g["deciding"] for g in d["gates"])' <doctor.json)" 6
same yardsticks "$(json '[y["name"] for y in d["yardsticks"] if y["median"] > 0]' <doctor.json)" '["core clock", "memory latency", "memory bandwidth", "system calls", "process start"]'
same clocks "$(json 'all(c["cost"] > 0 for c in d["clocks"]) and len(d["clocks"]) >= 4' <doctor.json)" true
same "every check says all" "$(json 'all(c["name"] and c["state"] and c["cost"] and c["verdict"] in ("good","fair","poor") for c in d["checks"])' <doctor.json)" true
for name in load governor turbo SMT ASLR "huge pages" timer "perf permission" "hardware counters" virtualisation container "CPU quota" pinning "stolen time" "CPU pressure" "other perfledgers"; do
    json "'' if '$name' in [c['name'] for c in d['checks']] else 'no check: $name'" <doctor.json | sed '/^$/d'
done

# for people: within the width, whatever it is
for columns in 60 200; do
    COLUMNS=$columns perfledger doctor --max-time 100ms >out 2>err
    case $? in 0 | 1) ;; *) cat err; exit 1 ;; esac
    holds out 'to measure on'
    holds out 'noise floor'
    holds out 'what a gate costs here'
    holds out 'governor:'
    same "wider than $columns" "$(python3 -c 'import sys; print(sum(len(l.rstrip("\n")) > int(sys.argv[1]) for l in open("out")))' $columns)" 0
done
perfledger doctor --max-time 100ms -q >out
same "quiet: the verdict alone" "$(grep -c 'to measure on' out) $(grep -c conditions out)" "1 0"

# it leaves nothing behind
rm -f out err doctor.json
same "files left" "$(find . -mindepth 1 | wc -l | tr -d ' ')" 0
status 2 perfledger doctor extra
status 2 perfledger doctor --max-time soon
