"""What people type or paste as the code of a certificate."""

import pytest

from maarifa.certificates.forms import CodeForm


@pytest.mark.parametrize(
    "typed",
    [
        "D1D2-D3D4-D5D6-D7D8",
        "Code D1D2-D3D4-D5D6-D7D8",
        "Code : d1d2 d3d4 d5d6 d7d8",
        "الرمز: D1D2-D3D4-D5D6-D7D8",
        "https://example.org/verify/D1D2-D3D4-D5D6-D7D8",
    ],
)
def test_code_is_found_with_the_words_before_it(typed):
    form = CodeForm({"code": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["code"] == "D1D2D3D4D5D6D7D8"
