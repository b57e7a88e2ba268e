"""What stands around the pinned generator: exact decimals, template edits, the operation table."""
