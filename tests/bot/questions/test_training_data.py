"""What it was trained on: our own record, others', and none."""

from __future__ import annotations

from tests.bot.records import bundled, claims, identity, kinds, said, trained


def test_of_the_bundled_weights_every_number_is_the_record_s() -> None:
    record = bundled().record["training"]
    assert isinstance(record, dict)
    answered = {claim.kind: claim for claim in claims("training_data", bundled())}
    assert f"{said(answered['training_mnist'])[0]:,.0f}" in record["data"]
    assert said(answered["training_seen"]) == [record["pictures_seen"] + record["before"]["pictures_seen"]]
    assert said(answered["training_empty"]) == [100 * record["settings"]["nothing_share"]]
    assert said(answered["training_origin"]) == [60_000, 10_000, 28, 28]
    assert said(answered["training_unseen"]) == [10_000, 5_000]
    assert {"training_from_scratch", "training_limits"} <= answered.keys()


def test_where_it_started_from() -> None:
    for start, kind in (
        ("scratch", "training_from_scratch"),
        ("ImageNet (torchvision IMAGENET1K_V1)", "training_from_imagenet"),
        ("weights 0123456789ab", "training_from_weights"),
    ):
        answered = kinds("training_data", identity(training=trained(started_from=start)))
        assert kind in answered
        assert ("training_limits" in answered) == (start == "scratch"), "other weights may have seen photos"
        assert ("training_unseen" in answered) == (kind != "training_from_weights"), "or the test pictures themselves"


def test_runs_one_after_the_other_are_one_training() -> None:
    before = trained(pictures_seen=1_000)
    twice = trained(started_from="weights 0123456789ab", pictures_seen=200, before=before)
    thrice = trained(started_from="weights ba9876543210", pictures_seen=30, before=twice)
    answered = {claim.kind: claim for claim in claims("training_data", identity(training=thrice))}
    assert said(answered["training_looked"]) == [1_230]
    assert {"training_from_scratch", "training_limits"} <= answered.keys()
    for other in (trained(data="USPS"), trained(started_from="ImageNet (torchvision IMAGENET1K_V1)"), None, "runs"):
        known = identity(training=trained(started_from="weights 0123456789ab", pictures_seen=200, before=other))
        answered = {claim.kind: claim for claim in claims("training_data", known)}
        assert "training_limits" not in answered, "the weights before may have seen photos"
        assert ("training_unseen" in answered) == (isinstance(other, dict) and other["data"] == before["data"])
    before["pictures_seen"] = None
    assert "training_looked" not in kinds("training_data", identity(training=twice))


def test_pictures_were_seen_again_where_more_were_looked_at_than_there_are() -> None:
    for seen, kind in ((20_000, "training_looked"), (55_000, "training_looked"), (55_001, "training_seen")):
        answered = claims("training_data", identity(training=trained(pictures_seen=seen)))
        (found,) = (claim for claim in answered if claim.kind in ("training_looked", "training_seen"))
        assert (found.kind, said(found)) == (kind, [seen])
        assert ("repeats" in found.sentence) == (kind == "training_seen")


def test_what_the_record_lacks_is_not_said() -> None:
    assert kinds("training_data", identity(training={"data": trained()["data"]})) == [
        "training_mnist",
        "training_origin",
        "training_not_yours",
    ]
    for wrong in (None, "many", -1, 1.5, True):
        answered = kinds("training_data", identity(training=trained(pictures_seen=wrong)))
        assert not {"training_seen", "training_looked"} & set(answered)
    for settings in (None, {}, {"nothing_share": 0}, {"nothing_share": "some"}):
        assert "training_empty" not in kinds("training_data", identity(training=trained(settings=settings)))


def test_of_other_data_only_the_name() -> None:
    other = identity(training=trained(data="USPS"))
    answered = claims("training_data", other)
    of_the_record = [claim.kind for claim in answered if claim.kind != "training_not_yours"]
    assert of_the_record == ["training_other", "training_looked", "training_from_scratch"]
    assert "“USPS”" in answered[0].sentence
    assert "MNIST" not in " ".join(claim.sentence for claim in answered)


def test_without_a_record_one_sentence_of_it() -> None:
    for weights in (identity(), identity(training=None), identity(training={"data": 5})):
        only, of_the_program = claims("training_data", weights)
        assert of_the_program.kind == "training_not_yours"
        assert only.kind == "training_unknown"
        assert "python -m model.train" in only.sentence
        assert said(only) == []
