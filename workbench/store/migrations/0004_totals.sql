-- What stands between the total that a section declares and the sum of its stored lines.
-- no_cash: digits that the total counts though they are no money, such as those of a
-- cancelled agreement or of a record that cannot be read.
-- accepted: what is missing, or too much, in a file that a person accepted nevertheless.
CREATE TABLE total_adjustment (
    adjustment_id INTEGER NOT NULL PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES source_file,
    section INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('no_cash', 'accepted')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    recorded INTEGER NOT NULL
) STRICT;
CREATE INDEX total_adjustment_file ON total_adjustment (file_id, section);
CREATE INDEX total_adjustment_recorded ON total_adjustment (recorded);

-- Finds the reversal of a payment.
CREATE INDEX line_outcome_reverses ON line_outcome (reverses_payment_line_id)
    WHERE reverses_payment_line_id IS NOT NULL;

CREATE TRIGGER total_adjustment_fixed BEFORE UPDATE ON total_adjustment
BEGIN SELECT RAISE(ABORT, 'adjustments of totals cannot be changed'); END;
CREATE TRIGGER total_adjustment_kept BEFORE DELETE ON total_adjustment
BEGIN SELECT RAISE(ABORT, 'adjustments of totals cannot be deleted'); END;
CREATE TRIGGER file_section_fixed BEFORE UPDATE ON file_section
BEGIN SELECT RAISE(ABORT, 'the sections of a file cannot be changed'); END;
CREATE TRIGGER file_section_kept BEFORE DELETE ON file_section
BEGIN SELECT RAISE(ABORT, 'the sections of a file cannot be deleted'); END;
CREATE TRIGGER file_attempt_fixed BEFORE UPDATE ON file_attempt
BEGIN SELECT RAISE(ABORT, 'attempts cannot be changed'); END;
CREATE TRIGGER problem_acceptance_fixed BEFORE UPDATE ON problem_acceptance
BEGIN SELECT RAISE(ABORT, 'acceptances cannot be changed'); END;
CREATE TRIGGER problem_acceptance_kept BEFORE DELETE ON problem_acceptance
BEGIN SELECT RAISE(ABORT, 'acceptances cannot be deleted'); END;
CREATE TRIGGER posting_permission_fixed BEFORE UPDATE ON posting_permission
BEGIN SELECT RAISE(ABORT, 'marks cannot be changed; a new one takes them back'); END;
CREATE TRIGGER posting_permission_kept BEFORE DELETE ON posting_permission
BEGIN SELECT RAISE(ABORT, 'marks cannot be deleted; a new one takes them back'); END;
