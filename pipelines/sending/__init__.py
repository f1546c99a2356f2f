"""Audiences on the lists of mail tools: whoever may be written to now, kept in step, and nobody else."""
