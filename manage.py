#!/usr/bin/env python3
"""Django's command line, with `platform/` on the path and, where none are given, settings from beside it."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent / "platform"))
    from maarifa.operations import instances

    try:
        if os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maarifa.settings") == "maarifa.settings":
            instances.complete(os.environ)
    except instances.CannotRead as error:
        sys.exit(f"maarifa: {error}")

    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"maarifa: {error}")
