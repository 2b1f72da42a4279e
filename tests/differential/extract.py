#!/usr/bin/env python3
"""What must be read from a result file of a foreign format, told by a second pair of eyes.

    extract.py FORMAT FILE

Prints, one a line and tab-separated, benchmark, metric, variant, index and value of every number: the values in the units that
are stored (s, B, 1/s, 1), as float.hex(); a sample's index is its number; of a summary it is the name of the figure (mean, ci_low
...), of the unit `unit`. In front of them a line `counts`, runs, points (results with a value), samples (finite ones).

Exit status 77: there is no function for that format here.

Standard library only, nothing shared with the program, as short as the formats allow: what is looked for here is what their
documentation and their files say. Names of metrics are docs/formats.md's.
"""
import csv
import gzip
import json
import math
import re
import sys
from xml.etree import ElementTree

SECONDS = {"ps": 1e-12, "ns": 1e-9, "us": 1e-6, "\u00b5s": 1e-6, "\u03bcs": 1e-6, "ms": 1e-3, "s": 1.0, "second": 1.0}
BYTES = {"B": 1.0, "byte": 1.0, "bytes": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1024.0, "MiB": 1048576.0,
         "GiB": 1073741824.0}
FIGURES = ("median", "mean", "stddev", "min", "max", "q1", "q3")
# Metrics of perfledger's own that have another unit than 1: no counter of a user's is taken for one.
BUILT_IN = ("time", "cpu", "user", "sys", "throughput", "first_call", "compile_time", "peak_rss", "peak_rss_tree", "artifact_size")


class Result:
    def __init__(self, unit):
        self.unit, self.samples, self.figures = unit, [], {}


class Run:
    """Benchmarks by name, each with its results by metric and variant."""

    def __init__(self, key=""):
        self.key, self.benchmarks = key, {}

    def benchmark(self, name):
        """A name that was there is numbered."""
        unused, k = name, 1
        while unused in self.benchmarks:
            k += 1
            unused = f"{name}#{k}"
        return self.benchmarks.setdefault(unused, {})


def give(benchmark, metric, unit, samples=(), variant="", factor=1.0, **figures):
    """Samples, figures or both, in a unit that is factor times the stored one."""
    result = benchmark.setdefault((metric, variant), Result(unit))
    result.samples += [stored(value, factor) for value in samples]
    result.figures.update((name, stored(value, factor)) for name, value in figures.items() if number(value))
    return result


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def stored(value, factor):
    value = float(value) * factor if number(value) else math.nan
    return value if math.isfinite(value) else math.nan


def unit_of(unit):
    """A unit as files write it: what is stored, and the factor."""
    over, slash, under = unit.partition("/")
    if unit in SECONDS or slash and over in SECONDS and under in ("op", "iter", "1"):
        return "s", SECONDS[over]
    if unit in BYTES or slash and over in BYTES and under in ("op", "iter"):
        return "B", BYTES[over]
    per = {"s": 1.0, "sec": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9, "min": 1 / 60}.get(under)
    if slash and per and over in BYTES:
        return "B/s", BYTES[over] * per
    if slash and per and over in ("op", "ops", "iter"):
        return "1/s", per
    return unit or "1", 1.0


def metric_of(unit, otherwise):
    stored_unit = unit_of(unit)[0]
    return "time" if stored_unit == "s" else "throughput" if stored_unit.endswith("/s") else otherwise


# ---- one function per format: its text, and what it holds ----


def pytest_benchmark(text):
    run = Run()
    for entry in json.loads(text)["benchmarks"]:
        stats = entry["stats"]
        data = [value for value in stats.get("data") or [] if not isinstance(value, str)] \
            if isinstance(stats.get("data"), list) else []
        benchmark = run.benchmark(entry["fullname"])
        whole = data and len(data) >= stats["rounds"]
        figures = {} if whole else {name: stats.get(name) for name in FIGURES}
        give(benchmark, "time", "s", data, **figures)
        for name, value in (entry.get("extra_info") or {}).items():
            if number(value):
                give(benchmark, "extra:" + name if name in BUILT_IN else name, "1", [value])
    return [run]


def counters_of(entry):
    """Whatever numbers are not Google Benchmark's own."""
    plain = ("iterations", "repetitions", "repetition_index", "threads", "family_index", "per_family_instance_index",
             "real_time", "cpu_time", "rms", "real_coefficient", "cpu_coefficient")
    counters = {"bytes_per_second": ("throughput", "B/s"), "items_per_second": ("items", "1/s"),
                "allocs_per_iter": ("alloc_count", "1"), "max_bytes_used": ("max_bytes_used", "B"),
                "total_allocated_bytes": ("total_allocated_bytes", "B")}
    for key, value in entry.items():
        if number(value) and key not in plain:
            otherwise = ("counter:" + key if key in BUILT_IN else key, "1/s" if key.endswith("_per_second") else "1")
            yield *counters.get(key, otherwise), value


def told_apart(entries):
    """The names under which entries are kept: another family, or an index that comes again, is another benchmark of that name."""
    members, kept = {}, []
    for entry in entries:
        name = entry.get("run_name", entry["name"])
        which = entry.get("family_index"), entry.get("per_family_instance_index")
        mark = entry.get("aggregate_name", entry.get("repetition_index"))
        of_name = members.setdefault(name, [])
        for number, (identity, marks) in enumerate(of_name, 1):
            if identity == which and (mark is None or mark not in marks):
                marks.append(mark)
                break
        else:
            of_name.append((which, [mark]))
            number = len(of_name)
        kept.append(name if number == 1 else f"{name}#{number}")
    return kept


def google_benchmark(text):
    run, entries = Run(), json.loads(text)["benchmarks"]
    names = told_apart(entries)
    repeated = {name for e, name in zip(entries, names) if e.get("run_type", "iteration") == "iteration"}
    for entry, name in zip(entries, names):
        factor = SECONDS[entry.get("time_unit", "ns")]
        benchmark = run.benchmarks.setdefault(name, {})
        if "big_o" in entry:
            for kind in ("real", "cpu"):
                give(benchmark, "complexity_coefficient", "s", [entry[kind + "_coefficient"]], kind, factor)
        elif "rms" in entry:
            give(benchmark, "complexity_rms", "1", [entry["rms"]])
        elif entry.get("run_type", "iteration") == "aggregate":
            aggregate = entry.get("aggregate_name")
            if name not in repeated and aggregate in ("mean", "median", "stddev"):
                give(benchmark, "time", "s", (), "", factor, **{aggregate: entry["real_time"]})
                give(benchmark, "cpu", "s", (), "", factor, **{aggregate: entry["cpu_time"]})
                for metric, unit, value in counters_of(entry):
                    give(benchmark, metric, unit, **{aggregate: value})
        elif not entry.get("error_occurred") and not entry.get("skipped"):
            for key, metric in (("real_time", "time"), ("cpu_time", "cpu")):
                if key in entry:
                    give(benchmark, metric, "s", [entry[key]], "", factor)
            for metric, unit, value in counters_of(entry):
                give(benchmark, metric, unit, [value])
    return [run]


def hyperfine(text):
    run = Run()
    for entry in json.loads(text)["results"]:
        params = ",".join(f"{name}={value}" for name, value in (entry.get("parameters") or {}).items())
        again = params and entry["command"] in run.benchmarks
        benchmark, times = run.benchmark(entry["command"] + (f"[{params}]" if again else "")), entry.get("times") or []
        figures = {} if times else {name: entry.get(name) for name in ("mean", "stddev", "median", "min", "max")}
        give(benchmark, "time", "s", times, **figures)
        for key, metric in (("user", "user"), ("system", "sys")):
            if number(entry.get(key)):
                give(benchmark, metric, "s", mean=entry[key])
        if entry.get("memory_usage_byte"):
            give(benchmark, "peak_rss", "B", entry["memory_usage_byte"])
    return [run]


def jmh(text):
    run = Run()
    for entry in json.loads(text):
        params = entry.get("params") or {}
        name = entry["benchmark"] + ("[" + ",".join(f"{k}={v}" for k, v in params.items()) + "]" if params else "")
        benchmark, mode = run.benchmarks.setdefault(name, {}), entry["mode"]
        primary = metric_of(entry["primaryMetric"]["scoreUnit"], "score")
        plain = mode == "avgt" or primary == "throughput" and mode == "thrpt"
        for metric, score in [(primary, entry["primaryMetric"])] + list((entry.get("secondaryMetrics") or {}).items()):
            unit, factor = unit_of(score["scoreUnit"])
            values = [value for fork in score.get("rawData") or [] for value in fork]
            figures = {} if values else {"mean": score["score"]}
            give(benchmark, metric, unit, values, "" if plain else mode, factor, **figures)
    return [run]


def criterion_text(text):
    run = Run()
    name = None
    for line in text.splitlines():
        found = re.match(r"(?:(\S.*?)\s+|\s+)(time|thrpt):\s+\[([\d.]+) (\S+) ([\d.]+) (\S+) ([\d.]+) (\S+)\]$", line)
        if re.match(r"\S", line) and not found:
            name = re.sub(r"^Benchmarking ", "", line)
        if found:
            name = found[1] or name
            values = [float(found[i]) * unit_of(found[i + 1])[1] for i in (3, 5, 7)]
            give(run.benchmarks.setdefault(name, {}), {"time": "time", "thrpt": "throughput"}[found[2]],
                 unit_of(found[4])[0], ci_low=values[0], median=values[1], ci_high=values[2])
    return [run]


def cargo_criterion(text):
    run = Run()
    for line in text.splitlines():
        message = json.loads(line) if line.startswith("{") else {}
        if message.get("reason") == "benchmark-complete":
            benchmark = run.benchmark(message["id"])
            each = [t / n for t, n in zip(message["measured_values"], message["iteration_count"])]
            unit, factor = unit_of(message["unit"])
            give(benchmark, "time", unit, each, "", factor)
            for work in message.get("throughput") or []:
                rate = {"bytes": "B/s", "elements": "elem/s"}[work["unit"]]
                give(benchmark, "throughput", rate, [work["per_iteration"] / (t * factor) for t in each])
    return [run]


def benchmark_dotnet(text):
    run = Run()
    for entry in json.loads(text)["Benchmarks"]:
        benchmark = run.benchmark(entry.get("FullName") or ".".join(
            entry[key] for key in ("Namespace", "Type", "Method") if entry.get(key)))
        stats = entry.get("Statistics") or {}
        stages = [[m["Nanoseconds"] / m["Operations"] for m in entry.get("Measurements") or []
                   if m["IterationMode"] == "Workload" and m["IterationStage"] == stage] for stage in ("Result", "Actual")]
        values = stages[0] or stages[1] or stats.get("OriginalValues") or []
        names = {"Median": "median", "Mean": "mean", "StandardDeviation": "stddev", "Min": "min", "Max": "max", "Q1": "q1",
                 "Q3": "q3"}
        give(benchmark, "time", "s", values, "", 1e-9,
             **({} if values else {ours: stats.get(theirs) for theirs, ours in names.items()}))
        memory = entry.get("Memory") or {}
        for k in range(3 if memory.get("TotalOperations") else 0):
            give(benchmark, f"Gen{k}Collects", "1", median=memory[f"Gen{k}Collections"] / memory["TotalOperations"] * 1000)
        if memory:
            give(benchmark, "allocated", "B", median=memory.get("BytesAllocatedPerOperation"))
    return [run]


def nanobench(text):
    run = Run()
    counters = {"instructions": "instructions", "cpucycles": "cycles", "branchinstructions": "branches",
                "branchmisses": "branch_misses", "pagefaults": "page_faults", "contextswitches": "context_switches"}
    for entry in json.loads(text)["results"]:
        benchmark, epochs = run.benchmark(entry["name"]), entry["measurements"]
        give(benchmark, "time", "s", [epoch["elapsed"] for epoch in epochs])
        if any(epoch.get("cpucycles") for epoch in epochs):  # without performance counters all are 0
            for key, metric in counters.items():
                give(benchmark, metric, "1", [epoch[key] for epoch in epochs])
    return [run]


def pyperf(text):
    run, suite = Run(), json.loads(text)
    for entry in suite["benchmarks"]:
        meta = {**suite.get("metadata", {}), **entry.get("metadata", {})}
        benchmark = run.benchmark(meta["name"])
        launches = [r for r in entry["runs"] if r.get("values")]
        metric, unit = {"second": ("time", "s"), "byte": ("memory", "B"), "integer": ("value", "1")}[meta.get("unit", "second")]
        give(benchmark, metric, unit, [value for r in launches for value in r["values"]])
        peaks = [{**meta, **r.get("metadata", {})}.get("mem_max_rss") for r in launches]
        if any(map(number, peaks)):
            give(benchmark, "peak_rss", "B", peaks)
    return [run]


def tachometer(text):
    run = Run()
    for entry in json.loads(text)["benchmarks"]:
        name = entry["name"] + (f"[version={entry['version']}]" if entry.get("version") else "")
        give(run.benchmark(name), "time", "s", entry["samples"], "", 1e-3)
    return [run]


def go_text(text):
    """What the events of `go test -json` print, each package after the other."""
    if not text.lstrip().startswith("{"):
        return text
    printed = {}
    for event in map(json.loads, text.splitlines()):
        if event["Action"] == "output":
            printed[event["Package"]] = printed.get(event["Package"], "") + event["Output"]
    return "".join(f"pkg: {package}\n{text}\n" for package, text in printed.items())


def go(text):
    run, package, packages, rows, text = Run(), "", set(), [], go_text(text)
    known = {"ns/op": ("time", "s", 1e-9), "MB/s": ("throughput", "B/s", 1e6), "B/op": ("B/op", "B", 1.0)}
    for line in text.splitlines():
        package = line[5:].strip() if line.startswith("pkg:") else package
        words = line.split()
        if len(words) >= 4 and re.match(r"Benchmark([^a-z]|$)", words[0]) and words[1].isdigit():
            packages.add(package)
            rows.append((package, words))
    for package, words in rows:
        name = f"{package}/{words[0]}" if len(packages) > 1 else words[0]
        for value, unit in zip(words[2::2], words[3::2]):
            metric, unit, factor = known.get(unit, (unit, unit, 1.0))
            give(run.benchmarks.setdefault(name, {}), metric, unit, [float(value)], "", factor)
    return [run]


def libtest(text):
    run = Run()
    for line in text.splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("type") == "bench":
            benchmark = run.benchmark(event["name"])
            give(benchmark, "time", "s", (), "", 1e-9, median=event["median"])
            if "mib_per_second" in event:
                give(benchmark, "throughput", "B/s", (), "", 1e6, median=event["mib_per_second"])
        found = re.match(r"test (.*\S)\s+\.\.\. bench:\s+([\d,.]+) (\S+)/iter \(\+/- ([\d,.]+)\)(?: = ([\d,.]+) (\S+))?$", line)
        if found:
            median, spread = (float(found[i].replace(",", "")) for i in (2, 4))
            benchmark = run.benchmark(found[1])
            if found[3] == "cycles":
                give(benchmark, "cycles", "1", median=median)
            else:
                give(benchmark, "time", "s", (), "", SECONDS[found[3]], median=median)
            if found[5]:
                unit, factor = unit_of(found[6])
                give(benchmark, "throughput", unit, (), "", factor, median=float(found[5].replace(",", "")))
    return [run]


def catch2_xml(text):
    run = Run()

    def walk(element, path):
        if element.tag in ("TestCase", "Section"):
            path = path + [element.get("name").strip()]
        if element.tag == "BenchmarkResults":
            mean, deviation = element.find("mean"), element.find("standardDeviation")
            give(run.benchmark("/".join(path + [element.get("name")])), "time", "s", (), "", 1e-9,
                 mean=float(mean.get("value")), ci_low=float(mean.get("lowerBound")), ci_high=float(mean.get("upperBound")),
                 stddev=float(deviation.get("value")))
        for child in element:
            walk(child, path)

    walk(ElementTree.fromstring(text), [])
    return [run]


def catch2_text(text):
    run = Run()
    figures = r"\s+([\d.]+) (\S+)\s+([\d.]+) (\S+)\s+([\d.]+) (\S+)\s*$"
    header = re.compile(r"^-{79}\n(\S.*\n(?:  .*\n)*)-{79}\n.*\n\.{79}$", re.M)
    headers = list(header.finditer(text))
    for found, after in zip(headers, headers[1:] + [None]):
        path = [part.strip() for part in found[1].splitlines()]
        lines = text[found.end():after.start() if after else None].splitlines()
        for row, mean, deviation in zip(lines, lines[1:], lines[2:]):
            name = re.match(r"(\S.*?)\s+\d+\s+\d+\s+[\d.]+ \S+\s*$", row)
            mean, deviation = re.match(figures, mean), re.match(figures, deviation)
            if name and mean and deviation:
                low = [float(mean[k]) * SECONDS[mean[k + 1]] for k in (1, 3, 5)]
                give(run.benchmark("/".join(path + [name[1]])), "time", "s", mean=low[0], ci_low=low[1], ci_high=low[2],
                     stddev=float(deviation[1]) * SECONDS[deviation[2]])
    return [run]


def catch2(text):
    return catch2_xml(text) if text.lstrip().startswith("<") else catch2_text(text)


def github_action_benchmark(text):
    document = json.loads(text[text.index("{" if text.startswith("window") else "["):])
    if isinstance(document, list):
        entries = {"": [{"commit": {"id": ""}, "date": 0, "tool": "", "benches": document}]}
    else:
        entries = document["entries"]
    runs = []
    for suite, all_of_it in entries.items():
        for entry in all_of_it:
            run, last = Run(f"{entry['commit']['id']}@{entry['date']} "), None
            runs.append(run)
            for bench in entry["benches"]:
                name = (suite + "/" if suite else "") + bench["name"]
                again = entry["tool"] == "go" and bench["name"].split(" - ")[0] == last
                last = bench["name"].split(" - ")[0]
                benchmark = run.benchmarks.setdefault(name, {}) if again else run.benchmark(name)
                unit = bench["unit"].split("\t")[0].strip()
                metric = metric_of(unit, unit if entry["tool"] == "go" else "value")
                unit, factor = unit_of(unit)
                if re.search(r"\d", str(bench.get("range", ""))):
                    give(benchmark, metric, unit, (), "", factor, median=bench["value"])
                else:
                    give(benchmark, metric, unit, [float(bench["value"])], "", factor)
    if len(runs) == 1:
        runs[0].key = ""
    return runs


def bmf(text):
    run = Run()
    known = {"latency": ("time", "s", 1e-9), "throughput": ("throughput", "1/s", 1.0)}
    for name, measures in json.loads(text).items():
        benchmark = run.benchmark(name)
        for measure, value in measures.items():
            metric, unit, factor = known.get(measure, (measure, "1", 1.0))
            if value.get("lower_value", math.inf) <= value["value"] <= value.get("upper_value", -math.inf):
                give(benchmark, metric, unit, (), "", factor, median=value["value"])
            else:
                give(benchmark, metric, unit, [value["value"]], "", factor)
    return [run]


def count(benchmark, label, value):
    """One of Valgrind's counts."""
    metric = "instructions" if label in ("Instructions", "Ir") else label
    unit, factor = ("1", 0.01) if label.endswith("Rate") else ("s", 1e-9) if label == "SysCpuTime" else ("1", 1.0)
    give(benchmark, metric, unit, [value], "", factor)


def gungraun(text):
    run, decoder = Run(), json.JSONDecoder()
    if re.search(r"^{", text, re.M):
        for found in re.finditer(r"^{", text, re.M):
            document = decoder.raw_decode(text, found.start())[0]
            benchmark = run.benchmark(f"{document['module_path']} {document['id']}")
            for profile in document["profiles"]:
                for tool, counts in profile["summaries"]["total"]["summary"].items():
                    for label, value in counts.items():
                        now = value["metrics"].get("Left") or value["metrics"]["Both"][0]
                        count(benchmark, label, list(now.values())[0])
        return [run]
    return iai(text)


def iai(text):
    run, name = Run(), None
    for line in text.splitlines():
        found = re.match(r"  (\S[^:]*):\s+([\d.]+)(?:\|.*| \(.*)?\s*$", line)
        if found:
            count(run.benchmarks.setdefault(name, {}), found[1], float(found[2]))
        elif re.match(r"\S", line):
            name = line.strip()
    return [run]


def plain_csv(text):
    run = Run()
    for row in csv.DictReader(text.splitlines()):
        unit, factor = unit_of(row["unit"])
        metric = row.get("metric") or metric_of(row["unit"], "value")
        give(run.benchmarks.setdefault(row.get("benchmark") or row["name"], {}), metric, unit, [float(row["value"])],
             row.get("variant") or "", factor)
    return [run]


def perfledger(text):
    run = Run()
    for result in json.loads(text)["results"]:
        give(run.benchmarks.setdefault(result["benchmark"], {}), result["metric"], result["unit"], result["samples"],
             result.get("variant", ""), **({name: result[name] for name in FIGURES} if result.get("summary_only") else {}))
    return [run]


def criterion(path):
    """The folder GROUP/…/new."""
    run = Run()
    who = json.load(open(f"{path}/benchmark.json", encoding="utf-8"))
    sample = json.load(open(f"{path}/sample.json", encoding="utf-8"))
    iters, times = (sample["iters"], sample["times"]) if isinstance(sample, dict) else sample
    benchmark, each = run.benchmark(who["full_id"]), [t / n for t, n in zip(times, iters)]
    give(benchmark, "time", "s", each, "", 1e-9)
    for work, amount in (who.get("throughput") or {}).items():
        give(benchmark, "throughput", {"Bytes": "B/s", "Elements": "elem/s"}[work], [amount / (t * 1e-9) for t in each])
    return [run]


FORMATS = {name.replace("_", "-"): function for name, function in list(globals().items()) if name in (
    "pytest_benchmark", "google_benchmark", "hyperfine", "jmh", "criterion", "criterion_text", "cargo_criterion", "nanobench",
    "pyperf", "tachometer", "go", "libtest", "catch2", "github_action_benchmark", "bmf", "gungraun", "iai", "perfledger")}
FORMATS.update({"benchmarkdotnet": benchmark_dotnet, "csv": plain_csv})


def read_text(path):
    content = open(path, "rb").read()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def main(name, path):
    if name not in FORMATS:
        return 77
    runs = FORMATS[name](path if name == "criterion" else read_text(path))
    results = [(run, benchmark, metric, variant, result) for run in runs for benchmark, all_of_it in run.benchmarks.items()
               for (metric, variant), result in all_of_it.items()]
    points = sum(1 for *_, result in results
                 if any(map(math.isfinite, result.samples)) or {"median", "mean"} & set(result.figures))
    samples = sum(map(math.isfinite, (value for *_, result in results for value in result.samples)))
    print("counts", sum(1 for run in runs if run.benchmarks), points, samples, sep="\t")
    for run, benchmark, metric, variant, result in results:
        head = [text.encode("unicode_escape").decode() for text in (run.key + benchmark, metric, variant)]
        if result.samples or result.figures:
            print(*head, "unit", result.unit, sep="\t")
        for i, value in enumerate(result.samples):
            print(*head, i, value.hex(), sep="\t")
        for figure, value in result.figures.items():
            print(*head, figure, value.hex(), sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
