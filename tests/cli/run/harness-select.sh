# SELECT with names inside a program: it is told which, others are not started, and a word that means nothing is known before
# anything was measured.
. "$CASE_LIB"
repo
kernels
cat >perfledger.yaml <<'Y'
defaults: { rounds: 5 }
suites:
  - { name: kernels, harness: perfledger, command: ./kernels }
  - { name: kernels2, harness: perfledger, command: "./kernels --isa={isa}", params: { isa: [avx, sse] } }
  - { name: plain, command: touch plain-ran }
Y
names() { perfledger show --json | json '" ".join(sorted({r["benchmark"] for r in d["results"]}))'; }
status 0 perfledger run 'kernels/parse*'
same glob "$(names)" "kernels/parse[n=100] kernels/parse[n=10]"
same told "$(grep -o "SELECT='[^']*' PERFLEDGER_SUITE='[^']*'" told | sort -u)" "SELECT='kernels/parse*' PERFLEDGER_SUITE='kernels'"
[ ! -e plain-ran ] || { echo 'plain ran'; exit 1; }
rm told
status 0 perfledger run kernels2/parse 'kernels/sort'
same 'a name means all its parameters' "$(names)" \
    "kernels/sort kernels2/parse[isa=avx,n=100] kernels2/parse[isa=avx,n=10] kernels2/parse[isa=sse,n=100] kernels2/parse[isa=sse,n=10]"
status 0 perfledger run 'kernels2/parse[isa=sse,n=10]'
same "the suite's own parameters, which the program does not know" "$(names)" "kernels2/parse[isa=sse,n=10]"
rm told
status 0 perfledger run '*2[isa=avx*'
same 'a combination' "$(names)" "kernels2/parse[isa=avx,n=100] kernels2/parse[isa=avx,n=10] kernels2/sort[isa=avx]"
rm told
status 2 perfledger run kernels/prase plain
holds err 'selecting "kernels/prase": no benchmark or suite is called that; did you mean "kernels/parse"?'
status 2 perfledger run '*nothing*'
holds err 'selecting "*nothing*": no benchmark or suite matches it'
[ ! -e told ] && [ ! -e plain-ran ] || { echo 'something was measured'; exit 1; }
status 2 perfledger run --list kernels/prase
status 0 perfledger run --list '*/sort*'
same list "$(tr '\n' ' ' <out)" "kernels/sort kernels2/sort[isa=avx] kernels2/sort[isa=sse] "

# A program that cannot be asked: the run tells.
cat >mute <<'P'
#!/bin/sh
[ "$1" = --list ] && exit 3
exec ./kernels
P
chmod +x mute
sed -i 's#command: ./kernels }#command: ./mute }#' perfledger.yaml
status 2 perfledger run kernels/prase
holds err 'selecting "kernels/prase"'
status 2 perfledger run kernels/prase kernels/sort
holds err 'selecting "kernels/prase"'
holds out 'kernels/sort'
status 0 perfledger run --list kernels
same 'the suite stands for it' "$(cat out)" kernels
holds err 'kernels: what is inside cannot be listed (exit code 3)'
