"""Vocabularies shared by all parts and by drivers."""
