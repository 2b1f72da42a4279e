#!/usr/bin/env python3
"""Compares what extract.py found in a file with what perfledger read.

    compare.py FORMAT EXTRACTED IMPORT EXPORT…

EXTRACTED: extract.py's lines. IMPORT: `perfledger import --json`. EXPORT: `perfledger export --format perfledger`, one per run.
Samples must be the same ones, to the last bit and in the same order; figures of summaries must be as the file says where it says
them (others are derived). Prints the first differences; exit status 1 when there are any.

    compare.py --choose LIST

LIST: `perfledger list --json`. Prints the ids of the runs of at most fifteen revisions: what is compared of a long history.
"""
import json
import sys
from datetime import datetime, timezone

FIGURES = ("median", "mean", "stddev", "min", "max", "q1", "q3")


def bits(value):
    return float("nan" if value is None else value).hex()


def milliseconds(text):
    moment = datetime.strptime(text[:23], "%Y-%m-%dT%H:%M:%S.%f").replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)


def lines_of(document, several):
    run = document["run"]
    key = f"{run['revision'] or ''}@{milliseconds(run['started'])} " if several else ""
    for result in document["results"]:
        if not result.get("metric"):
            continue
        head = "\t".join(text.encode("unicode_escape").decode()
                         for text in (key + result["benchmark"], result["metric"], result.get("variant") or ""))
        yield f"{head}\tunit\t{result['unit']}"
        for i, value in enumerate(result["samples"]):
            yield f"{head}\t{i}\t{bits(value)}"
        if result.get("summary_only"):
            for figure in FIGURES:
                yield f"{head}\t{figure}\t{bits(result[figure])}"
            interval = result.get("median_ci") or result["ci"] or (None, None)
            yield f"{head}\tci_low\t{bits(interval[0])}"
            yield f"{head}\tci_high\t{bits(interval[1])}"


def choose(path):
    runs = json.load(open(path, encoding="utf-8"))["runs"]
    revisions = sorted({run["revision"] or "" for run in runs})
    chosen = set(revisions[:: (len(revisions) + 14) // 15])
    for run in runs:
        if (run["revision"] or "") in chosen:
            print(run["id"])
    return 0


def main(name, extracted, imported, *exports):
    expected = open(extracted, encoding="utf-8").read().split("\n")[:-1]
    imported = json.load(open(imported, encoding="utf-8"))
    totals = imported["totals"]
    counts = "\t".join(["counts"] + [str(totals[name]) for name in ("runs", "points", "samples")])
    got = [line for path in exports for line in lines_of(json.load(open(path, encoding="utf-8")), len(exports) > 1)]
    differences = [] if expected[0] == counts else [f"- {expected[0]}", f"+ {counts}"]
    if imported["files"][0]["format"] != name:
        differences.append(f"+ it was taken for {imported['files'][0]['format']}")
    if len(exports) > 1:  # a long history: what was chosen of it
        revisions = {line.split("@")[0] for line in got}
        expected = expected[:1] + [line for line in expected[1:] if line.split("@")[0] in revisions]
    missing = set(expected[1:]) - set(got)
    added = {line for line in set(got) - set(expected) if line.split("\t")[3].isdigit()}
    differences += [f"- {line}" for line in sorted(missing)] + [f"+ {line}" for line in sorted(added)]
    if len(expected) < 2 and not totals["points"] == 0:
        differences.append("- nothing to compare")
    for line in differences[:20]:
        print(line)
    if len(differences) > 20:
        print(f"and {len(differences) - 20} more")
    print(f"{len(expected) - 1} numbers and units")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(choose(sys.argv[2]) if sys.argv[1] == "--choose" else main(*sys.argv[1:]))
