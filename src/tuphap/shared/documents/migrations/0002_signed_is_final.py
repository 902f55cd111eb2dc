"""What is signed stays as it is: only its standing in the register changes, and only once."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION documents_document_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing CONSTANT text[] :=
        ARRAY['register_state', 'register_changed_at', 'cancel_reason', 'cancel_decision', 'replaced_by_id'];
BEGIN
    IF OLD.state <> 'signed' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - standing) <> (to_jsonb(NEW) - standing) THEN
        RAISE EXCEPTION 'a signed document is final' USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'documents_signed_is_final';
    END IF;
    IF OLD.register_state <> 'in_force' AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
        RAISE EXCEPTION 'a standing changes once' USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'documents_standing_changes_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_document_guard BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_document_guard();
"""
BACKWARDS = """
DROP TRIGGER documents_document_guard ON documents_document;
DROP FUNCTION documents_document_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
