"""Services: the schedulers and back ends that report, and who is allowed to be in charge of each."""
