/* BenchmarkDotNet: measurements of three generations, launches, memory, metrics, jobs, failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "taken.h"

int test_formats_benchmark_dotnet(void);

#define HOST "\"HostEnvironmentInfo\":{\"BenchmarkDotNetVersion\":\"0.13\"}"
#define M(mode, stage, launch, ops, ns)                                                            \
    "{\"IterationMode\":\"" mode "\",\"IterationStage\":\"" stage "\",\"LaunchIndex\":" launch     \
    ",\"IterationIndex\":1,\"Operations\":" ops ",\"Nanoseconds\":" ns "}"

/* clang-format off */
static const char full[] =
    "{\"Title\":\"A.B-20240131-120000\",\"HostEnvironmentInfo\":{\"BenchmarkDotNetVersion\":"
    "\"0.13\",\"ProcessorName\":\"Ryzen\",\"LogicalCoreCount\":16,\"PhysicalCoreCount\":null,"
    "\"RuntimeVersion\":\".NET 8\",\"ChronometerFrequency\":{\"Hertz\":1}},\"Benchmarks\":[\n"
    "{\"DisplayInfo\":\"B.F: DefaultJob [N=1, T=a&b]\",\"FullName\":\"A.B.F(N: 1, T: \\\"a&b\\\")"
    "\",\"Parameters\":\"N=1&T=a&b\",\"Statistics\":{\"OriginalValues\":[9],\"N\":2},\n"
    "\"Measurements\":["
    M("Overhead", "Actual", "1", "1", "1") ",\n"
    M("Workload", "Actual", "1", "4", "8") ",\n"
    M("Workload", "Warmup", "1", "1", "1") ",\n"
    M("Workload", "Result", "1", "4", "4") ",\n"
    M("Workload", "Result", "2", "4", "12") "],\n"
    "\"Memory\":{\"Gen0Collections\":2,\"TotalOperations\":1000,"
    "\"BytesAllocatedPerOperation\":368},\"Metrics\":[\n"
    "{\"Value\":2,\"Descriptor\":{\"Id\":\"Gen0Collects\",\"Unit\":\"Count\"}},"
    "{\"Value\":368,\"Descriptor\":{\"Id\":\"Allocated Memory\",\"Unit\":\"B\"}},"
    "{\"Value\":5,\"Descriptor\":{\"Id\":\"Hits\",\"Unit\":\"Count\",\"TheGreaterTheBetter\":"
    "true}},{\"Value\":\"\",\"Descriptor\":{\"Id\":\"None\",\"Unit\":\"B\"}}]}]}\n";
/* clang-format on */

static const struct taken_case cases[] = {
    {full,
     "run BenchmarkDotNet (Ryzen, 16 CPUs) at 1706702400 {BenchmarkDotNet: 0.13, runtime: .NET 8}\n"
     "A.B.F(N: 1, T: \"a&b\") {N: 1, T: a&b}\n"
     "  time s lower 1e-09 3.0000000000000004e-09 @0 1\n  Gen0Collects 1 lower ~1 2\n"
     "  Hits 1 higher ~1 5\n  allocated B lower ~1 368\n",
     NULL, false},
    /* no results of the stage: the actual ones; before 0.11; sane numbers of launches only */
    {"{" HOST ",\"Benchmarks\":[{\"FullName\":\"a\",\"Measurements\":[" M(
         "Workload", "Actual", "7", "2",
         "2") "]},{\"FullName\":\"b\",\"Measurements\":[{\"IterationMode\":\"MainTarget\","
              "\"LaunchIndex\":1,\"Operations\":1,\"Nanoseconds\":5},{\"IterationMode\":"
              "\"IdleTarget\",\"Operations\":1,\"Nanoseconds\":1},{\"IterationMode\":\"Result\","
              "\"LaunchIndex\":4000000000,\"Operations\":1,\"Nanoseconds\":4},{\"IterationMode\":"
              "\"Result\",\"LaunchIndex\":2,\"Operations\":0,\"Nanoseconds\":4}]}]}",
     "run BenchmarkDotNet {BenchmarkDotNet: 0.13}\na\n  time s lower 1e-09\n"
     "b\n  time s lower 4e-09 -\n",
     NULL, false},
    /* the brief one of 0.9: no FullName, a lazy processor, statistics only; NaN as "" */
    {"{\"Title\":\"T\",\"HostEnvironmentInfo\":{\"BenchmarkDotNetVersion\":\"0.9\",\"ProcessorName"
     "\":{\"IsValueCreated\":true,\"Value\":\"i7\"},\"ProcessorCount\":8,\"ClrVersion\":\"4\"},"
     "\"Benchmarks\":[{\"Namespace\":\"N\",\"Type\":\"T\",\"Method\":\"M\",\"Parameters\":\"P=2\","
     "\"Statistics\":{\"N\":4,\"Min\":10,\"Q1\":20,\"Median\":30,\"Mean\":31,\"Q3\":40,\"Max\":50,"
     "\"StandardDeviation\":\"\"}},{\"Namespace\":null,\"Type\":\"T\",\"Method\":\"O\","
     "\"Statistics\":{\"N\":4,\"Mean\":40,\"StandardDeviation\":2}},"
     "{\"Method\":\"Failed\",\"Statistics\":null}]}",
     "2 benchmarks have statistics but no measurements: their intervals are made from the "
     "quartiles\n"
     "run BenchmarkDotNet (i7, 8 CPUs) {BenchmarkDotNet: 0.9, runtime: 4}\n"
     "Failed failed: BenchmarkDotNet has no result of it\n"
     "N.T.M(P=2) {P: 2}\n  time s lower ~4 3e-08 [1.43e-08 4.57e-08] mean 3.1e-08 min 1e-08 "
     "max 5e-08\n"
     "T.O\n  time s lower ~4 4e-08 [3.6818e-08 4.3182e-08] mean 4e-08 sd 2e-09\n",
     NULL, false},
    /* two jobs of one name; the memory of the diagnoser's metrics only */
    {"{" HOST ",\"Benchmarks\":[{\"DisplayInfo\":\"T.M: Net6(Runtime=.NET 6.0) [N=1]\",\"FullName\""
     ":\"T.M\",\"Statistics\":{\"OriginalValues\":[1]}},{\"DisplayInfo\":\"T.M: Net8\","
     "\"FullName\":\"T.M\",\"Statistics\":{\"OriginalValues\":[2,\"\"]},\"Metrics\":[{\"Value\":8,"
     "\"Descriptor\":{\"Id\":\"Allocated Memory\",\"Unit\":\"B\"}}]}]}",
     "run BenchmarkDotNet {BenchmarkDotNet: 0.13}\n"
     "T.M {job: Net6(Runtime=.NET 6.0)}\n  time s lower 1e-09\n"
     "T.M [Net8] {job: Net8}\n  time s lower 2e-09 -\n  allocated B lower ~1 8\n",
     NULL, false},
    {"{" HOST ",\"Benchmarks\":[{\"Statistics\":{\"Median\":true}},3]}",
     "1:96 expected a number, found true or false: left out\n"
     "1:101 a benchmark without a name is left out\n"
     "1:103 expected an object, found a number: left out\n"
     "1:103 a benchmark without a name is left out\n",
     NULL, false},
};

static void files_are_read(void **state)
{
    (void)state;
    taken_check("benchmarkdotnet", cases, PFL_COUNT(cases));
}

static void damage_is_borne(void **state)
{
    (void)state;
    taken_damage("benchmarkdotnet", full, true);
}

int test_formats_benchmark_dotnet(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(damage_is_borne),
    };

    return cmocka_run_group_tests_name("formats/benchmark_dotnet", tests, NULL, NULL);
}
