# Only listed variables are recorded; the command's own environment is as asked for.
. "$CASE_LIB"
cat >perfledger.yaml <<'Y'
environment: [MY_SETTING]
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: e, command: "sh -c 'env >>seen'", env: { GIVEN: "1" }, clean_env: true }
Y
export MY_SETTING=fast SECRET_TOKEN=hunter2 OMP_NUM_THREADS=3
status 0 perfledger run
perfledger show --json >run.json
same setting "$(json 'd["run"]["environment"]["MY_SETTING"]' <run.json)" fast
same threads "$(json 'd["run"]["environment"]["OMP_NUM_THREADS"]' <run.json)" 3
if grep -q hunter2 run.json seen; then echo 'a secret got out'; exit 1; fi
holds seen GIVEN=1
