"""A made-up company and the platforms it uses, speaking their real protocols over HTTP on loopback."""
