#!/usr/bin/env python3
"""Are two summaries the same numbers under the names of before and now?

    same_values.py BEFORE NOW [NAMES]

BEFORE and NOW are `summary.csv` files of one scenario, seed and number of replications; NAMES is the table of renamed
metrics (columns: service, old, new), `suite/renamed_metrics.csv` beside this file when left out. Every row of either file
must be in the other, and every column but the unit must be equal to the character. Exit: 0 the same, 1 not.
"""
import csv
import pathlib
import sys


def rows(path, names):
    """Rows by service, stage, area, year and metric, in the names of now."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            row["metric"] = names.get((row["service"], row["metric"]), row["metric"])
            key = tuple(row.pop(name) for name in ("service", "stage", "area", "year", "metric"))
            row.pop("unit")
            yield key, row


def main(arguments):
    if not 2 <= len(arguments) <= 3:
        sys.exit(__doc__)
    table = arguments[2] if len(arguments) == 3 else pathlib.Path(__file__).parent / "suite/renamed_metrics.csv"
    with open(table, encoding="utf-8", newline="") as file:
        names = {(row["service"], row["old"]): row["new"] for row in csv.DictReader(file)}
    before, now = dict(rows(arguments[0], names)), dict(rows(arguments[1], {}))
    gone, come = before.keys() - now.keys(), now.keys() - before.keys()
    differ = [key for key in before.keys() & now.keys() if before[key] != now[key]]
    for what, keys in (("only before", gone), ("only now", come), ("differ", differ)):
        if keys:
            metrics = sorted({(key[0], key[1], key[4]) for key in keys})
            print(f"{len(keys)} rows {what}: {metrics[:8]}")
    for key in sorted(differ)[:5]:
        print(" ", key, before[key], now[key], sep="\n    ")
    print(f"{len(before)} rows before, {len(now)} now: {'the same' if not (gone or come or differ) else 'NOT the same'}")
    return bool(gone or come or differ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
