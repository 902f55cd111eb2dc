-- What is written in the register stays. The database holds this whatever program asks.
CREATE FUNCTION civil_status_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register is immutable: %', what
        USING ERRCODE = 'check_violation', CONSTRAINT = 'civil_status_immutable';
END $$;

-- An act: only its state moves, along the edges of rules.ACT_EDGES; the moment of signing is set once.
CREATE FUNCTION civil_status_guard_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM civil_status_refuse('an act is never deleted');
    END IF;
    IF (to_jsonb(NEW) - ARRAY['state', 'state_reason', 'signed_at'])
        <> (to_jsonb(OLD) - ARRAY['state', 'state_reason', 'signed_at']) THEN
        PERFORM civil_status_refuse('content of an act');
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('pending_signature', 'registered'), ('pending_signature', 'void'),
        ('registered', 'cancelled'), ('registered', 'superseded')) THEN
        PERFORM civil_status_refuse('state of an act');
    END IF;
    IF OLD.signed_at IS NOT NULL AND NEW.signed_at IS DISTINCT FROM OLD.signed_at THEN
        PERFORM civil_status_refuse('moment of signing');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_act_immutable BEFORE UPDATE OR DELETE ON civil_status_act
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_act();

-- What only a birth has: the personal number may arrive later, and that is all.
CREATE FUNCTION civil_status_guard_birth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM civil_status_refuse('an act is never deleted');
    END IF;
    IF (to_jsonb(NEW) - 'personal_number_state') <> (to_jsonb(OLD) - 'personal_number_state')
        OR (OLD.personal_number_state = 'given' AND NEW.personal_number_state <> 'given') THEN
        PERFORM civil_status_refuse('content of a birth');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_birth_immutable BEFORE UPDATE OR DELETE ON civil_status_birthact
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_birth();

-- A person in an act: written before the signature; afterwards only a missing personal number is filled, once.
CREATE FUNCTION civil_status_guard_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM civil_status_refuse('a person is never taken out of an act');
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF (SELECT state FROM civil_status_act WHERE id = NEW.act_id) <> 'pending_signature' THEN
            PERFORM civil_status_refuse('a person is never added to a registered act');
        END IF;
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - 'personal_number') <> (to_jsonb(OLD) - 'personal_number')
        OR (OLD.personal_number <> '' AND NEW.personal_number <> OLD.personal_number) THEN
        PERFORM civil_status_refuse('a person in an act');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_party_immutable BEFORE INSERT OR UPDATE OR DELETE ON civil_status_party
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_party();

-- A paper stays the paper of its act; what was signed stays signed.
CREATE FUNCTION civil_status_guard_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM civil_status_refuse('a paper is never deleted');
    END IF;
    IF (NEW.act_id, NEW.kind, NEW.document_id, NEW.copies) <> (OLD.act_id, OLD.kind, OLD.document_id, OLD.copies)
        OR NEW.reserved_id IS DISTINCT FROM OLD.reserved_id
        OR (OLD.state IN ('signed', 'void') AND to_jsonb(NEW) <> to_jsonb(OLD)) THEN
        PERFORM civil_status_refuse('a paper of an act');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_paper_immutable BEFORE UPDATE OR DELETE ON civil_status_paper
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_paper();

-- An annotation is written once, on an act that was registered.
CREATE FUNCTION civil_status_guard_annotation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM civil_status_refuse('an annotation');
    END IF;
    IF (SELECT state FROM civil_status_act WHERE id = NEW.act_id) NOT IN ('registered', 'cancelled', 'superseded') THEN
        PERFORM civil_status_refuse('only a registered act is annotated');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_annotation_immutable BEFORE INSERT OR UPDATE OR DELETE ON civil_status_annotation
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_annotation();

-- A closed book takes no more acts; its own line changes no more.
CREATE FUNCTION civil_status_guard_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM civil_status_refuse('a book is never deleted');
    END IF;
    IF OLD.closed_on IS NOT NULL OR (to_jsonb(NEW) - ARRAY['closed_on', 'acts_at_closing', 'closed_by'])
        <> (to_jsonb(OLD) - ARRAY['closed_on', 'acts_at_closing', 'closed_by']) THEN
        PERFORM civil_status_refuse('a book');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_book_immutable BEFORE UPDATE OR DELETE ON civil_status_book
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_book();

CREATE FUNCTION civil_status_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT closed_on FROM civil_status_book WHERE id = NEW.book_id) IS NOT NULL THEN
        RAISE EXCEPTION 'this book is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'civil_status_book_is_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER civil_status_act_into_open_book BEFORE INSERT ON civil_status_act
    FOR EACH ROW EXECUTE FUNCTION civil_status_guard_entry();

-- Open dossiers by the declared day of birth: the check for a child declared twice asks for it (see checks.py).
CREATE INDEX civil_status_open_births ON dossiers_dossier ((answers #> '{child,born_on}'))
    WHERE state IN ('submitted', 'needs_supplement', 'received', 'assigned', 'in_process', 'awaiting_approval',
                    'awaiting_signature');
