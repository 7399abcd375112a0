"""The pages on which a file is imported: brought, mapped, checked, run, taken back."""
