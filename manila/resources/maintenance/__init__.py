"""What administrators do to rows when the world has changed behind the service's back."""
