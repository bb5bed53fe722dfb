-- The sub-ledger: people, customers, accounts, entries, vouchers, postings, applications.

-- Personal data lives here and nowhere else.
CREATE TABLE person (
    person_id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(address)),
    postcode TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT 'DK',
    legal_id TEXT,
    email TEXT,
    phone TEXT,
    bank_account TEXT,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE person_version (
    person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    version INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    PRIMARY KEY (person_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer (
    customer_id INTEGER NOT NULL PRIMARY KEY,
    customer_no TEXT NOT NULL UNIQUE,
    printed_no TEXT NOT NULL,
    person_id INTEGER REFERENCES person ON DELETE SET NULL,
    customer_group TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT 'da',
    on_hold INTEGER NOT NULL DEFAULT 0 CHECK (on_hold IN (0, 1)),
    profile TEXT,
    file_id INTEGER REFERENCES source_file,
    file_line INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    recorded INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    account_no TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (
        purpose IN ('receivable', 'erp_transfer', 'bank_clearing', 'held', 'on_account',
                    'fee', 'penny', 'over_under', 'write_off', 'interest', 'vat')
    )
) STRICT, WITHOUT ROWID;

-- Which account a customer's postings use for a purpose; a creditor and a currency narrow it.
CREATE TABLE profile_account (
    profile TEXT NOT NULL,
    purpose TEXT NOT NULL,
    creditor_no TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL DEFAULT '',
    account_no TEXT NOT NULL REFERENCES account,
    PRIMARY KEY (profile, purpose, creditor_no, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    journal TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('erp', 'customer_payment', 'daily')),
    series TEXT NOT NULL,
    handed_back INTEGER NOT NULL CHECK (handed_back IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE number_series (
    series TEXT NOT NULL PRIMARY KEY,
    prefix TEXT NOT NULL,
    digits INTEGER NOT NULL,
    next_number INTEGER NOT NULL CHECK (next_number > 0)
) STRICT, WITHOUT ROWID;

-- A period without a journal counts for all journals.
CREATE TABLE period (
    period_id INTEGER NOT NULL PRIMARY KEY,
    journal TEXT REFERENCES journal,
    first_day TEXT NOT NULL CHECK (length(first_day) = 10),
    last_day TEXT NOT NULL CHECK (length(last_day) = 10 AND last_day >= first_day),
    state TEXT NOT NULL CHECK (state IN ('open', 'soft_closed', 'closed')),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX period_first_day ON period (ifnull(journal, ''), first_day);

CREATE TABLE voucher (
    voucher_id INTEGER NOT NULL PRIMARY KEY,
    journal TEXT NOT NULL REFERENCES journal,
    document_no TEXT NOT NULL,
    number INTEGER NOT NULL,
    posting_date TEXT NOT NULL CHECK (length(posting_date) = 10),
    bank_date TEXT CHECK (length(bank_date) = 10),
    text TEXT NOT NULL,
    reverses_voucher_id INTEGER REFERENCES voucher,
    run_id INTEGER REFERENCES run,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL,
    UNIQUE (journal, number),
    UNIQUE (document_no)
) STRICT;

-- A claim (+) or what reduces one (−): ledger view. What remains is never stored.
CREATE TABLE entry (
    entry_id INTEGER NOT NULL PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer,
    kind TEXT NOT NULL CHECK (
        kind IN ('invoice', 'credit_note', 'reminder', 'interest', 'fee', 'other',
                 'payment', 'payment_reversal', 'on_account', 'refund', 'erp_settlement')
    ),
    erp_entry_no TEXT,
    document_no TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    document_date TEXT NOT NULL CHECK (length(document_date) = 10),
    due_date TEXT NOT NULL CHECK (length(due_date) = 10),
    posting_date TEXT NOT NULL CHECK (length(posting_date) = 10),
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    base_amount_minor INTEGER,
    rate TEXT,
    rate_date TEXT,
    profile TEXT NOT NULL,
    dimensions TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(dimensions)),
    on_hold INTEGER NOT NULL DEFAULT 0 CHECK (on_hold IN (0, 1)),
    disputed INTEGER NOT NULL DEFAULT 0 CHECK (disputed IN (0, 1)),
    promised_on TEXT,
    agency_case TEXT,
    voucher_id INTEGER NOT NULL REFERENCES voucher,
    payment_line_id INTEGER REFERENCES payment_line,
    file_id INTEGER REFERENCES source_file,
    file_line INTEGER,
    version INTEGER NOT NULL DEFAULT 1,
    recorded INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_erp_entry_no ON entry (erp_entry_no) WHERE erp_entry_no IS NOT NULL;
CREATE INDEX entry_customer ON entry (customer_id, due_date);
CREATE INDEX entry_document_no ON entry (document_no);
CREATE INDEX entry_payment_line ON entry (payment_line_id) WHERE payment_line_id IS NOT NULL;

CREATE TABLE entry_vat (
    entry_id INTEGER NOT NULL REFERENCES entry,
    number INTEGER NOT NULL,
    vat_code TEXT NOT NULL,
    rate_basis_points INTEGER NOT NULL,
    base_minor INTEGER NOT NULL,
    vat_minor INTEGER NOT NULL,
    PRIMARY KEY (entry_id, number)
) STRICT, WITHOUT ROWID;

-- Debit +, credit −.
CREATE TABLE posting (
    posting_id INTEGER NOT NULL PRIMARY KEY,
    voucher_id INTEGER NOT NULL REFERENCES voucher,
    number INTEGER NOT NULL,
    account_no TEXT NOT NULL REFERENCES account,
    purpose TEXT NOT NULL,
    profile TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    base_amount_minor INTEGER,
    rate TEXT,
    rate_date TEXT,
    posting_date TEXT NOT NULL CHECK (length(posting_date) = 10),
    bank_date TEXT CHECK (length(bank_date) = 10),
    text TEXT NOT NULL,
    customer_id INTEGER REFERENCES customer,
    entry_id INTEGER REFERENCES entry,
    payment_line_id INTEGER REFERENCES payment_line,
    reverses_posting_id INTEGER REFERENCES posting,
    vat_code TEXT,
    dimensions TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(dimensions)),
    recorded INTEGER NOT NULL,
    UNIQUE (voucher_id, number)
) STRICT;
CREATE INDEX posting_payment_line ON posting (payment_line_id)
    WHERE payment_line_id IS NOT NULL;
CREATE INDEX posting_account ON posting (account_no, currency);
CREATE INDEX posting_reverses ON posting (reverses_posting_id)
    WHERE reverses_posting_id IS NOT NULL;

-- What of one entry settles another (udligning). A reversal is a row with the opposite sign.
CREATE TABLE application (
    application_id INTEGER NOT NULL PRIMARY KEY,
    from_entry_id INTEGER NOT NULL REFERENCES entry,
    to_entry_id INTEGER NOT NULL REFERENCES entry,
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    kind TEXT NOT NULL CHECK (
        kind IN ('payment', 'credit_note', 'reversal', 'unapplied', 'settled_in_erp',
                 'write_off', 'penny')
    ),
    reverses_application_id INTEGER REFERENCES application,
    posting_date TEXT NOT NULL CHECK (length(posting_date) = 10),
    voucher_id INTEGER REFERENCES voucher,
    payment_line_id INTEGER REFERENCES payment_line,
    run_id INTEGER REFERENCES run,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL,
    CHECK (from_entry_id <> to_entry_id),
    CHECK ((amount_minor < 0) = (reverses_application_id IS NOT NULL))
) STRICT;
CREATE INDEX application_from ON application (from_entry_id);
CREATE INDEX application_to ON application (to_entry_id);
CREATE UNIQUE INDEX application_reverses ON application (reverses_application_id)
    WHERE reverses_application_id IS NOT NULL;

-- Every effect on an entry's remaining amount, dated twice: open balance = sum of effects.
CREATE VIEW entry_effect AS
    SELECT entry_id, amount_minor, currency, posting_date, recorded FROM entry
    UNION ALL
    SELECT to_entry_id, -amount_minor, currency, posting_date, recorded FROM application
    UNION ALL
    SELECT from_entry_id, amount_minor, currency, posting_date, recorded FROM application;

CREATE TRIGGER posting_closed_period BEFORE INSERT ON posting
WHEN NOT EXISTS (
        SELECT 1 FROM period
        WHERE journal IS NULL AND NEW.posting_date BETWEEN first_day AND last_day
    ) OR EXISTS (
        SELECT 1 FROM period JOIN voucher ON voucher.voucher_id = NEW.voucher_id
        WHERE (period.journal IS NULL OR period.journal = voucher.journal)
          AND NEW.posting_date BETWEEN first_day AND last_day AND state <> 'open'
    )
BEGIN SELECT RAISE(ABORT, 'posting date is not in an open period'); END;
CREATE TRIGGER application_closed_period BEFORE INSERT ON application
WHEN EXISTS (
        SELECT 1 FROM period
        WHERE journal IS NULL AND NEW.posting_date BETWEEN first_day AND last_day
          AND state <> 'open'
    )
BEGIN SELECT RAISE(ABORT, 'posting date is not in an open period'); END;

CREATE TRIGGER posting_fixed BEFORE UPDATE ON posting
BEGIN SELECT RAISE(ABORT, 'posted rows cannot be changed'); END;
CREATE TRIGGER posting_kept BEFORE DELETE ON posting
BEGIN SELECT RAISE(ABORT, 'posted rows cannot be deleted'); END;
CREATE TRIGGER voucher_fixed BEFORE UPDATE ON voucher
BEGIN SELECT RAISE(ABORT, 'posted rows cannot be changed'); END;
CREATE TRIGGER voucher_kept BEFORE DELETE ON voucher
BEGIN SELECT RAISE(ABORT, 'posted rows cannot be deleted'); END;
CREATE TRIGGER application_fixed BEFORE UPDATE ON application
BEGIN SELECT RAISE(ABORT, 'applications cannot be changed'); END;
CREATE TRIGGER application_kept BEFORE DELETE ON application
BEGIN SELECT RAISE(ABORT, 'applications cannot be deleted'); END;
CREATE TRIGGER entry_fixed BEFORE UPDATE OF entry_id, customer_id, kind, erp_entry_no,
    document_no, document_date, due_date, posting_date, amount_minor, currency,
    voucher_id, payment_line_id, file_id, file_line, recorded ON entry
BEGIN SELECT RAISE(ABORT, 'the facts of an entry cannot be changed'); END;
CREATE TRIGGER entry_kept BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries cannot be deleted'); END;
