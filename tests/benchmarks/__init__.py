"""Measurements, run by hand. Each prints a table and compares within one run."""
