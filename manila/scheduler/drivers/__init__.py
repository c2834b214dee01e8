"""Ways of choosing a pool; option ``scheduler_driver`` names the one in use."""
