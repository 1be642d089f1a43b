"""Pictures changed and run again: what a person asks for, what would make it another digit, how far it holds."""
