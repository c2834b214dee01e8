"""Wishes about the neighbours of shares: hints to the scheduler that outlive the request."""
