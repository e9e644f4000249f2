"""What changes a desk: beginning one, and moving an older configuration into one."""
