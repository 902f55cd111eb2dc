"""The doors of direction: figures and their lists, the statistics, closed periods."""
