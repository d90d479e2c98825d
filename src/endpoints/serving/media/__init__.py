"""Uploads and downloads, by the protocols of Google's APIs."""
