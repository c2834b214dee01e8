"""The HTTP framework: it serves what resource packages declare and knows no resource itself."""
