# A harness that is not installed is a reason to skip its suite, not to refuse the others. The manual's complete example.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: py, harness: pytest-benchmark, command: pytest-of-nobody }
Y
status 6 perfledger run
holds out 'pytest-of-nobody is not installed'
status 6 perfledger check
echo '  - { name: c, command: "true" }' >>perfledger.yaml
status 0 perfledger run
same statuses "$(perfledger show --json | json 'sorted(set(r["benchmark"]+" "+r["status"] for r in d["results"]))')" '["c ok", "py skipped"]'
status 0 perfledger baseline save
status 0 perfledger run
status 0 perfledger check
status 6 perfledger run py
status 0 perfledger run --list --json
same plan "$(json '[[b["benchmark"], b.get("skip")] for b in d["benchmarks"]]' <out)" '[["py", null], ["c", null]]'
# the last example of the manual, and its file of thresholds
mkdir manual manual/perf
awk '/^## A complete example/ {on = 1} on && /^```$/ {exit} copy {print} on && /^```yaml/ {copy = 1}' "$CASE_ROOT/docs/config.md" >manual/perfledger.yaml
awk '/^# perf\/thresholds.yaml/ {on = 1} on && /^```$/ {exit} on {print}' "$CASE_ROOT/docs/config.md" >manual/perf/thresholds.yaml
holds manual/perfledger.yaml 'harness: perfledger'
holds manual/perf/thresholds.yaml 'max_regression'
perfledger -C manual run --list --tier longhaul
