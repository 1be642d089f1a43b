"""How faithful the maps of every method are, beside two controls: ``python -m benchmarks.faithfulness``."""
