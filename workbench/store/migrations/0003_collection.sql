-- Collection: systems, agreements, the journal, deliveries, payments and their outcomes.

CREATE TABLE collection_system (
    system TEXT NOT NULL PRIMARY KEY,
    scheme TEXT NOT NULL CHECK (scheme IN ('betalingsservice_total')),
    name TEXT NOT NULL,
    supplier_no TEXT NOT NULL,
    subsystem TEXT NOT NULL,
    test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1)),
    signing INTEGER NOT NULL DEFAULT 0 CHECK (signing IN (0, 1)),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    next_delivery INTEGER NOT NULL DEFAULT 1,
    due_from TEXT NOT NULL,
    due_to TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE TABLE creditor (
    creditor_no TEXT NOT NULL PRIMARY KEY,
    system TEXT NOT NULL REFERENCES collection_system,
    name TEXT NOT NULL,
    currency TEXT NOT NULL DEFAULT 'DKK',
    profile TEXT NOT NULL,
    bank_account TEXT,
    detail_source TEXT NOT NULL DEFAULT 'payment_center',
    next_reference INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE debtor_group (
    creditor_no TEXT NOT NULL REFERENCES creditor,
    debtor_group TEXT NOT NULL CHECK (length(debtor_group) = 5),
    name TEXT NOT NULL,
    main_text TEXT NOT NULL DEFAULT '',
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
    PRIMARY KEY (creditor_no, debtor_group)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement (
    agreement_id INTEGER NOT NULL PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer,
    creditor_no TEXT NOT NULL REFERENCES creditor,
    debtor_group TEXT NOT NULL,
    agreement_no TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ok', 'pending', 'error', 'cancelled')),
    transfer_status TEXT NOT NULL CHECK (
        transfer_status IN ('none', 'to_be_transferred', 'transferred')
    ),
    valid_from TEXT,
    valid_to TEXT,
    file_id INTEGER REFERENCES source_file,
    file_line INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    recorded INTEGER NOT NULL,
    UNIQUE (creditor_no, debtor_group, customer_id, agreement_no)
) STRICT;
CREATE INDEX agreement_customer ON agreement (customer_id);

CREATE TABLE collection_journal (
    journal_id INTEGER NOT NULL PRIMARY KEY,
    system TEXT NOT NULL REFERENCES collection_system,
    as_of TEXT NOT NULL,
    due_from TEXT NOT NULL,
    due_to TEXT NOT NULL,
    skipped TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(skipped)),
    actor TEXT NOT NULL,
    run_id INTEGER REFERENCES run,
    recorded INTEGER NOT NULL
) STRICT;

-- What leaves the house: one file to a payment center.
CREATE TABLE delivery (
    delivery_id INTEGER NOT NULL PRIMARY KEY,
    system TEXT NOT NULL REFERENCES collection_system,
    delivery_no TEXT NOT NULL,
    delivery_type TEXT NOT NULL,
    file_id INTEGER NOT NULL REFERENCES source_file,
    file_name TEXT NOT NULL,
    as_of TEXT NOT NULL,
    count INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('created', 'sending', 'sent', 'not_sent', 'unknown', 'received',
                  'accepted', 'refused')
    ),
    received_code TEXT,
    validated_code TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    recorded INTEGER NOT NULL,
    UNIQUE (system, delivery_no)
) STRICT;

CREATE TABLE delivery_event (
    delivery_id INTEGER NOT NULL REFERENCES delivery,
    recorded INTEGER NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    file_id INTEGER REFERENCES source_file,
    PRIMARY KEY (delivery_id, recorded, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE collection_line (
    collection_line_id INTEGER NOT NULL PRIMARY KEY,
    journal_id INTEGER REFERENCES collection_journal,
    creditor_no TEXT NOT NULL REFERENCES creditor,
    debtor_group TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer,
    customer_no TEXT NOT NULL,
    agreement_id INTEGER REFERENCES agreement,
    agreement_no TEXT,
    slip_only INTEGER NOT NULL DEFAULT 0 CHECK (slip_only IN (0, 1)),
    due_date TEXT NOT NULL CHECK (length(due_date) = 10),
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    reference TEXT,
    text TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL CHECK (
        status IN ('created', 'valid', 'error', 'approved', 'signed', 'sent', 'in_process',
                   'collected', 'paid', 'center_error', 'rejected', 'agreement_cancelled',
                   'reversed', 'stopped')
    ),
    stop_reason TEXT,
    delivery_id INTEGER REFERENCES delivery,
    delivery_line INTEGER,
    paid_payment_line_id INTEGER REFERENCES payment_line,
    final_on TEXT,
    resend_of INTEGER REFERENCES collection_line,
    contra_of INTEGER REFERENCES collection_line,
    attachments TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(attachments)),
    version INTEGER NOT NULL DEFAULT 1,
    recorded INTEGER NOT NULL,
    CHECK ((status IN ('approved', 'signed', 'sent', 'in_process', 'collected', 'paid',
                       'rejected', 'agreement_cancelled', 'reversed', 'center_error'))
           <= (amount_minor > 0))
) STRICT;
CREATE UNIQUE INDEX collection_line_reference ON collection_line (creditor_no, reference)
    WHERE reference IS NOT NULL;
CREATE INDEX collection_line_slip_reference
    ON collection_line (creditor_no, substr(reference, 1, 9)) WHERE reference IS NOT NULL;
CREATE INDEX collection_line_number ON collection_line (creditor_no, customer_no, due_date);
CREATE INDEX collection_line_unsent ON collection_line (status) WHERE delivery_id IS NULL;
CREATE INDEX collection_line_delivery ON collection_line (delivery_id);
CREATE INDEX collection_line_customer ON collection_line (customer_id, due_date);

-- Lines and entries are many to many; the amount is the entry's part of the line, with its sign.
CREATE TABLE collection_line_entry (
    collection_line_id INTEGER NOT NULL
        REFERENCES collection_line,
    entry_id INTEGER NOT NULL REFERENCES entry,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (collection_line_id, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_line_entry_entry ON collection_line_entry (entry_id);

-- The error log of a line: what validation found, by code of the problem catalog.
CREATE TABLE collection_error (
    collection_line_id INTEGER NOT NULL
        REFERENCES collection_line,
    line_version INTEGER NOT NULL,
    number INTEGER NOT NULL,
    code TEXT NOT NULL,
    params TEXT NOT NULL CHECK (json_valid(params)),
    recorded INTEGER NOT NULL,
    PRIMARY KEY (collection_line_id, line_version, number)
) STRICT, WITHOUT ROWID;

-- Approvals are bound to the version that the person saw.
CREATE TABLE approval (
    approval_id INTEGER NOT NULL PRIMARY KEY,
    collection_line_id INTEGER NOT NULL
        REFERENCES collection_line,
    line_version INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('approved', 'signed')),
    actor TEXT NOT NULL,
    voided INTEGER,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX approval_line ON approval (collection_line_id);

-- One payment or unknown record of an incoming file: a fact, never changed.
CREATE TABLE payment_line (
    payment_line_id INTEGER NOT NULL PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES source_file,
    line INTEGER NOT NULL,
    section INTEGER,
    section_kind TEXT,
    kind TEXT NOT NULL,
    code TEXT,
    creditor_no TEXT,
    debtor_group TEXT,
    customer_no TEXT,
    agreement_no TEXT,
    reference TEXT,
    due_date TEXT,
    payment_date TEXT,
    booking_date TEXT,
    amount_minor INTEGER,
    amount_paid_minor INTEGER,
    currency TEXT,
    reason TEXT,
    fee_minor INTEGER,
    payer TEXT,
    text TEXT,
    bank_reference TEXT,
    raw_key INTEGER NOT NULL,
    faulty INTEGER NOT NULL CHECK (faulty IN (0, 1)),
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_line_raw_key ON payment_line (raw_key);

-- What became of a payment line: append-only, the last row counts.
CREATE TABLE line_outcome (
    outcome_id INTEGER NOT NULL PRIMARY KEY,
    payment_line_id INTEGER NOT NULL REFERENCES payment_line,
    outcome TEXT NOT NULL CHECK (outcome IN ('matched', 'held', 'rejected', 'ignored')),
    class TEXT,
    collection_line_id INTEGER REFERENCES collection_line,
    customer_id INTEGER REFERENCES customer,
    reverses_payment_line_id INTEGER REFERENCES payment_line,
    applied_minor INTEGER NOT NULL,
    residual_minor INTEGER NOT NULL,
    difference_minor INTEGER,
    rule TEXT,
    confidence TEXT,
    agreed TEXT NOT NULL DEFAULT '',
    differed TEXT NOT NULL DEFAULT '',
    weight INTEGER,
    runner_up INTEGER,
    margin INTEGER,
    locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
    reason TEXT,
    run_id INTEGER REFERENCES run,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL,
    CHECK (outcome <> 'ignored' OR length(reason) > 0),
    CHECK (outcome <> 'rejected' OR (applied_minor = 0 AND residual_minor = 0))
) STRICT;
CREATE INDEX line_outcome_payment_line ON line_outcome (payment_line_id);
CREATE INDEX line_outcome_collection ON line_outcome (collection_line_id)
    WHERE collection_line_id IS NOT NULL;

CREATE VIEW current_outcome AS
    SELECT o.* FROM line_outcome AS o
    WHERE NOT EXISTS (
        SELECT 1 FROM line_outcome AS later
        WHERE later.payment_line_id = o.payment_line_id AND later.outcome_id > o.outcome_id
    );

-- The rules that a run matched by, so that a match can be explained again.
CREATE TABLE match_rules (
    match_rules_id INTEGER NOT NULL PRIMARY KEY,
    run_id INTEGER REFERENCES run,
    file_id INTEGER REFERENCES source_file,
    rules TEXT NOT NULL CHECK (json_valid(rules)),
    recorded INTEGER NOT NULL
) STRICT;

-- The mark "posting allowed" (bogføring tilladt): set and taken back by rows, last one counts.
CREATE TABLE posting_permission (
    permission_id INTEGER NOT NULL PRIMARY KEY,
    payment_line_id INTEGER NOT NULL REFERENCES payment_line,
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    by_rule TEXT,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX posting_permission_line ON posting_permission (payment_line_id);

-- Which voucher posted a payment line, and as what. A line is posted once per kind.
CREATE TABLE line_posting (
    payment_line_id INTEGER NOT NULL REFERENCES payment_line,
    kind TEXT NOT NULL CHECK (
        kind IN ('payment', 'held', 'release', 'on_account', 'reversal')
    ),
    voucher_id INTEGER NOT NULL REFERENCES voucher,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (payment_line_id, kind)
) STRICT, WITHOUT ROWID;

-- Paid is not collected: an object with a class, never a rounding.
CREATE TABLE difference (
    difference_id INTEGER NOT NULL PRIMARY KEY,
    payment_line_id INTEGER NOT NULL REFERENCES payment_line,
    collection_line_id INTEGER NOT NULL REFERENCES collection_line,
    class TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    disposition TEXT,
    decided_by TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX difference_payment ON difference (payment_line_id);

-- The collection register (opkrævningsjournal): everything that happened to every line.
CREATE TABLE collection_register (
    register_id INTEGER NOT NULL PRIMARY KEY,
    collection_line_id INTEGER NOT NULL
        REFERENCES collection_line,
    from_status TEXT,
    to_status TEXT NOT NULL,
    on_date TEXT NOT NULL,
    reason TEXT,
    payment_line_id INTEGER REFERENCES payment_line,
    actor TEXT NOT NULL,
    run_id INTEGER REFERENCES run,
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX collection_register_line ON collection_register (collection_line_id);

CREATE TRIGGER collection_line_sent BEFORE UPDATE OF creditor_no, debtor_group, customer_id,
    customer_no, agreement_no, slip_only, due_date, amount_minor, currency, reference,
    delivery_id, delivery_line ON collection_line
WHEN OLD.delivery_id IS NOT NULL AND OLD.status NOT IN ('approved', 'signed')
BEGIN SELECT RAISE(ABORT, 'a line that was sent cannot be changed'); END;
CREATE TRIGGER collection_line_kept BEFORE DELETE ON collection_line
BEGIN SELECT RAISE(ABORT, 'collection lines cannot be deleted'); END;
CREATE TRIGGER payment_line_fixed BEFORE UPDATE ON payment_line
BEGIN SELECT RAISE(ABORT, 'the lines of a file cannot be changed'); END;
CREATE TRIGGER payment_line_kept BEFORE DELETE ON payment_line
BEGIN SELECT RAISE(ABORT, 'the lines of a file cannot be deleted'); END;
CREATE TRIGGER line_outcome_fixed BEFORE UPDATE ON line_outcome
BEGIN SELECT RAISE(ABORT, 'outcomes cannot be changed'); END;
CREATE TRIGGER line_outcome_kept BEFORE DELETE ON line_outcome
BEGIN SELECT RAISE(ABORT, 'outcomes cannot be deleted'); END;
CREATE TRIGGER collection_register_fixed BEFORE UPDATE ON collection_register
BEGIN SELECT RAISE(ABORT, 'the collection register cannot be changed'); END;
CREATE TRIGGER collection_register_kept BEFORE DELETE ON collection_register
BEGIN SELECT RAISE(ABORT, 'the collection register cannot be deleted'); END;
CREATE TRIGGER line_posting_fixed BEFORE UPDATE ON line_posting
BEGIN SELECT RAISE(ABORT, 'posted rows cannot be changed'); END;
CREATE TRIGGER line_posting_kept BEFORE DELETE ON line_posting
BEGIN SELECT RAISE(ABORT, 'posted rows cannot be deleted'); END;
