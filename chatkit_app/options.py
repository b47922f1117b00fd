"""The shape of what a chat looks like and offers: ChatKit's options, in Python's spelling.

Options are data. They are read from Python (`start_screen=…`) and from a page's JavaScript object (`startScreen: …`)
alike, and a whole new set may replace the old one at any moment. Keys that are unknown here are ignored.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from chatkit_app.chatkit.icons import IconName
from chatkit_app.chatkit.types import UserMessageContent

ColorScheme = Literal["system", "light", "dark"]


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")


class Prompt(_Part):
    """A starter prompt: a click on it sends its text as the user's message."""

    label: str
    """What the button says."""
    prompt: str | tuple[UserMessageContent, ...]
    """What is sent: text, or ChatKit message content (`input_text` and `input_tag` parts)."""
    icon: IconName | None = None


class StartScreen(_Part):
    """What a new chat shows before the first message."""

    greeting: str | None = None
    """Plain text. None: the locale's own greeting."""
    prompts: tuple[Prompt, ...] = ()


class HeaderTitle(_Part):
    """The title in the header."""

    enabled: bool = True
    text: str | None = None
    """A fixed title. None: the title of the open thread."""


class Header(_Part):
    """The bar at the top."""

    enabled: bool = True
    title: HeaderTitle = HeaderTitle()


class History(_Part):
    """The list of earlier threads."""

    enabled: bool = True
    show_delete: bool = True
    show_rename: bool = True


class Attachments(_Part):
    """Files in the composer."""

    enabled: bool = False
    max_size: int | dict[str, int] = 100 * 1024 * 1024
    """Largest file in bytes, or by MIME pattern (`image/*`; `*` for the rest)."""
    max_count: int = Field(10, ge=1)
    """Most files in one message."""
    accept: dict[str, list[str]] | None = None
    """MIME type to extensions. None: every file."""


class ComposerTool(_Part):
    """A tool the user can choose for the next message; its id travels with the message."""

    id: str
    label: str
    icon: IconName
    short_label: str | None = None
    placeholder_override: str | None = None
    pinned: bool = False
    """Has a button of its own, outside the menu."""
    persistent: bool = False
    """Stays chosen after sending."""


class ComposerModel(_Part):
    """A model the user can choose; its id travels with the message."""

    id: str
    label: str
    description: str | None = None
    disabled: bool = False
    default: bool = False


class Dictation(_Part):
    """The microphone button."""

    enabled: bool = False


class Composer(_Part):
    """Where the user writes."""

    placeholder: str | None = None
    """None: the locale's own."""
    attachments: Attachments = Attachments()
    tools: tuple[ComposerTool, ...] = ()
    models: tuple[ComposerModel, ...] = ()
    dictation: Dictation = Dictation()


class ThreadItemActions(_Part):
    """Buttons under an answer. Copy is always there."""

    feedback: bool = False
    retry: bool = False


class Disclaimer(_Part):
    """A line of Markdown below the composer."""

    text: str
    high_contrast: bool = False


class FontSource(_Part):
    """A web font to load."""

    family: str
    src: str
    weight: str | int | None = None
    style: Literal["normal", "italic", "oblique"] = "normal"
    display: Literal["auto", "block", "swap", "fallback", "optional"] = "auto"
    unicode_range: str | None = None


class Typography(_Part):
    """Letters: sizes in px, families as CSS font stacks. None: the theme's own."""

    base_size: Literal[14, 15, 16, 17, 18] = 16
    font_family: str | None = None
    font_family_mono: str | None = None
    font_sources: tuple[FontSource, ...] = ()


class Grayscale(_Part):
    """What the neutral colours derive from."""

    hue: float = Field(ge=0, le=360)
    tint: int = Field(ge=0, le=9)
    shade: int = Field(0, ge=-4, le=4)


class Accent(_Part):
    """The accent colour (any CSS colour) and how far it spreads: 0 to 3."""

    primary: str
    level: int = Field(1, ge=0, le=3)


class Surface(_Part):
    """CSS colours of the page and of what is written on it."""

    background: str
    foreground: str


class Color(_Part):
    """The palette. None: the theme's own."""

    grayscale: Grayscale | None = None
    accent: Accent | None = None
    surface: Surface | None = None


class Theme(_Part):
    """How the chat looks."""

    color_scheme: ColorScheme = "light"
    """`system` follows the reader's machine."""
    radius: Literal["pill", "round", "soft", "sharp"] = "pill"
    density: Literal["compact", "normal", "spacious"] = "normal"
    typography: Typography = Typography()
    color: Color = Color()


class ThreadOptions(_Part):
    """How a thread behaves."""

    auto_scroll: bool = False
    """Follow the answer as it grows, while the reader is near the end."""


class Options(_Part):
    """Everything a chat offers and how it looks. Immutable: make a changed copy with `model_copy(update=…)`."""

    locale: str | None = None
    """Language of our own words. None: the browser's."""
    theme: Theme = Theme()
    frame_title: str = "Chat"
    """Accessible name of the chat."""
    initial_thread: str | None = None
    """Thread opened first. None: a new chat."""
    header: Header = Header()
    history: History = History()
    start_screen: StartScreen = StartScreen()
    composer: Composer = Composer()
    thread_item_actions: ThreadItemActions = ThreadItemActions()
    disclaimer: Disclaimer | None = None
    thread: ThreadOptions = ThreadOptions()

    @field_validator("theme", mode="before")
    @classmethod
    def _scheme_alone(cls, value: Any) -> Any:
        return {"color_scheme": value} if isinstance(value, str) else value
