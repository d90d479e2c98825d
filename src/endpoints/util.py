"""The original's module of odds and ends; what applications took from it."""

from endpoints.hosts import default_hostname as get_app_hostname

__all__ = ["get_app_hostname"]
