"""`python -m endpoints` is the `endpoints` command."""

import sys

from endpoints.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
