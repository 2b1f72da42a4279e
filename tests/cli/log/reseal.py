"""The log's last row as if another version had written it: reseal.py TOOL [OLD NEW]…

Puts TOOL into the facts, replaces each OLD (which must be there) by NEW in the text, and seals the row anew."""
import hashlib
import json
import re
import sys

tool, words = sys.argv[1], sys.argv[2:]
document = open("PERFORMANCE.md", encoding="utf-8").read()
row = list(re.finditer(r"<!-- perfledger:row ([0-9a-f]{16}) (\{.*\}) -->\n(.*?)<!-- perfledger:end \1 -->\n", document, re.S))[-1]
facts, text = row[2].replace(json.dumps(json.loads(row[2])["tool"]), json.dumps(tool), 1), row[3]
for old, new in zip(words[::2], words[1::2]):
    assert old in text, old
    text = text.replace(old, new, 1)
number = hashlib.sha256("\n".join(["row", facts, text]).encode()).hexdigest()[:16]
sealed = f"<!-- perfledger:row {number} {facts} -->\n{text}<!-- perfledger:end {number} -->\n"
with open("PERFORMANCE.md", "w", encoding="utf-8") as out:
    out.write(document[: row.start()] + sealed + document[row.end():])
