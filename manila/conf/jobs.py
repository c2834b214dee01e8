"""Options of long work (see manila.jobs)."""
from oslo_config import cfg

GROUP = 'jobs'
OPTIONS = [
    cfg.FloatOpt('poll_interval', default=5.0, min=0.05,
                 help='Seconds after which a worker looks for jobs although nobody woke it: the most that a '
                      'lost message costs.'),
    cfg.IntOpt('lease', default=60, min=1,
               help='Seconds for which a claimed job stays with its worker without a heartbeat; then another '
                    'may take it over.'),
    cfg.IntOpt('workers', default=16, min=1, help='Jobs that one back end, or the scheduler, works on at once.'),
    cfg.IntOpt('max_attempts', default=5, min=1,
               help='Claims after which a job that keeps failing, or keeps losing its worker, fails for '
                    'good.'),
    cfg.FloatOpt('retry_delay', default=2.0, min=0.0,
                 help='Seconds before the second attempt; doubled for each further one.'),
    cfg.FloatOpt('retry_delay_max', default=300.0, min=0.0, help='Longest time between two attempts in seconds.'),
    cfg.IntOpt('stop_timeout', default=20, min=0,
               help='Seconds that a stopping worker waits for the jobs in its hands before it hands them '
                    'back.'),
    cfg.IntOpt('sweep_interval', default=60, min=1,
               help='Seconds between two searches for resources in a transitional state that have no job.'),
    cfg.IntOpt('sweep_grace', default=300, min=0,
               help='Seconds for which a resource must have been in a transitional state before the search minds '
                    'that it has no job.'),
]
