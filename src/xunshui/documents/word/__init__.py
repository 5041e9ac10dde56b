"""Word's own ways: type with a Chinese font set, page frame with page numbers, tables with a head that repeats."""
