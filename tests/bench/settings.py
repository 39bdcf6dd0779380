"""The settings of the instance as operators run it, with a few bare views beside its pages to compare with."""

from maarifa.settings import *  # noqa: F403 - a settings file

ROOT_URLCONF = "tests.bench.urls"
