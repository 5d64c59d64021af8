"""What tools/servers is made of: one module per server, and what they share."""
