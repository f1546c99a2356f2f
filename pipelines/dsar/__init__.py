"""A person's own data, as the law lets them ask for it: gather (what there is), write (the folder), words."""
