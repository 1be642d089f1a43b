"""How long "why?" takes, beside the plain way: ``python -m benchmarks.why``

The plain way is lime's ``LimeImageExplainer`` and captum's ``IntegratedGradients``, both with their defaults, on the
same network in eager torch at 224×224. Each of the two runs in a process of its own, one after the other, so that the
peak memory is its own; loading is not counted. Times are for comparing within one run, not between machines.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from pathlib import Path

import numpy as np

EXAMPLE = Path(__file__).parent.parent / "interface" / "examples" / "five.png"


def ours(picture: Path) -> dict[str, float]:
    """The full answer: reading, tests, LIME, Integrated Gradients, words and figures."""
    from bot.api import Bot

    bot = Bot.load()
    bot.read(picture)  # the first pass of a process pays for the libraries' own start
    started = time.perf_counter()
    session, _ = bot.open(bot.new_session(), picture)
    read = time.perf_counter() - started
    first = tested = 0.0
    for _, reply in bot.stream(session, "why?"):
        first = first or time.perf_counter() - started
        if not tested and any(claim.test for claim in reply.claims):
            tested = time.perf_counter() - started
    return {
        "reading shown": read,
        "first sentence of the answer": first,
        "first tested sentence": tested,
        "whole answer": time.perf_counter() - started,
    }


def plain(picture: Path) -> dict[str, float]:
    """lime's and captum's defaults, on the network's own input."""
    import torch
    from captum.attr import IntegratedGradients
    from lime.lime_image import LimeImageExplainer

    from model.load import load_classifier
    from model.preprocess import to_digit

    classifier = load_classifier()
    network = classifier.network
    pixels = torch.from_numpy(to_digit(picture).pixels)[None]
    prepared = network.prepare(pixels)
    target = classifier.predict(pixels[0].numpy()).digit

    def probabilities(images: np.ndarray) -> np.ndarray:
        batch = torch.from_numpy(images).permute(0, 3, 1, 2).float()
        with torch.no_grad():
            maps = network.maps((batch - network.mean) / network.std)
            return network.classifier(network.pooled(maps)).softmax(1).numpy()

    image = (prepared * network.std + network.mean)[0].permute(1, 2, 0).double().numpy()
    started = time.perf_counter()
    LimeImageExplainer().explain_instance(image, probabilities)
    lime = time.perf_counter() - started
    gradients = IntegratedGradients(lambda batch: network.classifier(network.pooled(network.maps(batch))))
    gradients.attribute(prepared, target=target)
    total = time.perf_counter() - started
    return {"LIME": lime, "Integrated Gradients": total - lime, "both": total}


def _measured(name: str, picture: Path, answer: multiprocessing.connection.Connection) -> None:
    found = {"ours": ours, "plain": plain}[name](picture)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    answer.send((found, peak / (1024**2 if sys.platform == "darwin" else 1024)))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.why", description=__doc__.splitlines()[0])
    parser.add_argument("--picture", type=Path, default=EXAMPLE)
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    totals = {}
    for name in ("ours", "plain"):
        receiver, sender = spawn.Pipe(duplex=False)
        process = spawn.Process(target=_measured, args=(name, options.picture, sender))
        process.start()
        seconds, gibibytes = receiver.recv()
        process.join()
        print(f"{name}: peak memory {gibibytes:.1f} GiB")
        for what, value in seconds.items():
            print(f"  {what:<30} {value:8.2f} s")
        totals[name] = max(seconds.values())
    print(f"the whole answer takes 1/{totals['plain'] / totals['ours']:.1f} of the time of the plain way")


if __name__ == "__main__":
    main()
