"""Printable pages: blocks in, one HTML file out (or lines for a terminal); no script, no foreign address.

Every picture stands over the table of what it shows. A page prints on A4; the console serves the same.
"""
