"""Every component class, and the JSON of generated widgets."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from chatkit_app.chatkit import widgets
from tests.generated import ANY_JSON, KEYS

COMPONENTS: tuple[type[widgets.WidgetComponentBase], ...] = get_args(get_args(widgets.StrictWidgetComponent)[0])
"""Every class that may stand inside a widget."""
ROOTS: tuple[type[widgets.WidgetComponentBase], ...] = get_args(get_args(widgets.StrictWidgetRoot)[0])
"""Every class that may be a whole widget."""

_TYPE_NAMES = st.sampled_from([*(name.model_fields["type"].default for name in COMPONENTS), "Map", "Rating"])
_PROPS = st.sampled_from(
    ["value", "size", "gap", "border", "padding", "onClickAction", "status", "options", "name", "zoom", "id", "key"]
)


@st.composite
def wild_components(draw: st.DrawFn, storeys: int = 2) -> dict[str, Any]:
    """A component whose type and props may be known or not, fitting or not, and whose children may be null."""
    component = draw(st.dictionaries(_PROPS, ANY_JSON, max_size=3))
    for name in ("id", "key"):
        if name in component:
            component[name] = draw(KEYS)
    if storeys and draw(st.booleans()):
        component["children"] = draw(st.lists(st.none() | wild_components(storeys - 1), max_size=3))
    return {"type": draw(_TYPE_NAMES), **component}


@st.composite
def wild_roots(draw: st.DrawFn) -> dict[str, Any]:
    """A whole widget of wild components."""
    return {**draw(wild_components()), "type": draw(st.sampled_from(["Card", "ListView", "Basic"]))}
