"""What is asked of received mail."""
