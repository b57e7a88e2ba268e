"""What `make docs` does: one site, complete in itself, that works from a server and from a disk."""
