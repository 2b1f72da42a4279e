# An input that pfl_unknown() hides is computed with anew in each iteration; pfl_keep() alone does not hide it. Names of benchmarks may be
# those of macros.
. "$CASE_LIB"
command -v objdump >/dev/null || skip "no objdump (binutils)"
library=$(dirname "$PFL_CHILD")/libperfledger_objects.a
[ -e "$library" ] || skip 'the files of the library are not built'
sanitize=
! nm "$library" | grep -q __asan_ || sanitize=-fsanitize=address,undefined

cat >unknown.c <<'C'
#include <errno.h>
#include <perfledger/bench.h>
#include <stdbool.h>
struct small { int a, b; };
struct large { double a[9]; };
PFL_BENCH(errno)
{
    double number = 1, array[3] = {1, 2, 3};
    struct small s = {1, 2};
    struct large l = {{1}};
    const char *text = "a";

    PFL_LOOP(b)
    {
        pfl_unknown(number);
        pfl_unknown(array[1]);
        pfl_unknown(s);
        pfl_unknown(s.a);
        pfl_unknown(l);
        pfl_unknown(text);
        pfl_keep(number + array[1] + s.a + l.a[8] + *text);
    }
}
PFL_BENCH_ARGS(bool, PFL_ARGS(n, 1)) { PFL_LOOP(b) { pfl_keep(b); } }
unsigned known(void);
unsigned unknown(void);
unsigned known(void)
{
    unsigned n = 7;

    pfl_keep(n);
    return n * 2654435761u;
}
unsigned unknown(void)
{
    unsigned n = 7;

    pfl_unknown(n);
    return n * 2654435761u;
}
PFL_MAIN()
C
{
    sed '/^PFL_BENCH_ARGS/,/^}/d; /^PFL_MAIN/d; /^unsigned/,$d' unknown.c
    cat <<'C'
#include <string>
#include <vector>
PFL_BENCH_ARGS(bool, PFL_ARGS(n, 1))
{
    std::string text("a");
    std::vector<int> numbers(3);

    PFL_LOOP(b)
    {
        pfl_unknown(text);
        pfl_unknown(numbers);
        pfl_keep(text);
        pfl_keep(numbers);
    }
}
PFL_MAIN()
C
} >unknown.cc
with() { # the compilers for C and C++
    for o in -O0 -O2; do
        for x in c cc; do
            compiler=$1
            [ $x = c ] || compiler=$2
            # shellcheck disable=SC2086
            "$compiler" $o -Wall -Wextra -pedantic $sanitize -I"$CASE_ROOT/include" unknown.$x "$library" -lm -pthread -o unknown || exit 1
            echo "$x $o: $(./unknown --list | tr '\n' ' ')"
            [ $x$o = c-O2 ] || continue
            if [ "$sanitize" ]; then echo 'known: multiplications: 0'; else same 'known: multiplications' "$(objdump -d --disassemble=known unknown | grep -c mul)" 0; fi
            same 'unknown: multiplications' "$(objdump -d --disassemble=unknown unknown | grep -c mul)" 1
        done
    done
}
command -v g++ >/dev/null || skip 'no g++'
with gcc g++ | tee told
! command -v clang++ >/dev/null || with clang clang++ | diff told -
