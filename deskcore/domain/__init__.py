"""Values and pure rules: no database, no network, no request, no clock."""
