"""Sentences by language: one way to say what a table of words holds."""

from collections.abc import Callable, Mapping

Words = Mapping[str, Mapping[str, str]]


def teller(words: Words) -> Callable[..., str]:
    """say(language, key, **values): the sentence, with its values in it. Raises KeyError."""

    def say(language: str, key: str, **values: object) -> str:
        return words[language][key].format(**values)

    return say
