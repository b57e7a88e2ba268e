"""Lets `python -m coinbtr.cli` do what the command `coinbtr` does."""

from coinbtr.cli import main

main()
