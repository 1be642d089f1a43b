"""How much is said: the core alone, the usual, or what else was measured too.

``shorter`` keeps the core, at most ``MOST_WORDS`` words of it, each sentence in its shortest wording; ``longer`` adds
the extras that a question type has (``Answer.extras``). What is not said is not in the reply's JSON either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.values import Claim

SHORTER = "shorter"  # what a session's length then is
MOST_WORDS = 60  # of a reply that was asked for shorter

# The beginnings of the kinds of claims that answer a question: said before all others.
ANSWERS = (
    "reading_", "wrong_premise", "rival_", "other_is_read", "first_part_", "first_gap_most_",
    "first_beyond_chance_", "first_gap_beyond_chance_", "together_",
    "weak_evidence", "shown", "no_candidates", "one_candidate", "several_candidates", "how_tested",
    "nothing_to_test", "steps_brief",
    "accuracy_overall", "accuracy_share", "accuracy_one", "accuracy_unknown", "table_unknown", "confusions_first",
    "confusions_level", "confusions_scattered", "confusions_none", "confusions_of", "training_mnist", "training_other",
    "training_unknown", "model_name", "privacy_use", "privacy_page",
    "style_", "help_", "unknown", "not_yet", "no_picture", "not_accepted_", "missing_", "its_parts", "tried_",
    "all_taken_back", "one_taken_back", "change_taken_back", "change_which", "draw_yourself", "place_which", "limits_",
    "nothing_changes", "nothing_changed_there", "nothing_left", "nothing_tried", "nothing_to_", "too_many_changes",
    "become_parts", "become_redraw", "become_much", "become_missed", "become_weak", "become_unlike", "become_broken",
    "become_untried", "clearer_",
    "both_", "which_part", "claim_all_ink", "correct_", "fooled", "not_fooled", "compare_readings_",
    "compare_nothing", "compare_same", "compare_cause_", "robust_free_",
    "atlas_missing", "map_inside", "map_nearest", "map_edge", "map_leaning", "map_between", "map_astray", "near_all",
    "near_some", "similar_of", "robust_must_first", "layers_shown", "explain_", "define_", "report_made", "report_no",
    "report_forgotten", "claim_right_", "claim_partly_", "lesson_",
)  # fmt: skip
# Those of the claims that are said as long as there is room, the most important first.
WHERE_ROOM = (
    "claim_against_", "claim_wrong_", "claim_no_room_", "claim_more_", "large_part",
    "accuracy_extremes", "accuracy_even", "accuracy_rank_", "confusions_for", "confusions_rare", "confusions_frequent",
    "measured_on_", "counted_on_", "percentages_", "accuracy_said", "confusions_here", "confusions_further",
    "training_from_", "training_unseen", "training_limits", "training_not_yours", "training_seen", "training_looked",
    "training_origin",
    "model_sizes", "model_bundled", "model_weights", "model_links", "model_on_", "model_paper",
    "privacy_way", "privacy_published",
    "misled_", "advice", "first_obstacle_", "obstacle_control_", "unclear_obstacle", "little_obstacle", "pair_wins",
    "unusual_image", "none_decides", "none_carries", "little_flips", "no_better_than_random", "no_single_obstacle",
    "no_gap_obstacle", "obstacles_lower", "fit_poor",
    "margin",
    "meant_", "instead_", "replayed_", "one_change_decides", "change_needed_", "decides_now", "changes_dropped",
    "become_size", "control",
    "first_gap_", "methods_", "few_", "several_agree", "several_differ", "erasing_", "sides_with", "belief_",
    "seeds_unstable", "fresh_remains", "replay_", "support", "compare_makes_", "fool_no_proof",
    "fool_size_", "fool_noise_",
    "fool_check_", "fool_lesson_", "compare_none_", "compare_tips_",
    "compare_by_chance_", "compare_no_places", "compare_equally_sure", "compare_back_", "compare_rest",
    "compare_control", "compare_instead", "compare_only_", "robust_border", "robust_must_further", "robust_together",
    "robust_all_needed", "robust_enough", "robust_holds_", "robust_strange", "robust_unlike",
    "without_", "check_refuses_", "steps_hold_", "claim_as_much_", "reflect_",
    "layers_agree_", "layers_erased_", "layers_control_", "layers_no_ink", "layers_place", "layers_ink_",
    "layers_spread_", "colours_mean", "no_proof", "misses_absence", "misses_coarse", "colours_scale", "source",
    "methods_there", "report_files", "near_doubt", "similar_near", "similar_likeness", "similar_hidden", "map_apart",
    "map_usual", "map_means", "map_torn", "similar_means", "map_placed", "here_logit", "here_log_odds", "here_parts",
)  # fmt: skip
CAUSES = ("first_part_", "first_gap_most_", "first_beyond_chance_", "first_gap_beyond_chance_")  # with their controls
# What a claim refers to without naming it: it is said only where a claim of one of these kinds is.
LEANS_ON = {
    "advice_same_": ("misled_",),
    "control": (*CAUSES, "claim_right_", "claim_partly_", "replayed_", "tried_", "robust_must_"),
    "large_part": ("first_beyond_chance_", "first_gap_beyond_chance_", "claim_right_"),
    "claim_more_": ("claim_partly_",),
    "claim_as_much_": ("claim_right_",),
    "lesson_runner_up": ("claim_right_",),
    "change_needed_further": ("change_needed_first", "change_needed_among"),
    "layers_control_": ("layers_erased_",),
    "obstacle_control_": ("both_", "first_obstacle_", "further_obstacle_", "misled_", "against_"),
    "robust_strange": ("robust_must_", "robust_together"),
    "robust_by_chance": ("controls_",),
    "robust_unlike": ("robust_border", "robust_holds_"),
    "sides_with": ("methods_", "few_"),
    "check_refuses_it": ("without_",),
}


def shortened(claims: Iterable[Claim], said: Iterable[Claim]) -> Iterator[Claim]:
    """The core of an answer in the order of ``claims``, which have their sentences, after what was ``said`` before.

    The first claim answers, mostly with the reading, and comes at once; the others when their room is known.
    """
    left = MOST_WORDS - sum(count_words(claim.sentence) for claim in said)
    rest = iter(claims)
    first = next(rest, None)
    if first is None:
        return
    yield first
    left -= count_words(first.sentence)
    others = list(rest)
    kept: list[Claim] = []
    for start in (ANSWERS, *WHERE_ROOM):
        for claim in others:
            fits = claim.kind.startswith(start) and count_words(claim.sentence) <= left
            if fits and claim not in kept and _stands(claim, [first, *kept]):
                kept.append(claim)
                left -= count_words(claim.sentence)
    yield from (claim for claim in others if claim in kept)


def _stands(claim: Claim, kept: Iterable[Claim]) -> bool:
    """Whether what ``claim`` refers to is said."""
    needed = [other for kind, other in LEANS_ON.items() if claim.kind.startswith(kind)]
    return all(any(one.kind.startswith(other) for one in kept) for other in needed)


def count_words(text: str) -> int:
    """Words and numbers; a bare sign such as "%" is none."""
    return len([word for word in text.split() if re.search(r"\w", word)])
