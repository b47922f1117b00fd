import subprocess
import sys

PARSE_EVERYTHING = """
import chatkit_app.chatkit.widgets as widgets
from pydantic import TypeAdapter
TypeAdapter(widgets.WidgetRoot).validate_python(
    {"type": "Card", "children": [{"type": "Row", "children": [{"type": "Text", "value": "x"}]}]}
)
class Mine(widgets.Card):
    pass
"""


def test_row_24_neither_importing_nor_parsing_nor_subclassing_warns() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", PARSE_EVERYTHING], check=True, timeout=60)


def test_importing_widgets_does_not_import_the_agents_sdk() -> None:
    program = "import sys, chatkit_app.chatkit.widgets; sys.exit('agents' in sys.modules or 'reflex' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
