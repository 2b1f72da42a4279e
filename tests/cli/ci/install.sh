# Putting perfledger on the PATH in CI: taken where it is; built from source once and cached; and without an address, said.
. "$CASE_LIB"
. "$CASE_ROOT/tests/helpers/ci_lib.sh"
real=$(command -v perfledger)
repo
# a repository of "perfledger": its ./dev install puts a program there, and counts
mkdir "$HOME/source" bin
cat >"$HOME/source/dev" <<D
#!/bin/sh
echo built >>"$HOME/builds"
mkdir -p "\$2/bin"
printf '#!/bin/sh\nexec "$real" "\$@"\n' >"\$2/bin/perfledger"
chmod +x "\$2/bin/perfledger"
D
chmod +x "$HOME/source/dev"
(cd "$HOME/source" && git -c init.defaultBranch=main init -q . && commit source)
status 0 perfledger init --ci github --source "file://$HOME/source"
holds .github/workflows/perfledger.yml "PERFLEDGER_SOURCE: 'file://$HOME/source'"
perfledger ci gitlab perfledger.yml --source "file://$HOME/source" >gitlab.yml
perfledger ci github action.yml >action.yml
printf '#!/bin/sh\necho "$*" >>"%s/installed"\n' "$HOME" >bin/apt-get
printf '#!/bin/sh\nexec "$@"\n' >bin/sudo
cat >workflow.yml <<'Y'
jobs:
  job:
    steps:
      - uses: ./.github/actions/perfledger
        with: { source: "${{ inputs.source }}" }
      - run: perfledger version >said
Y
chmod +x bin/*
job 0 github workflow.yml
[ ! -e "$HOME/builds" ] || { echo 'built although it is there'; exit 1; }
# a machine without it: the PATH of this case, less the folder where it is
PATH="$PWD/bin:$(printf %s "$PATH" | sed "s#^${real%/*}:##")"
rm -f said
job 1 github workflow.yml
grep -q 'PERFLEDGER_SOURCE' "$CI_STORE/log" || { job_log; exit 1; }
job 0 github workflow.yml --context "{\"inputs\": {\"source\": \"file://$HOME/source\"}}"
grep -q '^perfledger ' said || { cat said; exit 1; }
same builds "$(wc -l <"$HOME/builds")" 1
grep -q libfyaml-dev "$HOME/installed" || exit 1
# the tag, not a branch whose name ends like it
(cd "$HOME/source" && git tag v1 && git checkout -q -b a/v1 && printf 'exit 9\n' >dev && commit evil && git checkout -q main)
sed -i 's/source: "/ref: v1, &/' workflow.yml
rm -rf "$HOME/.local/perfledger" said
job 0 github workflow.yml --context "{\"inputs\": {\"source\": \"file://$HOME/source\"}}"
grep -q '^perfledger ' said || { job_log; exit 1; }
rm "$HOME/builds"
echo built >"$HOME/builds"
# GitLab: the same in its own words; the tool is in the cache the second time
sed -n '/^variables:/,/^# Each merge/p' gitlab.yml >tool.yml
printf 'job:\n  extends: .perfledger\n  script: [ perfledger version >said ]\n' >>tool.yml
rm said
CI_PROJECT_DIR=$PWD job 0 gitlab tool.yml
grep -q '^perfledger ' said || exit 1
same builds "$(wc -l <"$HOME/builds")" 2
rm -rf .perfledger-tool
CI_PROJECT_DIR=$PWD job 0 gitlab tool.yml
same builds "$(wc -l <"$HOME/builds")" 2
