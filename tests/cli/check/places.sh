# Where a gate stands: relative to the repository's root, as annotations need it; without a repository, to perfledger.yaml's folder.
. "$CASE_LIB"
mkdir -p lone/sub repository/part/sub repository/part/perf
cat >lone/perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: a, command: "true" } ]
gates:
  - { match: "*", metric: time, max: 1ns }
Y
cp lone/perfledger.yaml repository/part/
echo 'thresholds: perf/limits.yaml' >>repository/part/perfledger.yaml
cat >repository/part/perf/limits.yaml <<'Y'
targets:
  - { benchmark: a, metric: page_faults, max: 0.5 }
Y
(cd repository && repo)
places() { json 'sorted(set("%s:%d" % (r["gate_file"], r["gate_line"]) for r in d["results"] if r.get("gate_file")))' <out; }
for folder in lone lone/sub; do
    status 0 perfledger -C $folder run
    status 1 perfledger -C $folder check --json
    same "$folder" "$(places)" '["perfledger.yaml:4"]'
done
status 0 perfledger -C repository/part/sub run
status 1 perfledger -C repository/part/sub check --json
same repository "$(places)" '["part/perf/limits.yaml:2", "part/perfledger.yaml:4"]'
status 1 perfledger -C repository/part check --format github
holds out 'file=part/perfledger.yaml,line=4'
status 1 perfledger -C repository/part check
holds out 'gate at part/perfledger.yaml:4'
