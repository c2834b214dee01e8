"""What needs root: functions that run in this process if it is root, else in a helper process.

The helper is that of oslo.privsep; the options of the group manila_sys_admin say how it is started and what
it may.
"""
from os import geteuid  # the name os is that of a module of this package

from oslo_privsep import capabilities, priv_context

sys_admin_pctxt = priv_context.PrivContext(
    'manila',
    cfg_section='manila_sys_admin',
    pypath=__name__ + '.sys_admin_pctxt',
    capabilities=[capabilities.CAP_CHOWN, capabilities.CAP_DAC_OVERRIDE, capabilities.CAP_DAC_READ_SEARCH,
                  capabilities.CAP_FOWNER, capabilities.CAP_FSETID, capabilities.CAP_NET_ADMIN,
                  capabilities.CAP_SYS_ADMIN],
)

if geteuid() == 0:
    sys_admin_pctxt.set_client_mode(False)
