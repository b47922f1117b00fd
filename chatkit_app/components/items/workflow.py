"""Steps and reasoning: one line that unfolds. Open while the assistant thinks, folded after."""

import reflex as rx

from chatkit_app.components.icon import icon
from chatkit_app.components.items.assistant_message import source_link
from chatkit_app.components.markdown import growing_block, settled_block
from chatkit_app.state.rows import Row, TaskRow


def workflow(row: rx.Var[Row], blocks: rx.Var[list[str]], growing: rx.Var[str]) -> rx.Component:
    """A workflow or a single task."""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(row["text"], dir="auto", class_name=rx.cond(row["live"], "ck-shimmer", "")),
            icon("chevron-right", 16),
            class_name="ck-summary",
        ),
        rx.el.ul(rx.foreach(row["tasks"], _task), class_name="ck-tasks"),
        rx.cond(row["live"], rx.el.div(_growing(blocks, growing), class_name="ck-md ck-thought")),
        open=row["open"],
        class_name="ck-workflow",
        custom_attrs={"data-testid": "workflow"},
    )


def _growing(blocks: rx.Var[list[str]], growing: rx.Var[str]) -> rx.Component:
    return rx.fragment(
        rx.foreach(blocks, lambda text: settled_block(text=text)), rx.cond(growing != "", growing_block(text=growing))
    )


def _task(task: rx.Var[TaskRow]) -> rx.Component:
    return rx.el.li(
        rx.match(
            task["status"],
            ("loading", rx.el.span(class_name="ck-spinner", custom_attrs={"aria-hidden": "true"})),
            ("complete", icon("check", 14)),
            rx.el.span(class_name="ck-bullet", custom_attrs={"aria-hidden": "true"}),
        ),
        rx.el.div(
            rx.cond(task["title"] != "", rx.el.div(task["title"], class_name="ck-task-title", dir="auto")),
            rx.el.div(rx.foreach(task["blocks"], lambda text: settled_block(text=text)), class_name="ck-md ck-thought"),
            rx.foreach(task["queries"], lambda query: rx.el.div(query, class_name="ck-query", dir="auto")),
            rx.foreach(task["links"], lambda link: rx.el.div(source_link(link))),
        ),
        class_name="ck-task",
    )
