"""What other programs may do with leads: hand them in."""
