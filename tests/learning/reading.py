"""What tests read off a learner's pages."""

import re

CATALOGUE = "/en/courses/"
COURSE = "/en/courses/rules-that-work/"
FIRST, SECOND = "/en/learn/rules-that-work/first/", "/en/learn/rules-that-work/second/"
QUIZ = "/en/learn/rules-that-work/quiz/basics-quiz/"
EVENTS = "/en/learn/events/"


def attempt_page(attempt):
    return f"{QUIZ}{attempt.public_id}/"


def result_page(attempt):
    return f"{QUIZ}{attempt.public_id}/result/"


def words(response) -> str:
    """The page's words in one line, without tags."""
    text = re.sub(r"</?(?:bdi|strong|em)\b[^>]*>", "", response.content.decode())
    text = re.sub(r"<[^>]+>", " ", text)
    return " ".join(text.split()).replace(" ,", ",").replace(" .", ".")


def main(response) -> str:
    return re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]


def heading(response) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", response.content.decode(), re.DOTALL)[0])


def next_steps(response) -> list[str]:
    """The words of the buttons that lead on: there is one."""
    found = re.findall(
        r'<(?:a|button)[^>]*class="(?:button )?arrow"[^>]*>(.*?)</(?:a|button)>', main(response)
    )
    return [re.sub(r"<[^>]+>", "", one) for one in found]


def event_id(response) -> str:
    return re.search(r'name="event" value="([^"]+)"', response.content.decode())[1]
