"""Requests to a model provider name ChatKit, in every task and only while a handler runs."""

import asyncio
import contextvars

import agents
import pytest
from agents.models import openai_chatcompletions, openai_responses

from chatkit_app.chatkit.server import agents_sdk_user_agent_override
from chatkit_app.chatkit.version import __version__

from ..scripted import ScriptedServer, a_thread, add, begins, kinds, open_stream, said, stream, word

OURS = {"User-Agent": f"Agents/Python {agents.version.__version__} ChatKit/Python {__version__}"}


def named():
    return openai_responses._HEADERS_OVERRIDE.get(), openai_chatcompletions.HEADERS_OVERRIDE.get()


async def test_a_handler_and_the_tasks_it_starts_are_named_and_nobody_else_afterwards():
    seen = []

    async def look():
        seen.append(named())

    async def answer(thread, message, context):
        yield begins(said("thr_1"))
        await asyncio.create_task(look())
        yield word("x")

    server = ScriptedServer(answer)
    await a_thread(server)
    await stream(server, add("thr_1"))
    assert seen == [(OURS, OURS)]
    assert named() == (None, None)


async def test_row_20_a_handler_that_fails_leaves_no_name_behind():
    async def answer(thread, message, context):
        yield begins(said("thr_1"))
        raise RuntimeError("boom")

    server = ScriptedServer(answer)
    await a_thread(server)
    await stream(server, add("thr_1"))
    assert named() == (None, None)


async def test_row_20_steps_may_be_taken_by_different_tasks():
    seen = []

    async def answer(thread, message, context):
        for text in "abc":
            seen.append(named())
            yield word(text)

    server = ScriptedServer(answer)
    await a_thread(server)
    iterator = aiter(await open_stream(server, add("thr_1")))
    chunks = []
    while True:
        step = asyncio.create_task(anext(iterator, None), context=contextvars.Context())
        chunk = await step
        if chunk is None:
            break
        chunks.append(chunk)
    assert len(chunks) == 5
    assert not any(b'"error"' in chunk for chunk in chunks)
    assert seen == [(OURS, OURS)] * 3


async def test_a_name_set_by_the_program_is_left_alone():
    mine = {"User-Agent": "mine"}

    async def answer(thread, message, context):
        token = openai_responses._HEADERS_OVERRIDE.set(mine)
        yield begins(said("thr_1"))
        assert openai_responses._HEADERS_OVERRIDE.get() is mine
        openai_responses._HEADERS_OVERRIDE.reset(token)
        yield word("x")

    server = ScriptedServer(answer)
    await a_thread(server)
    assert "error" not in kinds(await stream(server, add("thr_1")))


def test_the_override_ends_although_its_body_fails():
    with pytest.raises(RuntimeError), agents_sdk_user_agent_override():
        assert named() == (OURS, OURS)
        raise RuntimeError
    assert named() == (None, None)
