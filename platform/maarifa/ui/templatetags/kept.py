"""Parts of pages that this process keeps: made once for what they are made of, and shown to everybody."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST = 500
# In the place of the form token, which is another for every person and page. Nobody's text holds this character.
FORM_MARK = "\ufdd0token"


class KeptNode(template.Node):
    def __init__(self, nodelist: NodeList, values: Sequence[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def render(self, context: template.Context) -> SafeString:
        token = context.get("csrf_token")
        if token is None:
            return self.nodelist.render(context)
        key = repr([get_language(), *(value.resolve(context, ignore_failures=True) for value in self.values)])
        with self._lock:
            html = self._kept.get(key)
            if html is not None:
                self._kept.move_to_end(key)
        if html is None:
            with context.push(csrf_token=FORM_MARK):
                html = self.nodelist.render(context)
            with self._lock:
                self._kept[key] = html
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        # A page without a form asks for no token, and gets no cookie for it.
        return SafeString(html.replace(FORM_MARK, str(token)) if FORM_MARK in html else html)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """{% kept a b %}…{% endkept %}: what stands between depends on a, b, the language and the form token alone."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(["endkept"])
    parser.delete_first_token()
    return KeptNode(nodelist, values)
