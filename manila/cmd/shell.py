"""Interactive shells for administrators."""
import code

SHELLS = ('bpython', 'ipython', 'python')


def run(wanted, names):
    """Start a shell, or, where it is not installed, the next one that is.

    :param wanted: one of ``SHELLS``; None: the first
    :param names: what is defined in it
    """
    for name in SHELLS[SHELLS.index(wanted or SHELLS[0]):]:
        try:
            return _STARTERS[name](names)
        except ImportError:
            continue


def _bpython(names):
    import bpython
    bpython.embed(locals_=names)


def _ipython(names):
    import IPython
    IPython.start_ipython(argv=[], user_ns=names)


def _python(names):
    code.interact(local=names)


_STARTERS = {'bpython': _bpython, 'ipython': _ipython, 'python': _python}
