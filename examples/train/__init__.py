"""Tiny language models trained on mixtures of texts: the table that mixlaw's example fits."""
