"""Which sites may show the app in their pages, and which origin a request comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers

VARIABLE = "WHYDIGIT_EMBED_FROM"  # the environment variable that says the same as ``--embed-from``
NOBODY = "none"
_SPACE_PAGES = "https://huggingface.co"  # shows every Space in a frame of its own
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


@dataclass(frozen=True)
class Embedders:
    """The sites that may embed: all of them, or those listed."""

    origins: tuple[str, ...] | None = None  # as browsers write them, "https://school.example"; None: everybody

    @classmethod
    def listed(cls, given: Sequence[str], on_a_space: bool = False) -> Embedders:
        """What was ``given`` on the command line or in the environment; nothing lets everybody embed.

        ``on_a_space``: the Space's own page embeds the app, so it always may.

        Raises:
            ValueError: one of them is not an origin, in a sentence.
        """
        if not given:
            return cls()
        if NOBODY in given and len(given) > 1:
            raise ValueError(f"--embed-from {NOBODY} stands alone: it lets no site embed.")
        origins = [] if NOBODY in given else [_origin(one) for one in given]
        if on_a_space:
            origins.append(_SPACE_PAGES)
        return cls(tuple(dict.fromkeys(origins)))

    @property
    def policy(self) -> str | None:
        """The header Content-Security-Policy (CSP Level 3, section 6.4.2), or None where none is needed."""
        if self.origins is None:
            return None
        return "frame-ancestors " + " ".join(["'self'", *self.origins])

    def allow(self, headers: Headers) -> bool:
        """Whether the page that sent this request may read what it asks for.

        Programs send no Origin; neither does a browser that opens a page or a frame, for which ``policy`` counts. What
        the app's own page sends is told by Sec-Fetch-Site, which no script can set (Fetch Metadata, section 2.4);
        browsers leave that out where the connection is not secure, and then only the host can be compared.
        """
        origin = headers.get("origin")
        if self.origins is None or origin is None or origin in self.origins:
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        return origin.partition("://")[2] == headers.get("host")


ANYBODY = Embedders()


def _origin(given: str) -> str:
    """``given`` as browsers write an origin: small letters, no slash at the end, no port that goes without saying."""
    wrong = ValueError(
        f"--embed-from needs a site such as https://school.example or http://localhost:8000, or {NOBODY}; "
        f"{given!r} is neither."
    )
    try:
        parts = urlsplit(given.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:  # a port that is no number, brackets that do not close, a name that no host can have
        raise wrong from error
    further = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or further:
        raise wrong
    return f"{parts.scheme}://{host}" + ("" if port in (None, _PORTS[parts.scheme]) else f":{port}")
