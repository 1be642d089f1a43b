"""A small Hugging Face Hub on this computer: serves the files of a commit, takes new ones, and fails as asked."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_a_token_for_tests"

# What is wrong with a repository:
FAILS, HANGS, STALLS, CORRUPT, CUT = "fails", "hangs", "stalls", "corrupt", "cut"
MISSING, BUSY, PAGES, PAGE, BREAKS = "missing", "busy", "pages", "page", "breaks"
HTML = b"<!doctype html><title>Log in</title><p>This network asks you to log in first."


class HubServer(ThreadingHTTPServer):
    """``repositories``: name → file → content; ``faults``: name → what goes wrong with it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.faults: dict[str, str] = {}
        self.large: dict[str, bytes] = {}  # SHA-256 → content, uploaded and waiting for its commit
        self.requests: list[str] = []
        self.stopping = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that gave up is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HubServer

    def log_message(self, *arguments: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._resolve(body=False)

    def do_GET(self) -> None:
        self._resolve(body=True)

    # -- downloads -----------------------------------------------------------------------------------------

    def _resolve(self, body: bool) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        parts = self.path.split("?")[0].strip("/").split("/")
        if len(parts) != 5 or parts[2] != "resolve":
            self._answer(404, b"", {})
            return
        name, revision, file = "/".join(parts[:2]), parts[3], parts[4]
        fault = self.server.faults.get(name)
        if fault == HANGS:
            self.server.stopping.wait(120)
        elif fault == FAILS:
            self._answer(500, b"", {})
        elif fault == MISSING:
            self._answer(404, b"", {})
        elif fault == BUSY:
            self._answer(429, b"", {"Retry-After": "60"})
        elif fault == BREAKS:
            self.close_connection = True  # without a word
        elif name not in self.server.repositories:
            self._answer(404, b"", {"X-Error-Code": "RepoNotFound"})
        elif revision not in ("main", COMMIT):
            self._answer(404, b"", {"X-Error-Code": "RevisionNotFound"})
        elif file not in self.server.repositories[name]:
            self._answer(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
        else:
            self._file(self.server.repositories[name][file], self._of_file(fault, file), body)

    def _of_file(self, fault: str | None, file: str) -> str | None:
        """What is wrong with one file: mostly it is the large one."""
        return PAGE if fault == PAGES else fault if file == "model.safetensors" else None

    def _file(self, content: bytes, fault: str | None, body: bool) -> None:
        if fault == PAGE:
            content = HTML
        if fault == CORRUPT:
            content = content[:-1000] + bytes(255 - byte for byte in content[-1000:])
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        self.send_response(206 if start else 200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("Content-Length", str(len(content) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if body and fault in (CUT, STALLS):
            self.wfile.write(content[start : (start + len(content)) // 2])
            if fault == STALLS:
                self.server.stopping.wait(120)
            self.close_connection = True
        elif body:
            self.wfile.write(content[start:])

    # -- uploads: https://huggingface.co/docs/hub/api and the git-lfs batch API ----------------------------

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append(f"POST {self.path}")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401, b'{"error": "Invalid username or password."}', {})
        elif self.path == "/api/repos/create":
            wanted = json.loads(raw)
            name = f"{wanted['organization']}/{wanted['name']}"
            if wanted["organization"] == "others":
                self._answer(403, b'{"error": "You have no rights in this namespace."}', {})
            else:
                self.server.repositories.setdefault(name, {})
                self._json({"url": f"{self.server.url}/{name}"})
        elif self.path == "/api/validate-yaml":
            self._json({"errors": [], "warnings": []})
        elif "/preupload/" in self.path:
            asked = json.loads(raw)["files"]
            self._json({"files": [{"path": file["path"], "shouldIgnore": False,
                                   "uploadMode": "lfs" if file["path"].endswith(".safetensors") else "regular"}
                                  for file in asked]})  # fmt: skip
        elif self.path.endswith(".git/info/lfs/objects/batch"):
            objects = json.loads(raw)["objects"]
            self._json({"transfer": "basic", "objects": [
                {**one, "actions": {"upload": {"href": f"{self.server.url}/large/{one['oid']}"}}} for one in objects
            ]})  # fmt: skip
        elif "/commit/" in self.path:
            self._commit("/".join(self.path.split("/")[3:5]), [json.loads(line) for line in raw.splitlines()])
        else:
            self._answer(404, b"", {})

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.large[self.path.rsplit("/", 1)[1]] = content
        self._answer(200, b"", {})

    def _commit(self, name: str, lines: list[dict]) -> None:
        files = self.server.repositories[name]
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.server.large[value["oid"]]
        self._json({"commitUrl": f"{self.server.url}/{name}/commit/{COMMIT}", "commitOid": COMMIT})

    def _json(self, value: object) -> None:
        self._answer(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(content)
