"""`make bench`: what things cost, as ratios to a peer that ran beside them in the same minutes.

CPU time, not wall time: the machine may be shared and noisy.
"""
