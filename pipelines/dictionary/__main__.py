"""Write the pages: `make dictionary`."""

from pipelines.dictionary import pages
from pipelines.dictionary.described import LANGUAGES

for language in LANGUAGES:
    pages.path(language).write_text(pages.page(language), encoding="utf-8")
