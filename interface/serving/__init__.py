"""What every request and the process itself need: limits, uploads, who waits, who leaves, start and end."""
