"""Widgets from `.widget` files: a Jinja template that renders JSON."""

from __future__ import annotations

import json
import sys
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from .dynamic import BasicRoot, DynamicWidgetRoot

if TYPE_CHECKING:  # it takes as long as all our widgets; only those who make a template pay for it
    from jinja2 import Environment, Template

_VERSION = "1.0"


class WidgetTemplate:
    """A widget with holes, filled by `build`.

    `definition` is the content of a `.widget` file: `version` ("1.0"), `name`, `template` (Jinja source, or a template
    that is compiled already) and, for information only, `jsonSchema`. Unless `sandboxed` is off, the template runs in
    Jinja's sandbox and cannot reach into Python through the values it is given.

    Raises `KeyError` when a required key is missing, `ValueError` for another version, and
    `jinja2.TemplateSyntaxError` for a template that does not compile.
    """

    version: str
    """Version of the file format."""
    name: str
    """Name its author gave it."""
    template: Template
    """The compiled template."""
    data_schema: dict[str, Any]
    """JSON Schema of the data its author had in mind; `build` does not check it."""

    def __init__(self, definition: dict[str, Any], *, sandboxed: bool = True) -> None:
        missing = [key for key in ("version", "name", "template") if key not in definition]
        if missing:
            raise KeyError(f"widget definition lacks {', '.join(missing)}")
        if definition["version"] != _VERSION:
            raise ValueError(f"widget definition has version {definition['version']!r}; only {_VERSION!r} is known")
        self.version = definition["version"]
        self.name = definition["name"]
        self.template = _compiled(definition["template"], sandboxed)
        self.data_schema = definition.get("jsonSchema", {})

    @classmethod
    def from_file(cls, file_path: str, *, sandboxed: bool = True) -> WidgetTemplate:
        """Read a `.widget` file. A relative path starts at the folder of the source file that makes this call.

        Raises `OSError` when it cannot be read and `json.JSONDecodeError` when it is not JSON.
        """
        caller = Path(sys._getframe(1).f_code.co_filename)
        path = caller.parent / file_path
        return cls(json.loads(path.read_text(encoding="utf-8")), sandboxed=sandboxed)

    def build(self, data: dict[str, Any] | BaseModel | None = None) -> DynamicWidgetRoot:
        """The widget, with `data` (its keys, or its fields) as the template's variables.

        Raises `jinja2.UndefinedError` or `TypeError` for a variable that is missing or is no JSON value,
        `json.JSONDecodeError` when no JSON comes out, and `pydantic.ValidationError` when that is no widget.
        """
        return DynamicWidgetRoot.model_validate(self._render(data))

    def build_basic(self, data: dict[str, Any] | BaseModel | None = None) -> BasicRoot:
        """Deprecated: `build` makes Basic roots too."""
        warnings.warn(
            "WidgetTemplate.build_basic is deprecated. Use WidgetTemplate.build instead.",
            DeprecationWarning,
            stacklevel=2,
        )
        return BasicRoot.model_validate(self._render(data))

    def _render(self, data: dict[str, Any] | BaseModel | None) -> Any:
        variables = data.model_dump() if isinstance(data, BaseModel) else data or {}
        rendered = self.template.render(**variables)
        try:
            return json.loads(rendered)
        except json.JSONDecodeError as error:
            message = f"widget template {self.name!r} did not render to JSON: {error.msg}"
            raise json.JSONDecodeError(message, error.doc, error.pos) from None


def _compiled(source: str | Template, sandboxed: bool) -> Template:
    from jinja2 import Template

    return source if isinstance(source, Template) else _environment(sandboxed).from_string(source)


@cache
def _environment(sandboxed: bool) -> Environment:
    from jinja2 import Environment, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    # A widget is JSON, not HTML: nothing is escaped here but by the template's own `tojson`.
    kind = SandboxedEnvironment if sandboxed else Environment
    return kind(undefined=StrictUndefined)
