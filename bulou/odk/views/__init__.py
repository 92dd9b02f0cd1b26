"""Where phones with Collect come in, and where the office makes and revokes them."""
