"""Lessons: the bot asks, the pupil answers, and the answer is tested on the network."""
