"""What somebody does who knows how rows are sealed: forge.py TITLE STATEMENT [FILE KIND]

Edits the facts `f` of the row of that title (of the first block of that kind in that file) by the Python statement, lets the audit say which lines the runs and the new facts would
make, writes those, and seals the whole anew. Prints what the audit says in the end."""
import hashlib
import json
import re
import subprocess
import sys

title, statement = sys.argv[1], sys.argv[2]
LOG, KIND = sys.argv[3:5] or ("PERFORMANCE.md", "row")


def rows(text):
    return re.finditer(r"<!-- perfledger:" + KIND + r" ([0-9a-f]{16}) (\{.*\}) -->\n(.*?)<!-- perfledger:end \1 -->\n", text, re.S)


def seal(facts, text):
    number = hashlib.sha256("\n".join([KIND, facts, text]).encode()).hexdigest()[:16]
    return f"<!-- perfledger:{KIND} {number} {facts} -->\n{text}<!-- perfledger:end {number} -->\n"


def audit():
    done = subprocess.run(["perfledger", "log", "audit"], capture_output=True, text=True)
    return done.stdout + done.stderr


document = open(LOG, encoding="utf-8").read()
row = next(m for m in rows(document) if KIND != "row" or json.loads(m[2])["title"] == title)
f = json.loads(row[2])
exec(statement)
facts = json.dumps(f, separators=(",", ":"), ensure_ascii=False).replace("--", "\\u002d-")
text, said = row[3].splitlines(), ""
above = document[: row.start()].count("\n") + 2  # the line of the file before the text's first
for _ in range(60):
    with open(LOG, "w", encoding="utf-8") as out:
        out.write(document[: row.start()] + seal(facts, "".join(line + "\n" for line in text)) + document[row.end():])
    said = audit()
    wrong = re.findall("^" + re.escape(LOG) + r":(\d+): this is not what the runs say. Here:\n    (.*)\n  by the runs:\n    (.*)\n", said, re.M)
    if not wrong:
        break
    for number, here, there in wrong:
        if here == "(nothing)":
            text.append(there)
        elif there == "(nothing)":
            text.pop()
        else:
            text[int(number) - above] = there
print(said, end="")
