"""What the company owns, what it rents, and what is left if a platform goes: questions on what is published.

The facts are marts (customer_ownership, order_ownership); what depends on the question is SQL here, one file
a figure. Formulas and limits: docs/ownership.md.
"""
