-- An entry moves along the edges of rules.EDGES and no other; what was keyed stands until it is returned to be keyed
-- again; nobody proofs or approves what he has keyed in. Held for single rows, statements over many, and COPY alike.
CREATE FUNCTION digitisation_fix(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an entry is fixed: %', what
        USING ERRCODE = 'check_violation', CONSTRAINT = 'digitisation_entry_fixed';
END $$;

CREATE FUNCTION digitisation_guard_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('collected', 'scanned'), ('collected', 'keyed'), ('scanned', 'collected'), ('scanned', 'keyed'),
        ('scanned', 'unreadable'), ('unreadable', 'collected'), ('unreadable', 'scanned'), ('keyed', 'proofed'),
        ('keyed', 'returned'), ('returned', 'keyed'), ('returned', 'unreadable'), ('proofed', 'approved'),
        ('proofed', 'returned'), ('approved', 'transferred'), ('approved', 'returned'), ('transferred', 'matched')) THEN
        PERFORM digitisation_fix('its state does not go from ' || OLD.state || ' to ' || NEW.state);
    END IF;
    IF (OLD.book_id, OLD.number, OLD.number_suffix) <> (NEW.book_id, NEW.number, NEW.number_suffix) THEN
        PERFORM digitisation_fix('its line');
    END IF;
    -- Where two keyers differ, the proofer may let the second stand: in the very step that makes him answer for it.
    IF OLD.state NOT IN ('collected', 'scanned', 'returned')
        AND NOT (OLD.state = 'keyed' AND NEW.state = 'proofed' AND OLD.keyed_twice)
        AND (OLD.content, OLD.notes, OLD.registered_on, OLD.what, OLD.source, OLD.keyer_id)
            IS DISTINCT FROM (NEW.content, NEW.notes, NEW.registered_on, NEW.what, NEW.source, NEW.keyer_id) THEN
        PERFORM digitisation_fix('its content');
    END IF;
    -- A scan takes no other's place behind the back of who has read it; what was keyed elsewhere may still be given one.
    IF OLD.scan_id IS NOT NULL AND NEW.scan_id IS DISTINCT FROM OLD.scan_id
        AND NEW.state NOT IN ('collected', 'scanned') THEN
        PERFORM digitisation_fix('its scan');
    END IF;
    IF NEW.proofer_id = ANY (NEW.hands) OR NEW.approver_id = ANY (NEW.hands) THEN
        RAISE EXCEPTION 'nobody proofs or approves what he has keyed in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'digitisation_entry_three_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER digitisation_entry_fixed BEFORE UPDATE ON digitisation_entry
    FOR EACH ROW EXECUTE FUNCTION digitisation_guard_entry();

CREATE FUNCTION digitisation_refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM digitisation_fix(TG_OP || ' in this state');
    RETURN NULL;
END $$;
-- The conditions are looked at without calling anything, so that millions of rows in one COPY cost nothing more.
CREATE TRIGGER digitisation_entry_begins BEFORE INSERT ON digitisation_entry
    FOR EACH ROW WHEN (NEW.state NOT IN ('collected', 'scanned', 'keyed'))
    EXECUTE FUNCTION digitisation_refuse_entry();
-- Only what another tool keyed and nobody has looked at may go again, with the whole import that brought it.
CREATE TRIGGER digitisation_entry_stays BEFORE DELETE ON digitisation_entry
    FOR EACH ROW WHEN (NOT (OLD.state = 'keyed' AND OLD.source <> ''))
    EXECUTE FUNCTION digitisation_refuse_entry();

-- How many entries of each book stand where: moved by whole statements, one row a book and state, always in one order.
CREATE FUNCTION digitisation_count_entered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO digitisation_count AS known (book_id, state, entries, with_scan)
        SELECT book_id, state, count(*), count(scan_id) FROM entered GROUP BY book_id, state ORDER BY book_id, state
    ON CONFLICT (book_id, state) DO UPDATE
        SET entries = known.entries + excluded.entries, with_scan = known.with_scan + excluded.with_scan;
    RETURN NULL;
END $$;
CREATE FUNCTION digitisation_count_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO digitisation_count AS known (book_id, state, entries, with_scan)
        SELECT book_id, state, sum(one), sum(scan) FROM (
            SELECT book_id, state, 1 AS one, (scan_id IS NOT NULL)::int AS scan FROM after
            UNION ALL SELECT book_id, state, -1, -(scan_id IS NOT NULL)::int FROM before) AS moved
        GROUP BY book_id, state HAVING sum(one) <> 0 OR sum(scan) <> 0 ORDER BY book_id, state
    ON CONFLICT (book_id, state) DO UPDATE
        SET entries = known.entries + excluded.entries, with_scan = known.with_scan + excluded.with_scan;
    RETURN NULL;
END $$;
CREATE FUNCTION digitisation_count_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO digitisation_count AS known (book_id, state, entries, with_scan)
        SELECT book_id, state, -count(*), -count(scan_id) FROM gone GROUP BY book_id, state ORDER BY book_id, state
    ON CONFLICT (book_id, state) DO UPDATE
        SET entries = known.entries + excluded.entries, with_scan = known.with_scan + excluded.with_scan;
    RETURN NULL;
END $$;
CREATE TRIGGER digitisation_entries_entered AFTER INSERT ON digitisation_entry
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION digitisation_count_entered();
CREATE TRIGGER digitisation_entries_moved AFTER UPDATE ON digitisation_entry
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION digitisation_count_moved();
CREATE TRIGGER digitisation_entries_gone AFTER DELETE ON digitisation_entry
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION digitisation_count_gone();
