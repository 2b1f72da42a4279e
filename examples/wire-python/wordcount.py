#!/usr/bin/env python3
"""Counts the words of a text, as an example of a Python program that tells perfledger about itself.

    wordcount.py TEXT OUT              counts; writes "count word" lines, most frequent first
    wordcount.py --generate N SEED TEXT

Besides its stages it measures two ways of counting inside the process and reports them as benchmarks of their own.
"""
import collections
import json
import os
import platform
import random
import re
import sys
import time


class Wire:
    """Lines of JSON to the descriptor in PERFLEDGER_FD; silent when nobody measures."""

    def __init__(self):
        number = os.environ.get("PERFLEDGER_FD")
        self.fd = int(number) if number else None

    def say(self, **message):
        if self.fd is not None:
            os.write(self.fd, (json.dumps(message) + "\n").encode())


def count_with_dict(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


def timed(function, argument, repeats=5):
    """Nanoseconds of each of several calls."""
    samples = []
    for _ in range(repeats):
        start = time.perf_counter_ns()
        function(argument)
        samples.append(time.perf_counter_ns() - start)
    return samples


def count(wire, source, target):
    wire.say(environment={"python": platform.python_version(),
                          "implementation": platform.python_implementation()})
    if not os.path.exists(source):
        wire.say(skip=f"there is no {source}; make it with --generate")
        return 77
    wire.say(stage="read")
    with open(source, encoding="utf-8") as file:
        words = re.findall(r"[a-z]+", file.read())
    wire.say(stage="count")
    counts = collections.Counter(words)
    wire.say(stage="sort")
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    with open(target, "w", encoding="utf-8") as file:
        file.writelines(f"{number} {word}\n" for word, number in ordered)
    wire.say(stage=None)
    wire.say(metric="distinct_words", value=len(counts), better="neither")
    wire.say(artifact="counts", path=target)
    if count_with_dict(words) != counts:
        wire.say(fail="the two ways of counting disagree")
        return 1
    sample = words[:10000]
    wire.say(bench="counter", params={"sample": len(sample)},
             samples_ns=timed(collections.Counter, sample))
    wire.say(bench="dict", params={"sample": len(sample)},
             samples_ns=timed(count_with_dict, sample))
    return 0


def generate(number, seed, target):
    chance = random.Random(seed)
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    with open(target, "w", encoding="utf-8") as file:
        for i in range(number):
            rank = int(chance.paretovariate(1.1) * 30)
            word = letters[rank % 26]
            while rank := rank // 26:
                word += letters[rank % 26]
            file.write(word + ("\n" if i % 12 == 11 else " "))
    return 0


def main(args):
    if len(args) == 4 and args[0] == "--generate":
        return generate(int(args[1]), int(args[2]), args[3])
    if len(args) == 2:
        return count(Wire(), *args)
    print("usage: wordcount.py TEXT OUT | wordcount.py --generate WORDS SEED TEXT", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
