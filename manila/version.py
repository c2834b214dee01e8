"""The version of this package, in the form drivers written for Manila ask for it."""

__version__ = '0.1.0'


class VersionInfo:
    """Answers of the kind drivers and the service list want about a release."""

    package = 'manila'

    def __init__(self, release):
        self._release = release

    def release_string(self):
        """The full version, with any development suffix."""
        return self._release

    def version_string(self):
        """The version as three numbers at most."""
        return '.'.join(self._release.split('.')[:3])

    cached_version_string = version_string

    def __str__(self):
        return self._release


version_info = VersionInfo(__version__)
version_string = version_info.version_string
