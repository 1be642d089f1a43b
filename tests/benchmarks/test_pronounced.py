"""English syllables are held against a dictionary that somebody has at hand."""

from __future__ import annotations

from pathlib import Path

from benchmarks.pronounced import dictionary, disagreements, template_words

LINES = ["ink IH1 NG K", "ninety N AY1 N T IY0 # foreign", "our AW1 ER0", "our(2) AA1 R", "picture P IH1 K"]


def test_a_word_may_be_pronounced_in_several_ways() -> None:
    assert dictionary(LINES) == {"ink": {1}, "ninety": {2}, "our": {1, 2}, "picture": {1}}


def test_what_a_template_fills_in_is_no_word_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.jinja").write_text("{% block one %}Don’t erase {{ place|whole }}, **Ink**!{% endblock %}", "utf-8")
    assert template_words(tmp_path) == {"don't", "erase", "ink"}


def test_only_words_that_it_has_can_disagree() -> None:
    assert disagreements({"ink", "ninety", "our", "erasing"}, dictionary(LINES)) == []
    assert disagreements({"ink", "picture"}, dictionary(LINES)) == ["picture"]
