"""Alembic's entry: runs the migrations on the connection, and in the transaction, that `stores/migrate.py` opened."""

from alembic import context

from chatkit_app.stores.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="chatkit_schema",
    transactional_ddl=False,  # the caller has one transaction around all of them
    render_as_batch=True,
)
context.run_migrations()
