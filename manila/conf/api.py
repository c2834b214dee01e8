"""Options of manila-api and of its standalone accounts."""
from oslo_config import cfg

GROUPS = {
    None: [
        cfg.StrOpt('auth_strategy', default='keystone', choices=[
            ('keystone', 'Tokens of Keystone.'),
            ('http_basic', 'User names and passwords of a file; for services without Keystone.'),
            ('noauth', 'No check at all: every caller is an administrator. Clients without a token are told '
                       'a URL with a project id.'),
            ('noauthv2', 'Like noauth, with a URL without a project id.')],
            help='How callers prove who they are.'),
        cfg.StrOpt('api_paste_config', default='api-paste.ini',
                   help='File that says which middleware stands before the API; searched in the directories '
                        'of the configuration files.'),
        cfg.HostAddressOpt('osapi_share_listen', default='::', help='Address on which manila-api listens.'),
        cfg.PortOpt('osapi_share_listen_port', default=8786, help='Port on which manila-api listens.'),
        cfg.IntOpt('osapi_share_workers', default=1, min=1,
                   help='Processes of manila-api that serve requests.'),
        cfg.IntOpt('osapi_share_threads', default=16, min=1,
                   help='Requests that one process of manila-api serves at the same time.'),
        cfg.IntOpt('osapi_share_graceful_timeout', default=10, min=0,
                   help='Seconds that a stopping manila-api gives requests that are being served.'),
        cfg.BoolOpt('osapi_share_use_ssl', default=False, help='Whether manila-api itself speaks TLS.'),
        cfg.StrOpt('osapi_share_base_URL', sample_default='https://share.example.org:8786',
                   help='Public URL of the service without /v2, for links in answers; default: the URL by '
                        'which the client came.'),
        cfg.IntOpt('osapi_max_limit', default=1000, min=1, help='Most items of one list answer.'),
        cfg.StrOpt('project_id_regex', default=r'[0-9a-f\-]+',
                   help='Regular expression for project ids in paths.'),
        cfg.BoolOpt('use_forwarded_for', default=False, deprecated_for_removal=True,
                    deprecated_reason='The http_proxy_to_wsgi middleware does this.',
                    help='Whether X-Forwarded-For names the caller. Only behind a proxy that sets it.'),
    ],
    'ssl': [
        cfg.StrOpt('cert_file', help='Certificate of manila-api, with its chain.'),
        cfg.StrOpt('key_file', help='Private key of manila-api.'),
        cfg.StrOpt('ca_file', help='Certificates of authorities; when set, clients must show a certificate '
                                   'of theirs.'),
    ],
    'standalone': [
        cfg.StrOpt('accounts_file', default='accounts.yaml',
                   help='YAML file with the project and the roles of each user of the password file, for '
                        'auth_strategy http_basic; searched in the directories of the configuration files.'),
        cfg.BoolOpt('allow_remote', default=False,
                    help='Whether auth_strategy http_basic may serve other machines without TLS; passwords '
                         'then cross the network in the clear.'),
        cfg.IntOpt('password_cache_seconds', default=300, min=0,
                   help='Seconds for which a password that was found right is not hashed again.'),
    ],
}
