"""Erasing people: plan (who, and what hangs on them), members and values (theirs), inside (the warehouse's
tables), rewriting (its file), leftovers (every other store), carrying_out (all of it, again after a crash),
platforms, receipt."""
