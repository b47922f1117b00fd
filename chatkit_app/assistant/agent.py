"""Who answers: the agent's instructions, its model and its tools."""

from typing import Any

from agents import Agent, ModelSettings
from openai.types.shared import Reasoning

from chatkit_app.assistant.model import create_model
from chatkit_app.assistant.offline import offline_agent
from chatkit_app.assistant.tools import TOOLS
from chatkit_app.settings import LOCAL, OFFLINE, Settings

INSTRUCTIONS = """\
You are a friendly, precise assistant. Answer in the language of the user's last message.
Write Markdown where it helps: short paragraphs, lists for steps, tables for comparisons, fenced code with its language,
formulas between dollar signs. Use a tool when it knows better than you. Say so when you do not know.
"""

SHORT_INSTRUCTIONS = "You are a helpful assistant."
"""A model of 135 million parameters answers best to the sentence it was trained with; more confuses it."""


def create_agent(settings: Settings) -> Agent[Any]:
    """The agent for these settings; without a model, the offline assistant.

    Raises SettingsError when the chosen model cannot be set up.
    """
    if settings.model == OFFLINE:
        return offline_agent(settings.offline_pace)
    model = create_model(settings)
    if settings.model == LOCAL:
        # A model this small calls tools at random; and it may not know when to stop.
        limits = ModelSettings(temperature=0.2, top_p=0.9, max_tokens=512)
        return Agent(name="Assistant", instructions=SHORT_INSTRUCTIONS, model=model, model_settings=limits)
    thinking = ModelSettings()
    if settings.reasoning:
        thinking = ModelSettings(reasoning=Reasoning(effort=settings.reasoning, summary="auto"))
    return Agent(name="Assistant", instructions=INSTRUCTIONS, model=model, tools=TOOLS, model_settings=thinking)
