"""The interface of share drivers, one module for each subject.

:class:`manila.share.driver.ShareDriver` assembles them. A method that raises NotImplementedError here is one
    that the
driver need not have: the caller then falls back to something else, or refuses the operation.

Arguments are plain dicts. Those named ``share``, ``replica`` or ``snapshot`` describe one *instance* of the
share or snapshot merged with what all its instances have in common. An *export location* is a dict with
``path``, ``is_admin_only`` and ``metadata``; where a list of them is returned, a single one, or only a path,
does too. ``share_server`` is the dict of a share server when the driver handles share servers, else None.
Sizes are in GiB.
"""
