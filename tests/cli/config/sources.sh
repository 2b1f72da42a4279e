# Where the configuration comes from: above, --config, the environment; thresholds in a file of their own.
. "$CASE_LIB"
mkdir -p deep/er
cat >perfledger.yaml <<'Y'
suites: [ { name: top, command: "true" } ]
thresholds: limits.yaml
Y
echo '- { match: "*", metric: time, max: 10s }' >limits.yaml
(cd deep/er && perfledger run --list)
printf 'suites: [ { name: other, command: "true" } ]\n' >other.yaml
perfledger --config other.yaml run --list
PERFLEDGER_CONFIG=other.yaml perfledger run --list
perfledger -C deep run --list
status 2 perfledger --config absent.yaml run --list
echo '- { match: "*", metric: time, maxx: 10s }' >limits.yaml
status 2 perfledger run --list
holds err 'limits.yaml:1:'
holds err 'max'
rm limits.yaml
status 2 perfledger run --list
holds err 'limits.yaml'
