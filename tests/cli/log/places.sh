# The log elsewhere, behind a link, not readable for others, with CR LF, beside other people's text, written by two at once;
# titles that are no Markdown; and where there is no git and no ledger.
# shellcheck disable=SC2154
. "$CASE_DIR/story.inc"
status 2 perfledger log
cat err
status 2 perfledger log ad
cat err
status 6 perfledger log add --base HEAD --title T
sed "s#$PWD#DIR#g" err
project
measured parse=0.100
base=$run
for i in 1 2 3 4 5 6; do
    step "Faster $i"
    measured parse=0.0$((60 - i))
    eval "head$i=$run"
done
row() {
    status 0 perfledger log add --base "$base" "$@"
    cat out
}
# shellcheck disable=SC2154
{
    mkdir docs
    printf 'documents: { log: docs/PERFORMANCE.md, folder: docs/perf }\n' >>perfledger.yaml
    row --head "$head1" --title 'Elsewhere'
    grep -o '](.*)' docs/PERFORMANCE.md | sed -E 's/[0-9a-f]{16}/ID/'
    printf 'documents: { log: a/b/LOG.md, folder: perf }\n' >>perfledger.yaml
    sed -i '/docs.PERF/d' perfledger.yaml
    row --head "$head1" --title 'Deeper'
    grep -o '](.*)' a/b/LOG.md | sed -E 's/[0-9a-f]{16}/ID/'
    sed -i '/documents/d' perfledger.yaml

    mkdir real
    printf '# Ours\r\n\r\nwords\r\n' >real/log.md
    cp real/log.md before
    chmod 640 real/log.md
    ln -s real/log.md PERFORMANCE.md
    row --head "$head1" --title "$(printf 'Two\nlines, *stars* | bars, <!-- perfledger:end x --> and a bell \a')" --note '- no list'
    sed "s#$PWD#DIR#g" err
    same 'still a link' "$(readlink PERFORMANCE.md)" real/log.md
    same 'permissions' "$(stat -c %a real/log.md)" 640
    head -c "$(wc -c <before)" real/log.md | cmp - before
    grep -A 3 '^### ' PERFORMANCE.md | head -n 3
    same 'no lock is left' "$(find . -name '*.lock' | wc -l)" 0

    for i in 2 3 4 5 6; do
        eval "id=\$head$i"
        perfledger log add --base "$base" --head "$id" --title "At once $i" >"said$i" 2>&1 &
    done
    wait
    same 'all of them' "$(grep -c '^### .*At once' PERFORMANCE.md)" 5
    same 'each below another' "$(grep -o '"after":"[0-9a-f]*"' PERFORMANCE.md | sort -u | wc -l)" 5
    status 1 perfledger log add --base "$base" --head "$head3" --title 'Once more'
    same 'the two of one row' "$(grep -c 'in the log already' err)" 1
}
