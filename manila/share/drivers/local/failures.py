"""The one translation of what fails below the driver into what the share manager expects."""
import contextlib

from manila import exception


@contextlib.contextmanager
def reported():
    """Turn any failure that is not yet one of Manila's into a back-end failure with its text."""
    try:
        yield
    except (exception.ManilaException, NotImplementedError):
        raise
    except Exception as failure:
        raise exception.ShareBackendException(msg=str(failure) or repr(failure)) from failure
