"""What is told on the message bus about the life of resources; the way there is :mod:`manila.notify`."""
