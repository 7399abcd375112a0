from django.db import migrations

# Whoever shows open pages (kit.live) is woken by the commit itself; PostgreSQL sends a notification only when the
# transaction is through, and equal ones of one transaction once. SQLite has a counter of commits for this.
UP = """
CREATE FUNCTION rawabit_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rawabit_events', '');
    RETURN NULL;
END $$;
CREATE TRIGGER rawabit_wake AFTER INSERT ON kit_records_event FOR EACH STATEMENT EXECUTE FUNCTION rawabit_wake();
CREATE TRIGGER rawabit_wake AFTER INSERT ON kit_records_notice FOR EACH STATEMENT EXECUTE FUNCTION rawabit_wake();
"""
DOWN = """
DROP TRIGGER rawabit_wake ON kit_records_event;
DROP TRIGGER rawabit_wake ON kit_records_notice;
DROP FUNCTION rawabit_wake();
"""


def run(statements):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statements)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("kit_records", "0002_submission")]
    operations = [migrations.RunPython(run(UP), run(DOWN))]
