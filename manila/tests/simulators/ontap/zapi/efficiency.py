"""Storage efficiency ('sis')."""

from manila.tests.simulators.ontap.model import efficiency, jobs
from manila.tests.simulators.ontap.model.errors import Refused
from manila.tests.simulators.ontap.zapi.api import api, iterator, volume_of


def volume(call):
    """The volume of a path '/vol/<name>' or of a name."""
    name = call.text('path') or call.text('volume-name') or ''
    return volume_of(call.svm, name[len('/vol/'):] if name.startswith('/vol/') else name)


@api('sis-enable', need='path')
def enable(call):
    efficiency.enable(volume(call))


@api('sis-disable', need='path')
def disable(call):
    efficiency.disable(volume(call))


def _settings(call):
    settings = {}
    if call.has('enable-compression'):
        settings['compression'] = call.flag('enable-compression')
    if call.has('policy-name'):
        settings['policy'] = call.text('policy-name')
    if call.flag('enable-inline-compression'):
        settings['inline'] = True
    return settings


@api('sis-start', need='path', may='scan scan-all build-metadata delete-checkpoint queue-operation qos-policy')
def start(call):
    """Let a scan run; how long depends on what the volume holds."""
    target = volume(call)
    if not target.efficiency.enabled:
        raise Refused('efficiency.disabled', 'Storage efficiency is not enabled on volume "%s".' % target.name)
    if target.efficiency.scanning_until > call.now:
        raise Refused('efficiency.active', 'A sis operation is currently active on volume "%s".' % target.name)
    target.efficiency.scanning_until = call.now + target.used / call.cluster.settings['split_bytes_per_second']


@api('sis-stop', need='path', may='all-operations')
def stop(call):
    volume(call).efficiency.scanning_until = 0.0


@api('sis-set-config', need='path', may='enable-compression policy-name enable-inline-compression schedule')
def configure(call):
    efficiency.configure(volume(call), **_settings(call))


def started(call, operation, **arguments):
    """Start a job and answer as the asynchronous calls do."""
    job = jobs.start(call.cluster, operation, operation, call.svm, volume=volume(call), **arguments)
    return {'result-status': 'in_progress', 'result-jobid': job.number}


@api('sis-enable-async', may='volume-name path')
def enable_async(call):
    return started(call, 'efficiency.enable')


@api('sis-disable-async', may='volume-name path')
def disable_async(call):
    return started(call, 'efficiency.disable')


@api('sis-set-config-async', may='volume-name path enable-compression policy-name enable-inline-compression')
def configure_async(call):
    return started(call, 'efficiency.configure', **_settings(call))


@iterator('sis-get-iter', 'sis-status-info')
def status(call):
    return [{'path': '/vol/%s' % v.name, 'state': v.efficiency.state, 'vserver': svm.name,
             'is-compression-enabled': v.efficiency.compression != 'none',
             'schedule': '-', 'status': 'active' if v.efficiency.scanning_until > call.now else 'idle',
             'is-inline-compression-enabled': v.efficiency.compression in ('inline', 'both'),
             'is-inline-dedupe-enabled': v.efficiency.dedupe in ('inline', 'both'),
             'policy': v.efficiency.policy} for svm in call.svms for v in svm.volumes
            if v.efficiency.enabled or v.efficiency.configured]
