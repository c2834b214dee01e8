"""Resource locks: they keep shares and access rules from being deleted, and access rules from being seen."""
