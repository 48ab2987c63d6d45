"""The program: where it is, how it is called, and what its exit codes mean."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

#: What may name a file or folder.
PathLike = Union[str, "os.PathLike[str]"]

#: What a key may be set to; text stands for TOML's text.
Setting = Union[bool, int, float, str, Sequence[Any], Mapping[str, Any]]


class CivicapError(Exception):
    """The program could not do what was asked: bad use (``code`` 2) or a failure of the run (``code`` 1)."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Fault:
    """One fault of a scenario with its place and its remedy. Lines and columns count from 1."""

    code: str
    severity: str
    file: Optional[str]
    line: int
    column: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.severity}[{self.code}]: {self.message}\n  help: {self.remedy}"


class ScenarioError(CivicapError):
    """A scenario with faults, all of them in ``faults``."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults), 2)


def program() -> str:
    """Path of the program: ``CIVICAP`` in the environment, the one installed with this package, or the one on ``PATH``."""
    named = os.environ.get("CIVICAP")
    if named:
        return named
    name = "civicap.exe" if sys.platform == "win32" else "civicap"
    for folder in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent)):
        beside = Path(folder) / name
        if beside.is_file():
            return str(beside)
    found = shutil.which("civicap")
    if found is None:
        raise CivicapError("the program civicap is not there: install the wheel, or set CIVICAP to its path", 1)
    return found


@lru_cache(maxsize=None)
def version() -> str:
    """Version of the program, which is that of this package."""
    said = subprocess.run([program(), "--version"], capture_output=True, text=True, encoding="utf-8", check=True)
    return said.stdout.split()[-1]


def call(words: Sequence[str], lang: str) -> str:
    """Calls the program and returns what it says.

    Raises :class:`ScenarioError` for a faulty scenario and :class:`CivicapError` for anything else that is not done.
    """
    done = subprocess.run(
        [program(), *words, "--lang", lang], capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode == 0:
        return done.stdout
    if done.stdout.startswith("{"):
        found = faults(json.loads(done.stdout))
        if found:
            raise ScenarioError([fault for fault in found if fault.severity == "error"])
    message = done.stderr.strip()
    raise CivicapError(message[len("civicap: "):] if message.startswith("civicap: ") else message, done.returncode)


def faults(said: Mapping[str, Any]) -> list[Fault]:
    """The faults in what ``--json`` says."""
    keys = ("code", "severity", "file", "line", "column", "message", "remedy")
    return [Fault(**{key: fault[key] for key in keys}) for fault in said.get("faults", ())]


def settings(keys: Optional[Mapping[str, Setting]]) -> list[str]:
    """Keys and values as words of the command line."""
    return [word for key, value in (keys or {}).items() for word in ("--set", f"{key}={toml(value)}")]


def toml(value: Setting) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # What JSON escapes, TOML escapes alike; DEL is the one that only TOML does.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{toml(str(key))} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(toml(inner) for inner in value) + "]"
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    # A number of NumPy is one of Python's.
    number = value.item() if hasattr(value, "item") else value
    return repr(number)
