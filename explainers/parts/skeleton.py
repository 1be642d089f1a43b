"""The strokes' middle lines as a graph: nodes where lines end or meet, edges between them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
from scipy import ndimage
from skimage.morphology import skeletonize

from explainers.parts.ink import Ink, from_fine

STEP = 0.5  # picture pixels between neighbouring points of a line
SPUR = 1.0  # picture pixels by which a line must stick out of the stroke it leaves
CROSSING = 1.4  # of half the pen's width: two meetings nearer than that are one
OPPOSITE = -0.8  # cosine: two side lines that leave a stroke to either side so straight are one line across it
ACROSS = 0.6  # most cosine between that line and the stroke
ARM, ARMS = 0.8, 3.0  # picture pixels by which the ink of such a line sticks out on either side at least, and in all

_NEIGHBOURS = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))


@dataclass(frozen=True, eq=False)
class Edge:
    """A line between two nodes; a closed line has the same node twice."""

    start: int
    end: int
    path: np.ndarray  # (n, 2) float64, from the start node to the end node

    @property
    def length(self) -> float:
        """Picture pixels."""
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum())

    def turned(self) -> Edge:
        """The same line, walked the other way."""
        return Edge(self.end, self.start, self.path[::-1])

    @property
    def closed(self) -> bool:
        """Whether it ends where it starts."""
        return self.start == self.end


@dataclass
class Graph:
    """The middle lines of one picture."""

    places: dict[int, np.ndarray] = field(default_factory=dict)  # node → (2,) float64
    edges: list[Edge] = field(default_factory=list)

    def degrees(self) -> Counter[int]:
        """How many line ends meet at each node."""
        return Counter(node for edge in self.edges for node in (edge.start, edge.end))


def follow_lines(ink: Ink) -> Graph:
    """Thin the strokes to lines one fine pixel wide and follow them."""
    return _follow(skeletonize(ink.fine))


def tidy(graph: Graph, ink: Ink) -> Graph:
    """The same lines, smooth, without spurs, and with one crossing in place of two near meetings."""
    tidied = Graph(dict(graph.places), list(graph.edges))
    crossbars = _crossbars(tidied, ink)
    _drop_spurs(tidied, ink, {tip for tips in crossbars for tip in tips})
    _unite_crossings(tidied, ink)
    for tips in crossbars:
        _draw_through(tidied, tips)
    tidied.edges = [replace(edge, path=smooth_line(edge.path, edge.closed)) for edge in tidied.edges]
    return tidied


def smooth_line(path: np.ndarray, closed: bool = False) -> np.ndarray:
    """The line without the steps of the pixel grid, in points STEP apart; its ends stay where they are."""
    path = resample(path)
    if len(path) < 5:
        return path
    if closed:
        ring = ndimage.gaussian_filter1d(path[:-1], 2.0, axis=0, mode="wrap")
        return resample(np.vstack([ring, ring[:1]]))
    # Mirroring through the end points keeps them where they are.
    margin = min(8, len(path) - 1)
    before = 2 * path[0] - path[margin:0:-1]
    after = 2 * path[-1] - path[-2 : -margin - 2 : -1]
    smooth = ndimage.gaussian_filter1d(np.vstack([before, path, after]), 2.0, axis=0)
    return resample(smooth[margin : margin + len(path)])


def resample(path: np.ndarray) -> np.ndarray:
    """The line in points about STEP apart, both ends included."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    if along[-1] == 0:
        return path[:1]
    wanted = np.linspace(0, along[-1], max(2, round(along[-1] / STEP) + 1))
    return np.column_stack([np.interp(wanted, along, path[:, axis]) for axis in (0, 1)])


def _links(skeleton: np.ndarray) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Which skeleton pixels touch. A diagonal step is left out where two straight ones lead round the corner."""
    pixels = {(int(row), int(column)) for row, column in np.argwhere(skeleton)}
    links: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, column in sorted(pixels):
        near = []
        for down, right in _NEIGHBOURS:
            if (row + down, column + right) not in pixels:
                continue
            if down and right and ((row + down, column) in pixels or (row, column + right) in pixels):
                continue
            near.append((row + down, column + right))
        links[row, column] = near
    return links


def _follow(skeleton: np.ndarray) -> Graph:
    """The graph of a thinned picture, in picture coordinates."""
    links = _links(skeleton)
    graph = Graph()
    node_of: dict[tuple[int, int], int] = {}

    def add_node(pixel: tuple[int, int]) -> int:
        node_of[pixel] = len(node_of)
        graph.places[node_of[pixel]] = from_fine(np.array(pixel, float))
        return node_of[pixel]

    for pixel, near in links.items():
        if len(near) != 2:
            add_node(pixel)
    used: set[frozenset[tuple[int, int]]] = set()

    def walk(start: tuple[int, int], second: tuple[int, int]) -> None:
        path = [start, second]
        while path[-1] not in node_of:
            one, other = links[path[-1]]
            path.append(other if one == path[-2] else one)
        used.update(frozenset(step) for step in zip(path, path[1:], strict=False))
        graph.edges.append(Edge(node_of[start], node_of[path[-1]], from_fine(np.array(path, float))))

    for start in list(node_of):
        if not links[start]:  # a lone pixel: a line of no length
            graph.edges.append(Edge(node_of[start], node_of[start], graph.places[node_of[start]][None]))
        for second in links[start]:
            if frozenset((start, second)) not in used:
                walk(start, second)
    for pixel, near in links.items():  # what is left are rings without a node
        if pixel not in node_of and frozenset((pixel, near[0])) not in used:
            add_node(pixel)
            walk(pixel, near[0])
    return graph


def _drop_spurs(graph: Graph, ink: Ink, kept: set[int]) -> None:
    """Take away short side lines, the shortest first: thinning makes one at every bump of the outline.

    Those that end at a node of ``kept`` are none.
    """
    while True:
        degrees = graph.degrees()
        best: tuple[float, int] | None = None
        for index, edge in enumerate(graph.edges):
            ends = degrees[edge.start], degrees[edge.end]
            if edge.closed or min(ends) > 1 or max(ends) < 3 or {edge.start, edge.end} & kept:
                continue
            if _is_spur(edge if ends[0] > 1 else edge.turned(), ink) and (best is None or edge.length < best[0]):
                best = edge.length, index
        if best is None:
            return
        edge = graph.edges.pop(best[1])
        for node in (edge.start, edge.end):
            _join_through(graph, node)


def _crossbars(graph: Graph, ink: Ink) -> list[tuple[int, int]]:
    """The end nodes of lines across a stroke, as the bar through a 7, which thinning draws as two short side lines."""
    degrees = graph.degrees()
    arms = [
        edge
        for one in graph.edges
        for edge in (one, one.turned())
        if not edge.closed and degrees[edge.start] > 2 and degrees[edge.end] == 1
    ]
    return [(one.end, other.end) for one, other in combinations(arms, 2) if _is_crossbar(one, other, graph, ink)]


def _is_crossbar(first: Edge, second: Edge, graph: Graph, ink: Ink) -> bool:
    roots, tips = (np.array([edge.path[end] for edge in (first, second)]) for end in (0, -1))
    half_pens, ends = ink.depth_at(roots), ink.depth_at(tips)
    if np.hypot(*(roots[0] - roots[1])) > CROSSING * half_pens.max():
        return False
    arms = tips - roots.mean(axis=0)
    lengths = np.hypot(*arms.T)
    if not any(_is_spur(edge, ink) for edge in (first, second)):
        return False  # such lines are kept anyway, and cut where they meet
    sticking = lengths + ends - half_pens
    if sticking.min() < ARM or sticking.sum() < ARMS or arms[0] @ arms[1] > OPPOSITE * lengths.prod():
        return False
    bar = (tips[1] - tips[0]) / np.hypot(*(tips[1] - tips[0]))
    around = {first.start, second.start}
    strokes = [
        edge if edge.start in around else edge.turned()
        for edge in graph.edges
        if (edge.start in around) != (edge.end in around)
    ]
    return sum(_leaves_across(edge.path, bar, half_pens.max()) for edge in strokes) >= 2


def _draw_through(graph: Graph, tips: tuple[int, int]) -> None:
    """One line from one of the ``tips`` to the other, where the lines to both leave the same meeting."""
    arms = [edge if edge.end in tips else edge.turned() for edge in graph.edges if {edge.start, edge.end} & set(tips)]
    if len(arms) == 2 and arms[0].start == arms[1].start and not any(edge.closed for edge in arms):
        graph.edges = [edge for edge in graph.edges if not {edge.start, edge.end} & set(tips)]
        graph.edges.append(Edge(arms[0].end, arms[1].end, np.vstack([arms[0].path[::-1], arms[1].path[1:]])))


def _leaves_across(path: np.ndarray, bar: np.ndarray, half_pen: float) -> bool:
    """Whether a line leaves the meeting at a large angle to ``bar`` (2,), over twice the pen's width."""
    away = path - path[0]
    reached = np.hypot(*away.T)
    if reached.max() < 2 * half_pen:
        return False
    ahead = away[int(np.argmax(reached >= 2 * half_pen))]
    return bool(abs(ahead @ bar) < ACROSS * np.hypot(*ahead))


def _is_spur(edge: Edge, ink: Ink) -> bool:
    """Whether a side line, from the stroke outwards, hardly leaves it."""
    return edge.length - float(ink.depth_at(edge.path[:1])[0]) < SPUR


def _join_through(graph: Graph, node: int) -> None:
    """Where only two line ends are left at ``node``, make one line of them."""
    here = [edge for edge in graph.edges if node in (edge.start, edge.end)]
    if len(here) != 2 or any(edge.closed for edge in here):
        return
    first = here[0] if here[0].end == node else here[0].turned()
    second = here[1] if here[1].start == node else here[1].turned()
    graph.edges = [edge for edge in graph.edges if edge is not here[0] and edge is not here[1]]
    graph.edges.append(Edge(first.start, second.end, np.vstack([first.path, second.path[1:]])))


def _unite_crossings(graph: Graph, ink: Ink) -> None:
    """Thinning draws a crossing of two strokes as two meetings with a short line between: make them one again."""
    while True:
        degrees = graph.degrees()
        best: tuple[float, Edge] | None = None
        for edge in graph.edges:
            if edge.closed or min(degrees[edge.start], degrees[edge.end]) < 3:
                continue
            half_pen = float(ink.depth_at(edge.path[[0, -1]]).max())
            if edge.length < CROSSING * half_pen and (best is None or edge.length < best[0]):
                best = edge.length, edge
        if best is None:
            return
        _contract(graph, best[1])


def _contract(graph: Graph, short: Edge) -> None:
    middle = short.path[len(short.path) // 2]
    kept, gone = short.start, short.end
    graph.places[kept] = middle
    edges = []
    for edge in graph.edges:
        if edge is short:
            continue
        path = edge.path
        if edge.start in (kept, gone):
            path = np.vstack([middle[None], path])
        if edge.end in (kept, gone):
            path = np.vstack([path, middle[None]])
        start = kept if edge.start == gone else edge.start
        end = kept if edge.end == gone else edge.end
        edges.append(Edge(start, end, path))
    graph.edges = edges
