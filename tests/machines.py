"""A machine with a Maarifa of its own: a folder, a database, and nothing shared with this run's; and who visits it."""

import contextlib
import http.cookiejar
import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests import instances, services


@dataclass
class Machine:
    folder: Path
    database_url: str
    key: str = "the key of a machine, of no other use"
    said: str = ""

    @property
    def environment(self) -> dict:
        """What a newcomer's shell has, and where things are."""
        bare = {name: value for name, value in os.environ.items() if not name.startswith(instances.OURS)}
        own = {"VAR_DIR": str(self.folder), "DATABASE_URL": self.database_url, "SECRET_KEY": self.key}
        return bare | own | {"PYTHONPATH": "platform"}

    def start(self, *arguments) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=services.ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def manage(self, *arguments) -> str:
        said, code = self.attempt(*arguments)
        assert code == 0, said
        return said

    def attempt(self, *arguments) -> tuple[str, int]:
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=600)
        return said, process.returncode

    def tables(self) -> list[str]:
        return json.loads(self.shell("print(json.dumps(connection.introspection.table_names()))"))

    def shell(self, code: str) -> str:
        """What a line of Python prints, with Django set up."""
        return self.manage(
            "shell", "--no-imports", "-c", f"import json\nfrom django.db import connection\n{code}"
        )


@contextlib.contextmanager
def machines(folder: Path):
    """A function that makes empty machines: `new("postgres")`. Their databases are gone at the end."""
    made = []

    def new(engine: str) -> Machine:
        name = f"machine_{uuid.uuid4().hex[:12]}"
        home = folder / name
        home.mkdir()
        if engine == "sqlite":
            return Machine(home, f"sqlite:///{home / 'maarifa.sqlite3'}")
        instances.administer(f"CREATE DATABASE {name}")
        made.append(name)
        return Machine(home, services.postgres_url(name))

    try:
        yield new
    finally:
        for name in made:
            instances.administer(f"DROP DATABASE {name} WITH (FORCE)")


def rows_in(backup: Path) -> dict[str, list]:
    """Every row of a backup, by table; JSON as what it says, for PostgreSQL keeps it in an order of its own."""
    found = {}
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for name, about in manifest["members"].items():
            if name.startswith("tables/"):
                lines = [json.loads(line) for line in archive.read(name).splitlines()]
                found[about["model"]] = [
                    dict(zip(about["columns"], map(_said, line), strict=True)) for line in lines
                ]
    return found


def _said(value):
    if isinstance(value, str) and value[:1] in ("{", "["):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


class Visitor:
    """Somebody with a browser that runs no scripts and keeps its cookies."""

    def __init__(self):
        self.cookies = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, url: str) -> str:
        with self.browser.open(url, timeout=60) as answer:
            self.at = answer.url
            return answer.read().decode()

    def sign_in(self, address: str, person: dict) -> str:
        """The page they come to."""
        page = self.get(f"{address}/en/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "login": person["username"], "password": person["password"]}
        sent = urllib.request.Request(
            self.at, urllib.parse.urlencode(form).encode(), {"Referer": self.at, "Origin": address}
        )
        with self.browser.open(sent, timeout=60) as answer:
            self.at = answer.url
            return answer.read().decode()
