"""What a customer's user reads. Everything starts at ``visible_to(actor)``."""
