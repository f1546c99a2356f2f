"""Audiences: a question about people, written as a tree of conditions in audiences/<name>.yaml.

    tree         the YAML read into conditions, each knowing its place
    vocabulary   which fields there are: read from what is published, never from the audience
    compiling    conditions into SQL whose values are parameters, always
    store        the company's audiences with every saved version, and those that are shipped
    asking       counts, reasons, value, overlap and a sample, from serving/current

What the conditions mean, to the last unknown value, is docs/audiences.md; tests/audience_oracle.py is
written from that page and not from this code.
"""
