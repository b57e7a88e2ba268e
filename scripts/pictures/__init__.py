"""What `make pictures` draws for the README and the documentation."""
