"""A real browser against a real server: the programme walked as people walk it."""
