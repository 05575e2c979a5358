"""What is known of NumPyro, as data (NumPyro 0.22)."""
