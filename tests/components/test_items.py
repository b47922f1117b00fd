"""Every kind of row there can be is drawn, or says that it cannot be."""

import ast
import inspect

from chatkit_app.components.items import DRAWN
from chatkit_app.state import rows


def kinds_made():
    """The kinds `rows.py` gives to rows: the second argument of each `row(…)` in it."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(rows))) if isinstance(node, ast.Call)]
    made = [call.args[1] for call in calls if getattr(call.func, "id", "") == "row"]
    assert all(isinstance(kind, ast.Constant) for kind in made)
    return {kind.value for kind in made}


def test_every_kind_of_row_has_a_drawing():
    assert kinds_made() == {*DRAWN, "unsupported"}
