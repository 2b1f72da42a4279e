#!/bin/sh
# The man pages and completions in the tree are what the command cards say now; every option is documented, and tested: its name
# occurs in a CLI case. TAP.
#
#   docs.sh PERFLEDGER          compares
#   docs.sh PERFLEDGER write    writes them anew (./dev docs)
set -u
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mode=${2:-compare}
cd "$(dirname "$0")/../.." || exit 1
tests=0 failed=0

check() { # NAME STATUS
    tests=$((tests + 1))
    if [ "$2" -eq 0 ]; then
        echo "ok $tests - $1"
    else
        failed=1
        echo "not ok $tests - $1"
    fi
}

commands=$("$program" help | awk '/^Global options/ {exit} /^  [a-z]/ {print $1}')
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
mkdir "$made/man" "$made/completions"
"$program" help --man >"$made/man/perfledger.1"
for command in $commands; do
    "$program" help "$command" --man >"$made/man/perfledger-$command.1"
done
"$program" completion bash >"$made/completions/perfledger.bash"
"$program" completion zsh >"$made/completions/_perfledger"
"$program" completion fish >"$made/completions/perfledger.fish"

if [ "$mode" = write ]; then
    mkdir -p man completions
    rm -f man/*.1
    cp "$made"/man/*.1 man/
    cp "$made"/completions/* completions/
    echo "man/ and completions/ are written"
    exit 0
fi

diff -ru man "$made/man" >&2
check "man/ is what the cards say (./dev docs writes it)" $?
diff -ru completions "$made/completions" >&2
check "completions/ is what the cards say (./dev docs writes it)" $?
if command -v bash >/dev/null; then
    bash -n "$made/completions/perfledger.bash"
    check "the bash completion parses" $?
fi
if command -v groff >/dev/null; then
    said=$(for page in "$made"/man/*.1; do groff -K utf8 -man -Tutf8 -ww "$page" 2>&1 >/dev/null; done)
    [ -z "$said" ] || printf '%s\n' "$said" >&2
    [ -z "$said" ]
    check "groff has nothing to say about the man pages" $?
fi
# Installed, the manuals are where the perfledger.yaml of `init` says they are.
if command -v cmake >/dev/null && [ -f "$(dirname "$program")/cmake_install.cmake" ]; then
    cmake --install "$(dirname "$program")" --prefix "$made/prefix" >"$made/log" 2>&1 || cat "$made/log" >&2
    (cd "$made/prefix/share" && ls doc/perfledger/docs/config.md doc/perfledger/README.md man/man1/perfledger.1 >/dev/null) &&
        mkdir "$made/project" && (cd "$made/project" && "$made/prefix/bin/perfledger" init -q >/dev/null) &&
        grep -q 'docs/config.md' "$made/project/perfledger.yaml" && grep -q 'share/doc/perfledger' "$made/project/perfledger.yaml"
    check "what is installed holds the manual that init's perfledger.yaml names" $?
fi
# An option counts as used where a case gives its long name, or its letter, to that command.
for command in $commands; do
    missing=
    used=$(grep -rhE --include='*.sh' -- "perfledger.* $command|^ *status .*perfledger" tests/cli)
    for option in $("$program" help "$command" | sed -n '/^Options:/,/^Global options:/p' |
        sed -nE 's/^ +(-([a-zA-Z]), )?--([a-z-]+).*/\2:\3/p'); do
        letter=${option%%:*} long=${option#*:}
        printf '%s\n' "$used" | grep -qE -- "--$long([^a-z-]|$)" && continue
        [ -n "$letter" ] && printf '%s\n' "$used" | grep -qE -- "[[:space:]]-${letter}[[:space:]]" && continue
        missing="$missing --$long"
    done
    [ -z "$missing" ] || echo "# $command: no case in tests/cli uses:$missing"
    [ -z "$missing" ]
    check "every option of $command is used by a CLI case" $?
done
echo "1..$tests"
exit $failed
