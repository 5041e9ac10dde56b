"""Pages of the programme: each view looks something up or makes one call into a verb, and shows a page."""
