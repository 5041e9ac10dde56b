"""The public catalogue: published cases with their verified figures, searchable, as pages, feed and data."""
