"""Who may embed: what can be listed, and which request is let through."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from interface.embedding.embedders import ANYBODY, Embedders

SCHOOL = Embedders.listed(["https://school.example", "http://localhost:8000"])


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://school.example", "https://school.example"),
        ("https://school.example/", "https://school.example"),
        ("HTTPS://School.Example", "https://school.example"),
        ("https://school.example:443", "https://school.example"),
        ("http://school.example:80", "http://school.example"),
        ("https://school.example:80", "https://school.example:80"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_listed_as_browsers_write_it(given, meant):
    assert Embedders.listed([given]).origins == (meant,)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "school.example",
        "https://",
        "*",
        "null",
        "https://*.school.example",
        "https://school.example/lessons",
        "https://school.example?a=b",
        "https://school.example#a",
        "https://teacher@school.example",
        "https://school.example:port",
        "https://school.example:99999",
        "https://[::1]",
        "https://[school",
        "ftp://school.example",
        "javascript:alert(1)",
        "https://school.example; script-src *",
        "https://school.example, https://other.example",
        "https://school.example\nx: y",
    ],
)
def test_what_is_no_origin_is_one_sentence(given):
    with pytest.raises(ValueError, match=r"^--embed-from needs a site such as [^\n]+ is neither\.$"):
        Embedders.listed([given])


def test_none_is_nobody_and_stands_alone():
    assert Embedders.listed(["none"]).origins == ()
    with pytest.raises(ValueError, match=r"^--embed-from none stands alone"):
        Embedders.listed(["none", "https://school.example"])


def test_the_policy_names_the_app_itself_and_who_is_listed():
    assert ANYBODY.policy is None
    assert Embedders.listed([]) == ANYBODY
    assert Embedders.listed(["none"]).policy == "frame-ancestors 'self'"
    assert SCHOOL.policy == "frame-ancestors 'self' https://school.example http://localhost:8000"
    assert Embedders.listed(["https://a.example", "https://a.example/"]).policy == (
        "frame-ancestors 'self' https://a.example"
    )


@pytest.mark.parametrize(("given", "origins"), [(["none"], ()), (["https://a.example"], ("https://a.example",))])
def test_the_page_of_a_space_always_shows_it(given, origins):
    assert Embedders.listed(given, on_a_space=True).origins == (*origins, "https://huggingface.co")
    assert Embedders.listed([], on_a_space=True) == ANYBODY


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),  # a program, or a browser that opens a page
        ({"origin": "https://school.example", "sec-fetch-site": "cross-site"}, True),
        ({"origin": "http://localhost:8000"}, True),
        ({"origin": "http://localhost:8001"}, False),
        ({"origin": "http://school.example"}, False),
        ({"origin": "https://school.example:8443"}, False),
        ({"origin": "https://school.example.evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://app.example", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "http://app.example", "host": "app.example"}, True),  # no Sec-Fetch-Site without TLS
        ({"origin": "http://app.example:7860", "host": "app.example"}, False),
        # What a page can set, because Gradio allows any header, does not help it:
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site", "x-forwarded-host": "evil.example"}, False),
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site", "host": "evil.example"}, False),
        ({"origin": "https://app.example", "sec-fetch-site": "same-site"}, False),
        ({"origin": "http://[", "host": "app.example"}, False),
    ],
)
def test_whose_requests_are_answered(headers, allowed):
    assert SCHOOL.allow(Headers(headers)) is allowed


def test_everybody_is_answered_where_nobody_is_listed():
    assert ANYBODY.allow(Headers({"origin": "https://evil.example"}))
