"""What the build of the page needs of us."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import reflex as rx

_ADDRESS = re.compile(r"([`\"'])(https?|wss?)://[^`\"'/]+(/[^`\"']*)\1")
_ORIGIN = {"ht": "location.origin", "ws": "location.origin.replace(/^http/,`ws`)"}


class SameOrigin(rx.plugins.Plugin):
    """Lets a built page speak to wherever it was loaded from.

    Reflex writes the host and port of the build into the page. In production page and server are one, so its own origin is always
    right: behind a proxy, in a container with another port, on any name, and without a new build.
    """

    def post_build(self, **context: Any) -> None:
        """Rewrite the addresses in the built page. Raises RuntimeError if Reflex no longer keeps them where they are looked for."""
        assets = Path(context["static_dir"]) / "assets"
        chunks = list(assets.glob("reflex-env-*.js"))
        if not chunks:
            raise RuntimeError(f"no reflex-env chunk in {assets}: this version of Reflex keeps its addresses elsewhere")
        for chunk in chunks:
            chunk.write_text(from_own_origin(chunk.read_text(encoding="utf-8")), encoding="utf-8")
            packed = chunk.with_name(f"{chunk.name}.gz")
            if packed.exists():
                packed.write_bytes(gzip.compress(chunk.read_bytes()))


def from_own_origin(script: str) -> str:
    """The same script with every literal address made from the page's own origin."""
    return _ADDRESS.sub(lambda found: f"{_ORIGIN[found[2][:2]]}+`{found[3]}`", script)
