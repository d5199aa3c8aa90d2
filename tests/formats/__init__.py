"""Small indexes of each format, opened for ever, and what they answer."""
