"""The workspace on disk: SQLite, migrations, audit log, frames in and out."""
