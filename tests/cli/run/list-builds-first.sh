# criterion's list: cargo compiles in a step of its own before; when it cannot, its words are the reason. With a shell it is not run.
. "$CASE_LIB"
mkdir bin
cat >bin/cargo <<'C'
#!/bin/sh
echo "$*" >>calls
case "$*" in
*--no-run*) [ ! -e broken ] || { echo 'error: could not compile `sums`' >&2; exit 101; }; echo 'a line: bench'; : >built ;;
*--list*) [ -e built ] || exit 3; echo 'sum/fold/10: bench' ;;
esac
C
chmod +x bin/cargo
PATH=$PWD/bin:$PATH
printf '[package]\nname = "sums"\n[[bench]]\nname = "sums"\nharness = false\n' >Cargo.toml
printf 'suites:\n  - { name: rs, harness: criterion, command: cargo bench }\n' >perfledger.yaml
status 0 perfledger run --list
cat out calls
rm built calls
printf 'suites:\n  - { name: rs, harness: criterion, command: cargo bench --bench x -- --noplot sum }\n' >perfledger.yaml
status 0 perfledger run --list
cat out calls
rm built calls
: >broken
perfledger run --list >out 2>err
cat out err calls
rm -f broken calls
printf 'suites:\n  - { name: rs, harness: criterion, shell: true, command: cargo bench --bench x }\n' >perfledger.yaml
perfledger run --list >out 2>&1
cat calls
