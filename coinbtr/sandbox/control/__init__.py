"""The control plane: what is done to the exchange by its owner, in Python and below `/_sandbox`."""
