"""Order and spans of versions."""
import pytest

from manila import exception
from manila.api import versions


def test_versions_compare_by_number():
    assert versions.parse('2.10') > versions.parse('2.9')
    assert versions.parse('2.9') >= (2, 9)
    assert str(versions.parse('2.10')) == '2.10'


@pytest.mark.parametrize('text', ['latest', '2', '2.', '.1', '2.1 ', '2.٣', '+2.1', '2.01', '0.1', None, 2.1])
def test_other_texts_are_no_versions(text):
    with pytest.raises(exception.InvalidAPIVersionString):
        versions.parse(text)


def test_span_holds_both_ends():
    span = versions.Span('2.3', '2.5')
    assert [version for version in ('2.2', '2.3', '2.5',
                                    '2.6') if versions.parse(version) in span] == ['2.3', '2.5']
    assert versions.parse('2.99') in versions.Span('2.3')
    assert span.overlaps(versions.Span('2.5')) and not span.overlaps(versions.Span('2.6'))
