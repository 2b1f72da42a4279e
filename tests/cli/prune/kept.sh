# What keeps its samples, and why; ages and machines that are none; a document that cannot be read stops everything.
. "$CASE_LIB"
repo
python3 "$(dirname "$CASE_LIB")/prune/fixed_runs.py" 30 40
status 0 perfledger import runs
id() { perfledger list --json | json "d['runs'][$1]['id']"; }

# nobody said how old; an age has a unit, and no month that is a minute
status 2 perfledger prune
holds err '--older-than 180d'
for age in 180 6m 1month -3d ''; do
    status 2 perfledger prune --older-than "$age"
done
holds err 'is not an age'
status 2 perfledger prune --older-than 30d --machine moon
holds err 'no run of a machine `moon`'
holds err 'lab (box)'
status 2 perfledger prune --older-then 30d
status 2 perfledger -C /nowhere-at-all prune --older-than 30d
mkdir empty
status 2 perfledger -C empty --ledger absent.db prune --older-than 30d

# a note, a baseline's file, a file of a cited run, a void run that goes by age
status 0 perfledger note "$(id 0)" 'the first one'
status 0 perfledger void "$(id 3)" --why 'the fan was off'
mkdir -p perf/runs .benchmarks/Linux-x86_64-lab
perfledger show "$(id 1)" --json >"perf/runs/$(id 1).json"
perfledger show "$(id 2)" --json >.benchmarks/Linux-x86_64-lab/0001_agreed.json
cat >perfledger.yaml <<'Y'
retention: { samples: 8w, keep_last: 10 }
Y
status 0 perfledger prune --dry-run --json
same config "$(json '[d["older_than_seconds"], d["keep_last"], d["thinned"], d["ledger"]]' <out)" '[4838400, 10, 12, null]'
status 0 perfledger prune --dry-run --older-than 1y
holds out 'would thin 0 of 30 runs'
holds out '30  younger than 365 days'
status 0 perfledger prune --dry-run --older-than 30d --keep-last 12 --machine box
scrub <out

# what cannot be read may cite anything
printf 'not JSON' >.benchmarks/Linux-x86_64-lab/0002_broken.json
status 2 perfledger prune --older-than 30d
holds err 'nothing was thinned'
holds err '0002_broken.json'
same none "$(perfledger list --json | json 'sum(1 for r in d["runs"] if r["thinned"])')" 0
rm .benchmarks/Linux-x86_64-lab/0002_broken.json
mkdir -p perf && mkfifo perf/pipe.md
status 2 perfledger prune --older-than 30d
holds err 'perf/pipe.md'
rm perf/pipe.md

status 0 perfledger prune --older-than 30d --keep-last 0 --machine lab
scrub <out
same whole "$(perfledger list --json | json '[i for i, r in enumerate(d["runs"]) if not r["thinned"]]')" '[0, 1, 2]'
perfledger list --json | json 'd["runs"][3]["void"]'
