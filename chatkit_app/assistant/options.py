"""How this chat looks and what it offers. Change a value, and the page follows."""

from chatkit_app.options import (
    Composer,
    Disclaimer,
    Header,
    History,
    Options,
    Prompt,
    StartScreen,
    Theme,
    ThreadItemActions,
    ThreadOptions,
)

OPTIONS = Options(
    theme=Theme(color_scheme="system"),
    header=Header(),
    history=History(),
    start_screen=StartScreen(
        greeting="What can I help with today?",
        prompts=(
            Prompt(label="Take the tour", prompt="What can you do?", icon="compass"),
            Prompt(label="See rich text", prompt="Show me Markdown: tables, code and formulas", icon="document"),
            Prompt(label="Use a tool", prompt="Use a tool: what time is it in Tokyo?", icon="clock"),
            Prompt(label="Think it through", prompt="Think about how to plan a small garden", icon="lightbulb"),
        ),
    ),
    composer=Composer(placeholder="Message the assistant"),
    thread_item_actions=ThreadItemActions(feedback=True, retry=True),
    disclaimer=Disclaimer(text="Answers can be wrong. Check what matters."),
    thread=ThreadOptions(auto_scroll=True),
)
