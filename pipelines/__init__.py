"""The pipeline: extraction, the door, warehouse, publication, command line. Start at definitions.py."""
