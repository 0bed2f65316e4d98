"""The plugins that come with the desk, all together."""
