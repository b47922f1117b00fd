"""JSON that a pydantic annotation accepts, drawn by hypothesis from the annotation itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from inspect import isclass
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NotRequired,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from hypothesis import strategies as st
from pydantic import AnyUrl, BaseModel, InstanceOf
from pydantic.fields import FieldInfo
from typing_extensions import is_typeddict

WORDS = st.text(alphabet="ab é\n<'\"€😀{", max_size=6)
"""Short texts, with what JSON, HTML and templates treat specially."""
KEYS = st.text(alphabet="abc", min_size=1, max_size=3)
"""Keys of free-form objects."""
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from([0.5, -1.25]) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=4,
)
"""Free-form JSON, nulls included."""

_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    bool: st.booleans(),
    int: st.integers(-9, 9),
    float: st.sampled_from([0.5, -1.25, 3.0]),
    NoneType: st.none(),
    bytes: WORDS,
    datetime: st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda date: date.isoformat() + "Z"),
    AnyUrl: st.sampled_from(["https://a.example/", "http://b.example/c?d=%20e", "data:text/plain,x"]),
    Any: ANY_JSON,
    object: ANY_JSON,
}


@st.composite
def json_of(draw: st.DrawFn, annotation: Any, storeys: int = 4) -> Any:
    """JSON values of an annotation. Models inside models stop after so many storeys."""
    if annotation in _PLAIN:
        return draw(_PLAIN[annotation])
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType, Annotated):
        return _member(draw, annotation, storeys)
    if origin is Literal:
        return draw(st.sampled_from(arguments))
    if origin is list:
        several = storeys > 0 or not _is_deep(arguments[0])
        return draw(st.lists(json_of(arguments[0], storeys - 1), max_size=3 if several else 0))
    if origin is dict:
        return draw(st.dictionaries(KEYS, json_of(arguments[1], storeys - 1), max_size=2))
    if isinstance(annotation, TypeVar):
        return draw(json_of(annotation.__bound__ or Any, storeys))
    if is_typeddict(annotation):
        return _fields(draw, *_fields_of_typed_dict(annotation), storeys)
    if isclass(annotation) and issubclass(annotation, Enum):
        return draw(st.sampled_from([member.value for member in annotation]))
    if isclass(annotation) and issubclass(annotation, BaseModel):
        return _fields(draw, *_fields_of_model(annotation), storeys)
    raise NotImplementedError(f"no JSON is known for {annotation!r}")


def _member(draw: st.DrawFn, annotation: Any, storeys: int) -> Any:
    members = list(_members(annotation))
    shallow = [member for member in members if not _is_deep(member)]
    chosen = draw(st.sampled_from(shallow if storeys <= 0 and shallow else members))
    pattern = _pattern(chosen)
    return draw(st.from_regex(pattern + r"[a-z-]{0,6}\Z") if pattern else json_of(chosen, storeys))


def _members(annotation: Any) -> Iterable[Any]:
    """What a union, however nested and annotated, is made of; a restricted string keeps its restriction."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        for argument in arguments:
            yield from _members(argument)
    elif origin is not Annotated or _pattern(annotation):
        yield annotation
    elif not any(isinstance(entry, InstanceOf) for entry in arguments[1:]):
        yield from _members(arguments[0])


def _pattern(annotation: Any) -> str | None:
    for entry in get_args(annotation)[1:] if get_origin(annotation) is Annotated else ():
        for constraint in entry.metadata if isinstance(entry, FieldInfo) else [entry]:
            pattern = getattr(constraint, "pattern", None)
            if isinstance(pattern, str):
                return pattern
    return None


def _is_deep(annotation: Any) -> bool:
    """Whether models that hold models may stand here."""
    if isclass(annotation) and issubclass(annotation, BaseModel):
        return "children" in annotation.model_fields
    return any(map(_is_deep, get_args(annotation)))


def _fields_of_model(model: type[BaseModel]) -> tuple[dict[str, Any], dict[str, Any]]:
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        always = field.is_required() or name == "type"
        (required if always else optional)[name] = _resolved(model, name, field.annotation)
    return required, optional


def _resolved(model: type[BaseModel], name: str, annotation: Any) -> Any:
    unresolved = isinstance(annotation, ForwardRef) or any(isinstance(one, ForwardRef) for one in get_args(annotation))
    return get_type_hints(model, include_extras=True)[name] if unresolved else annotation


def _fields_of_typed_dict(annotation: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    required: dict[str, Any] = {}
    optional: dict[str, Any] = {}
    for name, kind in get_type_hints(annotation, include_extras=True).items():
        if get_origin(kind) is NotRequired:
            optional[name] = get_args(kind)[0]
        else:
            required[name] = kind
    return required, optional


def _fields(draw: st.DrawFn, required: dict[str, Any], optional: dict[str, Any], storeys: int) -> dict[str, Any]:
    chosen = draw(st.lists(st.sampled_from(sorted(optional)), unique=True, max_size=4)) if optional else []
    drawn = {name: draw(json_of(kind, storeys - 1)) for name, kind in required.items()}
    for name in chosen:
        value = draw(json_of(optional[name], storeys - 1))
        # Null means unset, which is what leaving the field out means.
        if value is not None:
            drawn[name] = value
    return drawn
