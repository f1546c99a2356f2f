"""What every published table, column and measure means, in French and English: read from where dbt is told.

    described    the contracts of the marts (dbt_project/models/marts/*.yml) and of what stands beside them
    words        how units and ways of adding up are said
    pages        docs/dictionary.en.md and docs/dictionary.fr.md, made by `make dictionary`

There is no second list: column comments of the files, the mirror's, these pages and the tools of
`firsthand mcp` say the same words.
"""
