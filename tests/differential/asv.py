#!/usr/bin/env python3
"""asv archives, extracted twice: by this script (standard library only, nothing shared) and by `perfledger import`.

    asv.py PERFLEDGER ARCHIVE…    ARCHIVE: a folder of asv results (with machine folders below)

Every number that asv has must be a point of the run of its commit, machine and environment, equal to the last bit, with its
quartiles; every null must be a failed benchmark and every NaN a skipped one; and nothing else may be there. Prints a line per
archive; exit 1 when anything differs.
"""
import itertools
import json
import math
import os
import re
import subprocess
import sys
import tempfile


def plain(texts):
    """Values of a parameter as perfledger names them: quotes of plain strings and addresses of objects are gone."""
    clean = []
    for text in texts:
        if re.fullmatch(r"""(['"])[^'"\\,\[\]=\x00-\x1f]+\1""", text):
            text = text[1:-1]
        elif re.fullmatch(r"<.* at 0x[0-9a-fA-F]+>", text, re.S):
            text = text[: text.rindex(" at 0x")] + ">"
        clean.append(text)
    return clean if len(set(clean)) == len(clean) else texts


def names(benchmark, params, listed):
    """The names of all combinations, in asv's order."""
    keys = listed.get("param_names") or []
    if len(keys) != len(params):
        keys = ["param%d" % (i + 1) for i in range(len(params))]
    for values in itertools.product(*[plain(axis) for axis in params]):
        pairs = sorted(zip(keys, values), key=lambda pair: pair[0])
        yield benchmark + ("[" + ",".join("%s=%s" % pair for pair in pairs) + "]" if pairs else "")


def rows(data):
    """(benchmark, results, parameters, quartiles) of any of asv's three forms."""
    columns = data.get("result_columns")
    for benchmark, row in data["results"].items():
        if columns:
            row = dict(zip(columns, row))
            result, params = row["result"], row.get("params") or []
            q25, q75 = row.get("stats_q_25"), row.get("stats_q_75")
        elif isinstance(row, dict):
            result, params = row["result"], row.get("params") or []
            stats = row.get("stats") or []
            stats = stats if isinstance(stats, list) else [stats]
            q25 = [s and s.get("q_25") for s in stats]
            q75 = [s and s.get("q_75") for s in stats]
        else:
            result, params, q25, q75 = [row], [], None, None
        combinations = math.prod(len(axis) for axis in params)
        result = [None] * combinations if result is None else result if isinstance(result, list) else [result]
        none = [None] * len(result)
        yield benchmark, result, params, q25 or none, q75 or none


def read_file(path, machine, listed):
    """(commit, machine, environment) and {name: what is expected}, or None where asv itself passes over the file."""
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        if data["params"].get("machine", machine) != machine:
            return None
        expected = {}
        for benchmark, result, params, q25, q75 in rows(data):
            for name, value, low, high in zip(names(benchmark, params, listed.get(benchmark, {})), result, q25, q75):
                expected[name] = "failed" if value is None else "skipped" if value != value else (float(value), low, high)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    environment = data.get("env_name") or re.sub(r"^[0-9a-f]+-|\.json$", "", os.path.basename(path))
    return (data["commit_hash"], machine, environment), expected


def read_archive(archive):
    listed, runs = {}, {}
    try:
        with open(os.path.join(archive, "benchmarks.json"), encoding="utf-8") as file:
            listed = {k: v for k, v in json.load(file).items() if isinstance(v, dict)}
    except OSError:
        pass
    for machine in sorted(os.listdir(archive)):
        folder = os.path.join(archive, machine)
        if not os.path.isdir(folder):
            continue
        with open(os.path.join(folder, "machine.json"), encoding="utf-8") as file:
            machine = json.load(file)["machine"]
        for name in sorted(os.listdir(folder)):
            if name.endswith(".json") and name != "machine.json":
                found = read_file(os.path.join(folder, name), machine, listed)
                if found:
                    runs[found[0]] = found[1]
    return runs


def number(value):
    return None if value is None or not math.isfinite(value) else float(value)


def compare(expected, document):
    """What differs, as texts."""
    seen = set()
    for row in document["results"]:
        name = row["benchmark"]
        seen.add(name)
        want = expected.get(name)
        if isinstance(want, tuple) and math.isfinite(want[0]):
            got = (row["median"], row["q1"], row["q3"])
            if row["status"] != "ok" or got != (want[0], number(want[1]), number(want[2])):
                yield "%s: %r, asv has %r" % (name, got, want)
        elif row["status"] != want or row["metric"] is not None:
            yield "%s: %s %r, asv has %r" % (name, row["status"], row["median"], want)
    for name in expected.keys() - seen:
        if not isinstance(expected[name], tuple) or math.isfinite(expected[name][0]):
            yield "%s is missing" % name


def check(perfledger, archive):
    expected = read_archive(archive)
    points, bad = 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        ledger = ["--ledger", os.path.join(scratch, "ledger.db")]

        def run(*words):
            return subprocess.run([perfledger, *ledger, *words], cwd=scratch, check=True, stdout=subprocess.PIPE).stdout

        totals = json.loads(run("import", os.path.abspath(archive), "--json"))["totals"]
        heads = json.loads(run("list", "--json"))["runs"]
        for head in heads:
            document = json.loads(run("export", head["id"]))
            about = document["run"]
            key = (about["revision"], about["machine"]["id"], about["environment"]["environment"])
            for text in compare(expected.pop(key, {}), document):
                bad += 1
                if bad <= 10:
                    print("  %s: %s" % (head["id"][:8], text))
            points += sum(row["metric"] is not None for row in document["results"])
    for key in expected:
        bad += 1
        print("  no run for %s, %s, %s" % key)
    if points != totals["points"] or len(heads) != totals["runs"]:
        bad += 1
        print("  import counts %d runs and %d points" % (totals["runs"], totals["points"]))
    print("%s %s: %d runs, %d points" % ("differs" if bad else "same", archive, len(heads), points))
    return bad == 0


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: asv.py PERFLEDGER ARCHIVE…")
    perfledger = os.path.abspath(sys.argv[1])
    sys.exit(0 if all([check(perfledger, archive) for archive in sys.argv[2:]]) else 1)


main()
