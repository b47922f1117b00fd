"""Programs as their authors wrote them, on either package."""

import re
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

OURS = "chatkit_app.chatkit"
OFFICIAL = "chatkit"
HERE = Path(__file__).parent


def sample(name: str, package: str) -> ModuleType:
    """One of our sample programs, on one of the packages: nothing differs but the import prefix."""
    path = HERE / "samples" / f"{name}.py"
    return _run(path, path.read_text().replace(f"from {OURS}.", f"from {package}."), f"{package}.{name}", {})


def documented(name: str, given: dict[str, Any] | None = None) -> ModuleType:
    """A program of the documentation, on our package, with what the page leaves out `given`."""
    path = HERE / "documented" / f"{name}.txt"
    source = re.sub(r"^from chatkit\.", f"from {OURS}.", path.read_text(), flags=re.MULTILINE)
    return _run(path, source, name, given or {})


def _run(path: Path, source: str, name: str, given: dict[str, Any]) -> ModuleType:
    module = ModuleType(f"programs.{name}")
    module.__file__ = str(path)
    module.__dict__.update(given)
    sys.modules[module.__name__] = module
    with warnings.catch_warnings():
        if not source.count(OURS):
            warnings.simplefilter("ignore", DeprecationWarning)  # the official package warns about its own widgets
        exec(compile(source, str(path), "exec"), module.__dict__)
    return module
