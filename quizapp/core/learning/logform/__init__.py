"""How logs of reviews look that other programs write: their bytes, their rows, their columns, their cells."""
