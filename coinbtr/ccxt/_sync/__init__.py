# Derived from coinbtr/ccxt/_async/__init__.py by `make generate`: edit that file, not this one.
"""The sync exchange for ccxt as it is written by hand; the sync one is derived from it."""
