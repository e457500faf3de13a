"""Which operations of the document a generated client lacks: its folder, and how it names them."""

import json
import pathlib
import re
import sys

document, client, kind = sys.argv[1:]
text = ""
for path in [pathlib.Path(client), *pathlib.Path(client).rglob("*")]:
    text += path.read_text() if path.suffix in (".ts", ".py") and path.is_file() else ""
    text += f"\n=== {path.name}\n"


def camel(word):
    return re.sub("_(.)", lambda found: found[1].upper(), word)


NAMED = {
    "openapi-typescript": lambda word: f"    {word}: {{",
    "hey-api": lambda word: f"export const {camel(word)} =",
    "orval": lambda word: f"export const {camel(word)} =",
    "python": lambda word: f"=== {word}.py",
}
operations = [one["operationId"] for methods in json.load(open(document))["paths"].values() for one in methods.values()]
lacking = [word for word in operations if NAMED[kind](word) not in text]
if lacking:
    sys.exit(f"{kind}: of {len(operations)} operations these are lacking: {', '.join(lacking)}")
print(f"{kind}: all {len(operations)} operations")
