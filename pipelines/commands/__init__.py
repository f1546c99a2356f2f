"""One module per command of `firsthand`: `add(parser)` names its arguments, `run(args, home)` does it.

Modules import what is heavy inside their functions: `firsthand --help` answers at once.
"""
