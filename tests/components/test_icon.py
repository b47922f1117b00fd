"""Every icon a server may name has a drawing."""

import re
from pathlib import Path
from typing import get_args

import pytest
from reflex_components_lucide.icon import LUCIDE_ICON_LIST

from chatkit_app.chatkit.icons import BuiltInIconName
from chatkit_app.components import icon as icon_module
from chatkit_app.components.icon import LUCIDE, icon

COMPONENTS = Path(icon_module.__file__).parent


def test_every_name_of_the_protocol_is_in_the_table_and_no_other():
    assert set(LUCIDE) == set(get_args(BuiltInIconName))


@pytest.mark.parametrize("drawing", sorted(set(LUCIDE.values())))
def test_lucide_has_every_drawing(drawing):
    # Reflex draws a question mark for a name that Lucide does not have, and only says so in the log of the build.
    assert drawing in LUCIDE_ICON_LIST


def test_lucide_has_every_drawing_the_page_uses_by_its_own_name():
    used = {
        name
        for file in COMPONENTS.rglob("*.py")
        for name in re.findall(r'\b(?:icon|icon_button)\(\s*"([\w-]+)"', file.read_text(encoding="utf-8"))
    }
    assert used
    assert {LUCIDE.get(name, name) for name in used} <= set(LUCIDE_ICON_LIST)


def test_an_icon_is_hidden_from_screen_readers():
    assert '"aria-hidden":"true"' in str(icon("check")).replace(" ", "")
