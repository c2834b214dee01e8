"""Seeing to it that back ends still export what they should."""
