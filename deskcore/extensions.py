"""The Flask extensions, one instance each; ``create_app`` binds them to an app."""

from __future__ import annotations

from flask_sqlalchemy import SQLAlchemy

from deskcore.db import Base

# Models subclass Base, not db.Model; both share one metadata.
db = SQLAlchemy(model_class=Base)
