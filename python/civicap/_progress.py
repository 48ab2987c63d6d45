"""A progress bar over the rounds that a run keeps beside its folder."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator


@contextmanager
def following(folder: Path, replications: int, shown: bool, leave: bool) -> Iterator[None]:
    """Shows how many replications are made, while the block lasts. ``leave``: the rounds are somebody else's to use."""
    if not shown:
        yield
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield
        _tidy(folder, leave)
        return
    ended = threading.Event()
    with tqdm(total=replications, unit=" replications") as bar:

        def follow() -> None:
            while not ended.wait(0.5):
                bar.update(min(_made(folder), replications) - bar.n)

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
            bar.update(replications - bar.n)
        finally:
            ended.set()
            thread.join()
            _tidy(folder, leave)


def _rounds(folder: Path) -> Path:
    return folder.with_name(folder.name + ".replications")


def _made(folder: Path) -> int:
    ends = [file.stem.partition("-")[2] for file in _rounds(folder).glob("*-*.civicap")]
    return max((int(end) for end in ends if end.isdigit()), default=0)


def _tidy(folder: Path, leave: bool) -> None:
    if not leave:
        shutil.rmtree(_rounds(folder), ignore_errors=True)
