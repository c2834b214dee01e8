"""Snapshots of shares, and the instances that a snapshot consists of, one for each instance of its share."""
