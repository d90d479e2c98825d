"""Control: which API keys are good, and how much their consumers, or other callers, may call (D10).

The package takes 10 ms to import, which a server without keys and quotas does not pay for.
"""

VARIABLE = "ENDPOINTS_CONTROL"
"""Environment variable that says where keys and quotas are kept."""
SERVICE_NAME = "ENDPOINTS_SERVICE_NAME"
"""Environment variable with the name of a service at Google, whose keys and quotas are kept there."""
WORKERS = "ENDPOINTS_WORKERS"
"""Environment variable that tells processes of `endpoints serve` how many there are."""
