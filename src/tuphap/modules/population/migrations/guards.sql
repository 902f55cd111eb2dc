-- A ticket goes along its edges, what it is about never changes, what was done to it is not undone.
CREATE FUNCTION population_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'population: %', what USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION population_guard_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM population_refuse('a ticket is never deleted');
    END IF;
    IF (OLD.subject, OLD.unit_id, OLD.party_id, OLD.act_id, OLD.opened_at)
       IS DISTINCT FROM (NEW.subject, NEW.unit_id, NEW.party_id, NEW.act_id, NEW.opened_at) THEN
        PERFORM population_refuse('what a ticket is about never changes');
    END IF;
    IF OLD.state IN ('resolved', 'accepted_difference') AND (OLD.state, OLD.klass, OLD.compared, OLD.choice, OLD.right,
        OLD.reason, OLD.minutes, OLD.proposed_by_id, OLD.confirmed_by_id, OLD.closed_at)
       IS DISTINCT FROM (NEW.state, NEW.klass, NEW.compared, NEW.choice, NEW.right,
        NEW.reason, NEW.minutes, NEW.proposed_by_id, NEW.confirmed_by_id, NEW.closed_at) THEN
        PERFORM population_refuse('what a closed ticket says stands');
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN (
        'open>with_police', 'open>with_justice', 'open>with_citizen', 'open>resolved', 'open>accepted_difference',
        'with_police>open', 'with_police>with_justice', 'with_police>resolved',
        'with_justice>open', 'with_justice>with_police', 'with_justice>with_citizen', 'with_justice>resolved',
        'with_justice>accepted_difference',
        'with_citizen>open', 'with_citizen>with_police', 'with_citizen>resolved'
    ) THEN
        PERFORM population_refuse('a ticket does not go from ' || OLD.state || ' to ' || NEW.state);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION population_guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM population_refuse('what was done is not undone');
    RETURN NULL;
END $$;

CREATE TRIGGER population_ticket_guard BEFORE UPDATE OR DELETE ON population_ticket
    FOR EACH ROW EXECUTE FUNCTION population_guard_ticket();
CREATE TRIGGER population_step_guard BEFORE UPDATE OR DELETE ON population_step
    FOR EACH ROW EXECUTE FUNCTION population_guard_step();
CREATE TRIGGER population_evidence_guard BEFORE UPDATE OR DELETE ON population_evidence
    FOR EACH ROW EXECUTE FUNCTION population_guard_step();
