"""What a language code says of how its words are written."""

# As CLDR has them, for languages whose usual script runs from right to left, and for those scripts.
_LANGUAGES = frozenset(
    "aeb apc apd ar arc arq ars ary arz bal bcc bgn bqi ckb dv fa glk he iw khw ks lrc luz mzn nqo pnb prs ps rhg sd "
    "sdh skr syr ug ur yi".split()
)
_SCRIPTS = frozenset("adlm arab aran armi hebr mand mend nkoo rohg samr syrc thaa yezi".split())
# Languages that are written from right to left in these countries only.
_PLACES = frozenset({("az", "ir"), ("ku", "iq"), ("ku", "ir"), ("pa", "pk"), ("tk", "ir"), ("uz", "af")})


def direction(code: str) -> str:
    """The `dir` of words in this language: by its script where the code names one, else by its first part."""
    first, *others = (code or "").lower().replace("_", "-").split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _SCRIPTS else "ltr"
    if first in _LANGUAGES or any((first, part) in _PLACES for part in others):
        return "rtl"
    return "ltr"
