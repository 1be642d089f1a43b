"""From any upload to MNIST's form, one idea a file.

``reading``      file, bytes, picture or array → grey values, right way up
``ink``          grey values → how much ink lies on each pixel, whatever the light and the colours
``marks``        ink → the connected marks, and which of them are the digit
``form``         the digit → 28 × 28 exactly as MNIST is made
``gate``         why something cannot be one digit
"""
