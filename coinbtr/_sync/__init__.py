# Derived from coinbtr/_async/__init__.py by `make generate`: edit that file, not this one.
"""The facade as it is written by hand; the sync one is derived from it."""
