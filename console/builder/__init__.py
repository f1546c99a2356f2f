"""The builder of audiences: conditions as the fields of a plain form, and back, without losing one.

    nodes     what the form holds: groups and conditions, their values as text
    values    a value as somebody types it, and as the YAML holds it
    trees     nodes from an audience's conditions, and conditions from nodes, with each one's place
    fields    nodes from what was posted, and what is posted of them; adding and removing
    choices   which values a field takes, read from what is published
    drawn     what the page is drawn from
    view      that of nodes: words, choices, and what is wrong beside each
    told      conditions in words, for whoever only reads them
    draft     the whole form with its names, and whether it can be kept

What conditions mean is docs/audiences.md; nothing here makes SQL.
"""
