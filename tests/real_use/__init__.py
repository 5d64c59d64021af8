"""Questions of real businesses, answered by typed queries and by hand-written SQL."""
