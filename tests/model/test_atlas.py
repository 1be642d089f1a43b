"""The atlas: its neighbours, places and file; how it is made, and that a killed run goes on."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from model import charting, datasets
from model.atlas import Atlas, Found, load_atlas, main, save_atlas
from model.catalogue import DATA_SETS
from model.charting import fitted, in_rounds, make_atlas, measured, remembering
from model.datasets import LabelledPictures
from model.errors import WeightsError
from model.load import BUNDLED, load_folder
from model.weights import ATLAS_FILE, read_config, sha256, write_config
from tests.alphabets import LETTERS
from tests.atlases import atlas

AXES = {label: np.eye(10)[[label] * 3] + 0.01 * np.eye(10)[:3] for label in range(10)}


def draw(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features (count, 20) ≥ 0 around ten directions, and labels."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 10
    return np.maximum(np.eye(20)[labels] + generator.normal(0, 0.05, (count, 20)), 0).astype(np.float32), labels


def made(count: int = 400) -> tuple[Atlas, np.ndarray]:
    features, labels = draw(count, 0)
    others, truth = draw(80, 1)
    return make_atlas(features, labels, np.arange(count), lambda x: x[:, :2], others, truth, truth), features


def test_the_nearest_are_those_of_a_slow_search_and_of_one_label_where_asked() -> None:
    few = atlas(AXES)
    point = few.reduced(np.array([0.1, 0, 0, 1, 0.5, 0, 0, 0, 0, 0]))
    assert np.linalg.norm(point) == pytest.approx(1)
    slow = sorted(range(30), key=lambda row: (float(((few.features[row] - point) ** 2).sum()), row))
    found = few.nearest(point)
    assert found.rows.tolist() == slow[:10]
    assert few.labels[found.rows[:3]].tolist() == [3, 3, 3]
    assert found.distances[0] == pytest.approx(np.linalg.norm(few.features[slow[0]] - point))
    assert few.labels[few.nearest(point, 10, 4).rows].tolist() == [4, 4, 4], "there are three of it"


def test_brightness_does_not_count() -> None:
    few, picture = atlas(AXES), np.random.default_rng(0).random(10)
    assert few.reduced(3 * picture) == pytest.approx(few.reduced(picture))
    assert np.isfinite(few.reduced(np.zeros(10))).all()


def test_a_place_is_the_mean_weighted_by_one_over_the_distance() -> None:
    few = atlas(AXES)
    rows = np.array([0, 9])
    at = few.position(Found(rows, np.array([1.0, 3.0], np.float32)))
    assert at == pytest.approx(tuple(0.75 * few.coordinates[0] + 0.25 * few.coordinates[9]))
    assert few.position(Found(rows, np.array([0.0, 1.0], np.float32))) == pytest.approx(
        tuple(few.coordinates[0]), abs=1e-5
    ), "a digit of the atlas itself stands in its own place"


def test_leaning_is_zero_at_the_own_centre_and_one_at_the_other() -> None:
    few = atlas(AXES)
    assert few.leaning(few.centres[3], 3)[1] == pytest.approx(0, abs=1e-6)
    assert few.leaning(few.centres[7], 3) == (7, pytest.approx(1))
    assert few.leaning((few.centres[3] + few.centres[7]) / 2, 3) == (7, pytest.approx(0.5))


def test_pair_distances_are_those_of_all_pairs() -> None:
    few = atlas({label: np.random.default_rng(label).random((4, 6)) for label in range(10)})
    some = few.features[few.labels == 5]
    slow = [np.linalg.norm(some[one] - some[two]) for one in range(4) for two in range(one + 1, 4)]
    assert sorted(few.pair_distances(5)) == pytest.approx(sorted(slow), abs=1e-5)


def test_the_file_holds_it_to_a_half_precision(tmp_path: Path) -> None:
    one, _ = made()
    save_atlas(tmp_path / ATLAS_FILE, one)
    again = load_atlas(tmp_path / ATLAS_FILE, 20, 10)
    for name, values in vars(one).items():
        if isinstance(values, np.ndarray):
            assert getattr(again, name) == pytest.approx(values, abs=2e-3), name
    assert again.features.tobytes() == one.features.tobytes(), "which were rounded before"


@pytest.mark.parametrize("what", ["missing", "cut", "width", "label"])
def test_a_damaged_file_is_told(tmp_path: Path, what: str) -> None:
    path = tmp_path / ATLAS_FILE
    one, _ = made()
    if what == "label":
        one.labels[one.labels == 3] = 4
    if what != "missing":
        save_atlas(path, one)
    if what == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(WeightsError, match="cannot be read as an atlas"):
        load_atlas(path, 21 if what == "width" else 20, 10)


def test_a_file_of_other_labels_than_the_network_has_is_told(tmp_path: Path) -> None:
    one, _ = made()
    save_atlas(tmp_path / ATLAS_FILE, one)
    for classes in (9, 11, 26):
        with pytest.raises(WeightsError, match=f"not of all {classes} labels"):
            load_atlas(tmp_path / ATLAS_FILE, 20, classes)
    one.held_out_labels[0] = 10
    save_atlas(tmp_path / ATLAS_FILE, one)
    with pytest.raises(WeightsError, match="validation pictures of other labels"):
        load_atlas(tmp_path / ATLAS_FILE, 20, 10)


def test_an_atlas_of_letters_has_all_their_labels(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    labels = np.arange(260) % 26
    features = np.maximum(np.eye(40)[labels] + generator.normal(0, 0.05, (260, 40)), 0).astype(np.float32)
    one = make_atlas(features, labels, np.arange(260), lambda x: x[:, :2], features[:52], labels[:52], labels[:52])
    save_atlas(tmp_path / ATLAS_FILE, one)
    again = load_atlas(tmp_path / ATLAS_FILE, 40, 26)
    assert sorted(again.centres) == list(range(26))
    assert measured(again, features, features[:52], labels[:52])["neighbours_right"] == 1.0
    assert charting.made_of(DATA_SETS["letters"]).startswith("Chars74K letters training pictures")
    assert charting.made_of(DATA_SETS["mnist"]) == "MNIST training pictures, as evenly of each digit as there are"


def test_the_first_pictures_are_balanced_and_all_come_once() -> None:
    labels = np.repeat([0, 1, 2], [50, 5, 20])
    order = in_rounds(labels)
    assert sorted(order) == list(range(75))
    assert np.bincount(labels[order[:15]]).tolist() == [5, 5, 5]
    assert np.bincount(labels[order[:25]]).tolist() == [10, 5, 10], "of what there is too little of, all"
    assert order[:15].tolist() != sorted(order[:15])
    assert (in_rounds(labels) == order).all()


def test_what_a_killed_run_read_is_not_read_again(tmp_path: Path) -> None:
    runs: list[int] = []

    def read(pictures: np.ndarray) -> np.ndarray:
        runs.append(len(pictures))
        return pictures.reshape(len(pictures), -1).sum(axis=1, keepdims=True)

    one, other = np.ones((2, 28, 28), np.float32), np.zeros((3, 28, 28), np.float32)
    first = remembering(read, tmp_path, "weights")
    assert (first(one) == 784).all()
    (tmp_path / "x.part").write_bytes(b"killed while writing")
    again = remembering(read, tmp_path, "weights")
    assert (again(one) == 784).all()
    assert (again(other) == 0).all()
    assert runs == [2, 3]
    remembering(read, tmp_path, "other weights")(one)
    assert runs == [2, 3, 2]


def test_new_digits_tell_how_far_they_lie_and_how_often_mixed_neighbours_are_misread() -> None:
    features, labels = draw(400, 0)
    others, truth = draw(80, 1)
    answers = truth.copy()
    others[7], answers[7] = features[8], 7  # looks like an 8, and is taken for a 7 rightly: its neighbours are eights
    answers[9] = 8  # a 9 among nines, read as 8
    one = make_atlas(features, labels, np.arange(400), lambda x: x[:, :2], others, truth, answers)
    assert one.doubt.tolist() == [[78, 0], [2, 1]]
    assert len(one.held_out_labels) == 79, "the misread one does not count"
    kept = np.delete(np.arange(80), 9)
    assert one.held_out_labels.tolist() == truth[kept].tolist()
    point = one.reduced(others[0])
    assert one.held_out_distances[0] == pytest.approx(one.nearest(point).distances.mean())
    assert one.held_out_leanings[7] > 0.8
    assert np.median(one.held_out_leanings) < 0.3


def test_what_is_measured_is_what_a_slow_count_finds() -> None:
    one, features = made()
    others, truth = draw(40, 2)
    shuffled = np.roll(truth, 1)
    right, wrong = measured(one, features, others, truth), measured(one, features, others, shuffled)
    assert (right["validation_pictures"], right["neighbours_right"], wrong["neighbours_right"]) == (40, 1.0, 0.0)
    assert [right["agreeing"], right["mixed"]] == one.doubt.tolist()
    assert right["neighbours_kept"] > 0.99  # type: ignore[operator]  # 20 features, of which 64 directions keep all
    one.features[:] = one.features[::-1]
    assert measured(one, features, others, truth)["neighbours_kept"] < 0.3  # type: ignore[operator]


def test_the_map_fits_its_square_with_both_axes_alike() -> None:
    at = fitted(np.array([[-10.0, 0], [30, 10], [10, 20]]))
    assert at == pytest.approx(np.array([[0, 0.25], [1, 0.5], [0.5, 0.75]]))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundled weights, whose network is replaced by one that sees three pixels; a small data set; no t-SNE."""
    for name in ("config.json", "model.safetensors"):
        shutil.copy(BUNDLED / name, tmp_path)
    write_config(
        tmp_path, {key: value for key, value in read_config(tmp_path).items() if key not in ("novelty", "atlas")}
    )
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 255, (6_000, 28, 28), dtype=np.uint8)
    labels = np.arange(6_000) % 10
    pictures[np.arange(6_000), 0, labels] = 255
    monkeypatch.setattr(datasets, "load", lambda name, split: LabelledPictures(pictures, labels))
    monkeypatch.setattr(charting, "_layout", lambda: (lambda points: points[:, :2], "nothing"))

    def loaded(place: Path, device: str = "cpu"):  # type: ignore[no-untyped-def]
        found = load_folder(place, device=device)
        found.features = lambda some: some.reshape(len(some), -1)[:, : 1024 - 240].repeat(2, axis=1)[:, :1024]  # type: ignore[method-assign]
        return found

    monkeypatch.setattr(charting, "load_folder", loaded)
    return tmp_path


@pytest.mark.weights
def test_the_command_writes_it_beside_the_weights_and_only_those_use_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--weights", str(folder), "--pictures", "200", "--device", "cpu"]) == 0
    record = read_config(folder)["atlas"]
    assert record["sha256"] == sha256(folder / ATLAS_FILE)
    assert (record["pictures"], record["validation_pictures"], record["layout"]) == (200, 20, "nothing")
    assert "neighbours_right" in capsys.readouterr().out
    assert not (folder / charting.PARTS_FOLDER).exists()
    one = load_folder(folder).atlas
    assert one is not None
    assert np.bincount(one.labels).tolist() == [20] * 10
    assert (one.labels == one.places % 10).all()
    assert one.places.max() < 1_000, "never one of the validation pictures"
    config = read_config(folder)
    write_config(folder, {**config, "atlas": {**record, "weights": "0" * 64}})
    assert load_folder(folder).atlas is None, "made with other weights"
    write_config(folder, config)
    (folder / ATLAS_FILE).write_bytes(b"x")
    with pytest.raises(WeightsError, match="atlas.safetensors in .* is missing or not the one"):
        load_folder(folder)


def test_too_few_pictures_and_a_missing_package_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_config(tmp_path, {})
    assert main(["--weights", str(tmp_path), "--pictures", "99"]) == 2
    assert "needs 100 pictures or more, not 99" in capsys.readouterr().err
    write_config(tmp_path, {"labels": list(LETTERS.labels), "dataset": "letters"})
    assert main(["--weights", str(tmp_path), "--pictures", "259"]) == 2
    assert "needs 260 pictures or more, not 259" in capsys.readouterr().err
    write_config(tmp_path, {"labels": ["A", "B"], "dataset": "letters"})
    assert main(["--weights", str(tmp_path), "--pictures", "259"]) == 2
    assert "other labels than Chars74K letters" in capsys.readouterr().err
    write_config(tmp_path, {})
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    assert main(["--weights", str(tmp_path)]) == 2
    assert "pip install 'openTSNE" in capsys.readouterr().err


def test_opentsne_lays_out_what_is_alike_side_by_side() -> None:
    pytest.importorskip("openTSNE")
    features, labels = draw(200, 0)
    lay_out, name = charting._layout()
    at = fitted(lay_out(features))
    assert at.shape == (200, 2)
    assert "openTSNE" in name
    beside = np.linalg.norm(at[:, None] - at, axis=2) + 9 * np.eye(200)
    assert (labels[beside.argmin(axis=1)] == labels).mean() > 0.95
