# For the cases of `ci`: templates are taken apart and run. Sourced behind "$CASE_LIB".

# The Python with a YAML reader; without one these cases are skipped.
for python in python3 /usr/bin/python3; do
    ! "$python" -c 'import yaml' 2>/dev/null || break
    python=
done
[ -n "$python" ] || skip 'no YAML reader (python3-yaml)'
steps() { "$python" "$CASE_ROOT/tests/helpers/ci_steps.py" "$@"; }
export CI_STORE="$HOME/store"
mkdir -p "$CI_STORE"
# A script that writes to git's global configuration must not write to what stands for "none": /dev/null, which a rename by root
# replaces for the whole machine.
GIT_CONFIG_GLOBAL="$HOME/gitconfig"
: >"$GIT_CONFIG_GLOBAL"
export GIT_CONFIG_GLOBAL

# What the jobs said, when a case fails.
job_log() { tail -n 40 "$CI_STORE/log"; }

# job STATUS SERVICE FILE …: runs the file's jobs.
job() {
    expected=$1
    shift
    steps "$@" >out 2>err
    got=$?
    [ "$got" -eq "$expected" ] || { echo "ci_steps $*: exit status $got, expected $expected"; cat out err; job_log; exit 1; }
}

# A project whose only benchmark has a metric of its own, which .git/cost tells: nothing depends on a clock.
costly_project() {
    repo
    cat >emit.sh <<'W'
echo "{\"metric\":\"cost\",\"value\":$(cat "$(git rev-parse --git-common-dir)/cost"),\"unit\":\"1\",\"better\":\"lower\"}" >&$PERFLEDGER_FD
W
    cat >perfledger.yaml <<'Y'
defaults: { rounds: 5, warmup: 0 }
suites: [ { name: c, command: bash emit.sh } ]
gates: [ { match: "*", metric: cost, max_regression: 10% } ]
Y
    echo 10 >.git/cost
}
