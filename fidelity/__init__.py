"""What others wrote, as our judge: vendors' own clients and schemas for the simulator, axe for our pages.

Nothing that a user installs imports this package. The vendors' clients have an environment of their own
(.fidelity/).
"""
