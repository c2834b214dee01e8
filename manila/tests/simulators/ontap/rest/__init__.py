"""The REST transport: resources, their fields, queries, paging and errors over the model."""
