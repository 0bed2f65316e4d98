"""Every hook there is; a hook comes with its first user, never before."""

from deskcore.plugin.hookspecs import lifecycle, pipeline, places, registration

MODULES = (lifecycle, registration, places, pipeline)
