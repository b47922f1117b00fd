"""Yours to edit: what this chat says and how it looks."""
