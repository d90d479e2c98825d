from __future__ import annotations

import json

import pytest

from endpoints.clients.typescript.literals import comment, key, literal


@pytest.mark.parametrize(
    ("name", "written"),
    [
        pytest.param("limit", "limit", id="identifier"),
        pytest.param("class", "class", id="reserved word, which may be the name of a property"),
        pytest.param("$x_1", "$x_1", id="dollar, underscore, digit"),
        pytest.param("where.city", '"where.city"', id="dotted"),
        pytest.param("1st", '"1st"', id="begins with a digit"),
        pytest.param("größe", '"gr\\u00f6\\u00dfe"', id="not ASCII"),
        pytest.param('a"b\\c\n', '"a\\"b\\\\c\\n"', id="quotes, backslash, line break"),
        pytest.param("", '""', id="empty"),
    ],
)
def test_names_of_properties(name: str, written: str) -> None:
    assert key(name) == written


@pytest.mark.parametrize("text", ["</script>", "`${x}`", "\u2028\u2029", "\x00\x1f", "\ud800", "😀", "'\"\\"])
def test_a_literal_is_the_text_and_nothing_else(text: str) -> None:
    written = literal(text)
    assert json.loads(written) == text
    assert written.isascii() and "\n" not in written


@pytest.mark.parametrize(
    ("paragraphs", "written"),
    [
        pytest.param([], "", id="nothing"),
        pytest.param([None, "  \n"], "", id="nothing but spaces"),
        pytest.param(["A cup."], "  /** A cup. */\n", id="one line"),
        pytest.param(["A cup.\n\nOf tea."], "  /**\n   * A cup.\n   *\n   * Of tea.\n   */\n", id="several lines"),
        pytest.param(["A cup.", None, "Of tea."], "  /**\n   * A cup.\n   *\n   * Of tea.\n   */\n", id="paragraphs"),
        pytest.param(["a\r\nb"], "  /**\n   * a\n   * b\n   */\n", id="line breaks of Windows"),
        pytest.param(["x */ evil() /* y"], "  /** x *\\/ evil() /* y */\n", id="its own end"),
        pytest.param(["a\x00b\u2028c"], "  /** a b c */\n", id="what is no text"),
    ],
)
def test_comments(paragraphs: list[str | None], written: str) -> None:
    assert comment(*paragraphs, indent="  ") == written


@pytest.mark.parametrize("text", ["*/", "**/", "*\n/", "*//", "*\x00/", "a*/b*/c", "*\r/", "*\r\n/"])
def test_no_comment_ends_early(text: str) -> None:
    assert comment(f"a{text}b").count("*/") == 1
