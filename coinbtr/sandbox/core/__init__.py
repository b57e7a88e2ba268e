"""The exchange itself: pure, deterministic, integers inside; it knows nothing of HTTP or files."""
