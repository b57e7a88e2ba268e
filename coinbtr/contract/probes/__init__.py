"""The probes: sequences of requests, each module looking for one kind of deviation."""
