"""What every weigher is: a score per pool, made comparable over the candidates, times a multiplier."""
import math


class WeighedHost:
    """A candidate on the way to its weight, as weighers that look at all candidates at once get it."""

    def __init__(self, obj, weight=0.0):
        self.obj = obj
        self.weight = weight


class BaseHostWeigher:
    """Base of weighers, also of those outside this project.

    One object serves all threads, so a weigher keeps nothing about a request on itself.

    :cvar minval: lowest possible score; None: the lowest of the candidates
    :cvar maxval: highest possible score; None: the highest of the candidates
    """

    minval = None
    maxval = None

    def weight_multiplier(self):
        """How much this weigher counts; a negative one turns its order round."""
        return 1.0

    def _weigh_object(self, host_state, weight_properties):
        """The score of a pool, bigger is better; an infinite one stands for beyond all others.

        :param host_state: :class:`manila.scheduler.pools.PoolState`
        :param weight_properties: the filter properties of the request
        """
        raise NotImplementedError

    def weigh_objects(self, weighed, weight_properties):
        """Scores of all candidates, in their order.

        :param weighed: list of :class:`WeighedHost`
        """
        return [self._weigh_object(candidate.obj, weight_properties) for candidate in weighed]


def normalize(scores, lowest=None, highest=None):
    """Bring scores to the range 0..1; all the same become 0.

    :param lowest: score that becomes 0, when it is not the lowest of the list
    :param highest: score that becomes 1, when it is not the highest of the list
    """
    scores = _finite(scores)
    low = min(scores, default=0) if lowest is None else lowest
    high = max(scores, default=0) if highest is None else highest
    if high == low:
        return [0.0] * len(scores)
    return [(score - low) / (high - low) for score in scores]


def _finite(scores):
    """Put infinite scores one step beyond the finite ones."""
    finite = [score for score in scores if math.isfinite(score)] or [0]
    low, high = min(finite) - 1, max(finite) + 1
    return [score if math.isfinite(score) else (high if score > 0 else low) for score in scores]
