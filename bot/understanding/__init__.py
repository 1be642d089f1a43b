"""How a sentence becomes a question: words as data, one file per language; see ``bot/understand.py``."""
