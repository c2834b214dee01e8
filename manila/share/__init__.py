"""What drivers see, and what serves them."""
