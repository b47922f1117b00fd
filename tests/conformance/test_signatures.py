"""Every public name of the official package is here, and is called the same way."""

import importlib
import inspect
import warnings
from types import FunctionType
from typing import Any

import pytest
from pydantic import BaseModel

MODULES = ("actions", "agents", "errors", "icons", "logger", "server", "store", "types", "version", "widgets")
NOT_FOR_PROGRAMS = {
    "agents": {"T1", "T2"},  # type variables of inner functions
    "icons": {"StringConstraints"},
    "logger": {"log_level", "os"},
    "server": {"chat_completions_headers_override", "responses_headers_override"},  # private to openai-agents
    "version": {"importlib"},
    "widgets": {
        *("Annotated", "Literal", "NotRequired", "TypedDict", "Path", "datetime", "deprecated", "inspect", "json"),
        *("BaseModel", "ConfigDict", "Field", "model_serializer", "Environment", "StrictUndefined"),
    },
}
"""What the official modules happen to import for themselves, and no program was seen to import from there."""


def _both(module: str) -> tuple[Any, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the official package warns of itself
        return importlib.import_module(f"chatkit.{module}"), importlib.import_module(f"chatkit_app.chatkit.{module}")


def _own(module: str) -> list[tuple[str, Any, Any]]:
    """Name, official object and ours, of what an official module defines itself."""
    official, ours = _both(module)
    return [
        (f"{module}.{name}", value, getattr(ours, name))
        for name, value in vars(official).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == official.__name__ and hasattr(ours, name)
    ]


def _methods(name: str, official: type, ours: type) -> list[Any]:
    of_every_class = vars(BaseModel) if issubclass(official, BaseModel) else vars(object)
    return [
        pytest.param(getattr(official, method), getattr(ours, method), id=f"{name}.{method}")
        for method, value in vars(official).items()
        if (method == "__init__" or not method.startswith("_")) and method not in {*of_every_class, "serialize"}
        if isinstance(value, FunctionType | classmethod | staticmethod)
    ]


def _callables() -> list[Any]:
    found: list[Any] = []
    for name, official, ours in (entry for module in MODULES for entry in _own(module)):
        if inspect.isclass(official):
            found += _methods(name, official, ours)
        elif isinstance(official, FunctionType):
            found.append(pytest.param(official, ours, id=name))
    return found


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_there(module: str) -> None:
    official, ours = _both(module)
    names = {name for name in dir(official) if not name.startswith("_")} - {"annotations"}
    assert {name for name in names if not hasattr(ours, name)} == NOT_FOR_PROGRAMS.get(module, set())


@pytest.mark.parametrize(("official", "ours"), _callables())
def test_it_is_called_the_same_way(official: Any, ours: Any) -> None:
    theirs, mine = (list(inspect.signature(each).parameters.values()) for each in (official, ours))
    added = mine[len(theirs) :]
    assert [(each.name, each.kind) for each in mine[: len(theirs)]] == [(each.name, each.kind) for each in theirs]
    required = [each.default is each.empty for each in mine[: len(theirs)]]
    assert required == [each.default is each.empty for each in theirs]
    assert all(each.kind is each.KEYWORD_ONLY and each.default is not each.empty for each in added)
    assert inspect.iscoroutinefunction(ours) == inspect.iscoroutinefunction(official)
