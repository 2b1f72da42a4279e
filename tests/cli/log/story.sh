# A small C program over ten changes: first figures, an optimisation, a change that owes nothing, less memory, a release, a
# regression that the gate stops, its diagnosis and fix, a gate that is loosened, the next release. Every document is made by the
# commands from real runs; what the program costs is counted (story/bench.c), so figures and verdicts are the same everywhere.
# shellcheck disable=SC2154
. "$CASE_LIB"
# All that is shown is also kept: the example in docs/playbook.md is held against it.
said=$HOME/said
command -v cc >/dev/null || skip 'no C compiler'
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.org GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.org
changes=0
# change SUBJECT: a commit of the program, built.
change() {
    changes=$((changes + 1))
    git add -A && git commit -q -m "$1" && make -s
    at=$(git rev-parse HEAD)
    echo
    echo "== $changes. $1"
}
# measured: of what is here now, by the command a developer uses.
measured() { status 0 perfledger run --label "change $changes"; }
# does EXPECTED WORD…: a command as one types it, and what it says.
does() {
    want=$1
    shift
    {
        printf '$ perfledger'
        for word; do
            case $word in *[!A-Za-z0-9/._~:=@-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
        done
        echo
    } | masked | tee -a "$said"
    status "$want" perfledger "$@"
    # What the machine did meanwhile is no part of the story.
    cat out err | sed -e '/^note: how much sessions/d' -e '/^note:/,/^$/d' -e '/^the environment differs/,/^$/d' | masked | tee -a "$said"
}
# What differs from one machine or day to the next: days, ids, commits, the machine's own rows.
masked() {
    sed -E -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/YYYY-MM-DD/g' -e 's/\b[0-9]{2}:[0-9]{2}\b/HH:MM/g' \
        -e 's/\b[0-9a-f]{40}\b/COMMIT/g' -e 's/\b[0-9a-f]{16}\b/ID/g' -e 's/\b[0-9a-f]{10}\b/COMMIT/g' \
        -e 's/\brun [0-9a-f]{8}\b/run ID/g; s/show [0-9a-f]{8}\b/show ID/g; s/[[(][0-9a-f]{8}[])]/[ID]/g' -e "s#$PWD#DIR#g" "$@"
}
# written SUBJECT: the documents go into git, and all that is in it can be checked.
written() {
    git add -A && git commit -q -m "$1"
    status 0 perfledger log audit
    tail -n 1 out | masked
}

git -c init.defaultBranch=main init -q .
cp "$CASE_DIR"/story/* .
printf 'wordcount\nturn\nout\nerr\n.perfledger/\n' >.gitignore
printf 'wordcount: main.c table.c bench.c table.h\n\tcc -O2 -o $@ main.c table.c bench.c\n' >Makefile
cat >perfledger.yaml <<'Y'
project: wordcount
machine: { name: lab-1 }
reference_machine: lab-1
build: make -s
benchmark_files: [bench.c]
defaults: { rounds: 10, seed: 7 }
suites:
  - { name: words, command: ./wordcount --bench, harness: perfledger }
areas:
  table: ["words/count*"]
gates:
  - { match: "*", metric: time, max_regression: 5% }
  - { match: "*", metric: comparisons, max_regression: 1% }
targets:
  - { benchmark: "words/count[words=20000]", metric: time, max: 1ms, tolerance: 5% }
release: { max_regression: 5% }
paths:
  - { match: "table.*", suites: words, demand: [row] }
Y

change 'Count the words of a text'
measured
does 0 log add --kind baseline --area table --title 'First figures'
does 1 targets
written 'log: first figures'

sed -i '/(void)word/d
/(void)len/{
i\    unsigned hash = 5381;\n\n    while (len--)\n        hash = hash * 33 + (unsigned char)*word++;
d
}
s/first\[0\]/first[hash % 1024]/' table.c
change 'A hash table instead of a list'
does 1 log owed --since HEAD~1
measured
does 0 log add --base HEAD~2 --title 'A hash table instead of a list' --pr 4 --note 'The list was walked to its end for every new word.'
does 0 log snapshot hash-table --base HEAD~2
does 0 log owed --since HEAD~1
written 'log: hash table'

sed -i 's/"%zu %\.\*s\\n"/"%7zu %.*s\\n"/' table.c
change 'Print the numbers in a column'
measured
does 1 log add --base HEAD~2 --title 'Numbers in a column'

sed -i 's/get(table, sizeof \*at)/get(table, sizeof *at + len)/; s/get(table, len)/(char *)(at + 1)/; /free(at->word)/d' table.c
change 'One block for an entry and its word'
measured
does 0 log add --base HEAD~1 --title 'One block for an entry and its word' --pr 7 --area table
does 0 log snapshot one-block --base HEAD~1
sed -i '/^<!-- Yours/,/-->/c\
Each word had a block of its own beside its entry, and a block costs sixteen bytes at least. Now\
they share one. Nothing is compared more or less often, so the time stays.' perf/snapshots/one-block_*
does 0 log latest table
does 0 log trend time
does 0 log trend peak_rss --note 'one block for an entry and its word'
written 'log: one block; the figures of 1.0'
git tag v1.0

sed -i 's/while (len--)/for (len = len < 2 ? len : 2; len--;)/' table.c
change 'Hash two characters only, which is quicker'
cause=$at
sed -i 's/^# The words/&/; s/The words of a text/The words of a text on standard input/' main.c
change 'Say where the text comes from'
measured
does 1 check --against last-tag --no-confirm
git bisect start HEAD v1.0 >found
git bisect run sh -c '{ make -s && perfledger run -q; } || exit 125; perfledger check -q --against v1.0 --no-confirm; s=$?; [ $s -le 1 ] || s=125; exit $s' >found 2>&1
grep 'is the first bad commit' found | masked | tee -a "$said"
git show -s --format='    %s' bisect/bad
git bisect reset >found 2>&1
rm found
make -s

git checkout -q -b whole-word
sed -i 's/for (len = len < 2 ? len : 2; len--;)/while (len--)/' table.c
change 'Hash the whole word again'
measured
does 1 log add --base main --title 'Hash the whole word again'
does 0 log add --kind diagnosis --base main --cause "$cause" --title 'Two characters are too few to hash' --pr 9
written 'log: why counting took longer'
git checkout -q main
git merge -q --no-ff -m 'Merge whole-word' whole-word
make -s
changes=$((changes + 1))
echo
echo "== $changes. Merge whole-word"
measured
does 0 check --against last-tag --no-confirm

sed -i 's/metric: comparisons, max_regression: 1%/metric: comparisons, max_regression: 3%/' perfledger.yaml
change 'Let comparisons grow by three per cent'
does 1 log owed
sed -i 's/max_regression: 3%/max_regression: 3%, reason: the next hash is seeded/' perfledger.yaml
change 'Say why comparisons may grow'
does 0 log owed

measured
does 0 check --against last-tag --no-confirm
does 0 targets
does 0 log latest table
does 0 log trend time --note 'two characters were hashed in between'
written 'The figures of 1.1'
git tag v1.1
changes=$((changes + 1))

status 0 perfledger baseline save v1.1

echo
echo '== A fresh clone, without a ledger'
git clone -q . "$HOME/clone"
(cd "$HOME/clone" && does 0 log audit)
for page in PERFORMANCE.md perf/snapshots/one-block_*.md perf/trend/time.md perf/latest_table.md; do
    echo
    echo "== $page" | masked
    masked "$page" | sed -E -e '/^## Environment/,/^(##|<!--)/{/^\|/d}' -e '/^- (Compiler|Machine)/d' -e '/^- 2 rows/d' -e '/^<!-- perfledger/s/\{.*\}/{…}/'
done | tee -a "$said"

echo
echo '== The example in the playbook'
masked "$CASE_ROOT/docs/playbook.md" | sed '1,/^## The example/d' | awk '/^```/ {inside = !inside; next} inside && NF' >shown
[ "$(wc -l <shown)" -gt 60 ] || echo 'it is gone'
# A line that ends in … is the beginning of one.
while IFS= read -r line; do
    case $line in
    *…) grep -qF -- "${line%…}" "$said" ;;
    *) grep -qxF -- "$line" "$said" ;;
    esac || printf 'the story does not say: %s\n' "$line"
done <shown
