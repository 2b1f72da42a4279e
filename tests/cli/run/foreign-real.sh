# The real harnesses, where they are installed: pytest-benchmark, Google Benchmark, Catch2. What is not there is said.
. "$CASE_LIB"
repo
missing=
echo 'suites:' >perfledger.yaml
if /usr/bin/python3 -c 'import pytest_benchmark' 2>/dev/null; then
    cat >test_sums.py <<'P'
import pytest
@pytest.mark.parametrize("n", [10, 100])
def test_sum(benchmark, n):
    benchmark(sum, range(n))
def test_wrong(benchmark):
    benchmark(len, [])
    assert False, "not what was expected"
def test_no_benchmark():
    raise SystemExit("only benchmarks are to run")
P
    echo '  - { name: py, harness: pytest-benchmark, command: /usr/bin/python3 -m pytest test_sums.py }' >>perfledger.yaml
else
    missing="$missing pytest-benchmark"
fi
cat >bench.cpp <<'C'
#include <benchmark/benchmark.h>
static void BM_add(benchmark::State &state)
{
    int64_t n = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(n += state.range(0));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_add)->Arg(1)->Arg(2);
static void BM_wrong(benchmark::State &state)
{
    state.SkipWithError("no input");
    for (auto _ : state) {}
}
BENCHMARK(BM_wrong);
BENCHMARK_MAIN();
C
if [ -z "$PFL_SANITIZED" ] && "${CXX:-c++}" -O1 -o bench bench.cpp -lbenchmark -lpthread 2>/dev/null; then
    echo '  - { name: google, harness: google-benchmark, command: ./bench }' >>perfledger.yaml
else
    missing="$missing google-benchmark"
fi
cat >catch.cpp <<'C'
#define CATCH_CONFIG_MAIN
#define CATCH_CONFIG_ENABLE_BENCHMARKING
#include <catch2/catch.hpp>
TEST_CASE("sums", "[!benchmark]")
{
    volatile int n = 0;
    BENCHMARK("add") { return n = n + 1; };
}
TEST_CASE("plain") { REQUIRE(1 == 1); }
C
if [ -z "$PFL_SANITIZED" ] && "${CXX:-c++}" -o catch catch.cpp 2>/dev/null; then
    echo '  - { name: catch, harness: catch2, command: ./catch }' >>perfledger.yaml
else
    missing="$missing catch2"
fi
[ -z "$missing" ] || echo "not installed here, so not tried:$missing" >&2
grep -q harness perfledger.yaml || skip "none of pytest-benchmark, Google Benchmark and Catch2 is installed"
perfledger run >run.out 2>err
perfledger show --json >run.json
of() { json '[b["status"] + ": " + b["reason"] for b in d["benchmarks"] if b["name"] == "'"$1"'"]' <run.json; }
values() { json '[len(r["samples"]) for r in d["results"] if r["benchmark"] == "'"$1"'" and r["metric"] == "time" and min(r["samples"]) > 0]' <run.json; }
if grep -q 'name: py' perfledger.yaml; then
    same 'pytest: values' "$(values 'py/test_sums.py::test_sum[10]') $(values 'py/test_sums.py::test_sum[100]')" '[6] [6]'
    same 'pytest: failed' "$(of py/test_sums.py::test_wrong)" '["failed: AssertionError: not what was expected"]'
    same 'pytest: others' "$(json '[b["name"] for b in d["benchmarks"] if "no_benchmark" in b["name"]]' <run.json)" '[]'
    status 0 perfledger run 'py/*sum*10]'
    same 'pytest: selected' "$(perfledger show --json | json '[b["name"] for b in d["benchmarks"]]')" '["py/test_sums.py::test_sum[10]"]'
    status 2 perfledger run 'py/*sum_of_nothing'
    holds err 'selecting "py/*sum_of_nothing": no benchmark or suite matches it'
    cat >perfledger2.yaml <<'Y'
suites:
  - { name: py, harness: pytest-benchmark, command: /usr/bin/python3 -m pytest -p no:benchmark test_sums.py }
Y
    status 4 perfledger run --config perfledger2.yaml
    holds out 'pytest runs, but without pytest-benchmark'
fi
if grep -q 'name: google' perfledger.yaml; then
    same 'google: values' "$(values google/BM_add/1) $(values google/BM_add/2)" '[6] [6]'
    same 'google: failed' "$(of google/BM_wrong)" '["failed: no input"]'
    status 0 perfledger run --list google
    same 'google: list' "$(tr '\n' ' ' <out)" 'google/BM_add/1 google/BM_add/2 google/BM_wrong '
    status 0 perfledger run google/BM_add/2
    same 'google: selected' "$(perfledger show --json | json '[b["name"] for b in d["benchmarks"]]')" '["google/BM_add/2"]'
fi
if grep -q 'name: catch' perfledger.yaml; then
    same 'catch2: values' "$(values catch/sums/add)" '[6]'
fi
