"""fixed_runs.py N DAYS: N runs of the machine `lab`, one a day, the last DAYS ago, as runs/NNN.json: two benchmarks, eighty
launches each, the same numbers every time. From the 40th on `a` takes a fifth longer."""
import datetime
import json
import os
import random
import sys

os.makedirs("runs", exist_ok=True)
n, ago = int(sys.argv[1]), int(sys.argv[2])
now = datetime.datetime.now(datetime.timezone.utc)
names = ["round", "position", "started_ns", "gap_ns", "exit_code", "signal", "flags"]
for i in range(n):
    rng = random.Random(i)
    start = now - datetime.timedelta(days=ago + n - i)
    stamp = start.strftime("%Y-%m-%dT%H:%M:%SZ")
    results, benchmarks = [], []
    session = rng.gauss(0, 0.01)
    for bench, base in (("a", 0.01 if i < 40 else 0.012), ("b", 0.02)):
        for metric, unit, scale in (("time", "s", 1), ("cpu", "s", 0.9), ("peak_rss", "B", 1e9)):
            samples = [round(base * scale * (1 + session + rng.gauss(0, 0.01)), 9) for _ in range(80)]
            results.append({"benchmark": bench, "metric": metric, "unit": unit, "better": "lower", "samples": samples,
                            "status": "ok"})
        benchmarks.append({"name": bench, "suite": bench, "command": bench, "definition": "d1", "status": "ok",
                           "launches": dict(zip(names, [list(range(80)), list(range(80)), [k * 10**9 for k in range(80)]]
                                                + [[0] * 80 for _ in range(4)]))})
    run = {"id": "", "kind": "configured", "revision": "%040x" % (i + 1), "dirty": False, "partial": False, "complete": True,
           "started": stamp, "finished": stamp, "tool": "t", "project": "p", "environment": {},
           "machine": {"name": "lab", "id": "lab", "fingerprint": "f1", "platform": "Linux-x86_64-lab", "hostname": "box"}}
    json.dump({"schema": 1, "run": run, "results": results, "benchmarks": benchmarks}, open("runs/%03d.json" % i, "w"))
