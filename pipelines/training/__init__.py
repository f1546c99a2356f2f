"""What each agreement is worth for one company: weights learned from its own records, apart from daily runs.

`keys` are where pairs to learn from meet, `prior` how many of all pairs are one person, both looked at before
anything is learned; `em` lets Splink learn, `lessons` makes bits of it and refuses what makes no sense,
`kept` writes the file. The recipe is that of scoring (pipelines/resemblance).
"""


class Refused(Exception):
    """Training would teach nonsense; the text says why, and what to do instead."""
