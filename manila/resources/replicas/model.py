"""The metadata of replicas, which are rows of share instances."""
from manila.db import base

metadata = base.key_value_table('share_instance_metadata', 'share_instances', 'share_instance_id')
