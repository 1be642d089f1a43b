"""The conversation: what a visitor does and is shown, the words of the page, and when all of it is forgotten."""
