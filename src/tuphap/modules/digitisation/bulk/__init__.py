"""What other tools keyed, taken in by the file: mapped, checked, set aside with its faults, or loaded."""
