"""What is decided about sending: again or not, after which wait, and what is known of the outcome.

Pure: nothing here opens a connection. The seam (`coinbtr/_async/seam.py`) asks it.
"""
