"""How much a report costs, measured against a bare bolt command in the same run: `python -m tests.bench [PART ...]`.

Real server processes on one core, really signed requests from the other, real databases with durable settings, everything on loopback and
in a temporary folder. What is measured and what came out stands in docs/performance.md.
"""
