"""E-mail addresses as people type them into spreadsheets."""

import re
import unicodedata
from typing import Any

from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from maarifa.lib.errors import DomainError

# Invisible characters that come along when an address is copied from a web page or a chat.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)
# The dots of other keyboards, and the quotation marks that word processors make.
_KEYBOARDS = str.maketrans("。｡۔‘’“”«»", "...''" + '"' * 4)
_COMMAS = ",،、؛;"
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_ANGLES = re.compile(r"^[^<>]*<([^<>]*)>[\s.;,]*$")
_ONE = re.compile(r"[^\s,;،؛、/|<>()]+@[^\s,;،؛、/|<>()@]+")

# The domains at which most addresses are, for telling a slip from a choice.
_COMMON = """
gmail.com googlemail.com yahoo.com yahoo.fr yahoo.es yahoo.co.uk yahoo.co.in yahoo.com.br
ymail.com rocketmail.com hotmail.com hotmail.fr hotmail.es hotmail.co.uk outlook.com outlook.fr outlook.es
live.com live.fr msn.com icloud.com me.com mac.com aol.com mail.com email.com gmx.com gmx.de gmx.net web.de
mail.ru inbox.ru bk.ru list.ru yandex.ru yandex.com ya.ru rambler.ru qq.com 163.com 126.com sina.com
foxmail.com proton.me protonmail.com zoho.com orange.fr free.fr wanadoo.fr laposte.net sfr.fr uol.com.br
bol.com.br terra.com.br rediffmail.com tutanota.com fastmail.com
"""
COMMON_DOMAINS = frozenset(_COMMON.split())
# Only these are so much used that one letter's difference is a slip as a rule.
_MISSPELT = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "protonmail.com")


# Outside the f-string: what collects the words does not look into one.
MEANT = _("Did you mean %(suggestion)s?")


class AddressProblem(DomainError):
    """A text is no e-mail address. Its `suggestion` is what may have been meant, or ""."""

    MESSAGES = {
        "missing": _("The e-mail address is missing. Add one."),
        "no_at": _("“%(value)s” has no @. An address looks like name@example.org."),
        "several_ats": _("“%(value)s” has more than one @. An address has only one."),
        "several_addresses": _("“%(value)s” contains more than one address. Keep one."),
        "nothing_before_at": _(
            "“%(value)s” has nothing before the @. An address looks like name@example.org."
        ),
        "nothing_after_at": _("“%(value)s” has nothing after the @. An address looks like name@example.org."),
        "space_inside": _("“%(value)s” has a space in it. An address has no spaces."),
        "comma_for_dot": _("“%(value)s” has a comma or semicolon in it. Write a dot instead."),
        "dot_at_edge": _("“%(value)s” has a dot at the beginning or next to the @. Remove it."),
        "double_dot": _("“%(value)s” has two or more dots in a row. Keep one."),
        "domain_without_dot": _(
            "“%(value)s” has no dot after the @. The part after it looks like example.org or gmail.com."
        ),
        "bad_character": _("“%(value)s” contains “%(character)s”, which an address cannot have. Remove it."),
        "letters_before_at": _(
            "“%(value)s” contains “%(character)s”. Before the @, use only Latin letters without "
            "accents, digits and signs such as . - and _."
        ),
        "bad_domain": _(
            "“%(value)s”: “%(domain)s” cannot be the name of a mail server. The part after the @ looks "
            "like example.org or gmail.com."
        ),
        "too_long": _(
            "“%(value)s” is too long. An address has at most %(limit)s characters, and at most 64 before the @."
        ),
    }

    def __init__(self, code: str, *, value: str, suggestion: str = "", **params: Any) -> None:
        super().__init__(code, value=value, suggestion=suggestion, **params)

    @property
    def message(self) -> str:
        """What is wrong, and what may have been meant."""
        sentence = super().message
        if not self.params["suggestion"]:
            return sentence
        return f"{sentence} {MEANT % self.params}"


def normalise_address(text: str) -> str:
    """The address that a cell holds, ready to be stored: its domain in lower case and in its own script.

    Takes what means one address without doubt: `mailto:`, `Name <name@example.org>`, full-width letters and
    signs, a dot of another keyboard, invisible characters, a dot or comma after the address. Corrects no
    guess: whatever else is wrong is an AddressProblem with a code, and with a suggestion where there is
    one.
    """
    given = _shown(text)
    address = _bare(text)
    if not address:
        raise AddressProblem("missing", value=given)
    _refuse_several(address, given)
    parts = address.split()
    if len(parts) > 1:
        # Three words and more are a name beside its address; two are an address torn apart.
        alone = next((_sound(part) for part in parts if "@" in part), "") if len(parts) > 2 else ""
        raise AddressProblem("space_inside", value=given, suggestion=alone or _sound("".join(parts)))
    local, _at, domain = address.rpartition("@")
    if not local:
        raise AddressProblem("nothing_before_at", value=given)
    if not domain.strip("."):
        raise AddressProblem("nothing_after_at", value=given)
    if any(c in address for c in _COMMAS):
        dotted = re.sub(f"[{_COMMAS}]", ".", address)
        raise AddressProblem("comma_for_dot", value=given, suggestion=_sound(dotted))
    if ".." in address:
        raise AddressProblem("double_dot", value=given, suggestion=_sound(re.sub(r"\.\.+", ".", address)))
    if "." in (local[0], local[-1], domain[0]):
        tidied = f"{local.strip('.')}@{domain.strip('.')}"
        raise AddressProblem("dot_at_edge", value=given, suggestion=_sound(tidied))
    _check_local(local, given)
    domain = _checked_domain(domain, given)
    if len(local) > 64 or len(local) + 1 + len(domain) > 254:
        raise AddressProblem("too_long", value=given, limit=254)
    return f"{local}@{domain}"


def address_key(text: str) -> str:
    """What two spellings of one address share: NFKC, casefolded, the domain in its own script.

    For comparing; text that is no address has a key too.
    """
    address = _bare(text)
    local, at, domain = address.rpartition("@")
    return _fold(local) + at + _fold(_in_own_script(domain) or domain)


def suggest_address(address: str) -> str:
    """The address with a well-known domain that this one may have missed by a slip (gmial.com), or "".

    Only ever a question to a person: somebody may own the other domain.
    """
    local, at, domain = address.rpartition("@")
    domain = domain.casefold()
    if not at or domain in COMMON_DOMAINS:
        return ""
    near = [known for known in _MISSPELT if _one_slip_apart(domain, known)]
    return f"{local}@{near[0]}" if near else ""


def _bare(text: str) -> str:
    """The text without what surrounds an address."""
    text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_KEYBOARDS)
    text = " ".join(text.split())
    match = _ANGLES.match(text)
    if match and "@" in match[1]:
        text = match[1]
    text = text.strip(" \"'<>()[]")
    if text.lower().startswith("mailto:"):
        text = text[7:].partition("?")[0].replace("%40", "@")
    # A sentence's dot or a list's comma after the address; the dot of a fully qualified domain too.
    return text.strip(" \"'<>()[]").rstrip(f".{_COMMAS} ")


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _refuse_several(address: str, given: str) -> None:
    count = address.count("@")
    if not count:
        raise AddressProblem("no_at", value=given)
    if count > 1:
        addresses = _ONE.findall(address)
        if len(addresses) == count:
            raise AddressProblem("several_addresses", value=given, suggestion=_sound(addresses[0]))
        raise AddressProblem("several_ats", value=given)


def _check_local(local: str, given: str) -> None:
    if _LOCAL.fullmatch(local):
        return
    character = next(c for c in local if not _LOCAL.fullmatch(c))
    code = "letters_before_at" if character.isalnum() or unicodedata.combining(character) else "bad_character"
    raise AddressProblem(code, value=given, character=character)


def _checked_domain(domain: str, given: str) -> str:
    if "." not in domain:
        raise AddressProblem("domain_without_dot", value=given)
    own = _in_own_script(domain)
    # What Django's e-mail fields would refuse is refused here, with a reason.
    if not own or not validate_email.validate_domain_part(own):
        raise AddressProblem("bad_domain", value=given, domain=_shown(domain))
    return own


def _in_own_script(domain: str) -> str:
    """The domain in lower case and in its own letters, or "" where it cannot be one."""
    labels = []
    for label in domain.lower().split("."):
        try:
            # Python's codec checks the length and the letters; it reads xn-- labels too.
            plain = label.encode("ascii").decode("idna") if label.startswith("xn--") else label
            wire = plain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", wire.lower()):
            return ""
        labels.append(unicodedata.normalize("NFC", plain.lower()))
    return ".".join(labels)


def _sound(address: str) -> str:
    """The address where it is one, else "": a suggestion must not be wrong itself."""
    try:
        return normalise_address(address)
    except AddressProblem:
        return ""


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _one_slip_apart(one: str, other: str) -> bool:
    """Whether a letter was left out, doubled, put in, mistaken, or changed places with its neighbour."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[2:] == b[2:] and a[:2] == b[1::-1])
