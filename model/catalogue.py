"""The data sets that a network can be trained on: what they show, where they lie, and which changes leave them true.

MNIST: LeCun et al. 1998. Fashion-MNIST: Xiao et al. 2017 (arXiv 1708.07747). EMNIST: Cohen et al. 2017 (arXiv
1702.05373), whose training files end with a validation part as large as the test set. KMNIST: Clanuwat et al. 2018
(arXiv 1812.01718). Chars74K: de Campos et al. 2009; its 55 writers each wrote all letters, so it is split by writer.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from model.alphabet import alphabet_of
from model.augment import CLOTHES, PEN, Changes
from model.errors import WeightsError

DIGITS = tuple(string.digits)
LETTERS = tuple(string.ascii_uppercase)
VALIDATION = 5_000  # pictures, where a data set's makers name no validation part


@dataclass(frozen=True)
class DataSet:
    """One data set. Its pictures are 28×28, ink or cloth bright on black."""

    id: str  # as ``--dataset`` and config.json name it
    title: str
    labels: tuple[str, ...]  # by class
    training: int  # pictures, those for validation among them
    folder: str  # within the folder of the data sets
    images: tuple[str, str] = ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")  # training and test, maybe .gz
    targets: tuple[str, str] = ("train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte")  # their labels
    torchvision: tuple[str, str | None] | None = None  # class there, and its split; None: not to be downloaded
    validation: int | None = None  # the last of the training pictures; None: ``VALIDATION``
    first_label: int = 0  # what the files number the first class with
    transposed: bool = False  # the files hold each picture with rows and columns exchanged
    writers: int | None = None  # training and test are one file, sorted by class, then writer; None: two files
    crop: int = 28  # the middle of a picture that holds nearly all that is drawn
    changes: Changes = field(default=PEN, repr=False)  # what augmentation may do
    hub: str | None = None  # the repository on the Hugging Face Hub that the model card names

    @property
    def held_out(self) -> int:
        """The last of the training pictures, for validation: never trained on."""
        return VALIDATION if self.validation is None else self.validation

    @property
    def trained_on(self) -> str:
        """How config.json names what weights were trained on."""
        return f"{self.title}, the first {self.training - self.held_out:,} training pictures, augmented"

    @property
    def measured_on(self) -> str:
        """The same of what they were measured on."""
        return f"{self.title} test pictures"


def _emnist(split: str, title: str, labels: tuple[str, ...], training: int, held_out: int, first: int = 0) -> DataSet:
    return DataSet(
        id=f"emnist-{split}",
        title=title,
        labels=labels,
        training=training,
        folder="emnist",
        images=(f"emnist-{split}-train-images-idx3-ubyte", f"emnist-{split}-test-images-idx3-ubyte"),
        targets=(f"emnist-{split}-train-labels-idx1-ubyte", f"emnist-{split}-test-labels-idx1-ubyte"),
        torchvision=("EMNIST", split),
        validation=held_out,
        first_label=first,
        transposed=True,
    )


_ALL = (
    DataSet("mnist", "MNIST", DIGITS, 60_000, "mnist", torchvision=("MNIST", None), crop=24, hub="ylecun/mnist"),
    DataSet(
        id="fashion-mnist",
        title="Fashion-MNIST",
        labels=(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        training=60_000,
        folder="fashion-mnist",
        torchvision=("FashionMNIST", None),
        changes=CLOTHES,
        hub="zalando-datasets/fashion_mnist",
    ),
    _emnist("letters", "EMNIST letters", LETTERS, 124_800, 20_800, first=1),
    # Where small and capital letters look alike, EMNIST balanced counts them as one.
    _emnist("balanced", "EMNIST balanced", DIGITS + LETTERS + tuple("abdefghnqrt"), 112_800, 18_800),
    _emnist("digits", "EMNIST digits", DIGITS, 240_000, 40_000),
    DataSet(
        id="kmnist",
        title="KMNIST",
        labels=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        training=60_000,
        folder="kmnist",
        torchvision=("KMNIST", None),
    ),
    DataSet(
        id="letters",
        title="Chars74K letters",
        labels=LETTERS,
        training=45 * 52,
        folder="letters",
        images=("chars74k-letters-images-idx3-ubyte",) * 2,
        targets=("chars74k-letters-labels26-idx1-ubyte",) * 2,
        validation=5 * 52,
        first_label=1,
        writers=55,
        crop=24,
    ),
)  # fmt: skip
DATA_SETS = {one.id: one for one in _ALL}
MNIST = DATA_SETS["mnist"]


def data_set_for(config: Mapping[str, object], name: str | None = None) -> DataSet:
    """The data set to measure weights on, by their ``config.json``: their own, or the one that is named.

    Raises WeightsError where it has other labels than the weights.
    """
    alphabet = alphabet_of(config)
    found = DATA_SETS[name or alphabet.dataset]
    if alphabet.labels != found.labels:
        raise WeightsError(f"These weights have other labels than {found.title}.")
    return found
