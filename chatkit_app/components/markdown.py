"""What the assistant wrote, drawn: GitHub-flavoured Markdown with highlighted code and formulas, and never HTML.

Raw HTML in the text stays text, links leave in a new tab and only to http, https and mail addresses, and a picture from another host
is a link that names the host unless the operator listed it.
"""

from typing import Any

import reflex as rx
from reflex_components_markdown.markdown import Markdown

from chatkit_app.components.icon import icon
from chatkit_app.components.link import outward_link
from chatkit_app.state.options import OptionsState

_plugin = rx.markdown.plugin
_SINGLE_DOLLAR_OFF = rx.Var("({singleDollarTextMath: false})")
_KATEX = rx.Var("({trust: false, maxExpand: 500, maxSize: 50, strict: 'ignore', throwOnError: false})")
_REMARK = [_plugin.gfm, rx.Var.create((_plugin.math, _SINGLE_DOLLAR_OFF))]
_REHYPE = [rx.Var.create((_plugin.katex, _KATEX))]
_HIGHLIGHT = _plugin("rehype-highlight@7.0.2", "rehypeHighlight")
_HIGHLIGHT_OPTIONS = rx.Var("({detect: false, plainText: ['text', 'txt', 'plain']})")

_CHILDREN = rx.Var("children", _var_type=str)


class StableMarkdown(Markdown):
    """Reflex's Markdown with one component map for the life of the page.

    The original makes a new map, so new component types, at every render: React then throws away and rebuilds all of the drawn
    Markdown on each flush of a stream, and with it the reader's selection and the scroll position of code.
    """

    def _get_custom_code(self) -> str:
        name = self._get_component_map_name()
        return f"{super()._get_custom_code()}\nconst {name}_stable = {name}();\n"

    def _render(self) -> Any:
        return (
            super()
            ._render()
            .add_props(
                components=rx.Var(f"{self._get_component_map_name()}_stable"),
                urlTransform=rx.Var(_URL_POLICY),
            )
        )

    def _get_codeblock_fn_var(self) -> rx.Var:
        # The original flattens the code to a string for its own highlighter; ours is already highlighted when it gets here.
        return self._get_tag_map_fn_var("pre")


# Anything but these schemes becomes an empty address. Relative addresses too: a model knows nothing of our own paths.
_URL_POLICY = "((url) => /^(https?:\\/\\/|mailto:|#)/i.test(url) ? url : '')"


def _link(*_: object) -> rx.Component:
    return outward_link(_CHILDREN)


def _table(*_: object) -> rx.Component:
    return rx.el.div(rx.el.table(_CHILDREN), class_name="ck-table", tab_index=0, role="group")


def _code_block(*_: object) -> rx.Component:
    return rx.el.div(copy_code(), rx.el.pre(_CHILDREN), class_name="ck-code")


def _image(*_: object) -> rx.Component:
    return remote_image(src=rx.Var("props.src ?? ''", _var_type=str), alt=rx.Var("props.alt ?? ''", _var_type=str))


def _plain(tag: Any) -> Any:
    return lambda *_: tag(_CHILDREN)


_el = rx.el
# The page's own outline has the levels 1 and 2, so an answer's headings start at 3.
_COMPONENTS = {
    **{f"h{level}": _plain(getattr(_el, f"h{min(level + 2, 6)}")) for level in range(1, 7)},
    **{tag: _plain(getattr(_el, tag)) for tag in ("p", "ul", "ol", "li", "code")},
    "a": _link,
    "table": _table,
    "pre": _code_block,
    "img": _image,
}


@rx.memo
def copy_code() -> rx.Component:
    """The button over a block of code. `assets/chat.js` does the copying: a browser only allows it within the click."""
    return rx.el.button(
        icon("copy"),
        rx.el.span(OptionsState.words["copy_code"], class_name="ck-sr"),
        type="button",
        class_name="ck-icon-button ck-code-copy",
        custom_attrs={"data-copy": "code", "data-copied": OptionsState.words["copied"]},
    )


@rx.memo
def remote_image(src: rx.Var[str], alt: rx.Var[str]) -> rx.Component:
    """A picture in an answer, or a link that names its host when the operator has not listed that host."""
    host = rx.Var(f"((u) => {{ try {{ return new URL(u).host }} catch {{ return '' }} }})({src!s})").to(str)
    return rx.cond(
        OptionsState.image_hosts.contains(host),
        rx.el.img(src=src, alt=alt, loading="lazy", referrer_policy="no-referrer", class_name="ck-image"),
        outward_link(
            icon("images"),
            rx.el.span(rx.cond(host != "", OptionsState.words["image_blocked"].replace("{host}", host), alt)),
            rx.cond(alt != "", rx.el.span(alt, class_name="ck-blocked-alt")),
            href=src,
            class_name="ck-blocked-image",
            custom_attrs={"data-testid": "blocked-image"},
        ),
    )


@rx.memo
def settled_block(text: rx.Var[str]) -> rx.Component:
    """One finished block. Its text never changes, so it is drawn once.

    Each drawing sets up its plug-ins anew, and a highlighter learns forty languages then: only blocks with code pay for that.
    """
    has_code = text.to(str).contains("```") | text.to(str).contains("~~~")
    highlight = rx.Var.create((_HIGHLIGHT, _HIGHLIGHT_OPTIONS))
    return rx.cond(has_code, _markdown(text, [*_REHYPE, highlight]), _markdown(text, _REHYPE))


@rx.memo
def growing_block(text: rx.Var[str]) -> rx.Component:
    """The block that is still growing: the same look, but colours come to code only when it is finished."""
    return _markdown(text, _REHYPE)


def _markdown(text: rx.Var[str], rehype: list[rx.Var]) -> rx.Component:
    return StableMarkdown.create(
        text, component_map=_COMPONENTS, remark_plugins=rx.Var.create(_REMARK), rehype_plugins=rx.Var.create(rehype)
    )
