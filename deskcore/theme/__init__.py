"""How pages look: what the shell shows, and one renderer for pages and their parts."""
