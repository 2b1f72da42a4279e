# A small C program over ten changes: first figures, an optimisation, a change that owes nothing, less memory, a release, a
# regression that the gate stops, its diagnosis and fix, a gate that is loosened, the next release. Every document is made by the
# commands from real runs; what the program costs is counted (story/bench.c), so figures and verdicts are the same everywhere.
# shellcheck disable=SC2154
. "$CASE_LIB"
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
    printf '$ perfledger'
    for word; do
        case $word in *[!A-Za-z0-9/._~:=@-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done | masked
    echo
    status "$want" perfledger "$@"
    cat out err | masked
}
# What differs from one machine or day to the next: days, ids, commits, the machine's own rows.
masked() {
    sed -E -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/YYYY-MM-DD/g' -e 's/[0-9]{2}:[0-9]{2} UTC/HH:MM UTC/g' \
        -e 's/\b[0-9a-f]{40}\b/COMMIT/g' -e 's/\b[0-9a-f]{16}\b/ID/g' -e 's/\b[0-9a-f]{10}\b/COMMIT/g' \
        -e 's/\brun [0-9a-f]{8}\b/run ID/g; s/show [0-9a-f]{8}`/show ID`/; s/[[(][0-9a-f]{8}[])]/[ID]/g' -e "s#$PWD#DIR#g"
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
defaults: { rounds: 10, seed: 7, setup: "rm -f turn" }
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
before=$(git rev-parse --short HEAD~1)
change 'A hash table instead of a list'
does 1 log owed --since HEAD~1
measured
does 0 log add --base HEAD~2 --title 'A hash table instead of a list' --pr 4 --note 'The list was walked to its end for every new word.'
does 0 log snapshot hash-table --base HEAD~2
does 0 log owed --since HEAD~1
written 'log: hash table'
cat PERFORMANCE.md perf/snapshots/hash*
exit 0
