"""Which of the ink parts are kept: the table of runs with some erased, and what follows from it."""
