-- What was sent stays as it was sent: states move along their edges, figures change only while a report is being made.
CREATE FUNCTION reporting_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reporting: %', what USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION reporting_guard_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM reporting_refuse('a report is never deleted');
    END IF;
    IF (OLD.form_id, OLD.unit_id, OLD.level, OLD.kind, OLD.stage, OLD.year, OLD.first, OLD.last, OLD.version,
        OLD.amends_id, OLD.reason)
       IS DISTINCT FROM
       (NEW.form_id, NEW.unit_id, NEW.level, NEW.kind, NEW.stage, NEW.year, NEW.first, NEW.last, NEW.version,
        NEW.amends_id, NEW.reason) THEN
        PERFORM reporting_refuse('what a report is about never changes');
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN (
        'draft>ready', 'returned>ready', 'ready>draft', 'ready>signing', 'signing>ready', 'signing>submitted',
        'signing>locked', 'submitted>returned', 'submitted>accepted', 'accepted>aggregated', 'aggregated>locked',
        'accepted>amended', 'aggregated>amended', 'locked>amended'
    ) THEN
        PERFORM reporting_refuse('a report does not go from ' || OLD.state || ' to ' || NEW.state);
    END IF;
    IF OLD.state NOT IN ('draft', 'returned') AND (
        (OLD.counted, OLD.counted_at, OLD.typed, OLD.explanations, OLD.confirmed_zero, OLD.missing, OLD.missing_reason)
        IS DISTINCT FROM
        (NEW.counted, NEW.counted_at, NEW.typed, NEW.explanations, NEW.confirmed_zero, NEW.missing, NEW.missing_reason)
    ) THEN
        PERFORM reporting_refuse('the figures of a report that is ' || OLD.state || ' stand');
    END IF;
    IF OLD.state IN ('locked', 'amended') AND (OLD.document_id, OLD.reserved_id, OLD.sent_at)
       IS DISTINCT FROM (NEW.document_id, NEW.reserved_id, NEW.sent_at) THEN
        PERFORM reporting_refuse('the paper of a locked report stands');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reporting_guard_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole uuid;
    stands text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM reporting_refuse('what a report counts is counted anew, not changed');
    END IF;
    IF TG_TABLE_NAME = 'reporting_included' THEN
        whole := CASE WHEN TG_OP = 'DELETE' THEN OLD.summary_id ELSE NEW.summary_id END;
    ELSE
        whole := CASE WHEN TG_OP = 'DELETE' THEN OLD.report_id ELSE NEW.report_id END;
    END IF;
    SELECT state INTO stands FROM reporting_report WHERE id = whole;
    IF stands NOT IN ('draft', 'returned') THEN
        PERFORM reporting_refuse('what a report that is ' || stands || ' counts stands');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION reporting_guard_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.code, OLD.summary_code, OLD.title, OLD.legal_basis, OLD.layout, OLD.valid_from,
                            OLD.enacted_at, OLD.enacted_by)
       IS DISTINCT FROM (NEW.code, NEW.summary_code, NEW.title, NEW.legal_basis, NEW.layout, NEW.valid_from,
                         NEW.enacted_at, NEW.enacted_by) THEN
        PERFORM reporting_refuse('a version of a form never changes');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION reporting_guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_refuse('what was done is not undone');
    RETURN NULL;
END $$;

CREATE TRIGGER reporting_report_guard BEFORE UPDATE OR DELETE ON reporting_report
    FOR EACH ROW EXECUTE FUNCTION reporting_guard_report();
CREATE TRIGGER reporting_countedgroup_guard BEFORE INSERT OR UPDATE OR DELETE ON reporting_countedgroup
    FOR EACH ROW EXECUTE FUNCTION reporting_guard_parts();
CREATE TRIGGER reporting_included_guard BEFORE INSERT OR UPDATE OR DELETE ON reporting_included
    FOR EACH ROW EXECUTE FUNCTION reporting_guard_parts();
CREATE TRIGGER reporting_form_guard BEFORE UPDATE OR DELETE ON reporting_form
    FOR EACH ROW EXECUTE FUNCTION reporting_guard_form();
CREATE TRIGGER reporting_steptaken_guard BEFORE UPDATE OR DELETE ON reporting_steptaken
    FOR EACH ROW EXECUTE FUNCTION reporting_guard_step();
