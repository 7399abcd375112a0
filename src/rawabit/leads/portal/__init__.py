"""What visitors of the company's web site see of leads: the forms."""
