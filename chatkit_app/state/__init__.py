"""What a browser tab remembers: one small State class a noun."""
