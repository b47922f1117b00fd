"""Icons are names every client knows, or names with a prefix."""

import pytest
from pydantic import TypeAdapter, ValidationError

from chatkit_app.chatkit.icons import IconName

icon = TypeAdapter(IconName)


@pytest.mark.parametrize("name", ["bolt", "write-alt2", "lucide:cat", "vendor:mine", "vendor:"])
def test_a_known_name_or_prefix_is_an_icon(name):
    assert icon.validate_python(name) == name


@pytest.mark.parametrize("name", ["", "upload", "code", "Bolt", "xlucide:cat", 5])
def test_anything_else_is_not(name):
    with pytest.raises(ValidationError):
        icon.validate_python(name)
