"""``/ask`` and ``/predict`` for other programs: over HTTP, in OpenAPI, as MCP tools."""
