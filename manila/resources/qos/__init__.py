"""QoS types: named sets of specs that say how well a back end serves a share."""
