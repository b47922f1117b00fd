"""Markdown that grows: finished blocks and one tail.

A streamed answer is re-parsed on every flush, so only its last block may change. This package cuts Markdown at boundaries where parsing
the pieces apart gives what parsing the whole would (`blocks`), writes formulas the one way the renderer takes (`formulas`), and makes
the unfinished end safe to show: an open `**`, link or table must not flash its raw syntax (`unfinished`). Pure: no clock, no state
class. Every step takes time in proportion to the text, whatever the text is.
"""

from chatkit_app.state.markdown.blocks import MarkdownStream, split
from chatkit_app.state.markdown.formulas import prepare
from chatkit_app.state.markdown.unfinished import safe_tail

__all__ = ["MarkdownStream", "prepare", "safe_tail", "split"]
