-- The house: settings, identifiers, people, runs and the audit log.

CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One sequence names every row of the workspace; a number drawn is never drawn again.
CREATE TABLE id_sequence (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    next_id INTEGER NOT NULL CHECK (next_id > 0)
) STRICT;
INSERT INTO id_sequence VALUES (1, 1);

CREATE TABLE user_account (
    user_id INTEGER NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE user_role (
    user_id INTEGER NOT NULL REFERENCES user_account,
    role TEXT NOT NULL CHECK (role IN ('prepare', 'approve', 'post', 'administer')),
    PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

-- seq is the recorded time: strictly rising, one number per write transaction. Rows carry it
-- in `recorded`. That column is no foreign key: the event is written last, and SQLite searches
-- every child table for each new parent while a deferred key is open. The audit log's own
-- check covers it. All other keys are immediate, so parents are always written first.
CREATE TABLE audit_event (
    seq INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    run_id INTEGER,
    step TEXT NOT NULL,
    subject TEXT NOT NULL CHECK (json_valid(subject)),
    digests TEXT NOT NULL CHECK (json_valid(digests)),
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
) STRICT;

-- What a person changed in one row: which fields, and keyed digests of before and after.
CREATE TABLE audit_row (
    seq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    before_digest TEXT NOT NULL,
    after_digest TEXT NOT NULL,
    PRIMARY KEY (seq, number)
) STRICT, WITHOUT ROWID;

-- The values that an edited row had before; never personal data.
CREATE TABLE row_version (
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    PRIMARY KEY (table_name, row_id, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_event_fixed BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit events cannot be changed'); END;
CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit events cannot be deleted'); END;
CREATE TRIGGER audit_row_fixed BEFORE UPDATE ON audit_row
BEGIN SELECT RAISE(ABORT, 'audit rows cannot be changed'); END;
CREATE TRIGGER audit_row_kept BEFORE DELETE ON audit_row
BEGIN SELECT RAISE(ABORT, 'audit rows cannot be deleted'); END;

-- The job queue and its history.
CREATE TABLE queue_entry (
    queue_entry_id INTEGER NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    parameters TEXT NOT NULL CHECK (json_valid(parameters)),
    start_time TEXT NOT NULL,
    minutes_between INTEGER CHECK (minutes_between > 0),
    end_time TEXT,
    weekdays TEXT NOT NULL DEFAULT '1234567',
    active INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE run (
    run_id INTEGER NOT NULL PRIMARY KEY,
    job TEXT NOT NULL,
    parameters TEXT NOT NULL CHECK (json_valid(parameters)),
    actor TEXT NOT NULL,
    queue_entry_id INTEGER REFERENCES queue_entry,
    state TEXT NOT NULL CHECK (
        state IN ('running', 'done', 'nothing_to_do', 'failed', 'interrupted')
    ),
    started_at TEXT NOT NULL,
    heartbeat_at TEXT NOT NULL,
    lease_until TEXT NOT NULL,
    ended_at TEXT,
    process_id INTEGER,
    notebook_sha256 TEXT NOT NULL,
    notebook_path TEXT,
    html_path TEXT,
    failed_cell INTEGER,
    message TEXT,
    result TEXT CHECK (result IS NULL OR json_valid(result))
) STRICT;

-- Every file ever read or sent, kept in the archive under its hash.
CREATE TABLE source_file (
    file_id INTEGER NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    format TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    delivery_no TEXT,
    delivery_type TEXT,
    supplier_no TEXT,
    subsystem TEXT,
    created_on TEXT,
    declared TEXT CHECK (declared IS NULL OR json_valid(declared)),
    computed TEXT CHECK (computed IS NULL OR json_valid(computed)),
    recorded INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX source_file_delivery
    ON source_file (direction, format, supplier_no, subsystem, delivery_no)
    WHERE delivery_no IS NOT NULL;

CREATE TABLE file_section (
    file_id INTEGER NOT NULL REFERENCES source_file,
    section INTEGER NOT NULL,
    kind TEXT NOT NULL,
    creditor_no TEXT NOT NULL,
    debtor_group TEXT,
    rule TEXT NOT NULL,
    declared TEXT NOT NULL CHECK (json_valid(declared)),
    computed TEXT NOT NULL CHECK (json_valid(computed)),
    agrees INTEGER NOT NULL CHECK (agrees IN (0, 1)),
    PRIMARY KEY (file_id, section)
) STRICT, WITHOUT ROWID;

-- Every time that somebody gave us a file, and what came of it.
CREATE TABLE file_attempt (
    attempt_id INTEGER NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'waiting', 'refused', 'dry_run')),
    reason TEXT NOT NULL,
    problems TEXT NOT NULL CHECK (json_valid(problems)),
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX file_attempt_sha256 ON file_attempt (sha256);

-- A person's decision to take a file in spite of a problem.
CREATE TABLE problem_acceptance (
    acceptance_id INTEGER NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;

CREATE TRIGGER source_file_fixed BEFORE UPDATE ON source_file
BEGIN SELECT RAISE(ABORT, 'files that were read or sent cannot be changed'); END;
CREATE TRIGGER source_file_kept BEFORE DELETE ON source_file
BEGIN SELECT RAISE(ABORT, 'files that were read or sent cannot be deleted'); END;
CREATE TRIGGER file_attempt_kept BEFORE DELETE ON file_attempt
BEGIN SELECT RAISE(ABORT, 'attempts cannot be deleted'); END;
