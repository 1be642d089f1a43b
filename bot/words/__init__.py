"""From claims to words: sentences, numbers and names in the languages of ``templates/``."""
