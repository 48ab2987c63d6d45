"""Plans, runs, comparisons and appraisals."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import pyarrow as pa
import pyarrow.parquet as pq

from ._program import CivicapError, PathLike, Setting, call, faults, settings
from ._progress import following

#: How sure the plan is to do, in the order of the matrix.
RANKS = {"meets": "✓ meets demand", "at_risk": "! at risk", "falls_short": "✕ falls short", "unstable": "✕ unstable"}


@dataclass(frozen=True)
class Verdict:
    """What a run says of one stage, tier or level. Probabilities are 0 to 1, people are counted in persons."""

    service: str
    stage: str
    label: str
    rank: str
    worst_year: int
    worst_year_probability: float
    unmet_in_worst_year: Optional[float]
    probability_by_year: Mapping[int, float]
    worst_area: Optional[Mapping[str, Any]]
    short_areas: Sequence[str]
    first_risky_year: Optional[int]
    surplus_from: Optional[int]

    @classmethod
    def _of(cls, said: Mapping[str, Any]) -> "Verdict":
        by_year = {entry["year"]: entry["probability"] for entry in said["probability_by_year"]}
        keys = [key for key in cls.__dataclass_fields__ if key != "probability_by_year"]
        return cls(probability_by_year=by_year, **{key: said[key] for key in keys})


@dataclass(frozen=True)
class Parameter:
    """One input of a run: its key, what was written, and whether somebody has counted it."""

    key: str
    value: str
    unit: Optional[str]
    kind: str
    source: str


@dataclass
class _Result:
    """A folder of results."""

    folder: Path
    said: Dict[str, Any]
    #: Keeps a folder that nobody named until nobody needs it.
    _kept: Optional["tempfile.TemporaryDirectory[str]"] = field(default=None, repr=False)

    @property
    def manifest(self) -> Dict[str, Any]:
        """What was run: version, scenario, hash, seed, replications, settings, files and their hashes."""
        return _read_json(self.folder / "manifest.json")

    @property
    def report(self) -> Path:
        """The page for planners; opens offline."""
        return self.folder / "report.html"

    def _table(self, name: str) -> pa.Table:
        from pyarrow import csv

        # A byte-order mark begins our tables; pyarrow passes over it.
        return csv.read_csv(self.folder / name)


class Run(_Result):
    """A finished run. Tables are read when they are asked for."""

    @property
    def verdicts(self) -> List[Verdict]:
        """What it says, one verdict for each stage. Empty where the folder was opened and holds none."""
        return [Verdict._of(verdict) for verdict in self.said.get("verdicts", ())]

    @property
    def summary(self) -> pa.Table:
        """One row for each service, stage, area, year and metric: mean, sd, Monte Carlo standard error, seven quantiles and
        the probability of a shortage. Units stand in column ``unit``."""
        return pq.read_table(self.folder / "summary.parquet")

    @property
    def replications(self) -> pa.Table:
        """One row for each service, stage, area, year, metric and replication: its value. Replications ``2k`` and ``2k + 1``
        share their uncertain inputs. There only for ``plan.run(..., keep_replications=True)``."""
        file = self.folder / "replications.parquet"
        if not file.is_file():
            raise CivicapError("the replications were not kept: run with keep_replications=True", 2)
        return pq.read_table(file)

    @property
    def dictionary(self) -> pa.Table:
        """What every column, service, stage, area, metric and unit means, in both languages."""
        return self._table("dictionary.csv")

    @property
    def parameters(self) -> pa.Table:
        """The inputs: key, value as it is shown, unit, kind (standard, statistics, derived, judgement) and source,
        in English."""
        rows = [entry for entry in _inputs(_read_json(self.folder / "report.json"))]
        names = ("key", "value", "unit", "kind", "source")
        return pa.table({name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in names})

    def matrix(self) -> Tuple[List[int], List[Tuple[str, List[float]]]]:
        """Years, and for each stage the probability of a shortage in each of them (0 to 1)."""
        verdicts = self.verdicts
        years = sorted({year for verdict in verdicts for year in verdict.probability_by_year})
        missing = float("nan")
        return years, [(v.label, [v.probability_by_year.get(year, missing) for year in years]) for v in verdicts]

    def __repr__(self) -> str:
        years, rows = self.matrix()
        head = f"civicap run {self.manifest['scenario']}: {self.manifest['replications']} replications, {self.folder}"
        if not rows:
            return head
        wide = max(len(label) for label, _ in rows)
        lines = [head, " " * wide + "  " + " ".join(f"{year:>5}" for year in years)]
        for (label, risks), verdict in zip(rows, self.verdicts):
            cells = " ".join(f"{100 * risk:4.0f}%" if risk == risk else "    –" for risk in risks)
            lines.append(f"{label:<{wide}}  {cells}  {RANKS[verdict.rank]}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from html import escape

        years, rows = self.matrix()
        head = "".join(f"<th>{year}</th>" for year in years)
        body = ""
        for (label, risks), verdict in zip(rows, self.verdicts):
            cells = "".join(
                f'<td style="text-align:right;background:rgba(178,24,43,{0.6 * risk:.2f})">{100 * risk:.0f}%</td>'
                for risk in risks
            )
            body += f"<tr><th>{escape(label)}</th>{cells}<td>{escape(RANKS[verdict.rank])}</td></tr>"
        return f"<table><thead><tr><th></th>{head}<th></th></tr></thead><tbody>{body}</tbody></table>"


class Comparison(_Result):
    """What changes from the baseline to each other plan, paired replication by replication."""

    @property
    def plans(self) -> List[Dict[str, Any]]:
        """The other plans, each with its stages: risk before and now, and the difference in people unserved with its
        quantiles and the probability that the plan is better."""
        return list(self.said["plans"])

    @property
    def table(self) -> pa.Table:
        """Every difference by service, stage, area, year and metric."""
        return self._table("comparison.csv")

    def __repr__(self) -> str:
        lines = [f"civicap compare, baseline {self.said['label']}: {self.said['replications']} replications, {self.folder}"]
        for plan in self.plans:
            lines.append(str(plan["label"]))
            for stage in plan["stages"]:
                before, now = (stage[side] and stage[side]["worst_year_probability"] for side in ("baseline", "plan"))
                risk = "" if before is None or now is None else f"{100 * before:.0f}% → {100 * now:.0f}%"
                lines.append(f"  {stage['label']}: {risk}")
        return "\n".join(lines)


class Appraisal(_Result):
    """What each project is worth: the plan with all of them against the plan without it."""

    @property
    def projects(self) -> List[Dict[str, Any]]:
        """The projects, each with its stages and years: fewer people unserved, with quantiles and risks with and without."""
        return list(self.said["projects"])

    @property
    def table(self) -> pa.Table:
        """The same as one long table."""
        return self._table("projects.csv")

    def __repr__(self) -> str:
        names = "\n".join(f"  {project['label']}" for project in self.projects)
        return f"civicap appraise {self.said['scenario']}, {self.folder}\n{names}"


class Need(_Result):
    """What should be built so that every target holds, and when it must open."""

    @property
    def targets(self) -> List[Dict[str, Any]]:
        """The targets, each with the fewest places that hold it and the dates of opening and deciding."""
        return list(self.said["targets"])

    @property
    def table(self) -> pa.Table:
        """The same as one table."""
        return self._table("need.csv")

    def __repr__(self) -> str:
        lines = [f"civicap need {self.said['scenario']}, {self.folder}"]
        for target in self.targets:
            places = target["least_places"]
            lines.append(f"  {target['label']}: " + ("out of reach" if places is None else f"{places:,.0f} more places"))
        return "\n".join(lines)


@dataclass(frozen=True)
class Plan:
    """A sound scenario, with what is set beside it."""

    file: Path
    name: str
    label: str
    hash: str
    start: int
    end: int
    areas: int
    services: Sequence[str]
    set: Mapping[str, Setting]
    lang: str
    #: What the planner should look at, as faults of severity "warning".
    warnings: Sequence[Any] = field(repr=False, default=())

    def run(
        self,
        replications: int = 1000,
        *,
        seed: int = 1,
        set: Optional[Mapping[str, Setting]] = None,
        out: Optional[PathLike] = None,
        overwrite: bool = False,
        resume: bool = False,
        keep_replications: bool = False,
        threads: int = 0,
        progress: bool = False,
    ) -> Run:
        """Simulates the plan.

        ``set`` reaches every key by its dotted path, over what the plan was loaded with. ``out`` names the folder for the
        results; left out, they stay in a temporary one for as long as the run is used. ``resume`` goes on from an earlier
        run in ``out``. ``progress`` shows a bar where tqdm is installed.
        """
        folder, kept = _folder(out)
        words = ["run", str(self.file), "--json", "--replications", str(replications), "--seed", str(seed)]
        words += ["--threads", str(threads), "--out", str(folder)]
        words += settings({**self.set, **(set or {})})
        for flag, asked in (
            ("--overwrite", overwrite or kept is not None),
            # The bar goes by the rounds that are kept; what is there already is refused all the same.
            ("--resume", resume or (progress and not (folder / "manifest.json").exists())),
            ("--keep-replications", keep_replications),
        ):
            words += [flag] if asked else []
        with following(folder, replications, progress, leave=resume):
            said = json.loads(call(words, self.lang))
        return Run(folder, said, kept)

    def __repr__(self) -> str:
        what = ", ".join(self.services) or "people"
        return f"civicap plan {self.label} ({self.start}–{self.end}, {self.areas} areas; {what})"


def load(file: PathLike, *, set: Optional[Mapping[str, Setting]] = None, lang: str = "en") -> Plan:
    """Reads a scenario; every fault of it is raised at once as :class:`ScenarioError`.

    ``set`` sets keys by their dotted paths. ``lang`` ("en" or "zh") is the language of labels, faults and reports.
    """
    said = json.loads(call(["check", str(file), "--json", *settings(set)], lang))
    scenario = said["scenario"]
    keys = ("name", "label", "hash", "start", "end", "areas", "services")
    fields = {key: scenario[key] for key in keys}
    return Plan(file=Path(file), set=dict(set or {}), lang=lang, warnings=faults(said), **fields)


def open_run(folder: PathLike) -> Run:
    """A finished run from its folder, whoever made it."""
    path = Path(folder)
    if not (path / "manifest.json").is_file():
        raise CivicapError(f"{path} holds no finished run", 2)
    return Run(path, {})


def compare(
    *plans: Union[PathLike, Plan, Run],
    replications: Optional[int] = None,
    seed: Optional[int] = None,
    explain: bool = False,
    set: Optional[Mapping[str, Setting]] = None,
    out: Optional[PathLike] = None,
    overwrite: bool = False,
    lang: str = "en",
) -> Comparison:
    """Compares plans or finished runs with the first of them. A plan that was loaded with keys set is run first and compared
    as a finished run."""
    folder, kept = _folder(out)
    named: List[str] = []
    runs: List[Run] = []
    for plan in plans:
        if isinstance(plan, Plan) and plan.set:
            runs.append(plan.run(replications or 1000, seed=seed or 1))
            named.append(str(runs[-1].folder))
        else:
            named.append(str(plan.file if isinstance(plan, Plan) else plan.folder if isinstance(plan, Run) else plan))
    words = ["compare", *named, "--json", "--out", str(folder), *settings(set)]
    for name, value in (("--replications", replications), ("--seed", seed)):
        words += [name, str(value)] if value is not None else []
    words += ["--explain"] if explain else []
    words += ["--overwrite"] if overwrite or kept is not None else []
    return Comparison(folder, json.loads(call(words, lang)), kept)


def appraise(
    plan: Union[PathLike, Plan],
    *,
    replications: int = 200,
    seed: int = 1,
    extra_capacity: Optional[int] = None,
    set: Optional[Mapping[str, Setting]] = None,
    out: Optional[PathLike] = None,
    overwrite: bool = False,
    lang: str = "en",
) -> Appraisal:
    """What each project of a plan is worth; with ``extra_capacity``, what so many more places are worth, one place at a
    time."""
    folder, kept = _folder(out)
    file, keys = (plan.file, plan.set) if isinstance(plan, Plan) else (plan, {})
    words = ["appraise", str(file), "--json", "--replications", str(replications), "--seed", str(seed)]
    words += ["--out", str(folder), *settings({**keys, **(set or {})})]
    words += ["--extra-capacity", str(extra_capacity)] if extra_capacity is not None else []
    words += ["--overwrite"] if overwrite or kept is not None else []
    return Appraisal(folder, json.loads(call(words, lang)), kept)


def need(
    plan: Union[PathLike, Plan],
    *,
    replications: int = 400,
    seed: int = 1,
    folder: Optional[str] = None,
    overwrite: bool = False,
    lang: str = "en",
) -> Need:
    """What should be built so that every target of a scenario holds. Results and the plans with more places go to ``folder``,
    a name beside the scenario file, so that they can be run; nothing may be set beside the file."""
    if isinstance(plan, Plan) and plan.set:
        raise CivicapError("a plan with keys set has no file of its own: write them in a scenario, and ask what that needs", 2)
    file = plan.file if isinstance(plan, Plan) else plan
    words = ["need", str(file), "--json", "--replications", str(replications), "--seed", str(seed)]
    words += ["--folder", folder] if folder is not None else []
    words += ["--overwrite"] if overwrite else []
    said = json.loads(call(words, lang))
    return Need(Path(said["files"][0]).parent, said)


def merge(
    plan: Union[PathLike, Plan],
    shards: Sequence[PathLike],
    *,
    out: Optional[PathLike] = None,
    overwrite: bool = False,
    keep_replications: bool = False,
) -> Run:
    """The run that shards make together: the bytes of one machine's."""
    folder, kept = _folder(out)
    file, keys, lang = (plan.file, plan.set, plan.lang) if isinstance(plan, Plan) else (plan, {}, "en")
    words = ["merge", str(file), *map(str, shards), "--json", "--out", str(folder), *settings(keys)]
    words += ["--overwrite"] if overwrite or kept is not None else []
    words += ["--keep-replications"] if keep_replications else []
    return Run(folder, json.loads(call(words, lang)), kept)


def _folder(out: Optional[PathLike]) -> Tuple[Path, Optional["tempfile.TemporaryDirectory[str]"]]:
    if out is not None:
        return Path(out), None
    kept = tempfile.TemporaryDirectory(prefix="civicap-")
    return Path(kept.name) / "run", kept


def _read_json(file: Path) -> Dict[str, Any]:
    read: Dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def _inputs(report: Any) -> List[Parameter]:
    """The rows of the list of inputs, wherever it stands in the report."""
    if isinstance(report, dict):
        rows = report.get("rows")
        if isinstance(rows, list) and rows and isinstance(rows[0], dict) and {"key", "kind", "source"} <= set(rows[0]):
            return [
                Parameter(row["key"], _said(row["value"]) or "", _said(row["unit"]), row["kind"].lower(), _said(row["source"]) or "")
                for row in rows
            ]
        report = list(report.values())
    if isinstance(report, list):
        return [row for inner in report if isinstance(inner, (dict, list)) for row in _inputs(inner)]
    return []


def _said(text: Any) -> Optional[str]:
    """A text of the report, which is written once, or in English and Chinese; here in English."""
    said = text[0] if isinstance(text, list) else text
    return None if said is None else str(said)
