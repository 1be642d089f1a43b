"""The graph of the middle lines: what meets where, and what is only a bump of the outline."""

from __future__ import annotations

import numpy as np
import pytest

from explainers.parts.ink import from_fine, read_ink, to_fine
from explainers.parts.lines import build_network
from explainers.parts.skeleton import Graph, follow_lines, tidy
from tests.explainers.parts.drawing import Points, arc, draw


def graph_of(*strokes: Points, pen: float = 2.6) -> Graph:
    ink = read_ink(draw(*strokes, pen=pen))
    return tidy(follow_lines(ink), ink)


def test_a_line_is_one_edge_with_two_ends() -> None:
    (edge,) = graph_of([(5, 14), (23, 14)]).edges
    assert not edge.closed
    assert edge.length == pytest.approx(18, abs=1.5)
    assert np.abs(edge.path[:, 1] - 14).max() < 0.5


def test_a_ring_is_one_closed_edge() -> None:
    (edge,) = graph_of(arc((14, 14), (8, 6), 0, 360)).edges
    assert edge.closed
    assert edge.length == pytest.approx(44, abs=2.5)


def test_a_crossing_is_one_meeting_of_four() -> None:
    graph = graph_of([(5, 6), (23, 22)], [(5, 22), (23, 6)])
    assert sorted(graph.degrees().values()) == [1, 1, 1, 1, 4]


def test_two_rings_that_touch_meet_in_one_place() -> None:
    degrees = graph_of(arc((9.5, 14), (4.5, 4.5), 0, 360), arc((18.5, 14), (4.5, 5), 0, 360)).degrees()
    assert 1 not in degrees.values()


def test_a_bump_is_no_stroke_and_a_branch_is_one() -> None:
    stroke = [(4, 12), (24, 12)]
    assert len(graph_of(stroke, [(14, 12), (14, 14)], pen=3.4).edges) == 1
    assert len(graph_of(stroke, [(14, 12), (14, 18)], pen=3.4).edges) == 3


def test_fine_coordinates_lead_there_and_back() -> None:
    points = np.array([[0.0, 0.0], [13.5, 27.0]])
    assert np.allclose(from_fine(to_fine(points)), points)


def test_strokes_apart_are_linked_where_they_are_nearest() -> None:
    network = build_network(graph_of([(5, 14), (11, 14)], [(17, 14), (23, 14)]))
    ((one, other),) = network.breaks
    assert sorted(network.points[[one, other], 0].round()) == pytest.approx([11, 17], abs=1.0)
    assert len(network.ends) == 4
    lengths, _ = network.from_end(network.ends[0])
    assert np.isfinite(lengths).all()
