"""Is the simulator true to the platforms? Asked by the vendors' own clients and published schema.

Nothing of the project imports this package, and it has an environment of its own (.fidelity/): the
vendors' clients are no part of what a user installs.
"""
