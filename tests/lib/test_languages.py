"""What a language code says of how its words are written."""

import re

import pytest

from maarifa.lib.languages import direction
from tests.services import ROOT

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "code",
    "ar ar-ma ar-EG fa prs ps sd ur he ckb ug dv yi pnb ks az-arab uz-af pa-pk ku-iq pa-Arab-PK uz_Arab "
    "az-ir ku-ir tk-ir men-mend nqo rhg syr skr haz pst kk-cn".split(),
)
def test_direction_of_what_runs_from_right_to_left(code):
    assert direction(code) == "rtl"


@pytest.mark.parametrize(
    "code", ["", *"en zh-hans sw hi sd-deva ar-latn ku az uz pa pa-in ha am kk xx-yy".split()]
)
def test_direction_of_what_runs_from_left_to_right(code):
    assert direction(code) == "ltr"


def test_nobody_else_decides_which_languages_run_from_right_to_left():
    """Django's own list lacks Pashto, Sindhi, Dari and every country's Arabic."""
    files = [path for kind in ("py", "html") for path in ROOT.glob(f"platform/maarifa/**/*.{kind}")]
    deciding = [
        path.name for path in files if re.search("LANGUAGES_BIDI|get_language_bidi", path.read_text())
    ]
    assert deciding == []
