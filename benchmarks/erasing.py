"""Does the part named as the reason matter more than random ink? ``python -m benchmarks.erasing --count 500``

For correctly read MNIST test digits, spread evenly over the test set: the part that the bot's rules name first is
erased, and beside it, drawn anew with another seed than the rules used, as much ink at eight random places. Printed:
how often a part is named, how often the named one lowers the digit's probability more than the random ink does on
average, and the mean drops of both, with a 95 % bootstrap interval of their difference.
"""

from __future__ import annotations

import argparse

import numpy as np

from benchmarks.bootstrap import interval
from benchmarks.digits import read_right
from bot.claims.causes import deciding
from bot.claims.findings import Findings
from explainers import checks
from explainers.controls import erased_elsewhere, run_controls
from model.load import load_classifier
from model.progress import Progress

FRESH_SEED = 20_001  # the rules drew their control from the case's seed, 0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.erasing", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--model", default=None)
    options = parser.parse_args()
    classifier = load_classifier(options.model)
    rows: list[tuple[float, float, bool]] = []  # drop of the strongest part, of random ink, whether it is named
    progress = Progress(options.count)
    for case, digit in read_right(classifier, options.count):
        findings = Findings(case, digit)
        named = deciding(findings)
        if findings.erasures:
            first = named[0] if named else findings.erasures[0]
            amount = checks.ink_amount(case.pixels, first.parts)
            (control,) = run_controls(case, [erased_elsewhere(case, amount, seed=FRESH_SEED)], digit)
            rows.append((first.drop, float(control.drops.mean()), bool(named)))
        progress.step()
    report(np.array(rows, float))


def report(rows: np.ndarray) -> None:
    """Print the table of (N, 3): drop of the part, drop of random ink, named or not."""
    drops, randoms, named = rows[:, 0], rows[:, 1], rows[:, 2].astype(bool)
    beats = drops > randoms
    print(f"digits                                             {len(rows)}")
    print(f"a part is named as the reason                      {named.mean():.1%}")
    if named.any():
        print(f"  the named part costs more than random ink        {beats[named].mean():.1%}")
        print(f"  mean drop of the named part                      {drops[named].mean():.3f}")
        print(f"  mean drop of as much random ink                  {randoms[named].mean():.3f}")
        low, high = interval(drops[named] - randoms[named])
        print(f"  difference, 95 % interval                        {low:.3f} to {high:.3f}")
    print(f"no part is named, the text says it is spread out   {(~named).mean():.1%}")
    print(f"all digits: strongest part costs more than random  {beats.mean():.1%}")
    print(f"a part is named that costs no more than random     {(named & ~beats).mean():.1%}")


if __name__ == "__main__":
    main()
