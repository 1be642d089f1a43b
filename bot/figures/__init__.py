"""The figures of replies: each a PNG with a title and a sentence for those who cannot see it."""
