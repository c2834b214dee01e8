"""How tools/test sums up what pytest reports."""
from lib import testing

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="x">trace</failure></testcase>
<testcase classname="a" name="broken"><error message="x">trace</error></testcase>
<testcase classname="a" name="left"><skipped type="pytest.skip" message="no broker&#10;more"/></testcase>
<testcase classname="a" name="known"><skipped type="pytest.xfail" message="later"/></testcase>
</testsuite></testsuites>"""


def read(tmp_path, text, code):
    """The tally after one report."""
    tally = testing.Tally()
    path = tmp_path / 'report.xml'
    if text:
        path.write_text(text)
    tally.read(path, 'unit', code)
    return tally


def test_each_case_counts_once_and_a_skip_keeps_its_reason(tmp_path):
    tally = read(tmp_path, REPORT, 1)
    assert (tally.passed, tally.failed, tally.skipped) == (2, 2, 1)
    assert tally.failures == ['a.bad', 'a.broken']
    assert dict(tally.reasons) == {'no broker': 1}


def test_a_run_that_ends_badly_without_a_failure_is_one(tmp_path):
    empty = '<testsuites><testsuite><testcase classname="a" name="good"/></testsuite></testsuites>'
    assert read(tmp_path, empty, 3).failed == 1


def test_a_run_that_leaves_no_report_is_a_failure(tmp_path):
    assert read(tmp_path, None, 0).failed == 1


def test_a_run_without_any_test_is_no_failure(tmp_path):
    assert read(tmp_path, '<testsuites><testsuite/></testsuites>', 5).failed == 0
