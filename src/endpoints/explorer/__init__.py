"""The API Explorer: a page of the server's own on which people try its APIs. docs/explorer.md tells how to use it."""
