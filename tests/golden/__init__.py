"""Lists of what users see, kept beside the code that is held to them."""
