"""The wire seam: what is sent, what carries it, and what may come back; nothing of the API's meaning."""
