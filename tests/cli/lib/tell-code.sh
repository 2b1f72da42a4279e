# A function's machine code as an artefact: the same text wherever the linker puts it, another one when the function changed.
. "$CASE_LIB"
command -v objdump >/dev/null || skip 'no objdump (binutils)'
case $(uname -m) in x86_64) ;; *) skip 'offsets of data remain on this machine' ;; esac
library=$(dirname "$PFL_CHILD")/libperfledger.a
[ -e "$library" ] || skip 'libperfledger is not built'

cat >kernel.c <<'C'
#include <stdio.h>
#include <string.h>
static const double table[4] = {1, 2, 3, 4};
static int counter;
int shared[100];
__attribute__((noinline)) static int other(int x)
{
    __asm__ volatile("");
    return 3 * x;
}
__attribute__((noinline)) double kernel(const char *s, int n)
{
    double sum = 0.5;
    int i;

    for (i = 0; i < n; i++) {
        sum = sum * FACTOR + s[i] + table[i & 3];
        shared[i % 100] += n;
    }
    switch (n) {
    case 11: puts("eleven"); break;
    case 12: puts("twelve"); break;
    case 13: puts("thirteen"); break;
    case 14: counter++; break;
    case 15: fputs("xy", stdout); break;
    case 16: sum += other(7); break;
    }
    return sum + (float)n * 0.1F + other(n) + (n > 10 ? (double)strlen(s) : counter);
}
C
cat >main.c <<'C'
#include <perfledger/perfledger.h>
#include <stdio.h>
double kernel(const char *s, int n);
#ifdef MORE
int before[1000];
static const char *const words[] = {"one", "two"};
double another = 1.75;
__attribute__((noinline)) int more(int x)
{
    return puts(words[x & 1]) + before[x];
}
#endif
PFL_BENCH(code)
{
    pfl_artifact_function(b, "kernel");
    PFL_LOOP(b) { pfl_keep(kernel("abc", 3)); }
}
PFL_BENCH(absent)
{
    pfl_artifact_function(b, "not_there");
    PFL_LOOP(b) { pfl_keep(b); }
}
int main(int argc, char **argv)
{
#ifdef MORE
    if (argc > 50)
        more(argc);
#endif
    return pfl_main(argc, argv);
}
C
sanitize=
! nm "$library" | grep -q __asan_ || sanitize=-fsanitize=address,undefined

# hash NAME: runs it; what it tells of its function is in kept.NAME.
hash() {
    rm -rf "kept.$1"
    PERFLEDGER_FD=3 PERFLEDGER_ARTIFACT_DIR=$PWD/kept.$1 PERFLEDGER_BENCH_SECONDS=0.001 "./$1" 3>"wire.$1" >out 2>err || {
        cat out err
        exit 1
    }
    grep -q '"artifact":"kernel\.s","path":"[^"]*/'"$(sha256sum <"$(echo kept."$1"/*)" | cut -d' ' -f1)"'","bench":"code"' "wire.$1" || {
        echo "$cc, $1: told otherwise:"
        cat "wire.$1" err
        exit 1
    }
}
# equal NAME NAME, differ NAME NAME: what is kept of the two; says nothing when it is so.
equal() {
    diff kept."$1"/* kept."$2"/* || {
        echo "$cc: $1 and $2 differ"
        exit 1
    }
}
differ() {
    ! cmp -s kept."$1"/* kept."$2"/* || {
        echo "$cc: $1 and $2 are the same"
        exit 1
    }
}
# link COMPILER NAME FLAGS… FILES…
link() {
    compiler=$1 name=$2
    shift 2
    # shellcheck disable=SC2086
    $compiler -O2 $sanitize "$@" -I"$CASE_ROOT/include" "$library" -lm -pthread -o "$name" || exit 1
}

for cc in gcc clang; do
    command -v $cc >/dev/null || continue
    $cc -O2 -fPIE -DFACTOR=1.25 -c kernel.c -o kernel.o && $cc -O2 -fPIE -DFACTOR=1.5 -c kernel.c -o changed.o || exit 1
    link $cc plain -fPIE -pie main.c kernel.o
    link $cc moved -fPIE -pie -DMORE kernel.o main.c
    link $cc changed -fPIE -pie main.c changed.o
    for name in plain moved changed; do hash $name; done
    equal plain moved
    differ plain changed
    [ -z "$sanitize" ] || continue
    link $cc fixed -fPIE -no-pie -DMORE main.c kernel.o
    $cc -O2 -fno-pie -DFACTOR=1.25 -c kernel.c -o absolute.o || exit 1
    link $cc here -fno-pie -no-pie main.c absolute.o
    link $cc there -fno-pie -no-pie -DMORE absolute.o main.c
    for name in fixed here there; do hash $name; done
    equal plain fixed
    equal here there
done

# Readable: names, texts, values of constants, no addresses.
text=$(cat kept.plain/*)
[ "$sanitize" ] || for part in 'call strlen' 'call other' '{0x3ff4000000000000}(%rip)' 'shared(%rip)' 'counter(%rip)'; do
    case $text in *"$part"*) ;; *) echo "no <$part> in: $text" ;; esac
done
[ "$sanitize" ] || echo "$text" | grep -E '[0-9a-f]{4,}:|# |nop' | head -n 3
holds wire.plain 'the machine code of not_there is not recorded: this program has no function of that name'

# Once per program, not per launch: a second launch does without objdump.
mkdir bin
for tool in sh cat; do ln -s "$(command -v $tool)" bin/; done
PATH=$PWD/bin PERFLEDGER_FD=3 PERFLEDGER_ARTIFACT_DIR=$PWD/again PERFLEDGER_BENCH_SECONDS=0.001 ./plain 3>wire.again >out 2>err
same 'from what is kept' "$(cmp again/* kept.plain/* && echo same)" same
touch -d '2001-01-01' plain
PATH=$PWD/bin PERFLEDGER_FD=3 PERFLEDGER_BENCH_SECONDS=0.001 ./plain 3>wire.none >out 2>err
holds wire.none '"warning":"the machine code of kernel is not recorded: objdump (of binutils) cannot be started'
grep -c artifact wire.none
strip plain
PERFLEDGER_FD=3 PERFLEDGER_BENCH_SECONDS=0.001 ./plain 3>wire.none >out 2>err
holds wire.none 'is it stripped'
