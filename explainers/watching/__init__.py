"""How the explanations of a fixed panel of pictures change while the network is trained.

``panel``    which pictures, and what is measured on them
``journal``  the figures as JSON lines, beside the checkpoint
``board``    the same and the heatmaps in TensorBoard
``watcher``  what the training calls
"""

from explainers.watching.watcher import watcher

__all__ = ["watcher"]
