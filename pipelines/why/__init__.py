"""Why two records are one person, or why they are two: what `firsthand why` prints.

`whom` the words mean, what is between two records (`pairs`), how those hang together (`chain`), what follows
(`case`), and the telling of it (`shown`, `words`). Looks at the private warehouse and writes nothing in it.
"""
