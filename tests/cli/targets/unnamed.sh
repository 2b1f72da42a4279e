# A host's name is not a machine's: where reference_machine holds it, the report says by which id the machine is known, and that id holds.
. "$CASE_LIB"
repo
cat >perfledger.yaml <<'Y'
reference_machine: some-host
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: one, command: "true" }
targets:
  - { benchmark: one, metric: time, max: 1h }
Y
commit config
status 0 perfledger run -q
id=$(perfledger show latest --json | json 'd["run"]["machine"]["id"]')
status 0 perfledger targets
tr '\n' ' ' <out | tr -s ' ' >one-line
holds one-line 'report only: targets hold on some-host'
holds one-line "which has no name in perfledger.yaml; its id is $id"
sed -i "s/some-host/$id/" perfledger.yaml
status 0 perfledger targets
same 'it holds' "$(grep -c 'report only' out)" 0
# a narrow terminal drops columns rather than cut a value
COLUMNS=60 status 0 perfledger targets
same 'whole values' "$(grep -c '…' out)" 0
