"""Experiments that take longer than a notebook may: they write their results to book/data/results."""
