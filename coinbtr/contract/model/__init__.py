"""The reference model: a small exchange that predicts each answer, and what compares the two.

Written from the description and its rulings only; it shares nothing with the sandbox.
"""
