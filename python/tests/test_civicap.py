"""Laws of the Python layer: it says what the program says, to the byte, and its faults have their places."""

from __future__ import annotations

import filecmp
import math
import os
import subprocess
from pathlib import Path

import civicap
import pyarrow as pa
import pytest

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "scenarios/tiny/scenario.toml"


def command(*words: str) -> None:
    subprocess.run([civicap.program(), *words, "--quiet"], check=True)


@pytest.fixture(scope="module")
def plan() -> civicap.Plan:
    return civicap.load(TINY)


def test_one_version(plan: civicap.Plan) -> None:
    line = next(line for line in (ROOT / "Cargo.toml").read_text().splitlines() if line.startswith("version"))
    assert civicap.__version__ == line.split('"')[1]
    assert (plan.name, plan.start, plan.end) == ("tiny", 2024, 2026)
    assert "education" in plan.services


def test_a_run_is_the_command_s_to_the_byte(plan: civicap.Plan, tmp_path: Path) -> None:
    keys = {"people.births.births_per_woman": 1.5, "health.wards.ward.waiting": "queue"}
    run = plan.run(replications=12, seed=3, set=keys, out=tmp_path / "python")
    written = ["--set", "people.births.births_per_woman=1.5", "--set", 'health.wards.ward.waiting="queue"']
    command("run", str(TINY), "--replications", "12", "--seed", "3", "--out", str(tmp_path / "command"), *written)
    for name in ("summary.csv", "summary.parquet", "dictionary.csv"):
        assert filecmp.cmp(tmp_path / "python" / name, tmp_path / "command" / name, shallow=False), name
    assert run.manifest["settings"] == [
        "people.births.births_per_woman = 1.5",
        'health.wards.ward.waiting = "queue"',
    ]


def test_tables_are_arrow_and_agree_with_each_other(plan: civicap.Plan) -> None:
    run = plan.run(replications=10, keep_replications=True)
    summary, replications = run.summary, run.replications
    assert isinstance(summary, pa.Table) and {"service", "stage", "area", "year", "metric", "mean"} <= set(summary.column_names)
    keys = ["service", "stage", "area", "year", "metric"]
    mean = replications.group_by(keys).aggregate([("value", "mean"), ("replication", "max")])
    assert set(mean["replication_max"].to_pylist()) == {9}
    told = {tuple(str(row[key]) for key in keys): row["mean"] for row in summary.to_pylist()}
    for row in mean.to_pylist():
        expected = told[tuple(str(row[key]) for key in keys)]
        if expected is not None and row["value_mean"] is not None:
            assert math.isclose(row["value_mean"], expected, rel_tol=1e-9, abs_tol=1e-9)
    assert run.parameters.num_rows > 5
    assert set(run.parameters["kind"].to_pylist()) <= {"standard", "statistics", "derived", "judgement"}
    assert run.dictionary.num_rows > 10


def test_verdicts_make_the_matrix(plan: civicap.Plan) -> None:
    run = plan.run(replications=10)
    years, rows = run.matrix()
    assert years == [2024, 2025, 2026] and len(rows) == len(run.verdicts)
    for verdict in run.verdicts:
        assert 0 <= verdict.worst_year_probability <= 1
        assert verdict.probability_by_year[verdict.worst_year] == verdict.worst_year_probability
        assert verdict.label in repr(run) and verdict.label in run._repr_html_()


def test_every_fault_has_its_place_and_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(civicap.ScenarioError) as raised:
        civicap.load(TINY, set={"people.births.births_per_wman": 1, "health.wards.ward.beds": -1})
    places = {fault.file: fault for fault in raised.value.faults}
    assert raised.value.code == 2
    assert places["--set 1"].code == "unknown-key" and "births_per_woman" in places["--set 1"].remedy
    assert (places["--set 2"].line, places["--set 2"].code) == (1, "out-of-range")
    with pytest.raises(civicap.ScenarioError) as raised:
        civicap.load(tmp_path / "none.toml")
    assert raised.value.faults[0].file == str(tmp_path / "none.toml")


def test_a_folder_of_others_is_not_replaced_unasked_and_a_run_goes_on_when_asked(plan: civicap.Plan, tmp_path: Path) -> None:
    out = tmp_path / "run"
    plan.run(replications=4, out=out)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "summary.csv").write_text("mine")
    with pytest.raises(civicap.CivicapError, match="--overwrite"):
        plan.run(replications=4, out=mine, progress=True)
    assert (mine / "summary.csv").read_text() == "mine"
    plan.run(replications=20, out=out, overwrite=True, resume=True)
    plan.run(replications=40, out=out, resume=True)
    plan.run(replications=40, out=tmp_path / "whole")
    assert filecmp.cmp(out / "summary.csv", tmp_path / "whole/summary.csv", shallow=False)
    bar = plan.run(replications=40, out=tmp_path / "bar", progress=True)
    assert filecmp.cmp(bar.folder / "summary.csv", out / "summary.csv", shallow=False)
    assert not (tmp_path / "bar.replications").exists()


def test_plans_are_compared_in_pairs_also_under_other_settings(plan: civicap.Plan) -> None:
    more = civicap.load(TINY, set={"health.wards.ward.beds": 140})
    compared = civicap.compare(plan, more, replications=10)
    assert compared.plans[0]["paired"] is True
    ward = next(stage for stage in compared.plans[0]["stages"] if stage["stage"] == "ward")
    assert ward["unmet"]["plan"] < ward["unmet"]["baseline"]
    assert compared.table.num_rows > 0 and ward["label"] in repr(compared)


def test_projects_are_appraised(tmp_path: Path) -> None:
    school = {"projects.ring": {"label": "Ring", "opens": "2025-09-01"}}
    appraised = civicap.appraise(TINY, replications=4, set=school)
    assert [project["project"] for project in appraised.projects] == ["ring"]
    assert {"project", "stage", "year", "fewer_unserved"} <= set(appraised.table.column_names)
    with pytest.raises(civicap.CivicapError) as raised:
        civicap.appraise(TINY, replications=4)
    assert raised.value.code == 2


def test_what_is_needed_stands_beside_the_scenario(tmp_path: Path) -> None:
    for file in TINY.parent.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    needed = civicap.need(tmp_path / "scenario.toml", replications=4)
    assert needed.folder == tmp_path / "need" and needed.targets
    assert needed.table.num_rows > 0 and needed.targets[0]["label"] in repr(needed)
    with pytest.raises(civicap.CivicapError, match="no file of its own"):
        civicap.need(civicap.load(TINY, set={"health.wards.ward.beds": 90}))


def test_shards_merge_to_the_bytes_of_one_run(plan: civicap.Plan, tmp_path: Path) -> None:
    for shard in ("1/2", "2/2"):
        command("run", str(TINY), "--replications", "9", "--shard", shard, "--out", str(tmp_path / "shards"))
    merged = civicap.merge(plan, [tmp_path / "shards"], out=tmp_path / "merged")
    whole = plan.run(replications=9, out=tmp_path / "whole")
    assert filecmp.cmp(merged.folder / "summary.csv", whole.folder / "summary.csv", shallow=False)


@pytest.mark.parametrize(
    ("value", "written"),
    [(True, "true"), (3, "3"), (1.5, "1.5"), ("甲\"\\\n", '"甲\\"\\\\\\n"'), ([1, "a"], '[1, "a"]'), ({"a b": 1}, '{ "a b" = 1 }')],
)
def test_values_become_toml(value: object, written: str) -> None:
    from civicap._program import toml

    assert toml(value) == written  # type: ignore[arg-type]


def test_a_program_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAP", os.devnull + "/none")
    with pytest.raises(OSError):
        civicap.load(TINY)
