"""How what a user saw differs from what is stored."""

import difflib
import json
from collections import Counter
from collections.abc import Iterator

from chatkit_app.chatkit.types import ThreadItem
from chatkit_app.chatkit.types.reduce import ThreadView


def differences(seen: ThreadView, stored: ThreadView) -> str:
    """Lines with what was only seen (-) and what is only stored (+); empty if the two are the same."""
    return "\n".join([*_of_the_threads(seen, stored), *_of_the_items(seen, stored)])


def _of_the_threads(seen: ThreadView, stored: ThreadView) -> Iterator[str]:
    if seen.thread != stored.thread:
        yield from _changed("thread", str(seen.thread), str(stored.thread))


def _of_the_items(seen: ThreadView, stored: ThreadView) -> Iterator[str]:
    before, after = _by_id(seen), _by_id(stored)
    for item_id in before.keys() - after.keys():
        yield f"- {before[item_id].type} {item_id!r} is not stored"
    for item_id in after.keys() - before.keys():
        yield f"+ {after[item_id].type} {item_id!r} was not seen"
    times = Counter(item.id for item in stored.items)
    for item_id in (item_id for item_id in after if times[item_id] > 1):
        yield f"+ {after[item_id].type} {item_id!r} is stored {times[item_id]} times"
    both = [item_id for item_id in before if item_id in after]
    for item_id in both:
        if before[item_id] != after[item_id]:
            name = f"{before[item_id].type} {item_id!r}"
            yield from _changed(name, _json(before[item_id]), _json(after[item_id]))
    order = [item_id for item_id in after if item_id in before]
    if order != both:
        yield f"- in the order {both}"
        yield f"+ in the order {order}"


def _by_id(view: ThreadView) -> dict[str, ThreadItem]:
    return {item.id: item for item in view.items}


def _changed(name: str, before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    yield f"  {name}:"
    yield from (f"  {line}" for line in lines if not line.startswith(("---", "+++", "@@")))


def _json(item: ThreadItem) -> str:
    return json.dumps(item.model_dump(mode="json", exclude_none=True), indent=1, ensure_ascii=False)
