# GitHub's own parser and GitLab's schema take the templates, whatever these are fitted to.
. "$CASE_LIB"
. "$CASE_ROOT/tests/helpers/ci_variants.sh"
schemas=$CASE_ROOT/build/ci-schemas
[ -e "$schemas/complete" ] || skip 'no schemas (tests/helpers/ci_schemas.sh build/ci-schemas brings them from npm)'
look() {
    for file in action.yml perfledger.yml perfledger-pull-request.yml perfledger-comment.yml perfledger-scheduled.yml perfledger-manual.yml; do
        perfledger ci github $file >$file || exit 1
    done
    node "$CASE_ROOT/tests/helpers/ci_github_schema.mjs" "$schemas/node_modules/@actions/workflow-parser" ./*.yml || exit 1
    rm ./*.yml
    perfledger ci gitlab perfledger.yml >gitlab.yml || exit 1
    node "$CASE_ROOT/tests/helpers/ci_gitlab_schema.mjs" "$schemas/node_modules" gitlab.yml || exit 1
    rm gitlab.yml
}
variants look || exit 1
# and they can say no
mkdir bad
cd bad || exit 1
perfledger ci github perfledger.yml 2>/dev/null | sed 's/runs-on/runs-in/' >bad.yml
! node "$CASE_ROOT/tests/helpers/ci_github_schema.mjs" "$schemas/node_modules/@actions/workflow-parser" bad.yml >out || { echo 'a wrong workflow was taken'; exit 1; }
perfledger ci gitlab perfledger.yml 2>/dev/null | sed 's/^  resource_group/  resource_gruppe/' >bad.yml
! node "$CASE_ROOT/tests/helpers/ci_gitlab_schema.mjs" "$schemas/node_modules" bad.yml >out || { echo 'a wrong pipeline was taken'; exit 1; }
