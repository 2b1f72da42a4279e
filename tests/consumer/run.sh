#!/bin/sh
# Outside consumers of libperfledger: each form in which it is delivered, built in a scratch folder against an installed prefix, exactly
# as docs/using-the-library.md says (the blocks are taken from there), and run. TAP; what the machine lacks is skipped, visibly.
#
#   tests/consumer/run.sh BUILD [NAME]      only the test of that name
#
# Nothing here measures anything but for the gate of CTest, which judges a difference of a factor of ten.
set -u
build=$(cd "$1" && pwd) || exit 2
only=${2:-}
source=$(cd "$(dirname "$0")/../.." && pwd)
tests=0 failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch/home" PREFIX="$scratch/prefix" LC_ALL=C.UTF-8 GIT_CONFIG_GLOBAL="$scratch/gitconfig" PERFLEDGER_PRESENCE_DIR="$scratch/presence"
unset PERFLEDGER_LEDGER PERFLEDGER_CONFIG PERFLEDGER_FD CMAKE_PREFIX_PATH PKG_CONFIG_PATH MAKEFLAGS CFLAGS CXXFLAGS LDFLAGS
mkdir -p "$HOME" "$PERFLEDGER_PRESENCE_DIR" "$scratch/bin"

# A consumer is compiled with the sanitizers that the library was, by whichever compiler is asked for.
instruments=$(sed -n 's/^PFL_SANITIZE:[A-Z]*=\(..*\)/-fsanitize=\1/p; s/^PFL_COVERAGE:BOOL=ON/--coverage/p' "$build/CMakeCache.txt")
built_by=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
wrap() { # NAME COMPILER: what `cc` and `c++` of the examples are
    command -v "$2" >/dev/null || return 0
    printf '#!/bin/sh\nexec %s "$@" %s\n' "$(command -v "$2")" "$instruments" >"$scratch/bin/$1"
    chmod +x "$scratch/bin/$1"
}
wrap cc "$built_by"
wrap c++ "${CXX:-c++}"
export PATH="$scratch/bin:$PATH"

# block FILE: the block of the guide that is labelled so.
block() {
    awk -v label="<!-- file: $1 -->" '$0 == label { found = 1; next }
        found && /^```/ { if (inside) exit; inside = 1; next } inside { print }' "$source/docs/using-the-library.md"
}

# skip WHY: as the last thing a test says.
skip() {
    echo "$1" >"$scratch/skip"
    exit 77
}
need() { command -v "$1" >/dev/null || skip "there is no $1"; }

# try NAME FUNCTION [ARG…]: in an empty folder with bench.c of the guide; its output is shown when it fails.
try() {
    name=$1
    shift
    [ -z "$only" ] || [ "$only" = "$name" ] || [ "$name" = install ] || return 0
    tests=$((tests + 1))
    rm -rf "$scratch/work"
    mkdir "$scratch/work"
    block bench.c >"$scratch/work/bench.c"
    (cd "$scratch/work" && set -e && "$@") >"$scratch/log" 2>&1
    status=$?
    if [ "$status" -eq 0 ]; then
        echo "ok $tests - $name"
    elif [ "$status" -eq 77 ]; then
        echo "ok $tests - $name # SKIP $(cat "$scratch/skip")"
    else
        failed=1
        echo "not ok $tests - $name"
        tail -n 30 "$scratch/log" | sed 's/^/#   /'
    fi
}

# works PROGRAM NAME…: it lists exactly these benchmarks, and each runs.
works() {
    program=$1
    shift
    printf '%s\n' "$@" >expected
    "$program" --list >listed
    for name; do
        grep -qF -- "$name" listed || { echo "$program --list does not list $name:"; cat listed; return 1; }
    done
    "$program" --once
}
words() { works "$1" 'words[size=100]' 'words[size=10000]'; }

# lacks TEXT COMMAND…: the command must fail and say so.
lacks() {
    text=$1
    shift
    if "$@" >said 2>&1; then
        echo "succeeded: $*"
        return 1
    fi
    grep -qF -- "$text" said || { cat said; return 1; }
}

by_hand() { # FORM
    block "$1/build.sh" >build.sh
    sh -eu build.sh
    words ./bench
}
shared() {
    by_hand shared
    readelf -d bench | grep -q 'NEEDED.*libperfledger\.so\.0\]'
    [ "$(readlink "$PREFIX/lib/libperfledger.so")" = libperfledger.so.0 ]
    readelf -d "$PREFIX/lib/libperfledger.so" | grep -q 'SONAME.*\[libperfledger\.so\.0\]'
}
pkg_config() {
    need pkg-config
    by_hand pkg-config
    export PKG_CONFIG_PATH="$PREFIX/lib/pkgconfig"
    [ "$(pkg-config --modversion libperfledger)" = "$(pkg-config --modversion perfledger)" ]
    [ -f "$(pkg-config --variable=amalgamated libperfledger)" ]
    [ -x "$(pkg-config --variable=bindir perfledger)" ]
}

# cmake_with FOLDER OPTION…: configures and builds what lies here; quick, for compilers are looked for again each time.
cmake_with() {
    folder=$1
    shift
    cmake -S . -B "$folder" -DCMAKE_PREFIX_PATH="$PREFIX" -DCMAKE_C_COMPILER="$scratch/bin/cc" -DCMAKE_BUILD_TYPE=Release "$@"
    cmake --build "$folder"
}
cmake_package() {
    block cmake-package/CMakeLists.txt >CMakeLists.txt
    cmake_with build
    words build/bench
    # Moved as a whole, it is found where it is then; the shared library, too.
    cp -R "$PREFIX" moved
    sed -i 's/perfledger::static/perfledger::perfledger/' CMakeLists.txt
    cmake_with build2 -DCMAKE_PREFIX_PATH="$PWD/moved"
    words build2/bench
    readelf -d build2/bench | grep -q 'NEEDED.*libperfledger\.so\.0\]'
    sed -i 's/perfledger 0\.1/perfledger 0.2/' CMakeLists.txt
    lacks 'compatible with requested version "0.2"' cmake -S . -B build3 -DCMAKE_PREFIX_PATH="$PREFIX" -DCMAKE_C_COMPILER="$scratch/bin/cc"
}
fetchcontent() {
    block fetchcontent/CMakeLists.txt >CMakeLists.txt
    # pkg-config that finds nothing, and fails: nobody may ask.
    cmake_with build -DFETCHCONTENT_SOURCE_DIR_PERFLEDGER="$source" -DPERFLEDGER_REPOSITORY=. -DPKG_CONFIG_EXECUTABLE=/bin/false
    words build/bench
    cmake --build build --target help | sed 's/^\.\.\. //; s/: phony$//' >targets
    if grep -qE '^(perfledger|pfl_.*|test_.*|fuzz_.*|bench_.*)$' targets; then
        echo "more than the library's targets came along:"
        cat targets
        return 1
    fi
    [ -z "$(find build -name 'libperfledger.so*')" ] # nobody linked it
    # A project that compiles everything with -ffast-math: our file is not.
    cmake_with build2 -DFETCHCONTENT_SOURCE_DIR_PERFLEDGER="$source" -DPERFLEDGER_REPOSITORY=. -DBUILD_SHARED_LIBS=ON -DCMAKE_C_FLAGS=-ffast-math
    words build2/bench
    readelf -d build2/bench | grep -q 'NEEDED.*libperfledger\.so\.0\]'
}

amalgamated() {
    block amalgamated/bench.c >bench.c
    block amalgamated/build.sh >build.sh
    sh -eu build.sh
    works ./bench divide
    # Compilers and standards; strict warnings stay the user's own affair.
    for compiler in gcc clang; do
        command -v "$compiler" >/dev/null || continue
        for std in gnu99 gnu17 gnu2x; do
            "$compiler" -std=$std -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Werror -fsyntax-only bench.c
        done
        "$compiler" -std=c99 -pedantic -Wall -Wextra -Werror -fsyntax-only bench.c
    done
    # Included late, it says so instead of failing somewhere inside.
    { echo '#include <stdio.h>'; cat bench.c; } >late.c
    lacks 'must be the first include' cc -std=c11 -c late.c
}
one_file() {
    cp "$PREFIX/share/perfledger/perfledger.h" "$source/tests/consumer/one_file.c" .
    cc -O2 -Wall -Wextra -Werror one_file.c -lm -pthread -o one
    works ./one one
    nm --defined-only -g one | sed 's/.* //' | grep '^pfl_' >names || return 0
    cat names
    return 1
}
# NaN stands for what is not there. Compiled as if there were none, reports would hold it: refused; with the remedies it says, they do not.
fast_math() {
    cp "$PREFIX/share/perfledger/perfledger.h" .
    cat >fast.c <<'C'
#include "perfledger.h"
PFL_BENCH(one)
{
    PFL_LOOP(b) { pfl_keep(1); pfl_keep(2); pfl_keep(3); }
    pfl_items(b, 2);
}
PFL_BENCH(skipped) { pfl_skip(b, "not here"); }
PFL_MAIN()
C
    { echo '#define PFL_IMPLEMENTATION'; cat fast.c; } >one.c
    printf '#define PFL_IMPLEMENTATION\n#include "perfledger.h"\n' >perfledger.c
    for compiler in gcc clang; do
        command -v "$compiler" >/dev/null || continue
        for flags in '-O2 -ffast-math' '-O2 -ffinite-math-only' -Ofast; do
            # shellcheck disable=SC2086
            lacks 'takes NaN for impossible' "$compiler" $flags -c one.c
        done
        # shellcheck disable=SC2086
        "$compiler" -O2 -ffast-math -fno-finite-math-only $instruments one.c -lm -pthread -o together
        # shellcheck disable=SC2086
        "$compiler" -O2 $instruments -c perfledger.c
        # shellcheck disable=SC2086
        "$compiler" -O2 -ffast-math $instruments fast.c perfledger.o -lm -pthread -o apart
        for program in ./together ./apart; do
            "$program" --launches 2 --time 0.01 --json=report.json >table
            if grep -iE '\b(nan|inf)\b' table report.json; then return 1; fi
            if grep -E 'B/s|throughput' table; then return 1; fi # nobody said how many bytes
        done
    done
}
# The sources, one translation unit, all warnings: names of statics must be unique.
amalgamated_warnings() {
    printf '#define PFL_IMPLEMENTATION\n#include "perfledger.h"\n' >all.c
    for compiler in gcc clang; do
        command -v "$compiler" >/dev/null || continue
        "$compiler" -std=gnu17 -O2 -Wall -Wextra -Wformat=2 -Wvla -Werror -DPFL_IMPLEMENTATION_WARNINGS -I"$PREFIX/share/perfledger" -c all.c
    done
}

cxx() {
    need c++
    block c++/bench.cpp >bench.cpp
    block c++/build.sh >build.sh
    sh -eu build.sh
    works ./bench 'sort[n=100]' 'sort[n=1000]'
    # The one header, its implementation in a C file, another optimised away by nobody.
    block c++/perfledger.c >perfledger.c
    cp "$PREFIX/share/perfledger/perfledger.h" .
    sed 's,<perfledger/perfledger.h>,"perfledger.h",' bench.cpp >one.cpp
    cc -O2 -c perfledger.c
    c++ -std=c++11 -O2 -c one.cpp
    c++ one.o perfledger.o -lm -pthread -o one
    works ./one 'sort[n=100]' 'sort[n=1000]'
    { echo '#define PFL_IMPLEMENTATION'; cat one.cpp; } >wrong.cpp
    lacks 'into a .c file of its own' c++ -c wrong.cpp
}

# Each public header alone, strictly, in both languages, with both compilers.
headers() {
    for header in "$PREFIX"/include/perfledger/*.h "$PREFIX/share/perfledger/perfledger.h"; do
        echo "#include \"$header\"" >one.c
        cp one.c one.cpp
        for compiler in gcc clang; do
            command -v "$compiler" >/dev/null || continue
            "$compiler" -std=c99 -pedantic -Wall -Wextra -Werror -I"$PREFIX/include" -fsyntax-only one.c
        done
        for compiler in g++ clang++; do
            command -v "$compiler" >/dev/null || continue
            "$compiler" -std=c++11 -pedantic -Wall -Wextra -Werror -I"$PREFIX/include" -fsyntax-only one.cpp
        done
    done
}

# What a program sees of the library: the functions that the headers mark as public, no others, in both libraries.
symbols() {
    echo '#include <perfledger/perfledger.h>' | cc -E -P -I"$PREFIX/include" -xc - | tr '\n' ' ' |
        grep -oE '__visibility__\("default"\)\)\) [^;{]*;' | sed -E 's/^[^ ]* //; s/\(.*//; s/.*[ *]//' | sort -u >declared
    [ -s declared ]
    nm -D --defined-only "$PREFIX/lib/libperfledger.so" | sed 's/.* //; s/@.*//' | sort >shared
    nm -g --defined-only "$PREFIX/lib/libperfledger.a" | sed -n 's/.* [A-Z] //p' | sort >static
    if [ -n "$instruments" ]; then
        sed -i '/^__/d' shared static
    fi
    diff declared shared
    diff declared static
}
own_symbols() {
    cp "$source/tests/consumer/own_symbols.c" .
    cc -O2 own_symbols.c -I"$PREFIX/include" "$PREFIX/lib/libperfledger.a" -lm -pthread -o own
    works ./own mine
    cc -O2 -rdynamic own_symbols.c -I"$PREFIX/include" -L"$PREFIX/lib" -Wl,-rpath,"$PREFIX/lib" -lperfledger -o own
    works ./own mine
}
# A plug-in that holds benchmarks; link-time optimisation of the consumer, and of everything.
lto() { # COMPILER
    need "$1"
    [ -z "$instruments" ] || skip "the library is instrumented"
    "$1" -O2 -flto bench.c -I"$PREFIX/include" "$PREFIX/lib/libperfledger.a" -lm -pthread -o bench 2>said || {
        grep -qiE 'LLVMgold|lto.*plugin' said && skip "$1 has no linker for LTO here"
        cat said
        return 1
    }
    words ./bench
    cp "$PREFIX/share/perfledger/perfledger.h" .
    printf '#define PFL_IMPLEMENTATION\n#include "perfledger.h"\n' >perfledger.c
    "$1" -O2 -flto bench.c perfledger.c -I"$PREFIX/include" -lm -pthread -o bench
    words ./bench
}
plug_in() {
    sed '/^PFL_MAIN/d' bench.c >plug.c
    cc -O2 -fPIC -shared plug.c -I"$PREFIX/include" "$PREFIX/lib/libperfledger.a" -lm -pthread -o libplug.so
    readelf -d libplug.so >dynamic
    if grep -q TEXTREL dynamic; then return 1; fi
}

ctest_helper() {
    need ctest
    block ctest/CMakeLists.txt >CMakeLists.txt
    cmake_with build
    # Nothing to judge yet: the smoke test passes, the gate is skipped and says how to get on.
    ctest --test-dir build --output-on-failure -V >said || { cat said; return 1; }
    grep -qE 'words\.smoke \.+ *Passed' said
    grep -qE 'words\.gate \.+\*\*\*Skipped' said
    grep -q -- '--target words.baseline' said
    # No perfledger at all.
    cmake -S . -B build -DPERFLEDGER_PROGRAM=/nowhere/perfledger
    ctest --test-dir build -R gate -V >said || { cat said; return 1; }
    grep -qE 'words\.gate \.+\*\*\*Skipped' said
    grep -q 'perfledger is not there (/nowhere/perfledger)' said
}
# As the guide has it, but the work is a matter of a file: ten times as much of it is found whatever the machine does.
ctest_gate() {
    need ctest
    [ -z "$instruments" ] || skip "instrumented programs are not gated"
    block ctest/CMakeLists.txt >CMakeLists.txt
    cat >bench.c <<'C'
#include <perfledger/perfledger.h>

#include <stdio.h>

PFL_BENCH(work)
{
    FILE *f = fopen(WORK, "r");
    uint64_t n = 0, i, x;

    if (!f || fscanf(f, "%lu", &n) != 1)
        pfl_fail(b, "no file of work");
    if (f)
        fclose(f);
    x = pfl_rand(b);
    PFL_LOOP(b)
    {
        for (i = 0; i < n; i++)
            x = x * 3 + i;
        pfl_keep(x);
    }
}
PFL_MAIN()
C
    echo "target_compile_definitions(bench PRIVATE WORK=\"$PWD/work.txt\")" >>CMakeLists.txt
    echo 100 >work.txt
    cmake_with build
    cmake --build build --target words.baseline
    [ -d .benchmarks/words ] # of the source folder
    ctest --test-dir build --output-on-failure
    echo 1000 >work.txt
    lacks 'words.gate' ctest --test-dir build --output-on-failure
    grep -qiE 'words/work.*regressed|regressed.*words/work' said || { cat said; return 1; }
    # The project's own file, when it has the suite: a gate that lets this pass, against a baseline of a name.
    cat >perfledger.yaml <<'Y'
suites: [ { name: words, harness: perfledger, command: ./build/bench } ]
gates: [ { match: "*", metric: time, max_regression: 5000% } ]
Y
    sed -i 's/MAX_REGRESSION 10%/BASELINE first/' CMakeLists.txt
    echo 100 >work.txt
    cmake --build build --target words.baseline
    ls .benchmarks/*/*_first.json
    echo 1000 >work.txt
    ctest --test-dir build --output-on-failure
    # What does not pass its smoke test is not measured.
    rm work.txt
    lacks 'words.smoke (Failed)' ctest --test-dir build --output-on-failure
    grep -qE 'words\.gate \(Not Run\)' said || { cat said; return 1; }
}

# Without any of what the perfledger command needs: library and package alone.
library_only() {
    need pkg-config
    cmake -S "$source" -B build -DPFL_LIBRARY_ONLY=ON -DPKG_CONFIG_EXECUTABLE=/bin/false -DCMAKE_C_COMPILER="$scratch/bin/cc"
    cmake --build build
    cmake --install build --prefix "$PWD/prefix"
    [ ! -e prefix/bin ]
    export PREFIX="$PWD/prefix"
    by_hand pkg-config
}

install_prefix() { cmake --install "$build" --prefix "$PREFIX"; }

try install install_prefix
try static by_hand static
try shared shared
try pkg-config pkg_config
try cmake-package cmake_package
try fetchcontent fetchcontent
try library-only library_only
try amalgamated amalgamated
try amalgamated-one-file one_file
try amalgamated-fast-math fast_math
try amalgamated-warnings amalgamated_warnings
try c++ cxx
try headers headers
try symbols symbols
try own-symbols own_symbols
try lto-gcc lto gcc
try lto-clang lto clang
try plug-in plug_in
try ctest-helper ctest_helper
try ctest-gate ctest_gate
echo "1..$tests"
exit $failed
