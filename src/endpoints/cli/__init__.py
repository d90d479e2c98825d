"""The command line: `endpoints COMMAND ...`, one module for each command."""
