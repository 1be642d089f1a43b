"""What can be drawn on, pressed and moved: a folder each, with its Python, template, style and script."""
