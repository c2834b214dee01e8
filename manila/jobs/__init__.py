"""Long work that survives the death of any process.

A job is a row, written in the transaction of the request that orders it (:mod:`manila.jobs.store`). Workers
claim rows (:mod:`manila.jobs.worker`) under a lease and settle them together with the results, fenced by
owner and number of the claim. Messages only wake workers up. What kinds of work there are, and what is done
after an interruption, is declared as :class:`manila.jobs.kind.Kind`.
"""
