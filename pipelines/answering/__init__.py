"""Questions in plain words, for a program that talks with a language model: tools with names, no SQL.

    publication  bi.duckdb opened for one question, and which of its columns may be asked by
    hiding       what is told of a group: of a small one nothing, else rounded, nearly one group is one
    texts        words that somebody else wrote, bounded and marked
    describing   which tables, columns and measures there are
    figures      a measure by columns and months
    people       how many an audience means
    campaigns    campaigns side by side
    blackout     what goes when a platform goes
    tools        what each may be asked
    server       those over standard input and output (`firsthand mcp`)

bi.duckdb is the only data that is read. What it does not protect from stands in docs/bi.md.
"""
