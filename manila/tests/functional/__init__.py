"""Tests with real processes on a real broker and real databases, spoken to as a user would."""
