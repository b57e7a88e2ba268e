"""The async exchange for ccxt as it is written by hand; the sync one is derived from it."""
