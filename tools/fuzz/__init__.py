"""Fuzzing: damaged site files through the real command line, each reproducible by its seed and number.

`python -m tools.fuzz --count 10000 --seed 1` ends with exit code 0 where every file came to a verdict (0) or
to a message (2), without a traceback and within five seconds.
"""
