"""Guards taken out on purpose: each mutant must turn its test red."""
