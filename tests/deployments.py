"""What docker-compose.yml, the Dockerfile and the systemd units start, read as their engines read them."""

import json
import re
import shlex
from dataclasses import dataclass, field

import yaml

from tests import services

COMPOSE = services.ROOT / "docker-compose.yml"
DOCKERFILE = services.ROOT / "Dockerfile"
UNITS = services.ROOT / "docs" / "how" / "systemd"


def compose(**given) -> dict:
    """The file with its variables filled in: `${NAME:-otherwise}`, and `${NAME:?or this is wrong}`."""

    def fill(match):
        name, how, other = match.groups()
        assert how == ":-" or name in given, f"{name}: {other}"
        return given.get(name, other)

    filled = re.sub(r"(?<!\$)\$\{(\w+)(:-|:\?)([^}]*)\}", fill, COMPOSE.read_text())
    return yaml.safe_load(filled.replace("$$", "$"))


def image() -> tuple[dict[str, str], list[str]]:
    """The environment and the command that the Dockerfile gives to every container."""
    text = DOCKERFILE.read_text().replace("\\\n", " ")
    environment = {}
    for line in re.findall(r"^ENV (.*)$", text, re.M):
        environment |= dict(word.split("=", 1) for word in shlex.split(line))
    return environment, json.loads(re.search(r"^CMD (.*)$", text, re.M)[1])


def variables(text: str) -> dict[str, str]:
    """A file of NAME=value lines, as docker compose and systemd take it."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {name: value.strip('"') for name, value in (line.split("=", 1) for line in lines)}


@dataclass
class Unit:
    """One file of systemd's. A setting that comes several times keeps all its values."""

    name: str
    settings: dict[str, list[str]] = field(default_factory=dict)

    @property
    def commands(self) -> list[list[str]]:
        """What it starts, one after the other; `-` before a command means that its failure is no matter."""
        return [self._filled(shlex.split(line.lstrip("-"))) for line in self.settings["ExecStart"]]

    @property
    def environment(self) -> dict[str, str]:
        words = [word for line in self.settings.get("Environment", []) for word in shlex.split(line)]
        return dict(word.split("=", 1) for word in words)

    def _filled(self, words):
        filled = [re.sub(r"\$\{(\w+)\}", lambda match: self.environment[match[1]], word) for word in words]
        return [word.replace("%%", "%") for word in filled]


def units() -> dict[str, Unit]:
    return {path.name: _unit(path) for path in sorted(UNITS.iterdir()) if path.suffix in _KINDS}


_KINDS = (".service", ".timer", ".target")


def _unit(path) -> Unit:
    unit = Unit(path.name)
    for line in path.read_text().replace("\\\n", " ").splitlines():
        if "=" in line and not line.startswith(("#", "[")):
            name, value = line.split("=", 1)
            unit.settings.setdefault(name, []).append(value)
    return unit
