"""The country's administrative units in a compact form of our own, with the script that makes it."""
