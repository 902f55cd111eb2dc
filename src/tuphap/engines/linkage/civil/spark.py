"""The same run on Spark, for what outgrows one machine: tables put right, counted, joined and weighed in partitions.

The functions that do it are those of a run on one machine; here stands only how the rows get to them. The model is
learned on the driver, from the sample; the decisions are taken there too, over the few candidates that were kept. What
a stage has made lies in the folder of stages, which all machines must see: a run that was killed goes on with it.
Needs pyspark and pyarrow (the optional packages ``spark``) and Java 17.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from . import tidy
from .arrays import OFTEN, ROLES, SHARES, Sides, build_counted, part_keys
from .columns import CIVIL, COMMUNES, POPULATION, read
from .duck import JOIN
from .job import SAMPLE, SETTLED, judged, seen, weighed, worth_keeping, write
from .judge import Pairs, believe
from .keys import FIRST_ROUND, Way, of_civil, of_population
from .model import KINDS, Model
from .places import Communes

if TYPE_CHECKING:
    from .job import Run

_ENTRY = (
    "civil_id string, lot double, kind byte, name string, father string, mother string, year short, month byte, "
    "day byte, sex byte, number long, birth_then int, birth_now int, home_then int, home_now int, office_then int, "
    "office_now int"
)
_PERSON = (
    "pop_id string, name string, father string, mother string, year short, month byte, day byte, sex byte, "
    "personal_number long, old_number long, birth_then int, birth_now int, home_then int, home_now int"
)
_COUNTED = "often array<float>, share_year float, share_birth float, share_home float"
_PAIR = "entry string, person string, kind byte, same double, kin double, open boolean, belief double"
_KEPT = ("entry", "person", "kind", "same", "kin", "open")
_PARTS = len(ROLES) * len(OFTEN)
_QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n%ex
"""

Rows = Iterator[pa.RecordBatch]


def link(run: Run, out: Path) -> None:
    """The run of :func:`job.link`, on the Spark of ``SPARK_MASTER`` (this machine's cores by default)."""
    spark = _session(run)
    try:
        with run.stage("tidy"):
            entries, persons = _tidied(run, spark)
            run.summary.civil, run.summary.population = entries.count(), persons.count()
        with run.stage("number"):
            tidied, size = persons, run.summary.population
            persons = _kept(run, spark, "counted", lambda: _counted(tidied, size, run.without))
            keys = (
                _kept(run, spark, "entry-keys", lambda: _keys(entries, "civil_id", "entry", run.without)),
                _kept(run, spark, "person-keys", lambda: _keys(tidied, "pop_id", "person", run.without)),
            )
        with run.stage("learn"):
            model = _learned(run, spark, entries, persons, keys)
        with run.stage("narrow"):
            narrow = _kept(
                run, spark, "narrow", lambda: _weighed(run, spark, entries, persons, keys, model, first=True),
            )
            settled = narrow.where(f.col("belief") >= SETTLED).select("entry").distinct().persist()
            parts = [narrow.join(settled, "entry").select(*_KEPT)]
        with run.stage("wide"):
            rest = keys[0].join(settled, "entry", "left_anti"), keys[1]
            wide = _kept(run, spark, "wide", lambda: _weighed(run, spark, entries, persons, rest, model, first=False))
            parts.append(wide.select(*_KEPT))
            kept = _collected(parts[0].unionByName(parts[1]))
        with run.stage("decide"):
            identifiers = _sorted(entries, "civil_id"), _sorted(persons, "pop_id")
            pairs = _numbered(kept, *identifiers)
            verdicts = judged(pairs, model, len(identifiers[0]), len(identifiers[1]), run.without)
        with run.stage("write"):
            write(run, *identifiers, verdicts, out)
    finally:
        spark.stop()


def _session(run: Run) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    master = os.environ.get("SPARK_MASTER", "local[*]")
    partitions = str(os.cpu_count() or 1) if master.startswith("local") else "200"
    quiet = run.work / "log4j2.properties"
    quiet.write_text(_QUIET)
    settings = {
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
        "spark.sql.shuffle.partitions": os.environ.get("SPARK_PARTITIONS", partitions),
        "spark.local.dir": str(run.work), "spark.sql.warehouse.dir": str(run.work / "warehouse"),
        "spark.driver.memory": os.environ.get("SPARK_DRIVER_MEMORY", "2g"),
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet.resolve().as_uri()}",
    }
    if master.startswith("local"):
        settings["spark.driver.host"] = settings["spark.driver.bindAddress"] = "127.0.0.1"
    built = SparkSession.builder.master(master).appName("tuphap linkage")
    for name, value in settings.items():
        built = built.config(name, value)
    session = built.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


# --- Tables -----------------------------------------------------------------------------------------------------------


def _tidied(run: Run, spark: SparkSession) -> tuple[DataFrame, DataFrame]:
    """Both tables put right; whole books to one worker, for their texts vote together."""
    communes = None if run.communes is None else read(run.communes, COMMUNES)
    repair = "repair" not in run.without

    def entries(frame: pl.DataFrame) -> pl.DataFrame:
        return tidy.civil(frame, Communes.of(communes), repair=repair)

    def persons(frame: pl.DataFrame) -> pl.DataFrame:
        return tidy.population(frame, Communes.of(communes), repair=repair)

    civil = _read(spark, run.civil, CIVIL).repartition("ma_xa_dk", "loai", "quyen_so")
    population = _read(spark, run.population, POPULATION).repartition("pop_id")  # to all cores, though it be one file
    return (
        _kept(run, spark, "civil", lambda: civil.mapInArrow(_whole(entries), _ENTRY)),
        _kept(run, spark, "population", lambda: population.mapInArrow(_whole(persons), _PERSON)),
    )


def _kept(run: Run, spark: SparkSession, name: str, made: Callable[[], DataFrame]) -> DataFrame:
    """A table of the folder of stages; made now, unless a run before this one has left it there whole."""
    folder = run.work / f"{name}.spark"
    if not (folder / "_SUCCESS").exists():
        made().write.mode("overwrite").parquet(str(folder))
    return spark.read.parquet(str(folder))


def _read(spark: SparkSession, path: Path, wanted: tuple[str, ...]) -> DataFrame:
    """As :func:`columns.read`, which also says what is wrong with a file."""
    read(path, wanted[:1])
    parquet = path.suffix.lower() == ".parquet"
    table = spark.read.parquet(str(path)) if parquet else spark.read.csv(str(path), header=True)
    return table.select(*(
        (f.col(name) if name in table.columns else f.lit(None)).cast("string").alias(name) for name in wanted
    ))


def _whole(work: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[Rows], Rows]:
    """A function of a table as one over the batches of a partition, taken together."""

    def run(batches: Rows) -> Rows:
        kept = list(batches)
        if any(batch.num_rows for batch in kept):  # an empty partition has no columns to speak of
            frame = pl.from_arrow(pa.Table.from_batches(kept))
            assert isinstance(frame, pl.DataFrame)
            yield from work(frame).to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()

    return run


def _counted(persons: DataFrame, size: int, without: frozenset[str]) -> DataFrame:
    """The persons with how often each part of their names, their year and their communes occur."""

    def parts(frame: pl.DataFrame) -> pl.DataFrame:
        sides = build_counted(_nobody(), frame, 1.0, without=without)
        columns = [key for role in range(len(ROLES)) for key in part_keys(sides.population, role, sides.syllables)]
        columns += [sides.population[of].astype(np.int64) for _, of in SHARES]
        return pl.concat([
            pl.DataFrame({"pop_id": frame["pop_id"], "part": i, "key": column}, schema_overrides={"part": pl.Int32})
            for i, column in enumerate(columns)
        ])

    keys = persons.mapInArrow(_whole(parts), "pop_id string, part int, key long")
    counts = keys.join(keys.groupBy("part", "key").agg(f.count("*").cast("float").alias("count")), ["part", "key"])
    rows = counts.groupBy("pop_id").agg(f.map_from_entries(f.collect_list(f.struct("part", "count"))).alias("counts"))
    given = {role: (f.coalesce(f.col(role), f.lit("")) != "").cast("double") for role in ROLES}
    named = persons.agg(*(f.avg(there).alias(role) for role, there in given.items())).first()
    shares = [max(float(named[role] or 0), 1e-9) for role in ROLES]
    often = [(f.col("counts")[i] / shares[i // len(OFTEN)]).cast("float") for i in range(_PARTS)]
    counted = rows.select(
        "pop_id", f.array(*often).alias("often"),
        *((f.col("counts")[_PARTS + i] / size).cast("float").alias(share) for i, (share, _) in enumerate(SHARES)),
    )
    if "frequencies" in without:
        means = counted.agg(*(f.avg(f.col("often")[i]).alias(str(i)) for i in range(_PARTS))).first()
        even = f.array(*(f.lit(float(means[str(i)])).cast("float") for i in range(_PARTS)))
        counted = counted.withColumn("often", even)
    return persons.join(counted, "pop_id")


def _nobody() -> pl.DataFrame:
    return tidy.civil(pl.DataFrame(schema=dict.fromkeys(CIVIL, pl.String)), Communes.of(None))


def _no_person() -> pl.DataFrame:
    return tidy.population(pl.DataFrame(schema=dict.fromkeys(POPULATION, pl.String)), Communes.of(None))


def _keys(side: DataFrame, identifier: str, name: str, without: frozenset[str]) -> DataFrame:
    """``way, key`` and the row's identifier, of every way."""

    def ways(frame: pl.DataFrame) -> pl.DataFrame:
        if name == "entry":
            sides = build_counted(frame, _no_person(), 1.0, without=without)
            found = of_civil(sides.civil, sides.syllables, wide=True)
        else:
            sides = build_counted(_nobody(), frame, 1.0, without=without)
            found = of_population(sides.population, sides.syllables)
        return pl.concat([_way(way, frame[identifier], name) for way in found])

    return side.mapInArrow(_whole(ways), f"way byte, key long, {name} string")


def _way(way: Way, identifiers: pl.Series, name: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"way": way.number, "key": way.keys, name: identifiers.gather(way.rows)}, schema_overrides={"way": pl.Int8},
    )


# --- Pairs ------------------------------------------------------------------------------------------------------------


def _share_a_key(spark: SparkSession, keys: tuple[DataFrame, DataFrame]) -> DataFrame:
    keys[0].createOrReplaceTempView("civil_keys")
    keys[1].createOrReplaceTempView("population_keys")
    return spark.sql(JOIN.format(pair="entry, person")).distinct()


def _candidates(
    spark: SparkSession, entries: DataFrame, persons: DataFrame, keys: tuple[DataFrame, DataFrame],
) -> DataFrame:
    """The pairs that share a key, with all that is known of both, those of an entry in one partition."""
    mine = entries.select(*(f.col(c).alias(f"c_{c}") for c in entries.columns))
    theirs = persons.select(*(f.col(c).alias(f"p_{c}") for c in persons.columns))
    pairs = _share_a_key(spark, keys)
    whole = pairs.join(mine, pairs.entry == mine.c_civil_id).join(theirs, pairs.person == theirs.p_pop_id)
    return whole.drop("entry", "person").repartition("c_civil_id")


class _Candidates(NamedTuple):
    """Some pairs as arrays, and the identifiers that their row numbers stand for."""

    sides: Sides
    rows: NDArray[np.int32]
    persons: NDArray[np.int32]
    entry_ids: pl.Series
    person_ids: pl.Series


def _as_arrays(
    pairs: pl.DataFrame, mine: pl.DataFrame, theirs: pl.DataFrame, size: int, without: frozenset[str],
) -> _Candidates:
    """The ``entry, person`` of a table, in order.

    :param mine: the entries that occur. :param theirs: the persons.
    """
    mine, theirs = mine.sort("civil_id"), theirs.sort("pop_id")
    rows = _positions(pairs["entry"], mine["civil_id"])
    persons = _positions(pairs["person"], theirs["pop_id"])
    order = np.lexsort((persons, rows))
    return _Candidates(
        build_counted(mine, theirs, float(size), without=without), rows[order], persons[order], mine["civil_id"],
        theirs["pop_id"],
    )


def _side(frame: pl.DataFrame, prefix: str) -> pl.DataFrame:
    return frame.select(pl.col(f"^{prefix}.*$").name.map(lambda name: name.removeprefix(prefix)))


def _positions(identifiers: pl.Series, among: pl.Series) -> Any:
    """The place of each identifier among those that are sorted."""
    return among.search_sorted(identifiers).to_numpy().astype(np.int32)


def _learned(
    run: Run, spark: SparkSession, entries: DataFrame, persons: DataFrame, keys: tuple[DataFrame, DataFrame],
) -> Model:
    kept = run.work / "model.json"
    if kept.exists():
        return Model.load(kept, without=run.without)
    sample = entries.where(f.col("lot") * run.summary.civil < SAMPLE)
    sampled = keys[0].join(sample.select(f.col("civil_id").alias("entry")), "entry"), keys[1]
    shared = _share_a_key(spark, sampled).persist()
    met = persons.join(shared.select(f.col("person").alias("pop_id")).distinct(), "pop_id", "left_semi")
    size = run.summary.population
    found = _as_arrays(_collected(shared), _collected(sample), _collected(met), size, run.without)
    shared.unpersist()
    tally = {row["kind"]: row["count"] for row in sample.groupBy("kind").count().collect()}
    model = Model(without=run.without)
    entries_of_kind = np.array([tally.get(kind, 0) for kind in range(KINDS)])
    model.fit(seen(found.sides, found.rows, found.persons), entries_of_kind, size)
    model.save(kept)
    return model


def _weighed(
    run: Run, spark: SparkSession, entries: DataFrame, persons: DataFrame, keys: tuple[DataFrame, DataFrame],
    model: Model, *, first: bool,
) -> DataFrame:
    size, without = run.summary.population, run.without
    if first:
        narrow = f.col("way").isin(*FIRST_ROUND)
        keys = keys[0].where(narrow), keys[1].where(narrow)

    def weigh(frame: pl.DataFrame) -> pl.DataFrame:
        entry, person = _side(frame, "c_").unique("civil_id"), _side(frame, "p_").unique("pop_id")
        shared = frame.select(entry="c_civil_id", person="p_pop_id")
        found = _as_arrays(shared, entry, person, size, without)
        pairs = worth_keeping(weighed(found.sides, found.rows, found.persons, model, threads=1), model, size)
        return pl.DataFrame({
            "entry": found.entry_ids.gather(pairs.rows), "person": found.person_ids.gather(pairs.persons),
            "kind": pairs.kind,
            "same": pairs.same, "kin": pairs.kin, "open": pairs.open,
            "belief": believe(pairs, model.present, model.absent_kin, size),
        })

    return _candidates(spark, entries, persons, keys).mapInArrow(_whole(weigh), _PAIR)


def _collected(pairs: DataFrame) -> pl.DataFrame:
    frame = pl.from_arrow(pairs.toArrow())
    assert isinstance(frame, pl.DataFrame)
    return frame


def _sorted(side: DataFrame, identifier: str) -> pl.Series:
    return _collected(side.select(identifier))[identifier].sort()


def _numbered(kept: pl.DataFrame, entries: pl.Series, persons: pl.Series) -> Pairs:
    rows, others = _positions(kept["entry"], entries), _positions(kept["person"], persons)
    return Pairs(rows, others, *(kept[name].to_numpy() for name in ("kind", "same", "kin", "open")))


