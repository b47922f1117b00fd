"""What the assistant said: Markdown over the whole width, finished blocks first and the growing one last."""

import reflex as rx

from chatkit_app.components.link import outward_link
from chatkit_app.components.markdown import growing_block, settled_block
from chatkit_app.state.options import OptionsState
from chatkit_app.state.rows import Row


def assistant_message(row: rx.Var[Row], blocks: rx.Var[list[str]], growing: rx.Var[str]) -> rx.Component:
    """An answer and the sources it names."""
    return rx.el.article(
        rx.el.h3(OptionsState.words["assistant_said"], class_name="ck-sr"),
        rx.el.div(
            rx.foreach(blocks, _block),
            rx.cond(growing != "", rx.el.div(growing_block(text=growing), class_name="ck-block", dir="auto")),
            class_name="ck-md",
        ),
        rx.cond(row["links"].length() > 0, sources(row)),
        class_name="ck-assistant",
        custom_attrs={"data-testid": "assistant-message"},
    )


def _block(text: rx.Var[str]) -> rx.Component:
    # The source stays with what is drawn: the copy button puts the blocks together again without asking the server.
    return rx.el.div(settled_block(text=text), class_name="ck-block", dir="auto", custom_attrs={"data-source": text})


def sources(row: rx.Var[Row]) -> rx.Component:
    """The folded list of sources."""
    return rx.el.details(
        rx.el.summary(OptionsState.words["sources"]),
        rx.el.ol(rx.foreach(row["links"], lambda link: rx.el.li(source_link(link)))),
        class_name="ck-sources",
    )


def source_link(link: rx.Var[dict[str, str]]) -> rx.Component:
    """A source by its title: a link if it has an address."""
    return rx.cond(
        link["url"] != "",
        outward_link(link["title"], href=link["url"], dir="auto"),
        rx.el.span(link["title"], dir="auto"),
    )
