"""Put weights on the Hugging Face Hub: ``python -m model.publish owner/name`` (log in with ``hf auth login`` first).

Uploads config.json, model.safetensors, the novelty file, the atlas and a model card in one commit. The card's figures
are those that ``python -m model.evaluate`` wrote into config.json, and no others.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from model.errors import ModelError, WeightsError
from model.hub import is_hub_name
from model.load import BUNDLED, load_folder
from model.weights import ATLAS_FILE, CONFIG_FILE, NOVELTY_FILE, TENSORS_FILE, read_config

LICENSE = "mit"
CARD_FILE = "README.md"

_CARD = """---
{yaml}
---

# {name}

A DenseNet121 that reads one handwritten digit, 0 to 9. {measured}

## Use

`WHYDIGIT_MODEL={name} python app.py` in the project whydigit, whose chat explains what these weights read. With nothing
but torchvision: `torchvision.models.densenet121(num_classes=10).load_state_dict(...)` takes `{tensors}` (stored as
float16; convert it to float32).

## Preparing a picture

A 28×28 picture with values from 0 to 1, ink = 1, drawn as in MNIST (the longer side 20 pixels, the centre of mass in
the middle, the page exactly 0) becomes the input so and in no other way: {interpolation} to {size}×{size} (corners not
aligned), the channel repeated three times, less the mean {mean}, divided by {std}. Probabilities are
softmax(logits / {temperature}).

## Accuracy on the {pictures:,} MNIST test pictures

| digit | pictures | read right |
|---|---|---|
{rows}

Negative log-likelihood {nll:.4f} nat, expected calibration error {ece:.4f}.

## Where it fails

{confusions} It reads one digit a picture: several digits, letters and other drawings also get a digit. `{novelty}`,
where there is one, holds the class means and the covariance of the features (Mahalanobis distance) to turn such
pictures away; not all are. `{atlas}`, where there is one, holds features and labels of training digits (no
pictures), to find those most like a picture. It knows the digits of American writers in MNIST; other hands, photographs
and pictures prepared differently are read less well.

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
    mistakes = [f"{pair['digit']} as {pair['read_as']} ({pair['pictures']})" for pair in measured["most_confused"]]
    training = config.get("training", {})
    return _CARD.format(
        yaml=_metadata(name, measured),
        name=name,
        measured=f"It reads {measured['accuracy']:.2%} of the {measured['pictures']:,} MNIST test pictures right.",
        interpolation=config["interpolation"],
        size=config["image_size"],
        mean=config["mean"],
        std=config["std"],
        temperature=config["temperature"],
        pictures=measured["pictures"],
        rows="\n".join(
            f"| {digit} | {pictures:,} | {accuracy:.2%} |"
            for digit, (pictures, accuracy) in enumerate(
                zip(measured["pictures_by_digit"], measured["accuracy_by_digit"], strict=True)
            )
        ),
        nll=measured["nll"],
        ece=measured["ece"],
        confusions=f"Most often wrong on the test pictures: {', '.join(mistakes)}." if mistakes else "",
        novelty=NOVELTY_FILE,
        atlas=ATLAS_FILE,
        training="\n".join(
            f"- {key.replace('_', ' ')}: {value}" for key, value in training.items() if key != "settings"
        ),
        tensors=TENSORS_FILE,
        sha256=config["sha256"],
    )


def _metadata(name: str, measured: dict) -> str:
    """The card's head in the Hub's YAML."""
    from huggingface_hub import EvalResult, ModelCardData

    result = EvalResult(
        task_type="image-classification",
        dataset_type="ylecun/mnist",
        dataset_name="MNIST",
        dataset_split="test",
        metric_type="accuracy",
        metric_value=measured["accuracy"],
    )
    data = ModelCardData(
        license=LICENSE,
        library_name="pytorch",
        pipeline_tag="image-classification",
        tags=["digits", "mnist", "densenet", "explainability", "xai"],
        datasets=["ylecun/mnist"],
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
