"""Importing the server is quick, quiet and needs neither openai nor openai-agents."""

import importlib
import subprocess
import sys
import warnings

import pytest

import chatkit_app.chatkit.server as ours
from chatkit_app.chatkit import actions, errors, store, types


def run(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()


def test_it_imports_without_openai_agents_installed():
    run("import sys; sys.modules['agents'] = sys.modules['openai'] = None; import chatkit_app.chatkit.server")


def test_nothing_heavy_is_imported_with_it():
    heavy = "agents", "openai", "reflex", "sqlalchemy", "starlette", "httpx", "jinja2"
    code = f"import chatkit_app.chatkit.server, sys; print(*[name for name in {heavy} if name in sys.modules])"
    assert run(code) == []


def test_the_agents_package_is_importable_from_it_as_programs_do():
    assert ours.agents is importlib.import_module("agents")


def test_a_name_it_does_not_have_is_missing():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ours.nothing


@pytest.mark.parametrize("module", [ours, store, types, actions, errors])
def test_every_public_name_of_the_official_module_is_there(module):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of itself
        official = importlib.import_module(module.__name__.removeprefix("chatkit_app."))
    beside_the_point = {
        "annotations",  # a __future__ feature
        "chat_completions_headers_override",  # private variables of another package
        "responses_headers_override",
    }
    names = {name for name in dir(official) if not name.startswith("_")}
    assert {name for name in names if not hasattr(module, name)} <= beside_the_point
