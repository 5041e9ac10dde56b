"""The pages of the catalogue; each asks once and renders."""
