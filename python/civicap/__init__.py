"""civicap from Python: load a scenario, run it, and read the numbers as Arrow.

    import civicap

    plan = civicap.load("scenarios/lixia/scenario.toml")
    run = plan.run(replications=1000, set={"people.births.births_per_woman": 1.1})
    print(run)                       # the verdicts, stage by stage
    run.summary.to_pandas()          # one row for each service, stage, area, year and metric

The program does the work: the same scenario, settings, seed and number of replications give the same bytes from Python and
from the command line. Nothing is computed here a second time.
"""

from ._api import (
    Appraisal,
    Comparison,
    Need,
    Parameter,
    Plan,
    Run,
    Verdict,
    appraise,
    compare,
    load,
    merge,
    need,
    open_run,
)
from ._program import CivicapError, Fault, ScenarioError, program, version

__all__ = [
    "Appraisal",
    "CivicapError",
    "Comparison",
    "Fault",
    "Need",
    "Parameter",
    "Plan",
    "Run",
    "ScenarioError",
    "Verdict",
    "appraise",
    "compare",
    "load",
    "merge",
    "need",
    "open_run",
    "program",
    "version",
]

__version__ = version()
