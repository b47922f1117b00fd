"""Whatever is public says what it means: every module, class, function, method, field and constant of the framework."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from agents import Model

import chatkit_app.chatkit
from chatkit_app.chatkit.errors import BaseStreamError
from chatkit_app.chatkit.store import AttachmentStore, Store

FOLDER = Path(chatkit_app.chatkit.__file__).parent
SOURCES = sorted(FOLDER.rglob("*.py"))
_DOCUMENTED = (Store, AttachmentStore, Model)
"""Base classes that say what their methods do."""


_DECLARED = frozenset(BaseStreamError.__annotations__)
"""Fields a base class says the meaning of."""


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_everything_public_has_a_docstring(source):
    module = ast.parse(source.read_text(encoding="utf-8"))
    assert [f"line {line}: {name}" for line, name in _bare(module, "")] == []


def _bare(scope: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[int, str]]:
    """What lacks a docstring, with its line."""
    if not ast.get_docstring(scope) and (prefix or scope.body):
        yield getattr(scope, "lineno", 1), prefix or "module"
    for statement, following in _with_next(scope.body):
        if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
            declared = {name for other in scope.body for name in _public_names(other)} | _DECLARED
            yield from (
                (line, f"{prefix}.{name}") for line, name in _bare_attributes(statement) if name not in declared
            )
        for name in _public_names(statement):
            path = f"{prefix}.{name}" if prefix else name
            if isinstance(statement, ast.ClassDef):
                yield from _bare(statement, path)
            elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                if not (ast.get_docstring(statement) or _is_overload(statement) or _is_inherited(name, scope)):
                    yield statement.lineno, path
            elif not _is_docstring(following):
                yield statement.lineno, path


def _bare_attributes(init: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Attributes that are set in `__init__`, without a docstring there."""
    for statement, following in _with_next(init.body):
        for target in getattr(statement, "targets", None) or [getattr(statement, "target", None)]:
            match target:
                case ast.Attribute(value=ast.Name(id="self"), attr=name) if not name.startswith("_"):
                    if not _is_docstring(following):
                        yield statement.lineno, name


def _with_next(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, ast.stmt | None]]:
    return zip(body, [*body[1:], None], strict=True)


def _public_names(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            names = [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            names = [name]
        case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"))):
            names = []
        case ast.Assign(targets=targets):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        case _:
            names = []
    return [name for name in names if not name.startswith("_") and name != "model_config"]


def _is_docstring(statement: ast.stmt | None) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_inherited(method: str, scope: ast.Module | ast.ClassDef) -> bool:
    """Whether a method does what its base class says it does."""
    bases = {ast.unparse(base).partition("[")[0] for base in getattr(scope, "bases", [])}
    return any(getattr(getattr(base, method, None), "__doc__", None) for base in _DOCUMENTED if base.__name__ in bases)


def _is_overload(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(decorator, ast.Name) and decorator.id == "overload" for decorator in function.decorator_list)
