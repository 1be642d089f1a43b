"""The middle lines as one network of points, on which the way along the ink can be measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from explainers.parts.skeleton import Graph


@dataclass(frozen=True, eq=False)
class Network:
    """Points of all lines and the steps between them; strokes that touch nowhere are linked where they are nearest."""

    points: np.ndarray  # (n, 2) float64
    steps: coo_array  # (n, n): length of each step, picture pixels
    ends: list[int]  # points where a stroke ends
    breaks: list[tuple[int, int]]  # the links over empty paper

    def from_end(self, end: int) -> tuple[np.ndarray, np.ndarray]:
        """Length of the way from the point ``end`` to each point (n,), and the point before each on that way (n,)."""
        lengths, before = dijkstra(self.steps, directed=False, indices=end, return_predecessors=True)
        return lengths, before


def build_network(graph: Graph) -> Network:
    """The network of all lines of ``graph``."""
    points = np.vstack([edge.path for edge in graph.edges])
    steps: list[tuple[int, int]] = []
    at_node: dict[int, int] = {}
    degrees = graph.degrees()
    ends, start = [], 0
    for edge in graph.edges:
        last = start + len(edge.path) - 1
        steps += zip(range(start, last), range(start + 1, last + 1), strict=True)
        for node, point in ((edge.start, start), (edge.end, last)):
            if node in at_node:
                steps.append((at_node[node], point))
            at_node.setdefault(node, point)
            if degrees[node] == 1:
                ends.append(point)
        start = last + 1
    breaks = _breaks(points, _as_array(points, steps))
    return Network(points, _as_array(points, steps + breaks), ends, breaks)


def _as_array(points: np.ndarray, steps: list[tuple[int, int]]) -> coo_array:
    first, second = np.array([step for step in steps if step[0] != step[1]], int).reshape(-1, 2).T
    # A step of length 0 would read as no step at all.
    lengths = np.maximum(np.hypot(*(points[first] - points[second]).T), 1e-6)
    return coo_array((lengths, (first, second)), shape=(len(points), len(points)))


def _breaks(points: np.ndarray, steps: coo_array) -> list[tuple[int, int]]:
    """The shortest links that make one network of all strokes."""
    number, stroke = connected_components(steps, directed=False)
    found = []
    for _ in range(number - 1):
        inside, outside = np.flatnonzero(stroke == stroke[0]), np.flatnonzero(stroke != stroke[0])
        apart, nearest = cKDTree(points[inside]).query(points[outside])
        at = int(np.argmin(apart))
        found.append((int(inside[nearest[at]]), int(outside[at])))
        stroke[stroke == stroke[outside[at]]] = stroke[0]
    return found
