# Rows that were committed are missed wherever they stood, and however the user's git shows its history.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
project
echo 'documents: { log: docs/PERF.txt }' >>perfledger.yaml
measured parse=0.100
step 'Faster'
measured parse=0.060
status 0 perfledger log add --base HEAD~1 --head HEAD --title One
commit 'A log that is no .md'
status 0 perfledger log audit
echo '-- another log, without the row'
sed -i '/documents/d' perfledger.yaml
git rm -qr docs && echo '# Performance' >PERFORMANCE.md
commit 'Elsewhere'
status 1 perfledger log audit
shown out
echo '-- a row that only a merge brought, gone since'
git reset -q --hard HEAD~2
sed -i '/documents/d' perfledger.yaml
commit 'The usual place'
git checkout -q -b side
commit 'Aside'
git checkout -q main
git merge -q --no-ff --no-commit side 2>/dev/null
status 0 perfledger log add --base "$(git rev-parse HEAD~2)" --head "$at" --title Merged
git add -A && git commit -q -m 'A merge with a row'
git rm -q PERFORMANCE.md && echo '# Performance' >PERFORMANCE.md
commit 'Without'
for how in separate off first-parent; do
    git config log.diffMerges $how
    status 1 perfledger log audit
    grep -c 'was changed or taken away' out
done
