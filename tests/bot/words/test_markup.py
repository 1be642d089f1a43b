"""Markdown to HTML: what the words use, and nothing that anybody could smuggle in."""

from __future__ import annotations

import pytest

from bot.words.markup import to_html


def test_what_the_words_use():
    assert to_html("a **5**, *not* a 3\n\nnext") == "<p>a <strong>5</strong>, <em>not</em> a 3</p>\n<p>next</p>\n"
    assert to_html("- one\n- two") == "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    assert "<th>Before</th>" in to_html("| Digit | Before |\n|---|---|\n| 5 | 97 % |\n")
    assert to_html("") == ""
    assert to_html("97 % of 5 %s") == "<p>97\u00a0% of 5\u00a0%s</p>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[press](javascript:alert(1))",
        "[press](https://example.org)",
        "![look](https://example.org/x.png)",
        "<https://example.org>",
        "[a]: https://example.org\n\n[a]",
        "| <b>x</b> |\n|---|\n| <i onclick=y> |",
    ],
)
def test_no_html_no_link_and_no_picture(text):
    html = to_html(text)
    for piece in ("<script", "<img", "<a ", "<b>", "<i ", "href", "src="):
        assert piece not in html.replace("&lt;img src=x", "")


def test_characters_stay_what_they_are():
    assert to_html('5 < 6 & "7" é') == "<p>5 &lt; 6 &amp; &quot;7&quot; é</p>\n"
