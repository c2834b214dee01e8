"""Availability zones: names of places that back ends lie in and shares are asked for."""
