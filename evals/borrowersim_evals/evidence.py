"""Text under judgement is data: made harmless before a model reads it, found again in what it quotes."""

from borrowersim.text import han_share

_CUT = " […] "
LEAST_HAN, LEAST_LETTERS, HALF = 2, 6, 0.5


def defused(text: str, most: int) -> str:
    """Return the text on one line, unable to open or close a tag; a very long one loses its middle.

    Each `<` and `>` becomes a look-alike, one for one, so that a quote can be found again.
    """
    line = " ".join(text.split()).replace("<", "‹").replace(">", "›")
    if len(line) <= most:
        return line
    half = (most - len(_CUT)) // 2
    return line[:half] + _CUT + line[-half:]


def quoted(quote: str, text: str) -> str | None:
    """Return the exact part of the text that a quote repeats, or None when it does not.

    Spaces do not count, nor do quotation marks around the whole quote or a full stop after it. A
    scrap is no evidence: two Chinese characters or six letters are the least.
    """
    wanted = _bare(quote.strip().strip("\"'“”「」『』").rstrip("….。"))[0]
    bare, places = _bare(text)
    at = bare.find(wanted) if _says_something(wanted) else -1
    return text[places[at] : places[at + len(wanted) - 1] + 1] if at >= 0 else None


def _says_something(quote: str) -> bool:
    """Say whether a quote is long enough to be found on purpose."""
    return len(quote) >= (LEAST_HAN if han_share(quote) > HALF else LEAST_LETTERS)


def _bare(text: str) -> tuple[str, list[int]]:
    """Return the text without spaces, as `defused` writes it, and where each character stood."""
    kept = [(char, place) for place, char in enumerate(text) if not char.isspace()]
    bare = "".join(char for char, _ in kept).replace("<", "‹").replace(">", "›")
    return bare, [place for _, place in kept]
