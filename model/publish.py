"""Put weights on the Hugging Face Hub: ``python -m model.publish owner/name`` (log in with ``hf auth login`` first).

Uploads config.json, model.safetensors, the novelty file, the atlas and a model card in one commit. The card's figures
are those that ``python -m model.evaluate`` wrote into config.json, and no others.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model.alphabet import CHARACTERS, CLOTHES, DIGITS, LETTERS, alphabet_of
from model.catalogue import DATA_SETS, DataSet
from model.errors import ModelError, WeightsError
from model.hub import is_hub_name
from model.load import BUNDLED, load_folder
from model.weights import ATLAS_FILE, CONFIG_FILE, NOVELTY_FILE, TENSORS_FILE, read_config

LICENSE = "mit"
CARD_FILE = "README.md"

_HANDS = "other hands, photographs"
# By what the pictures of a data set show: what is read, one of it, and what is read less well.
_KINDS = {
    DIGITS: ("one handwritten digit, 0 to 9", "digit", _HANDS),
    LETTERS: ("one handwritten letter, capitals and small ones alike, A to Z", "letter", _HANDS),
    CHARACTERS: ("one handwritten character of {classes}", "character", _HANDS),
    CLOTHES: ("one piece of clothing of {classes} kinds", "piece of clothing", "photographs with a background"),
}
# By data set, where there is more to tell than its name: how a picture is prepared, and whom the network knows.
_AS_MNIST = (
    "ink = 1, drawn as in MNIST (the longer side 20 pixels, the centre of mass in the middle, the page exactly 0)"
)
_PREPARED = {
    "mnist": _AS_MNIST,
    "letters": _AS_MNIST,
    "fashion-mnist": "cloth bright on exactly 0, as in Fashion-MNIST (upright, filling the picture)",
}
_KNOWN = {
    "mnist": "the digits of American writers in MNIST",
    "letters": "the letters of 40 writers in Chars74K, drawn on a tablet",
    "fashion-mnist": "the product pictures of one shop",
}

_CARD = """---
{yaml}
---

# {name}

A DenseNet121 that reads {reads}. {measured}

## Use

`WHYDIGIT_MODEL={name} python app.py` in the project whydigit, whose chat explains what these weights read. With nothing
but torchvision: `torchvision.models.densenet121(num_classes={classes}).load_state_dict(...)` takes `{tensors}`
(stored as float16; convert it to float32).

## Preparing a picture

A 28×28 picture with values from 0 to 1, {prepared},
becomes the input so and in no other way: {interpolation} to {size}×{size} (corners not aligned), the channel repeated
three times, less the mean {mean}, divided by {std}. Probabilities are softmax(logits / {temperature}).

## Accuracy on the {pictures:,} {data}

| label | pictures | read right |
|---|---|---|
{rows}

Negative log-likelihood {nll:.4f} nat, expected calibration error {ece:.4f}.

## Where it fails

{confusions} It reads one {thing} a picture: several, and pictures of anything else, also get a label. `{novelty}`,
where there is one, holds the class means and the covariance of the features (Mahalanobis distance) and the usual size
of the logits, to turn such pictures away; not all are. `{atlas}`, where there is one, holds features and labels of
training pictures (no pictures), to find those most like a picture. It knows {known}; {others} and pictures prepared
differently are read less well.

## Training

{training}

## Checksum

SHA-256 of `{tensors}`: `{sha256}`
"""


def model_card(name: str, config: dict) -> str:
    """The model card for the repository ``owner/name``; raises WeightsError where the weights were not measured."""
    measured = config.get("measured")
    if not isinstance(measured, dict) or measured.get("sha256") != config["sha256"]:
        raise WeightsError("These weights have not been measured: run `python -m model.evaluate` on them first.")
    alphabet = alphabet_of(config)
    labels, data_set = alphabet.labels, DATA_SETS[alphabet.dataset]
    mistakes = [
        f"{labels[pair['digit']]} as {labels[pair['read_as']]} ({pair['pictures']})"
        for pair in measured["most_confused"]
    ]
    reads, thing, others = _KINDS[alphabet.kind]
    training = config.get("training", {})
    return _CARD.format(
        yaml=_metadata(name, measured, data_set, alphabet.kind),
        name=name,
        reads=reads.format(classes=len(labels)),
        classes=len(labels),
        measured=f"It reads {measured['accuracy']:.2%} of the {measured['pictures']:,} {data_set.measured_on} right.",
        prepared=_PREPARED.get(data_set.id, f"ink = 1, made as in {data_set.title}"),
        data=data_set.measured_on,
        interpolation=config["interpolation"],
        size=config["image_size"],
        mean=config["mean"],
        std=config["std"],
        temperature=config["temperature"],
        pictures=measured["pictures"],
        rows="\n".join(
            f"| {label} | {pictures:,} | {accuracy:.2%} |"
            for label, pictures, accuracy in zip(
                labels, measured["pictures_by_digit"], measured["accuracy_by_digit"], strict=True
            )
        ),
        nll=measured["nll"],
        ece=measured["ece"],
        confusions=f"Most often wrong on the test pictures: {', '.join(mistakes)}." if mistakes else "",
        thing=thing,
        known=_KNOWN.get(data_set.id, f"the writers of {data_set.title}"),
        others=others,
        novelty=NOVELTY_FILE,
        atlas=ATLAS_FILE,
        training="\n".join(
            f"- {key.replace('_', ' ')}: {value}" for key, value in training.items() if key != "settings"
        ),
        tensors=TENSORS_FILE,
        sha256=config["sha256"],
    )


def _metadata(name: str, measured: dict, data_set: DataSet, kind: str) -> str:
    """The card's head in the Hub's YAML."""
    from huggingface_hub import EvalResult, ModelCardData

    result = EvalResult(
        task_type="image-classification",
        dataset_type=data_set.hub or data_set.id,
        dataset_name=data_set.title,
        dataset_split="test",
        metric_type="accuracy",
        metric_value=measured["accuracy"],
    )
    data = ModelCardData(
        license=LICENSE,
        library_name="pytorch",
        pipeline_tag="image-classification",
        tags=[kind, data_set.id, "densenet", "explainability", "xai"],
        datasets=[data_set.hub] if data_set.hub else None,
        metrics=["accuracy"],
        model_name=name.split("/")[1],
        eval_results=[result],
    )
    return data.to_yaml()


def publish(name: str, folder: Path) -> str:
    """Upload the weights directory to ``owner/name``, made where it does not exist; returns the commit's address.

    Raises ModelError, with one sentence, for weights that do not load or were not measured, without a login, without
    the right to write there, and where the Hub cannot be reached.
    """
    from huggingface_hub import CommitOperationAdd, HfApi, get_token
    from huggingface_hub.errors import HfHubHTTPError

    if not is_hub_name(name) or "@" in name:
        raise ModelError(f"{name!r} is not a repository of the form owner/name.")
    loaded = load_folder(folder)  # which compares every checksum
    beside = ((loaded.novelty, NOVELTY_FILE), (loaded.atlas, ATLAS_FILE))
    files = [CONFIG_FILE, TENSORS_FILE, *(file for part, file in beside if part is not None)]
    card = model_card(name, read_config(folder))
    if get_token() is None:
        raise ModelError("You are not logged in to the Hugging Face Hub: run `hf auth login` or set HF_TOKEN.")
    additions = [CommitOperationAdd(file, folder / file) for file in files]
    additions.append(CommitOperationAdd(CARD_FILE, card.encode("utf-8")))
    hub = HfApi()
    try:
        hub.create_repo(name, exist_ok=True)
        commit = hub.create_commit(name, additions, commit_message="Weights, configuration and model card")
    except HfHubHTTPError as problem:
        status = problem.response.status_code
        reasons = {
            401: "The Hugging Face Hub does not accept your token: run `hf auth login` again.",
            403: f"Your token does not allow writing to {name} on the Hugging Face Hub.",
        }
        sentence = reasons.get(status, f"The Hugging Face Hub refused {name} with the status {status}.")
        raise ModelError(sentence) from problem
    except Exception as problem:  # the Hub client promises no common base for what its HTTP library raises
        raise ModelError(f"{name} could not be uploaded ({type(problem).__name__}).") from problem
    return commit.commit_url


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m model.publish", description=__doc__.splitlines()[0])
    parser.add_argument("name", help="owner/name on the Hugging Face Hub")
    parser.add_argument("--weights", type=Path, default=BUNDLED, help="weights directory")
    options = parser.parse_args()
    try:
        print(f"published as {publish(options.name, options.weights)}")
    except ModelError as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
