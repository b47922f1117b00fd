"""The framework's logger. It is configured by the host program, not by importing it."""

import logging

logger = logging.getLogger("chatkit")
"""INFO for every request, WARNING for input dropped, ERROR with the cause for failures of our own."""
