import pytest

from tests.machines import machines


@pytest.fixture(scope="module")
def new_machine(tmp_path_factory):
    """Make an empty machine: `new_machine("postgres")`."""
    with machines(tmp_path_factory.mktemp("machines")) as new:
        yield new
