"""Links to an answer: what an address asks for, the picture that it may hold, and how it is made and copied."""
