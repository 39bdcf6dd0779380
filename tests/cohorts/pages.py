"""What a page says."""

import re

from maarifa.cohorts.models import make_token

# What somebody sends who accepts an invitation that opens an account.
ACCEPTED = {"action": "accept", "agree": "on", "terms": "on", "name": "Fatou Diop", "password": ""}


def words(response) -> str:
    """The words of the page's middle in one line, without tags."""
    text = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]
    text = text.replace("</span><span", "</span> <span")
    text = re.sub(r"</?(?:bdi|strong|em|a|span)\b[^>]*>", "", text)
    text = re.sub(r"<[^>]+>", " ", text)
    for entity, sign in (("&quot;", '"'), ("&#x27;", "'"), ("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return " ".join(re.sub("[\u2066-\u2069\u200e\u200f]", "", text).split())


def heading(response) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", response.content.decode(), re.DOTALL)[0])


def tallies(response) -> list[str]:
    """The big figures on top."""
    cards = re.findall(r'<div class="card tally">.*?<strong[^>]*>(.*?)</strong>', response.content.decode())
    return [re.sub(r"<[^>]+>", "", card) for card in cards]


def listed(response) -> list[str]:
    """The first column of the table of people, or the second where the first is a number."""
    body = re.search(r"<tbody>.*?</tbody>", response.content.decode(), re.DOTALL)
    names = (
        re.findall(r"<tr>.*?(?:<a [^>]*>|<strong>)(.*?)</(?:a|strong)>", body[0], re.DOTALL) if body else []
    )
    return [re.sub("[\u2066-\u2069]", "", re.sub(r"<[^>]+>", "", name)) for name in names]


def buttons(response) -> list[str]:
    """The values of the buttons named action."""
    return re.findall(r'name="action" value="([^"]+)"', response.content.decode())


def invitation_path(member, code=""):
    return f"/en/join/{make_token(member.public_id, code)}/"


def on(card, code=None):
    """What is typed from a card."""
    return {"code": card.entry_code if code is None else code, "username": card.learner.username}


def signed_in(client) -> str:
    """The id of who is signed in, or ""."""
    return client.session.get("_auth_user_id", "")
