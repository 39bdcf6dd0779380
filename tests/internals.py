"""What this code uses of a library and the library does not document: whether it is still as we know it."""

import importlib
import inspect
from importlib.metadata import version


def what_changed(path: str, parameters: str, *, library: str, used_by: str) -> str:
    """A sentence where `module:name.name` is gone or takes other parameters; "" where it is as we know it."""
    module, _colon, names = path.partition(":")
    here = f"{library} {version(library)}"
    try:
        found = importlib.import_module(module)
        for name in names.split("."):
            found = getattr(found, name)
    except (ImportError, AttributeError):
        return f"{here} has no {path} any more, on which {used_by} depends."
    takes = " ".join(inspect.signature(found).parameters)
    if takes != parameters:
        return f"{path} of {here} takes ({takes}), not ({parameters}), on which {used_by} depends."
    return ""
