"""What a receipt says is never changed, and no row about money is removed: triggers, whoever asks."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION fees_keep_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.dossier_id, OLD.unit_id, OLD.number_id, OLD.receipt_no, OLD.amount, OLD.method, OLD.paid_at, OLD.items)
       IS DISTINCT FROM
       (NEW.dossier_id, NEW.unit_id, NEW.number_id, NEW.receipt_no, NEW.amount, NEW.method, NEW.paid_at, NEW.items)
       OR (OLD.voided_at IS NOT NULL
           AND (OLD.voided_at, OLD.void_reason) IS DISTINCT FROM (NEW.voided_at, NEW.void_reason)) THEN
        RAISE EXCEPTION 'receipt % is final', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fees_receipt_final BEFORE UPDATE ON fees_receipt
    FOR EACH ROW EXECUTE FUNCTION fees_keep_receipt();
CREATE FUNCTION fees_keep_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.transaction, OLD.reference, OLD.account, OLD.amount, OLD.paid_at) IS DISTINCT FROM
       (NEW.transaction, NEW.reference, NEW.account, NEW.amount, NEW.paid_at) THEN
        RAISE EXCEPTION 'transfer % is final', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fees_transfer_final BEFORE UPDATE ON fees_transfer
    FOR EACH ROW EXECUTE FUNCTION fees_keep_transfer();
CREATE FUNCTION fees_keep_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'money that came or went stays in the books' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER fees_receipt_stays BEFORE DELETE ON fees_receipt FOR EACH ROW EXECUTE FUNCTION fees_keep_rows();
CREATE TRIGGER fees_transfer_stays BEFORE DELETE ON fees_transfer FOR EACH ROW EXECUTE FUNCTION fees_keep_rows();
CREATE TRIGGER fees_refund_stays BEFORE DELETE ON fees_refund FOR EACH ROW EXECUTE FUNCTION fees_keep_rows();
"""
BACKWARDS = """
DROP TRIGGER fees_refund_stays ON fees_refund;
DROP TRIGGER fees_transfer_stays ON fees_transfer;
DROP TRIGGER fees_receipt_stays ON fees_receipt;
DROP FUNCTION fees_keep_rows();
DROP TRIGGER fees_transfer_final ON fees_transfer;
DROP FUNCTION fees_keep_transfer();
DROP TRIGGER fees_receipt_final ON fees_receipt;
DROP FUNCTION fees_keep_receipt();
"""


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
