"""The console: a site as it runs now, from its own readings; every figure leads down to a frame."""
