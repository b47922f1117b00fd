import re
from pathlib import Path

import chatkit_app
from chatkit_app.i18n import words

USE = re.compile(r"""(?:words|said)\[["'](\w+)["']\]""")


def test_every_word_the_interface_asks_for_is_in_the_master_catalogue() -> None:
    sources = [path.read_text() for path in Path(chatkit_app.__file__).parent.rglob("*.py")]
    used = {key for source in sources for key in USE.findall(source)}
    assert "send" in used
    assert used - set(words("en")) == set()
