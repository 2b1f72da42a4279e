# Files that only one side reads are laid elsewhere in memory between rounds, and -v says which and how often. Not what both read, what
# a launch writes, nor what no launch reads; revisions have theirs in their checkouts. What they hold is never touched.
. "$CASE_LIB"
[ "$(stat -f -c %T .)" != tmpfs ] || skip 'files of a tmpfs stay where they are'
repo
why() { json 'd["race"]["bouts"][0]["mode_why"]' <out | grep -o 'the files that not all sides read ([0-9]*,' | tr -dc '0-9\n'; }
raced() { status 0 perfledger race --no-record --json -w 0 --max-time 1s "$@"; }
cp "$PFL_CHILD" a
cp "$PFL_CHILD" b
seq 100000 >shared
cp shared data.a
cp shared data.b
cat a b data.a data.b | sha256sum >before
raced ./a ./b
same "two programs" "$(why)" 2
holds out 'were laid elsewhere in memory'
raced "cat shared" "cat ./shared"
same "one file, two names" "$(why)" ""
raced "cat data.a shared" "cat data.b shared"
same "two files of data" "$(why)" 2
raced "cat data.a shared" "cat data.b shared" "cat data.a shared a"
same "and where one of them is in two of three" "$(why)" 3
raced "sort <data.a | wc -l" "sort <data.b | wc -l" -S
same "within a shell's line" "$(why)" 2
raced "sh -c 'echo a >>told.a; cat data.a'" "sh -c 'echo b >>told.b; cat data.b'"
same "not what they write" "$(why)" 2
cat a b data.a data.b | sha256sum >after
same "as they were" "$(cat after)" "$(cat before)"
# Revisions: what is in the checkout, and read. The work tree holds more.
mkdir -p many
for i in 1 2 3 4 5 6 7 8; do cp shared "many/$i"; done
cat >perfledger.yaml <<'Y'
build: "true"
defaults: { warmup: 0 }
suites: [ { name: s, command: sort many/3 } ]
Y
printf 'out\nerr\na\nb\ndata.*\nbefore\nafter\ntold.*\nshared\n.perfledger/\n' >.gitignore
commit files
raced HEAD .
same "the checkout's and the work tree's" "$(why)" 2
[ -z "$(git status --porcelain)" ] || { git status --porcelain; exit 1; }
