# A reader that has gone (`| head -1`) changes nothing: not the record, not the exports, not the exit status; nothing is said.
. "$CASE_LIB"
mkfifo pipe
# unheard EXPECTED COMMAND…: standard output is a pipe that nobody reads any more
unheard() {
    expected=$1
    shift
    exec 3<>pipe 4>pipe 3>&-
    "$@" >&4 2>err
    got=$?
    exec 4>&-
    same "$*" $got "$expected"
    ! grep error: err || exit 1
}
unheard 0 perfledger help
unheard 0 perfledger list
unheard 0 perfledger run -q -r 5 -w 0 --export-json got.json -- true
same exported "$(json 'len(d["results"])' <got.json)" 1
unheard 0 perfledger show --json
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites:
  - { name: e, command: "true" }
gates:
  - { match: "*", metric: time, max: 1ns }
Y
unheard 0 perfledger run -q
unheard 1 perfledger check -q
