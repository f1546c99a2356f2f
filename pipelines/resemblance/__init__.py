"""Fuzzy evidence: how much two profiles' names, places and contact points speak for one person.

`recipe` says what is compared, `weights.json` how much each agreement is worth, `scorer` adds it up.
Which pairs are compared and what follows from a score is SQL (dbt_project/models/identity).
"""
