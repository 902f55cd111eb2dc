"""``python -m bench.linkage_limit CIVIL POPULATION``: the least that any matching must do, in DuckDB with two threads.

The columns are loaded, each is hashed once and kept, and the two sides are joined once on name and year of birth.
Counts the pairs; the process that started it measures the time.
"""

from __future__ import annotations

import sys

import duckdb

_YEAR = "regexp_extract(ngay_sinh, '[0-9]{4}')"


def main(civil: str, population: str) -> int:
    connection = duckdb.connect(config={"threads": 2})
    for table, path in (("civil", civil), ("population", population)):
        connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet(?)", [path])  # noqa: S608
        columns = [str(row[0]) for row in connection.execute(f"DESCRIBE {table}").fetchall()]
        hashed = ", ".join(f'hash("{column}") AS "{column}"' for column in columns)
        connection.execute(f"CREATE TABLE {table}_hashed AS SELECT {hashed}, "  # noqa: S608
                           f"hash(upper(ho_ten)) AS name, hash({_YEAR}) AS year FROM {table}")
    return int(connection.execute(
        "SELECT count(*) FROM civil_hashed JOIN population_hashed USING (name, year)").fetchall()[0][0])


if __name__ == "__main__":
    sys.stdout.write(f"{main(*sys.argv[1:3])}\n")
