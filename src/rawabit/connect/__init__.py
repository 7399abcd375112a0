"""What comes from other programs and goes to them: imports by map, exports."""
