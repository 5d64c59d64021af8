"""The libraries measured, a file each, all behind one contract."""
