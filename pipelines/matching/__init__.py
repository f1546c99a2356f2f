"""`firsthand match`: the matching engine over a file of records, in a warehouse that is thrown away.

columns says what a header means, reading brings the file in, profiles makes the engine's input of it,
engine runs dbt, result writes whose each record is.
"""


class MatchError(Exception):
    """The file cannot be matched as it is; the text says why and what to do. It holds no person."""
