"""A NetApp ONTAP cluster simulated over HTTP: one state behind the REST and the ZAPI transport.

`model` holds the state and its rules and knows no transport; `rest` and `zapi` render it. Started by
`python -m manila.tests.simulators.ontap TOPOLOGY_FILE` or, inside a test, by `server.Simulator`.
"""
