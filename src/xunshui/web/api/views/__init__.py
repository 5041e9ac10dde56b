"""Pages about the interface: the tokens of a person, and what the interface offers."""
