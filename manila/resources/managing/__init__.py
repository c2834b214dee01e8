"""Taking shares that exist on back ends under management, and letting go of shares without removing them."""
