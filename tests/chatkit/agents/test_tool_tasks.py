from types import SimpleNamespace

import pytest

from chatkit_app.chatkit.agents.tool_tasks import HOSTED, LONGEST, ToolTasks, headline


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("get_weather", "Get weather"),
        ("getWeather", "Get weather"),
        ("search-PDF_files", "Search PDF files"),
        ("x", "X"),
        ("__", ""),
    ],
)
def test_a_name_becomes_a_headline(name: str, words: str):
    assert headline(name) == words


def test_every_kind_of_call_has_a_method():
    assert all(callable(getattr(ToolTasks, method)) for method in HOSTED.values())


def test_long_arguments_are_cut_and_broken_ones_left_out():
    tasks = ToolTasks()

    assert len(tasks.function_task("f", f'{{"a": "{"x" * 9000}"}}', None).content) < LONGEST + 20
    assert tasks.function_task("f", '{"a": ', None).content is None
    assert tasks.function_task("f", "{}", "Its title").title == "Its title"


def test_a_look_at_a_page_names_the_page():
    opened = SimpleNamespace(action=SimpleNamespace(type="open_page", url="https://yr.no/oslo"))
    searched = SimpleNamespace(action=SimpleNamespace(type="find_in_page", url="https://yr.no", pattern="rain"))
    tasks = ToolTasks()

    assert [source.title for source in tasks.web_search_task(opened).sources] == ["yr.no"]
    assert tasks.web_search_task(searched).title_query == "rain"
    assert tasks.web_search_task(SimpleNamespace()).queries == []
