"""Use cases. They own transactions and take an actor; they never see a request."""
