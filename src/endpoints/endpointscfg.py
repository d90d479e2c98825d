"""Old module path of the tool: `python -m endpoints.endpointscfg`, and what the command of its name calls."""

import sys

from endpoints.cli.endpointscfg import main

if __name__ == "__main__":
    sys.exit(main())
