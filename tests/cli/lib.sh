# Sourced by every case: `. "$CASE_LIB"`. The working folder is empty, HOME too, and no git configuration is in force.

# What varies from run to run, made constant: durations, sizes, ids, paths, dates, spreads.
scrub() {
    sed -E \
        -e 's/\x1b\[[0-9;]*m//g' \
        -e "s#$PWD#DIR#g" \
        -e "s#$HOME#HOME#g" \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z?)?/DATE/g' \
        -e 's/\b[0-9a-f]{40}\b/COMMIT/g' \
        -e 's/\b[0-9a-f]{16}\b/RUNID/g' \
        -e 's/\brun [0-9a-f]{8}\b/run ID/g' \
        -e 's/[▁▂▃▄▅▆▇█]+/SPREAD/g' \
        -e 's/[+-]?[0-9]+(\.[0-9]+)? ?(ns|µs|ms|s|min|h)\b/T/g' \
        -e 's/[0-9]+(\.[0-9]+)? ?([KMGT]i)?B\b/SIZE/g' \
        -e 's/[+-]?[0-9]+(\.[0-9]+)? ?%/P%/g' \
        -e 's/Linux-[a-z0-9_]+-[A-Za-z0-9._-]+/PLATFORM/g'
}

# json EXPRESSION < document: a Python expression over d (the document), printed. Booleans as true/false.
json() {
    python3 -c '
import json, sys
d = json.load(sys.stdin)
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v))' "$1"
}

# same WHAT GOT EXPECTED: a named assertion.
same() {
    if [ "$2" = "$3" ]; then
        echo "$1: $2"
    else
        echo "$1: got <$2>, expected <$3>"
        exit 1
    fi
}

# status EXPECTED COMMAND…: runs it (output kept in ./out and ./err) and asserts its exit status.
status() {
    expected=$1
    shift
    "$@" >out 2>err
    got=$?
    if [ "$got" -ne "$expected" ]; then
        echo "$*: exit status $got, expected $expected"
        cat out err
        exit 1
    fi
}

# holds FILE TEXT: the file holds this text (fixed string).
holds() {
    if ! grep -qF -- "$2" "$1"; then
        echo "$1 does not hold <$2>; it holds:"
        cat "$1"
        exit 1
    fi
}

# A repository with one commit, so that numbers have provenance.
repo() {
    git -c init.defaultBranch=main init -q .
    printf 'build/\nout\nerr\n' >.gitignore
    commit first
}
commit() {
    git add -A
    git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m "$1"
}

skip() {
    echo "$1"
    exit 77
}

# A command whose time is decided by a file: `work.sh` sleeps what `speed` says. For gates that must see a difference without
# timing anything in the test: factors of ten.
slow_or_fast() {
    cat >work.sh <<'W'
#!/bin/sh
i=0
n=$(cat "${0%/*}/speed")
while [ $i -lt $n ]; do i=$((i + 1)); done
W
    chmod +x work.sh
    echo "${1:-2000}" >speed
}
