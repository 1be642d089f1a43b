"""What a visitor sees: the conversation, the drawing pad, the example digits. Only ``app.py`` puts them together."""
