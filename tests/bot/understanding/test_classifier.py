"""The classifier of question types, and the phrase files that it learns from."""

import numpy as np
import pytest

from benchmarks.phrase_bank import folds
from benchmarks.understand import HELD_OUT, report
from bot.question import Context, Question
from bot.understand import understand
from bot.understanding.classifier import FOLDER, MORE, SEVERAL, by_type, likeliest_value, load_types
from bot.understanding.features import GROUPS, features
from bot.understanding.language import load_language
from bot.understanding.normalise import folded, whole
from bot.understanding.phrases import FOLDER as PHRASES
from bot.understanding.phrases import Phrase, languages, parse_phrase, read_phrases
from bot.understanding.slots import TAKES
from bot.understanding.spoken import language_of
from bot.understanding.train import fingerprint, train


@pytest.mark.parametrize("name", languages())
def test_weights_belong_to_the_phrases(name):
    with np.load(FOLDER / f"{name}.npz", allow_pickle=False) as stored:
        stale = str(stored["fingerprint"]) != fingerprint(name)
    assert not stale, "run python -m bot.understanding.train"


@pytest.mark.parametrize("name", languages())
def test_every_type_has_phrases(name):
    assert {phrase.asked.type for phrase in read_phrases(PHRASES / f"{name}.txt")} == set(TAKES)


def test_held_out_phrases_were_not_learnt():
    for path in HELD_OUT.glob("*.txt"):
        learnt = {phrase.text.lower() for phrase in read_phrases(PHRASES / f"{path.stem[:2]}.txt")}
        assert not learnt & {phrase.text.lower() for phrase in read_phrases(path)}


def test_a_line_is_a_phrase_with_its_question():
    phrase = parse_phrase('{predicted: 5; previous: why_not other=8} and the top bar => what_if where="top bar" + why')
    assert phrase.text == "and the top bar"
    assert phrase.asked == Question("what_if", {"where": "top bar"}, (Question("why"),))
    assert phrase.context.predicted == 5
    assert phrase.context.previous == Question("why_not", {"other": 8})
    assert parse_phrase("turn it => amount=1.5", "what_if").asked.slots == {"amount": 1.5}


@pytest.mark.parametrize(
    "line", ["why", "why => reasons", "why 5 => why other=5", "{today: 3} why => why", "why => why x=1"]
)
def test_a_line_that_is_none_is_refused(line):
    with pytest.raises(ValueError, match="no "):
        parse_phrase(line)


def test_a_bad_line_is_named(tmp_path):
    (tmp_path / "xx.txt").write_text("[why]\nwhy\n\nhow come => other=3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="xx.txt, line 4"):
        list(read_phrases(tmp_path / "xx.txt"))


def test_probabilities_sum_to_one_for_anything():
    language = load_language()
    for text in ("", "why #5", "\x00", "x" * 500, " ".join(["why"] * 300)):
        likely = by_type(load_types("en").shares(text, language, "why"))
        assert set(likely) == {*TAKES, MORE, SEVERAL}
        assert sum(likely.values()) == pytest.approx(1)


def test_features_of_each_group_and_digits_alike():
    language = load_language()
    found = features(whole("why not 3?", language), language)
    assert tuple(found) == GROUPS
    assert all(found[name] for name in ("word", "meaning", "letters", "shape"))
    assert found == features(whole("why not 8?", language), language)
    assert found != features(whole("why 8?", language), language)


def test_what_is_learnt_follows_the_phrases():
    language = load_language()
    texts = {"report": ["make a pdf", "make a page", "print a page"], "help": ["what now", "what can i do", "now what"]}
    texts["layers"] = ["look inside", "every layer", "inside every layer"]
    swapped = {**texts, "report": texts["help"], "help": texts["report"]}
    for table, expected in ((texts, "report"), (swapped, "help")):
        known = [Phrase(text, Question(kind)) for kind, several in table.items() for text in several * 2]
        likely = train(known, language).shares(whole("make a print", language), language)
        assert max(likely, key=likely.__getitem__) == expected


def test_the_report_counts_what_was_asked():
    right = Phrase("why 5?", Question("why", {"digit": 5}))
    wrong = Phrase("why 5?", Question("why", {"digit": 6}))
    assert "1 of     2    50.0%" in report([right, wrong])
    assert "asked → understood" in report([right, wrong])


def test_the_phrase_bank_is_learnt_in_folds():
    rows = [(f"{start} {end}", start) for start in ("show", "explain", "compare") for end in ("it", "this", "that")]
    assert folds(rows, load_language()) == [1.0, 1.0, 1.0]
    swapped = [
        (text, str((place + place // 3) % 3)) for place, (text, _) in enumerate(rows)
    ]  # labels that the words do not tell
    assert sum(folds(swapped, load_language())) < 3


@pytest.mark.parametrize(
    ("text", "home", "expected"),
    [
        ("why 5?", "de", "en"),
        ("warum eine 5?", "en", "de"),
        ("¿por qué un 5?", "en", "es"),
        ("pourquoi un 5 ?", "en", "fr"),
        ("lime?", "fr", "fr"),
        ("5?", "de", None),
        ("", "de", None),
    ],
)
def test_the_language_of_a_text(text, home, expected):
    assert language_of(text, home) == expected


def test_labels_with_a_value_count_for_their_type():
    shares = {"what_if": 0.1, "what_if change=erase": 0.4, "what_if change=blur": 0.1, "why": 0.4}
    assert by_type(shares) == pytest.approx({"what_if": 0.6, "why": 0.4})
    assert likeliest_value(shares, "what_if", "change") == ("erase", pytest.approx(0.4 / 0.6))
    assert likeliest_value({"why": 1.0}, "what_if", "change") == (None, 0.0)


@pytest.mark.parametrize("name", languages())
def test_every_language_file_has_the_same_tables(name):
    model, other = load_language("en").data, load_language(name).data
    assert set(model) == set(other)
    for table in ("reading", "follow_up", "grammar", "offer", "meanings", "region", "form", "change", "direction"):
        assert set(model[table]) == set(other[table]), table


@pytest.mark.parametrize("name", languages())
def test_a_language_file_is_written_as_it_is_compared(name):
    language = load_language(name)
    for word in language.known:
        assert word == folded(word, language).lower()


@pytest.mark.parametrize("name", languages())
def test_held_out_phrases_of_every_language_are_understood(name):
    phrases = list(read_phrases(HELD_OUT / f"{name}.txt"))
    right = sum(
        understand(one.text, Context(one.context.predicted, one.context.previous, language=name)).to_dict()
        == one.asked.to_dict()
        for one in phrases
    )
    assert right >= 0.88 * len(phrases)  # measured: 90 % and more
