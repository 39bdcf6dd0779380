import pytest

from maarifa.lib.strict_yaml import YamlError, dump, load


def test_only_truth_and_whole_numbers_are_typed():
    text = "a: no\nb: true\nc: 12\nd: 1.5\ne: 2026-11-23\nf: ~\ng: 012\nh: 0x1f\ni: '12'\nj: yes\nk: -3\nl: 12:30\nm:\n"
    assert load(text).value == {
        "a": "no",
        "b": True,
        "c": 12,
        "d": "1.5",
        "e": "2026-11-23",
        "f": "~",
        "g": "012",
        "h": "0x1f",
        "i": "12",
        "j": "yes",
        "k": -3,
        "l": "12:30",
        "m": "",
    }


def test_lines_are_those_of_values():
    parsed = load("a: 1\nb:\n- c\n- d: 2\n  e: 3\n")
    assert [parsed.line(path) for path in [(), ("a",), ("b", 0), ("b", 1, "e"), ("b", 1, "nothing")]] == [
        1,
        1,
        3,
        5,
        4,
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: &x 1", "yaml_anchor", 1),
        ("a: 1\nb: *x", "yaml_anchor", 2),
        ("a: 1\nb: !!int 2", "yaml_anchor", 2),
        ("a: 1\nb: 2\na: 3", "yaml_twice", 3),
        ("a: 1\n? [b]\n: 2", "yaml_key", 2),
        ("a: 1\n---\nb: 2", "yaml_documents", 2),
        ("", "yaml_empty", 1),
        ("a: 1\nb: c: d", "yaml_value", 2),
        ("a: 'b\nc: d", "yaml_quote", 1),
        ("a: \x00", "yaml_sign", 1),
        ("a:\n\tb: 1", "yaml_tab", 2),
        ("key: a\n \tkind: b", "yaml_tab", 2),
        ("a: @b", "yaml_value", 1),
        ("a: [1, 2", "yaml_bracket", 2),
        ("- a\nb: c", "yaml_indent", 2),
        ("[" * 200 + "]" * 200, "yaml_deep", 1),
        ("<<: {a: 1}\n<<: {b: 1}", "yaml_twice", 2),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text, code, line):
    with pytest.raises(YamlError) as refusal:
        load(text)
    assert (refusal.value.problem.code, refusal.value.problem.line) == (code, line)


def test_texts_that_others_would_misread_are_quoted():
    value = {"a": ["no", "12", "1.5", "null", "2026-11-23", "plain", ""], "b": "two\nlines"}
    text = dump(value)
    assert text == (
        "a:\n- 'no'\n- '12'\n- '1.5'\n- 'null'\n- 2026-11-23\n- plain\n- ''\nb: |-\n  two\n  lines\n"
    )
    assert load(text).value == value
