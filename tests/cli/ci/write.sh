# `ci` prints, `init --ci` writes; nothing that is there is replaced; what is wrong is said.
. "$CASE_LIB"
repo
status 2 perfledger ci
status 2 perfledger ci gitbub
holds err 'github, gitlab and make'
status 2 perfledger ci github nosuch.yml
holds err '.github/workflows/perfledger-comment.yml'
status 0 perfledger ci make
holds err 'no perfledger.yaml'
status 0 perfledger ci github perfledger.yml --source https://example.org/perfledger.git
holds out "PERFLEDGER_SOURCE: 'https://example.org/perfledger.git'"
status 0 perfledger ci gitlab --json
same files "$(json '[f["path"] for f in d["files"]]' <out)" '[".gitlab/perfledger.yml", ".gitlab-ci.yml"]'
status 2 perfledger init --source x
# which service: said by what is there
status 2 perfledger init --ci
holds err '--ci gitlab'
[ -e perfledger.yaml ] || exit 1
git remote add origin https://github.example.org/o/p.git
git config remote.origin.url git@github.com:o/p.git
mkdir -p .github/workflows
echo 'mine' >.github/workflows/perfledger.yml
status 0 perfledger init --ci
holds out "$PWD/perfledger.yaml is there already"
holds out "wrote $PWD/.github/workflows/perfledger-comment.yml"
holds out "$PWD/.github/workflows/perfledger.yml is there already and was left as it is; \`perfledger ci github .github/workflows/perfledger.yml\` prints"
same mine "$(cat .github/workflows/perfledger.yml)" mine
status 0 perfledger init --ci --force --json
same mine "$(cat .github/workflows/perfledger.yml)" mine
same states "$(json 'sorted({f["state"] for f in d["files"]})' <out)" '["kept", "same"]'
# GitLab's own file is mostly there: what to add to it is said
echo 'stages: [ test ]' >.gitlab-ci.yml
status 0 perfledger init --ci gitlab
holds out 'add to it: include: [ { local: .gitlab/perfledger.yml } ]'
# a configuration in a folder of the repository: files go to the top, and work in that folder
mkdir -p "part/er x"
cd "part/er x" || exit 1
echo 'default_branch: 6.2' >perfledger.yaml
status 0 perfledger init --ci make
holds out "$(git rev-parse --show-toplevel)/perfledger.mk"
status 0 perfledger ci github perfledger.yml
holds out "branches: [ '6.2' ]"
holds out "working-directory: 'part/er x'"
status 0 perfledger ci gitlab perfledger.yml
holds out "cd 'part/er x'"
