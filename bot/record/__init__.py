"""What the record of the weights (``config.json``) holds, and what is claimed from it."""
