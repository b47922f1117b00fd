"""What holds for every test."""

from hypothesis import HealthCheck, settings

# Machines are shared and differ: a generated test is judged by what it finds, never by how long an example took.
settings.register_profile("shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared-machine")
