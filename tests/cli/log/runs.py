"""A run in perfledger's own format, made by hand: runs.py COMMIT DAY BENCHMARK[:METRIC]=VALUE… [KEY=VALUE…] > FILE

Every value gets `launches` samples that scatter by some thousandths. Keys: machine, launches, kind, dirty, partial, summary,
compiler, instrumented, warning, failed (a benchmark), noise (a factor), as (a run's file: of that machine), machine_id, psi (per cent of the time in which something waited for a CPU)."""
import json
import sys

UNITS = {"time": "s", "cpu": "s", "peak_rss": "B", "throughput": "1/s"}
WAVE = [0, 3, -2, 1, -3, 2, -1]
KEYS = ["machine", "launches", "kind", "dirty", "partial", "summary", "compiler", "instrumented", "warning", "failed", "noise", "as", "machine_id", "psi"]

commit, day, words = sys.argv[1], sys.argv[2], sys.argv[3:]
keys = dict(w.split("=", 1) for w in words if w.split("=", 1)[0] in KEYS)
values = [w.rsplit("=", 1) for w in words if w.split("=", 1)[0] not in KEYS]
machine, launches = keys.get("machine", "lab-1"), int(keys.get("launches", 10))
noise = 0.001 * float(keys.get("noise", 1))


def result(name, value):
    bench, _, metric = name.partition(":")
    metric = metric or "time"
    scatter = 0.0001 if metric == "peak_rss" else noise
    samples = [value * (1 + scatter * WAVE[i % len(WAVE)]) for i in range(launches)]
    if metric == "peak_rss":
        samples = [float(round(s / 4096) * 4096) for s in samples]
    row = {"benchmark": bench, "metric": metric, "unit": UNITS.get(metric, "1"), "better": "higher" if metric == "throughput" else "lower",
           "status": "ok", "samples": samples}
    if "summary" in keys:
        row.update(samples=[], summary_only=True, launches=launches, median=value, ci=[value * 0.99, value * 1.01], mean=value, stddev=value / 100)
    return row


def benchmark(name):
    n = range(0 if "summary" in keys else launches)
    bench = {"name": name, "suite": name.split("/")[0], "command": "./" + name, "status": "ok",
             "launches": {"round": list(n), "position": list(n), "started_ns": [i * 10**9 for i in n], "gap_ns": [0 for i in n],
                          "exit_code": [0 for i in n], "signal": [0 for i in n], "flags": [0 for i in n]}}
    if "instrumented" in keys:
        bench["environment"] = {"instrumented": keys["instrumented"]}
    if "warning" in keys:
        bench["warnings"] = [keys["warning"]]
    if keys.get("failed") == name:
        bench.update(status="failed", reason="it ended with 1")
    return bench


names = sorted(set(v[0].partition(":")[0] for v in values))
json.dump({"schema": 1,
           "run": {"id": "", "project": "plate", "kind": keys.get("kind", "configured"), "revision": commit or None, "dirty": "dirty" in keys,
                   "partial": "partial" in keys, "complete": "partial" not in keys, "started": day + "T10:00:00Z", "tool": "perfledger 0.1.0",
                   "machine": json.load(open(keys["as"]))["run"]["machine"] if "as" in keys else {"name": machine, "id": keys.get("machine_id", machine), "fingerprint": "f-" + machine, "cpu_model": "Example CPU", "arch": "x86_64",
                               "kernel": "6.1.0"},
                   "environment": dict({"compiler": keys.get("compiler", "gcc 12.2.0 -O2")}, **({"psi_cpu_stall": keys["psi"] + " %"} if "psi" in keys else {}))},
           "results": [result(name, float(value)) for name, value in values],
           "benchmarks": [benchmark(name) for name in names]}, sys.stdout)
