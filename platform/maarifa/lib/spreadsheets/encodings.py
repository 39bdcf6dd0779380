"""From the bytes of a text file to its letters.

The order that beat every detector tried: a byte-order mark, then strict UTF-8, then the code page that
Excel uses in the uploader's language. Detectors turn French cp1252 into cp1250 without a word.
"""

import codecs

from .problems import TableProblem

# The encodings that a person can pick, by Python's name, with what Excel and LibreOffice call them.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16 (Unicode)",
    "cp1252": "Windows-1252 (Western)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp1257": "Windows-1257 (Baltic)",
    "cp1258": "Windows-1258 (Vietnamese)",
    "cp874": "Windows-874 (Thai)",
    "gb18030": "GB18030 (simplified Chinese)",
    "big5hkscs": "Big5 (traditional Chinese)",
    "cp932": "Shift-JIS (Japanese)",
    "cp949": "Windows-949 (Korean)",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
}

_CODE_PAGES = {
    "cp1256": "ar fa ur ps ckb ug",
    "cp1251": "ru uk be bg sr mk kk ky tg mn tt",
    "cp1250": "pl cs sk hu ro hr sl bs sq",
    "cp1253": "el",
    "cp1254": "tr az",
    "cp1255": "he",
    "cp1257": "et lv lt",
    "cp1258": "vi",
    "cp874": "th",
    "gb18030": "zh",
    "cp932": "ja",
    "cp949": "ko",
}
_CODE_PAGE_OF = {language: page for page, languages in _CODE_PAGES.items() for language in languages.split()}

# UTF-32's mark begins with UTF-16's, so it is asked first.
_MARKS = [
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


def code_page(language: str) -> str:
    """The code page in which Excel writes a CSV where this language is spoken."""
    parts = language.lower().replace("_", "-").split("-")
    if parts[0] == "zh" and {"hant", "tw", "hk", "mo"} & set(parts):
        return "big5hkscs"
    if {"cyrl"} & set(parts):
        return "cp1251"
    if {"latn"} & set(parts):
        return "cp1250"
    return _CODE_PAGE_OF.get(parts[0], "cp1252")


def decode(content: bytes, *, filename: str, language: str, encoding: str | None) -> tuple[str, str, bool]:
    """The text, the encoding it was read in, and whether that is certain.

    An encoding that a person picked holds, save against a byte-order mark of that same family.
    """
    if encoding:
        name = _known(encoding, filename)
        return _strictly(content, name, filename), name, True
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _strictly(content, codec, filename), codec.removesuffix("-sig"), True
    unmarked = _unmarked_utf16(content)
    if unmarked:
        return _strictly(content, unmarked, filename), "utf-16", False
    try:
        return content.decode("utf-8"), "utf-8", True
    except UnicodeDecodeError:
        name = code_page(language)
        return _strictly(content, name, filename), name, False


def _known(encoding: str, filename: str) -> str:
    wanted = encoding.strip().lower().replace("_", "-")
    for name in ENCODINGS:
        if name.replace("_", "-") == wanted:
            return name
    raise TableProblem("unknown_encoding", filename=filename, value=encoding, right=", ".join(ENCODINGS))


def _strictly(content: bytes, codec: str, filename: str) -> str:
    name = codec.removesuffix("-sig")
    try:
        if codec == "utf-8" and content.startswith(codecs.BOM_UTF8):
            codec = "utf-8-sig"
        elif codec == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            codec = _unmarked_utf16(content) or "utf-16-le"
        return content.decode(codec)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(codec, "replace")
        lines = before.replace("\r\n", "\n").replace("\r", "\n")
        raise TableProblem(
            "undecodable",
            filename=filename,
            encoding=ENCODINGS.get(name, name),
            row=lines.count("\n") + 1,
            value="0x" + error.object[error.start : max(error.end, error.start + 1)][:4].hex().upper(),
        )


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 that lost its mark: every separator and line end has a zero byte, always on the same side."""
    head = content[:4000]
    if len(head) < 4 or len(content) % 2:
        return None
    low, high = head[0::2].count(0), head[1::2].count(0)
    many = len(head) // 20
    if high > many and not low:
        return "utf-16-le"
    if low > many and not high:
        return "utf-16-be"
    return None
