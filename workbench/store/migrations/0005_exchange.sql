-- Both ways to the ERP: what each import did, what was handed back, and where both disagree.
-- Settlement by hand, periods with a history, people with roles, retention, take-on.

-- How one company's files are read, as a person confirmed it. The last row of a name counts.
CREATE TABLE erp_mapping (
    mapping_id INTEGER NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('customers', 'entries', 'agreements', 'postings')),
    name TEXT NOT NULL CHECK (length(trim(name)) > 0),
    text TEXT NOT NULL,
    fingerprint TEXT,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX erp_mapping_name ON erp_mapping (purpose, name);

-- An accepted file of the ERP. Every row that it made carries the same `recorded`.
CREATE TABLE erp_import (
    import_id INTEGER NOT NULL PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES source_file,
    purpose TEXT NOT NULL CHECK (purpose IN ('erp_customers', 'erp_entries', 'erp_agreements')),
    mode TEXT NOT NULL CHECK (mode IN ('full', 'delta')),
    as_of TEXT NOT NULL CHECK (length(as_of) = 10),
    mapping TEXT NOT NULL,
    effects TEXT NOT NULL CHECK (json_valid(effects)),
    run_id INTEGER REFERENCES run,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX erp_import_file ON erp_import (file_id);

-- An import that was taken back, by new rows.
CREATE TABLE erp_import_undo (
    import_id INTEGER NOT NULL PRIMARY KEY REFERENCES erp_import,
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An entry that no longer stands for its number in the ERP: its import was undone, or the ERP
-- told it otherwise before it was collected. A later revision may follow.
ALTER TABLE entry ADD COLUMN erp_revision INTEGER NOT NULL DEFAULT 1;
DROP INDEX entry_erp_entry_no;
CREATE UNIQUE INDEX entry_erp_entry_no ON entry (erp_entry_no, erp_revision)
    WHERE erp_entry_no IS NOT NULL;
CREATE TABLE entry_withdrawal (
    entry_id INTEGER NOT NULL PRIMARY KEY REFERENCES entry,
    reason TEXT NOT NULL CHECK (reason IN ('undone', 'changed_in_erp')),
    recorded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A number of the ERP that names an entry of ours, such as money on account it has booked.
CREATE TABLE erp_entry_link (
    erp_entry_no TEXT NOT NULL,
    entry_id INTEGER NOT NULL REFERENCES entry,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (erp_entry_no, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erp_entry_link_entry ON erp_entry_link (entry_id);

-- Where the ERP and we read an entry differently: held for a person, with both readings.
-- ours: what remains without what was handed over and not booked, and without what waits.
CREATE TABLE erp_difference (
    difference_id INTEGER NOT NULL PRIMARY KEY,
    import_id INTEGER NOT NULL REFERENCES erp_import,
    entry_id INTEGER NOT NULL REFERENCES entry,
    class TEXT NOT NULL CHECK (
        class IN ('partly_booked', 'above', 'fall_while_waiting', 'changed')
    ),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    ours_minor INTEGER NOT NULL,
    handed_over_minor INTEGER NOT NULL,
    waiting_minor INTEGER NOT NULL,
    shown_minor INTEGER NOT NULL,
    changed TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(changed)),
    file_line INTEGER,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX erp_difference_entry ON erp_difference (entry_id);
CREATE INDEX erp_difference_import ON erp_difference (import_id);

-- How a held difference ended. A difference without a row here is open.
CREATE TABLE erp_difference_end (
    difference_id INTEGER NOT NULL PRIMARY KEY REFERENCES erp_difference,
    decision TEXT NOT NULL CHECK (
        decision IN ('booked', 'settled_in_erp', 'ours_stands', 'read_again', 'undone')
    ),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What goes back to the ERP: a numbered delivery of postings and settlements.
-- heading: the names that it carries and that may change later, of the company and accounts.
CREATE TABLE handover (
    handover_id INTEGER NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    document_no TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx', 'sie')),
    mapping_name TEXT NOT NULL,
    mapping TEXT NOT NULL,
    heading TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(heading)),
    as_of TEXT NOT NULL CHECK (length(as_of) = 10),
    run_id INTEGER REFERENCES run,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;

CREATE TABLE handover_file (
    handover_id INTEGER NOT NULL REFERENCES handover,
    role TEXT NOT NULL CHECK (role IN ('postings', 'settlements', 'refunds')),
    file_id INTEGER NOT NULL REFERENCES source_file,
    file_name TEXT NOT NULL,
    lines INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (handover_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE handover_total (
    handover_id INTEGER NOT NULL REFERENCES handover,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    postings INTEGER NOT NULL,
    debit_minor INTEGER NOT NULL,
    credit_minor INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (handover_id, currency),
    CHECK (debit_minor = -credit_minor)
) STRICT, WITHOUT ROWID;

-- Each posting goes out once, and so does each settlement.
CREATE TABLE handover_posting (
    posting_id INTEGER NOT NULL PRIMARY KEY REFERENCES posting,
    handover_id INTEGER NOT NULL REFERENCES handover,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX handover_posting_handover ON handover_posting (handover_id);

CREATE TABLE handover_application (
    application_id INTEGER NOT NULL PRIMARY KEY REFERENCES application,
    handover_id INTEGER NOT NULL REFERENCES handover,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX handover_application_handover ON handover_application (handover_id);

-- What the ERP booked of a delivery, or took back: all of it, a voucher, or a settlement.
-- The last row that covers a thing counts.
CREATE TABLE handover_mark (
    mark_id INTEGER NOT NULL PRIMARY KEY,
    handover_id INTEGER NOT NULL REFERENCES handover,
    voucher_id INTEGER REFERENCES voucher,
    application_id INTEGER REFERENCES application,
    booked INTEGER NOT NULL CHECK (booked IN (0, 1)),
    how TEXT NOT NULL CHECK (how IN ('person', 'receipt', 'voucher_number', 'amount', 'undo')),
    reason TEXT NOT NULL DEFAULT '',
    file_id INTEGER REFERENCES source_file,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL,
    CHECK (voucher_id IS NULL OR application_id IS NULL)
) STRICT;
CREATE INDEX handover_mark_handover ON handover_mark (handover_id);
CREATE INDEX handover_mark_application ON handover_mark (application_id)
    WHERE application_id IS NOT NULL;

-- Where an entry was posted is asked for one entry at a time.
CREATE INDEX posting_entry ON posting (entry_id) WHERE entry_id IS NOT NULL;

-- Where each settlement of ours stands: waiting, handed_over or booked.
CREATE VIEW application_exchange AS
    SELECT a.application_id, h.handover_id,
           CASE WHEN h.handover_id IS NULL THEN 'waiting'
                WHEN ifnull((SELECT m.booked FROM handover_mark AS m
                             WHERE m.handover_id = h.handover_id
                               AND (m.application_id = a.application_id
                                    OR (m.application_id IS NULL
                                        AND (m.voucher_id IS NULL
                                             OR m.voucher_id = a.voucher_id)))
                             ORDER BY m.mark_id DESC LIMIT 1), 0) = 1 THEN 'booked'
                ELSE 'handed_over' END AS state
    FROM application AS a LEFT JOIN handover_application AS h USING (application_id)
    WHERE a.kind <> 'settled_in_erp'
      AND NOT EXISTS (SELECT 1 FROM application AS r
                      WHERE r.application_id = a.reverses_application_id
                        AND r.kind = 'settled_in_erp');

-- Money that a customer gets back: the ERP pays it; it goes out with the next delivery.
CREATE TABLE refund (
    refund_id INTEGER NOT NULL PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer,
    entry_id INTEGER NOT NULL REFERENCES entry,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX refund_entry ON refund (entry_id);
CREATE TABLE handover_refund (
    refund_id INTEGER NOT NULL PRIMARY KEY REFERENCES refund,
    handover_id INTEGER NOT NULL REFERENCES handover,
    recorded INTEGER NOT NULL
) STRICT;
CREATE TABLE refund_withdrawal (
    refund_id INTEGER NOT NULL PRIMARY KEY REFERENCES refund,
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which posting profile the customers of a group have, in a collection system or in all ('').
CREATE TABLE group_profile (
    customer_group TEXT NOT NULL,
    system TEXT NOT NULL DEFAULT '',
    profile TEXT NOT NULL,
    PRIMARY KEY (customer_group, system)
) STRICT, WITHOUT ROWID;

CREATE TABLE vat_code (
    vat_code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    rate_basis_points INTEGER NOT NULL,
    account_no TEXT REFERENCES account
) STRICT, WITHOUT ROWID;

-- How small a rest may be posted away; a decision with who and when, and the last one counts.
-- Without a row nothing is.
CREATE TABLE tolerance (
    tolerance_id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('penny', 'over_under')),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    customer_id INTEGER REFERENCES customer,
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;

-- Every change of a period's state, with what the checklist said.
CREATE TABLE period_event (
    event_id INTEGER NOT NULL PRIMARY KEY,
    period_id INTEGER NOT NULL REFERENCES period,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    checklist TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(checklist)),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX period_event_period ON period_event (period_id);

-- Who was given a role, or lost it, and by whom.
CREATE TABLE role_event (
    event_id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user_account,
    role TEXT NOT NULL CHECK (role IN ('prepare', 'approve', 'post', 'administer')),
    granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;

-- Somebody asked to see personal data unmasked.
CREATE TABLE disclosure (
    disclosure_id INTEGER NOT NULL PRIMARY KEY,
    person_id INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;

-- Personal words of a payment: they can be removed when their time is past, and nothing that
-- the audit log vouches for changes.
CREATE TABLE payment_person (
    payment_line_id INTEGER NOT NULL PRIMARY KEY REFERENCES payment_line,
    payer TEXT,
    text TEXT
) STRICT;

-- What was removed since its time was past: how much of what, never whose.
CREATE TABLE retention (
    retention_id INTEGER NOT NULL PRIMARY KEY,
    as_of TEXT NOT NULL CHECK (length(as_of) = 10),
    before TEXT NOT NULL CHECK (length(before) = 10),
    removed TEXT NOT NULL CHECK (json_valid(removed)),
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
CREATE TABLE archive_removal (
    sha256 TEXT NOT NULL PRIMARY KEY,
    retention_id INTEGER NOT NULL REFERENCES retention,
    recorded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was taken on from the predecessor.
CREATE TABLE take_on (
    take_on_id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('delivery', 'counters')),
    file_id INTEGER REFERENCES source_file,
    summary TEXT NOT NULL CHECK (json_valid(summary)),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;

-- Entries move the balance on their voucher's day, so that a closed period closes them too.
CREATE TRIGGER entry_dated BEFORE INSERT ON entry
WHEN NEW.posting_date <> (SELECT posting_date FROM voucher WHERE voucher_id = NEW.voucher_id)
BEGIN SELECT RAISE(ABORT, 'an entry has the posting date of its voucher'); END;
DROP TRIGGER application_closed_period;
CREATE TRIGGER application_closed_period BEFORE INSERT ON application
WHEN NOT EXISTS (
        SELECT 1 FROM period
        WHERE journal IS NULL AND NEW.posting_date BETWEEN first_day AND last_day
    ) OR EXISTS (
        SELECT 1 FROM period
        WHERE (journal IS NULL
               OR journal = (SELECT journal FROM voucher WHERE voucher_id = NEW.voucher_id))
          AND NEW.posting_date BETWEEN first_day AND last_day AND state <> 'open'
    )
BEGIN SELECT RAISE(ABORT, 'posting date is not in an open period'); END;

-- A voucher's day is checked once; its own postings, of the same step and day, need no more.
CREATE TRIGGER voucher_closed_period BEFORE INSERT ON voucher
WHEN NOT EXISTS (
        SELECT 1 FROM period
        WHERE journal IS NULL AND NEW.posting_date BETWEEN first_day AND last_day
    ) OR EXISTS (
        SELECT 1 FROM period
        WHERE (journal IS NULL OR journal = NEW.journal)
          AND NEW.posting_date BETWEEN first_day AND last_day AND state <> 'open'
    )
BEGIN SELECT RAISE(ABORT, 'posting date is not in an open period'); END;
DROP TRIGGER posting_closed_period;
CREATE TRIGGER posting_closed_period BEFORE INSERT ON posting
WHEN NOT EXISTS (
        SELECT 1 FROM voucher
        WHERE voucher_id = NEW.voucher_id AND posting_date = NEW.posting_date
          AND recorded = NEW.recorded
    ) AND (NOT EXISTS (
        SELECT 1 FROM period
        WHERE journal IS NULL AND NEW.posting_date BETWEEN first_day AND last_day
    ) OR EXISTS (
        SELECT 1 FROM period JOIN voucher ON voucher.voucher_id = NEW.voucher_id
        WHERE (period.journal IS NULL OR period.journal = voucher.journal)
          AND NEW.posting_date BETWEEN first_day AND last_day AND state <> 'open'
    ))
BEGIN SELECT RAISE(ABORT, 'posting date is not in an open period'); END;

-- Companies that have a chart get the accounts, the journal and the series that are new.
INSERT INTO account
SELECT no, name, purpose FROM (
    SELECT '1180' AS no, 'Interest income' AS name, 'interest' AS purpose
    UNION ALL SELECT '1195', 'Penny differences', 'penny'
    UNION ALL SELECT '1196', 'Over- and underpayments', 'over_under'
    UNION ALL SELECT '1280', 'Write-offs', 'write_off'
    UNION ALL SELECT '5710', 'VAT payable', 'vat'
) AS new
WHERE EXISTS (SELECT 1 FROM account) AND NOT EXISTS (
    SELECT 1 FROM account AS a WHERE a.account_no = new.no OR a.purpose = new.purpose
);
INSERT INTO profile_account (profile, purpose, account_no)
SELECT 'STANDARD', purpose, account_no FROM account
WHERE purpose IN ('interest', 'penny', 'over_under', 'write_off', 'vat')
  AND NOT EXISTS (SELECT 1 FROM profile_account AS p
                  WHERE p.profile = 'STANDARD' AND p.purpose = account.purpose);
INSERT INTO number_series
SELECT series, prefix, 6, 1 FROM (
    SELECT 'GEN' AS series, 'GEN-' AS prefix UNION ALL SELECT 'HANDOVER', 'HO-'
) AS new
WHERE EXISTS (SELECT 1 FROM journal) AND NOT EXISTS (
    SELECT 1 FROM number_series AS s WHERE s.series = new.series
);
INSERT INTO journal
SELECT 'GENERAL', 'Daily journal', 'daily', 'GEN', 1
WHERE EXISTS (SELECT 1 FROM journal)
  AND NOT EXISTS (SELECT 1 FROM journal WHERE journal = 'GENERAL');

-- Facts: a correction is a new row.
CREATE TRIGGER erp_mapping_fixed BEFORE UPDATE ON erp_mapping
BEGIN SELECT RAISE(ABORT, 'erp mapping rows cannot be changed'); END;
CREATE TRIGGER erp_mapping_kept BEFORE DELETE ON erp_mapping
BEGIN SELECT RAISE(ABORT, 'erp mapping rows cannot be deleted'); END;
CREATE TRIGGER erp_import_fixed BEFORE UPDATE ON erp_import
BEGIN SELECT RAISE(ABORT, 'erp import rows cannot be changed'); END;
CREATE TRIGGER erp_import_kept BEFORE DELETE ON erp_import
BEGIN SELECT RAISE(ABORT, 'erp import rows cannot be deleted'); END;
CREATE TRIGGER erp_import_undo_fixed BEFORE UPDATE ON erp_import_undo
BEGIN SELECT RAISE(ABORT, 'erp import undo rows cannot be changed'); END;
CREATE TRIGGER erp_import_undo_kept BEFORE DELETE ON erp_import_undo
BEGIN SELECT RAISE(ABORT, 'erp import undo rows cannot be deleted'); END;
CREATE TRIGGER entry_withdrawal_fixed BEFORE UPDATE ON entry_withdrawal
BEGIN SELECT RAISE(ABORT, 'entry withdrawal rows cannot be changed'); END;
CREATE TRIGGER entry_withdrawal_kept BEFORE DELETE ON entry_withdrawal
BEGIN SELECT RAISE(ABORT, 'entry withdrawal rows cannot be deleted'); END;
CREATE TRIGGER erp_entry_link_fixed BEFORE UPDATE ON erp_entry_link
BEGIN SELECT RAISE(ABORT, 'erp entry link rows cannot be changed'); END;
CREATE TRIGGER erp_entry_link_kept BEFORE DELETE ON erp_entry_link
BEGIN SELECT RAISE(ABORT, 'erp entry link rows cannot be deleted'); END;
CREATE TRIGGER erp_difference_fixed BEFORE UPDATE ON erp_difference
BEGIN SELECT RAISE(ABORT, 'erp difference rows cannot be changed'); END;
CREATE TRIGGER erp_difference_kept BEFORE DELETE ON erp_difference
BEGIN SELECT RAISE(ABORT, 'erp difference rows cannot be deleted'); END;
CREATE TRIGGER erp_difference_end_fixed BEFORE UPDATE ON erp_difference_end
BEGIN SELECT RAISE(ABORT, 'erp difference end rows cannot be changed'); END;
CREATE TRIGGER erp_difference_end_kept BEFORE DELETE ON erp_difference_end
BEGIN SELECT RAISE(ABORT, 'erp difference end rows cannot be deleted'); END;
CREATE TRIGGER handover_fixed BEFORE UPDATE ON handover
BEGIN SELECT RAISE(ABORT, 'handover rows cannot be changed'); END;
CREATE TRIGGER handover_kept BEFORE DELETE ON handover
BEGIN SELECT RAISE(ABORT, 'handover rows cannot be deleted'); END;
CREATE TRIGGER handover_file_fixed BEFORE UPDATE ON handover_file
BEGIN SELECT RAISE(ABORT, 'handover file rows cannot be changed'); END;
CREATE TRIGGER handover_file_kept BEFORE DELETE ON handover_file
BEGIN SELECT RAISE(ABORT, 'handover file rows cannot be deleted'); END;
CREATE TRIGGER handover_total_fixed BEFORE UPDATE ON handover_total
BEGIN SELECT RAISE(ABORT, 'handover total rows cannot be changed'); END;
CREATE TRIGGER handover_total_kept BEFORE DELETE ON handover_total
BEGIN SELECT RAISE(ABORT, 'handover total rows cannot be deleted'); END;
CREATE TRIGGER handover_posting_fixed BEFORE UPDATE ON handover_posting
BEGIN SELECT RAISE(ABORT, 'handover posting rows cannot be changed'); END;
CREATE TRIGGER handover_posting_kept BEFORE DELETE ON handover_posting
BEGIN SELECT RAISE(ABORT, 'handover posting rows cannot be deleted'); END;
CREATE TRIGGER handover_application_fixed BEFORE UPDATE ON handover_application
BEGIN SELECT RAISE(ABORT, 'handover application rows cannot be changed'); END;
CREATE TRIGGER handover_application_kept BEFORE DELETE ON handover_application
BEGIN SELECT RAISE(ABORT, 'handover application rows cannot be deleted'); END;
CREATE TRIGGER handover_mark_fixed BEFORE UPDATE ON handover_mark
BEGIN SELECT RAISE(ABORT, 'handover mark rows cannot be changed'); END;
CREATE TRIGGER handover_mark_kept BEFORE DELETE ON handover_mark
BEGIN SELECT RAISE(ABORT, 'handover mark rows cannot be deleted'); END;
CREATE TRIGGER refund_fixed BEFORE UPDATE ON refund
BEGIN SELECT RAISE(ABORT, 'refund rows cannot be changed'); END;
CREATE TRIGGER refund_kept BEFORE DELETE ON refund
BEGIN SELECT RAISE(ABORT, 'refund rows cannot be deleted'); END;
CREATE TRIGGER handover_refund_fixed BEFORE UPDATE ON handover_refund
BEGIN SELECT RAISE(ABORT, 'handover refund rows cannot be changed'); END;
CREATE TRIGGER handover_refund_kept BEFORE DELETE ON handover_refund
BEGIN SELECT RAISE(ABORT, 'handover refund rows cannot be deleted'); END;
CREATE TRIGGER refund_withdrawal_fixed BEFORE UPDATE ON refund_withdrawal
BEGIN SELECT RAISE(ABORT, 'refund withdrawal rows cannot be changed'); END;
CREATE TRIGGER refund_withdrawal_kept BEFORE DELETE ON refund_withdrawal
BEGIN SELECT RAISE(ABORT, 'refund withdrawal rows cannot be deleted'); END;
CREATE TRIGGER tolerance_fixed BEFORE UPDATE ON tolerance
BEGIN SELECT RAISE(ABORT, 'tolerance rows cannot be changed'); END;
CREATE TRIGGER tolerance_kept BEFORE DELETE ON tolerance
BEGIN SELECT RAISE(ABORT, 'tolerance rows cannot be deleted'); END;
CREATE TRIGGER period_event_fixed BEFORE UPDATE ON period_event
BEGIN SELECT RAISE(ABORT, 'period event rows cannot be changed'); END;
CREATE TRIGGER period_event_kept BEFORE DELETE ON period_event
BEGIN SELECT RAISE(ABORT, 'period event rows cannot be deleted'); END;
CREATE TRIGGER role_event_fixed BEFORE UPDATE ON role_event
BEGIN SELECT RAISE(ABORT, 'role event rows cannot be changed'); END;
CREATE TRIGGER role_event_kept BEFORE DELETE ON role_event
BEGIN SELECT RAISE(ABORT, 'role event rows cannot be deleted'); END;
CREATE TRIGGER disclosure_fixed BEFORE UPDATE ON disclosure
BEGIN SELECT RAISE(ABORT, 'disclosure rows cannot be changed'); END;
CREATE TRIGGER disclosure_kept BEFORE DELETE ON disclosure
BEGIN SELECT RAISE(ABORT, 'disclosure rows cannot be deleted'); END;
CREATE TRIGGER retention_fixed BEFORE UPDATE ON retention
BEGIN SELECT RAISE(ABORT, 'retention rows cannot be changed'); END;
CREATE TRIGGER retention_kept BEFORE DELETE ON retention
BEGIN SELECT RAISE(ABORT, 'retention rows cannot be deleted'); END;
CREATE TRIGGER archive_removal_fixed BEFORE UPDATE ON archive_removal
BEGIN SELECT RAISE(ABORT, 'archive removal rows cannot be changed'); END;
CREATE TRIGGER archive_removal_kept BEFORE DELETE ON archive_removal
BEGIN SELECT RAISE(ABORT, 'archive removal rows cannot be deleted'); END;
CREATE TRIGGER take_on_fixed BEFORE UPDATE ON take_on
BEGIN SELECT RAISE(ABORT, 'take on rows cannot be changed'); END;
CREATE TRIGGER take_on_kept BEFORE DELETE ON take_on
BEGIN SELECT RAISE(ABORT, 'take on rows cannot be deleted'); END;
