"""Metrics of a server, for the system that collects them: `api_server(..., observers=[Prometheus()])`.

`prometheus.py` has `Prometheus`, `opentelemetry.py` has `OpenTelemetry`; each needs the extra of its name. `series.py`
says what both count, and by what.
"""
