"""What stands behind the commands for plugin authors: begin a plugin, judge it, try it, pack it.

Only the command line uses it; a desk that serves never imports any of it.
"""
