"""The wire seam: what is sent, what carries it, what may come back, without the API's meaning."""
