"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# A loaded machine is slow, not wrong. CI repeats the same examples, so that a red run can be repeated too.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")
