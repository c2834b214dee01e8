"""Who may see availability zones."""
from manila.policy import rule

INDEX = rule('availability_zone:index', '(rule:context_is_admin) or (rule:project-reader)',
             'List availability zones.', 'GET /os-availability-zone', 'GET /availability-zone',
             deprecated='rule:default')

RULES = [INDEX]
