"""Options of locks between services on several nodes."""
from oslo_config import cfg

GROUP = 'coordination'
OPTIONS = [
    cfg.StrOpt('backend_url', default='file://$state_path', secret=True,
               help='Where locks between processes are kept, as a URL of tooz. The default, files below '
                    'state_path, serves the processes of one node.'),
]
