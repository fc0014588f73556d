"""The index behind search: FTS5 on SQLite, a GIN index over our own tokens on PostgreSQL."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE kernel_search USING fts5(tokens, content='kernel_searchentry', content_rowid='id',"
    " tokenize='ascii', prefix='2 3')",
    "CREATE TRIGGER kernel_search_add AFTER INSERT ON kernel_searchentry BEGIN"
    " INSERT INTO kernel_search(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER kernel_search_drop AFTER DELETE ON kernel_searchentry BEGIN"
    " INSERT INTO kernel_search(kernel_search, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    "CREATE TRIGGER kernel_search_edit AFTER UPDATE ON kernel_searchentry BEGIN"
    " INSERT INTO kernel_search(kernel_search, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
    " INSERT INTO kernel_search(rowid, tokens) VALUES (new.id, new.tokens); END",
)
POSTGRESQL = (
    "CREATE INDEX kernel_search ON kernel_searchentry USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
)


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
