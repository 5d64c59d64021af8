"""The developers' commands and what they are made of."""
