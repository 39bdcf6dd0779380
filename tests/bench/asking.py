"""Asking for pages inside this process: no server and no line, only what the instance itself does."""

import io

from django.core.handlers.wsgi import WSGIHandler


class Asker:
    def __init__(self, cookies: str):
        self.instance = WSGIHandler()
        self.cookies = cookies

    def get(self, path: str, *, tag: str = "") -> dict:
        """The headers of the answer, which is a page, or a 304 where a tag is given."""
        asked = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
            "HTTP_COOKIE": self.cookies,
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
            **({"HTTP_IF_NONE_MATCH": tag} if tag else {}),
        }
        answered = {}

        def start(status, headers, _trouble=None):
            answered.update(status=status, headers=dict(headers))

        body = self.instance(asked, start)
        b"".join(body)
        body.close()
        wanted = "304" if tag else "200"
        assert answered["status"].startswith(wanted), f"{path} answers {answered['status']}"
        return answered["headers"]
