"""How many examples are tried: the same few in every run; `--hypothesis-profile=thorough` tries many others."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "steady", derandomize=True, max_examples=40, deadline=None, database=None, suppress_health_check=_SLOW_TO_DRAW
)
settings.register_profile("thorough", max_examples=1500, deadline=None, suppress_health_check=_SLOW_TO_DRAW)
settings.load_profile("steady")
