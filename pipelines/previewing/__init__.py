"""`firsthand preview`: who would merge and who would part under other rules, before anybody does.

changes says what is other, before copies what stands, comparison sets both side by side, preview runs the
engine in between. Nothing of the company is written: all happens in a warehouse that is thrown away.
"""
