"""The version of this framework, and of the protocol it follows."""

from importlib.metadata import PackageNotFoundError, version

PROTOCOL_VERSION = "1.6.5"
"""The release of the ChatKit Python protocol whose behaviour this package follows."""


def _installed_version() -> str:
    try:
        return version("open-chatkit")
    except PackageNotFoundError:
        return "0.0.0"


__version__ = _installed_version()
"""Version of the installed distribution; `0.0.0` when running from a checkout."""
