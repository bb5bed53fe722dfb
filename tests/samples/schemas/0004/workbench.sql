BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'workbench','0001_house','2026-11-21 21:02:37.723268+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'workbench','0002_ledger','2026-11-21 21:02:37.727305+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'workbench','0003_collection','2026-11-21 21:02:37.732182+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'workbench','0004_totals','2026-11-21 21:02:37.734665+00:00');
CREATE TABLE account (
    account_no TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (
        purpose IN ('receivable', 'erp_transfer', 'bank_clearing', 'held', 'on_account',
                    'fee', 'penny', 'over_under', 'write_off', 'interest', 'vat')
    )
) STRICT, WITHOUT ROWID;
INSERT INTO "account" VALUES('1190','Collection fees','fee');
INSERT INTO "account" VALUES('5600','Trade receivables','receivable');
INSERT INTO "account" VALUES('5690','ERP transfer','erp_transfer');
INSERT INTO "account" VALUES('5820','Bank clearing','bank_clearing');
INSERT INTO "account" VALUES('5830','Held payments','held');
INSERT INTO "account" VALUES('5840','Money on account','on_account');
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
INSERT INTO "agreement" VALUES(56,25,'09999999','00001','100000015','ok','transferred','2017-04-10',NULL,53,2,1,5);
INSERT INTO "agreement" VALUES(57,26,'09999999','00001','100000020','ok','transferred','2024-05-12',NULL,53,3,1,5);
INSERT INTO "agreement" VALUES(58,27,'09999999','00001','100000036','ok','transferred','2021-02-12',NULL,53,4,1,5);
INSERT INTO "agreement" VALUES(59,28,'09999999','00001','100000055','ok','transferred','2015-04-21',NULL,53,5,1,5);
INSERT INTO "agreement" VALUES(60,29,'09999999','00001','100000080','ok','transferred','2025-03-05',NULL,53,6,1,5);
INSERT INTO "agreement" VALUES(61,30,'09999999','00001','100000092','ok','transferred','2024-05-04',NULL,53,7,1,5);
INSERT INTO "agreement" VALUES(62,31,'09999999','00001','100000113','ok','transferred','2017-12-25',NULL,53,8,1,5);
INSERT INTO "agreement" VALUES(63,33,'09999999','00001','100000150','ok','transferred','2014-07-25',NULL,53,9,1,5);
INSERT INTO "agreement" VALUES(64,35,'09999999','00001','100000179','ok','transferred','2013-01-09',NULL,53,10,1,5);
INSERT INTO "agreement" VALUES(65,36,'09999999','00001','100000189','ok','transferred','2012-04-29',NULL,53,11,1,5);
INSERT INTO "agreement" VALUES(66,37,'09999999','00001','100000210','ok','transferred','2012-11-23',NULL,53,12,1,5);
INSERT INTO "agreement" VALUES(67,38,'09999999','00001','100000234','ok','transferred','2025-02-28',NULL,53,13,1,5);
INSERT INTO "agreement" VALUES(68,39,'09999999','00001','100000243','ok','transferred','2022-02-10',NULL,53,14,1,5);
INSERT INTO "agreement" VALUES(69,40,'09999999','00001','100000258','ok','transferred','2015-07-26',NULL,53,15,1,5);
INSERT INTO "agreement" VALUES(70,41,'09999999','00001','100000281','ok','transferred','2020-06-25',NULL,53,16,1,5);
INSERT INTO "agreement" VALUES(71,42,'09999999','00001','100000299','ok','transferred','2022-09-12',NULL,53,17,1,5);
INSERT INTO "agreement" VALUES(72,43,'09999999','00001','100000307','ok','transferred','2019-02-13',NULL,53,18,1,5);
INSERT INTO "agreement" VALUES(73,44,'09999999','00001','100000333','ok','transferred','2018-08-18',NULL,53,19,1,5);
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
INSERT INTO "approval" VALUES(240,164,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(241,165,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(242,166,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(243,167,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(244,168,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(245,169,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(246,170,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(247,171,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(248,172,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(249,173,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(250,174,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(251,175,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(252,176,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(253,177,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(254,178,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(255,179,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(256,180,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(257,181,3,'approved','ida',NULL,9);
INSERT INTO "approval" VALUES(258,182,3,'approved','ida',NULL,9);
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
INSERT INTO "audit_event" VALUES(1,'2026-10-12T08:00:00.000000Z','ida',NULL,'init','{"administrator": 1, "company": "Nordvand"}','{}','0000000000000000000000000000000000000000000000000000000000000000','222df0f7876460a72ffed79d1986bdd0a334effdda4d23619b668fcbf86ae856');
INSERT INTO "audit_event" VALUES(2,'2026-10-12T08:00:00.000000Z','ida',NULL,'ledger_setup','{"years": [2025, 2027]}','{}','222df0f7876460a72ffed79d1986bdd0a334effdda4d23619b668fcbf86ae856','f47e569987039b34277f323ab7efe2c81a32402910eb9911cf96517c73d58e07');
INSERT INTO "audit_event" VALUES(3,'2026-10-12T08:00:00.000000Z','ida',NULL,'collection_setup','{"file": "setup.toml", "system": "BS"}','{}','f47e569987039b34277f323ab7efe2c81a32402910eb9911cf96517c73d58e07','cb685230dd9dc38ecb6c621d917364e4946776bd5309905bafea96660bf8d581');
INSERT INTO "audit_event" VALUES(4,'2026-10-12T08:00:00.000000Z','ida',NULL,'import_erp_customers','{"counts": {"changed": 0, "equal": 0, "new": 20}, "file": "customers.csv", "outcome": "accepted", "sha256": "1ca41a0f2439a528be1c2e778e822f7614fb863ac428e7bfe0b7506f148f813b", "sums": {}}','{"file_attempt": {"columns": ["attempt_id", "sha256", "name", "purpose", "outcome", "reason", "problems"], "rows": 1, "sha256": "f7ed889a23b9b9223a3cc1ebd0bd49c86a1705af9d1bfdb99bf37ab5e1d11425"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction"], "rows": 1, "sha256": "7d61994c10a52d7253625d1b91fef3e906e22f2e0926d9b79f56e40b6cb07074"}}','cb685230dd9dc38ecb6c621d917364e4946776bd5309905bafea96660bf8d581','48c176371ebf8a1414ba518aec3a68e7cd9c0ae488848a7f8821bcf5f60ec4a0');
INSERT INTO "audit_event" VALUES(5,'2026-10-12T08:00:00.000000Z','ida',NULL,'import_erp_agreements','{"counts": {"changed": 0, "equal": 0, "new": 18}, "file": "agreements.csv", "outcome": "accepted", "sha256": "8910d5ebc588690cb8d3652cedd38f405de2505b74c201463fd5f53378be288d", "sums": {}}','{"file_attempt": {"columns": ["attempt_id", "sha256", "name", "purpose", "outcome", "reason", "problems"], "rows": 1, "sha256": "0e4b3dd118f58a0912272a89479bd0ed20465e496f465275125bc93c908fac81"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction"], "rows": 1, "sha256": "31429f8e158b2c31e1aff30d897259657ac8aba930fa53e12ef30cc34850b38f"}}','48c176371ebf8a1414ba518aec3a68e7cd9c0ae488848a7f8821bcf5f60ec4a0','098b01192f83d74491793081608beaafb8c57bf7f306ef49e3b6b6d68bd60f64');
INSERT INTO "audit_event" VALUES(6,'2026-10-12T08:00:00.000000Z','ida',NULL,'import_erp_entries','{"counts": {"changed": 0, "equal": 0, "new": 26}, "file": "entries.csv", "outcome": "accepted", "sha256": "fffcae08d6b4ec836513b8306e5a506ede47f8dca17f3e3a7c851d43de6b1431", "sums": {"DKK": 2264975}}','{"file_attempt": {"columns": ["attempt_id", "sha256", "name", "purpose", "outcome", "reason", "problems"], "rows": 1, "sha256": "a9d43fa6cbfd4d529f254c3bc1c38cd3bbb3e0ecd73a306d32ae8dcd1d118cb6"}, "posting": {"columns": ["posting_id", "voucher_id", "purpose", "profile", "amount_minor", "currency", "text", "customer_id", "entry_id", "payment_line_id", "reverses_posting_id", "posting_date", "bank_date", "number", "account_no"], "rows": 27, "sha256": "09b3a253ab8f34761ae5bc46376bb719eb2f0038c3c3e60a7a8cdd4bcb0ad9ce"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction"], "rows": 1, "sha256": "375db394810e01a43e4f5a4fab19386ca502720b39e94f55be60e2fcd4c39daa"}, "voucher": {"columns": ["voucher_id", "journal", "posting_date", "bank_date", "text", "reverses_voucher_id", "number", "document_no", "run_id", "actor"], "rows": 1, "sha256": "91f077a6fb75eaa6f7e688bec7d275a27743986360de543e252f6ec268821de0"}}','098b01192f83d74491793081608beaafb8c57bf7f306ef49e3b6b6d68bd60f64','2b3f7e55fa395ecd20197b137d5ca32a4e1a18016bca0b867fa060cc3f5d2390');
INSERT INTO "audit_event" VALUES(7,'2026-10-12T08:00:00.000000Z','ida',NULL,'suggest','{"journal_id": 163, "lines": 19}','{"collection_register": {"columns": ["register_id", "collection_line_id", "from_status", "to_status", "on_date", "reason", "payment_line_id", "actor", "run_id"], "rows": 19, "sha256": "ef7fd2640242e1bcf4638b923d5eb65c45fea5545b1ae1cdb8d96cfaf4a8589c"}}','2b3f7e55fa395ecd20197b137d5ca32a4e1a18016bca0b867fa060cc3f5d2390','a122bd768ca4e76be5bf8f66bd53975b85f9c55eeb4f3bb91c08107adb77546c');
INSERT INTO "audit_event" VALUES(8,'2026-10-12T08:00:00.000000Z','ida',NULL,'validate','{"errors": 0, "lines": 19}','{"collection_register": {"columns": ["register_id", "collection_line_id", "from_status", "to_status", "on_date", "reason", "payment_line_id", "actor", "run_id"], "rows": 19, "sha256": "d5a3a54c6a16778bd7766a3893cd5a11d9274a4641c0110ed3db81928fe105c1"}}','a122bd768ca4e76be5bf8f66bd53975b85f9c55eeb4f3bb91c08107adb77546c','423cf4117ce10474bdb033bee684638ee49a7d104290ae73456c43242ae98138');
INSERT INTO "audit_event" VALUES(9,'2026-10-12T08:00:00.000000Z','ida',NULL,'approved','{"lines": 19}','{"collection_register": {"columns": ["register_id", "collection_line_id", "from_status", "to_status", "on_date", "reason", "payment_line_id", "actor", "run_id"], "rows": 19, "sha256": "03f8d13befc0671c2a2ae252e6bdcf3270826e6e729f5b8d95e6b8e271d0ab75"}}','423cf4117ce10474bdb033bee684638ee49a7d104290ae73456c43242ae98138','2f3907ee109b7a2e1036a22e151eae28ed20211e8fda084434eac44bae1e4fa3');
INSERT INTO "audit_event" VALUES(10,'2026-10-12T08:00:00.000000Z','ida',NULL,'delivery_sending','{"delivery": "0000000001", "sha256": "fc6503b3db9338eeb6dcdaf06fe8d50d82d328316caee3909f1b7611c932f4f9"}','{"audit_row": {"columns": ["number", "table_name", "row_id", "fields", "before_digest", "after_digest"], "rows": 1, "sha256": "2513ed8370e28d9ef0eafe7111d233aae59ff953d6917f70531e0ce9b31a7744"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction", "delivery_no", "delivery_type", "supplier_no", "subsystem", "created_on", "declared", "computed"], "rows": 1, "sha256": "1c0136c98ace9581de1b6a72d5dd9b96aa8a5046ff13adf55a7e78dd330fb3b5"}}','2f3907ee109b7a2e1036a22e151eae28ed20211e8fda084434eac44bae1e4fa3','04e4bb8716b220f1896893bf7694ffd3375b1af4bf9224d7906354f769b14e9d');
INSERT INTO "audit_event" VALUES(11,'2026-10-12T08:00:00.000000Z','ida',NULL,'delivery_sent','{"lines": 19}','{"audit_row": {"columns": ["number", "table_name", "row_id", "fields", "before_digest", "after_digest"], "rows": 1, "sha256": "d96a786bcc0ddd1b91588014c703696900b31dade972fa8785d437e17236f643"}, "collection_register": {"columns": ["register_id", "collection_line_id", "from_status", "to_status", "on_date", "reason", "payment_line_id", "actor", "run_id"], "rows": 19, "sha256": "f3716e9f5787c7a0efb883e9e1dbafd333260d5f6901f305300a454540c113eb"}}','04e4bb8716b220f1896893bf7694ffd3375b1af4bf9224d7906354f769b14e9d','6ad91e398ee0a8d764e634009c662d1b6e15736db1cd1e8158bb7281b4ef4151');
INSERT INTO "audit_event" VALUES(12,'2026-10-12T08:00:00.000000Z','ida',NULL,'import_receipt','{"file": "T00000001-601.KR9"}','{"audit_row": {"columns": ["number", "table_name", "row_id", "fields", "before_digest", "after_digest"], "rows": 1, "sha256": "bf79d6ab00d8a7e5aa606ad8391785cb425ba17c7b3d9bc7e81d2876939acabb"}, "collection_register": {"columns": ["register_id", "collection_line_id", "from_status", "to_status", "on_date", "reason", "payment_line_id", "actor", "run_id"], "rows": 19, "sha256": "8836e926e1d1f257a480d890a22cc0ac77a4c079bf640f1b082023bcde1e3afd"}, "file_attempt": {"columns": ["attempt_id", "sha256", "name", "purpose", "outcome", "reason", "problems"], "rows": 1, "sha256": "e9f635230a689368d129c7190e619c01a20e05afcc95154ad39e3ea9e329aa80"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction", "delivery_no", "delivery_type", "supplier_no", "subsystem", "created_on", "declared", "computed"], "rows": 1, "sha256": "66d75cae6786b912891413cc0469d7ebb941ee8bf0eeef2c5d53f0f5202e0621"}}','6ad91e398ee0a8d764e634009c662d1b6e15736db1cd1e8158bb7281b4ef4151','02273afab2e93f2dfb6a9d28ce8853ccb65fb8515971076d8be4d066482f8370');
INSERT INTO "audit_event" VALUES(13,'2026-10-12T08:00:00.000000Z','ida',NULL,'import_receipt','{"file": "V00000002-601.KR9"}','{"audit_row": {"columns": ["number", "table_name", "row_id", "fields", "before_digest", "after_digest"], "rows": 1, "sha256": "d3e5b2d6ff6d1e4b8fb28e4a7dc941d111513f4bdd0c0ecf4f3af17f2a57fe10"}, "file_attempt": {"columns": ["attempt_id", "sha256", "name", "purpose", "outcome", "reason", "problems"], "rows": 1, "sha256": "cea8bdc08e31ab8b4ffea07c194928c98971157a2edbd11050c52732c66e2a70"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction", "delivery_no", "delivery_type", "supplier_no", "subsystem", "created_on", "declared", "computed"], "rows": 1, "sha256": "b6167dee3c1056a0c4388b2d1f05360acd208c7d519dbe2227b208f7fb847c67"}}','02273afab2e93f2dfb6a9d28ce8853ccb65fb8515971076d8be4d066482f8370','12602b9041df62c088252aa4e08c9303d23a43faf13a84a8af74d02fb24dc97c');
INSERT INTO "audit_event" VALUES(14,'2026-10-12T08:00:00.000000Z','ida',NULL,'import_payments','{"file": "D1000000002-602.KR9", "lines": 17, "sha256": "f9747fe8182c03387cd10d9a512c86a62368d6bf66a6887d9dcecd169d02085f"}','{"collection_register": {"columns": ["register_id", "collection_line_id", "from_status", "to_status", "on_date", "reason", "payment_line_id", "actor", "run_id"], "rows": 17, "sha256": "76b1588235fbdd9e09d023ffc4613cd50adedcf7b10756b0f3ed352fc08dac30"}, "file_attempt": {"columns": ["attempt_id", "sha256", "name", "purpose", "outcome", "reason", "problems"], "rows": 1, "sha256": "efa5791569a02e1a731ba13d233cf80442f5fb9c1d03766bd1b2871c7cb20fd0"}, "line_outcome": {"columns": ["outcome_id", "payment_line_id", "outcome", "class", "collection_line_id", "reverses_payment_line_id", "applied_minor", "residual_minor", "difference_minor", "rule", "confidence", "agreed", "differed", "weight", "runner_up", "margin", "run_id", "actor", "reason"], "rows": 17, "sha256": "9d9913ee62bd7eeac22054db4222adcd770590e50f19d33066a2e23364585af0"}, "payment_line": {"columns": ["payment_line_id", "file_id", "line", "section", "section_kind", "kind", "code", "creditor_no", "debtor_group", "customer_no", "agreement_no", "reference", "due_date", "payment_date", "booking_date", "amount_minor", "amount_paid_minor", "currency", "reason", "fee_minor", "payer", "text", "bank_reference", "raw_key", "faulty"], "rows": 17, "sha256": "44616f2ec05c3451ff5402dde87e51281f2578602daab116385718ad0161dee0"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction", "delivery_no", "delivery_type", "supplier_no", "subsystem", "created_on", "declared", "computed"], "rows": 1, "sha256": "a4888a85a0921f42d461da377d63becbf6554223b42a72368c252663ea269920"}}','12602b9041df62c088252aa4e08c9303d23a43faf13a84a8af74d02fb24dc97c','9db4d9f4c2fd4de55fb4eed1f00941b8821dd0d20d49b71532345ec8b424422e');
INSERT INTO "audit_event" VALUES(15,'2026-10-12T08:00:00.000000Z','ida',NULL,'import_payments','{"file": "D1000000003-602.KR9", "lines": 1, "sha256": "f028d05832c277990406471f310776e1be394a4b800805dccd653dbabbe8432f"}','{"collection_register": {"columns": ["register_id", "collection_line_id", "from_status", "to_status", "on_date", "reason", "payment_line_id", "actor", "run_id"], "rows": 1, "sha256": "7b83be5973d212decb67c0e0456a4088a9719d474d15608a175aca4f8f8bd9dd"}, "file_attempt": {"columns": ["attempt_id", "sha256", "name", "purpose", "outcome", "reason", "problems"], "rows": 1, "sha256": "413a38841ff474d3568f53e0de7b3a734fa51f7ad764e37eed639e0914ded91c"}, "line_outcome": {"columns": ["outcome_id", "payment_line_id", "outcome", "class", "collection_line_id", "reverses_payment_line_id", "applied_minor", "residual_minor", "difference_minor", "rule", "confidence", "agreed", "differed", "weight", "runner_up", "margin", "run_id", "actor", "reason"], "rows": 1, "sha256": "3ad00846ca423bd2e3fe98a4840cec25256aca5c71e5203d799d6b87aa1f4367"}, "payment_line": {"columns": ["payment_line_id", "file_id", "line", "section", "section_kind", "kind", "code", "creditor_no", "debtor_group", "customer_no", "agreement_no", "reference", "due_date", "payment_date", "booking_date", "amount_minor", "amount_paid_minor", "currency", "reason", "fee_minor", "payer", "text", "bank_reference", "raw_key", "faulty"], "rows": 1, "sha256": "76dddcab6a1097b36db3a51fc43a92b28d21e62e6ffc08321a46a11621eaf4ec"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction", "delivery_no", "delivery_type", "supplier_no", "subsystem", "created_on", "declared", "computed"], "rows": 1, "sha256": "c06c5484ae0c8050854125adaeecde32c61752bc9b937011f846e87dd4070fb2"}}','9db4d9f4c2fd4de55fb4eed1f00941b8821dd0d20d49b71532345ec8b424422e','def4b8393b7c6872da1ad2b5be8783691f6bd42155ba7d9ec93fc5ca5f0b681d');
INSERT INTO "audit_event" VALUES(16,'2026-10-12T08:00:00.000000Z','ida',NULL,'import_payments','{"file": "D1000000004-602.KR9", "lines": 1, "sha256": "ec9464c270088bd0d20405a125dc7b62cf0213594710dd2fd948034e76f69d2e"}','{"collection_register": {"columns": ["register_id", "collection_line_id", "from_status", "to_status", "on_date", "reason", "payment_line_id", "actor", "run_id"], "rows": 1, "sha256": "7b7524b08f9b06a74ce4074cc20401e30ecec84692da8fa1921538464ade3238"}, "file_attempt": {"columns": ["attempt_id", "sha256", "name", "purpose", "outcome", "reason", "problems"], "rows": 1, "sha256": "e3941acd76d4cb417e88cae1b1d6b455fd07932e8df0649d550bb012b548382d"}, "line_outcome": {"columns": ["outcome_id", "payment_line_id", "outcome", "class", "collection_line_id", "reverses_payment_line_id", "applied_minor", "residual_minor", "difference_minor", "rule", "confidence", "agreed", "differed", "weight", "runner_up", "margin", "run_id", "actor", "reason"], "rows": 1, "sha256": "9d30c5ba7a229ca4f18bf57769424f8386280f729ab7510a6ca467abd3cf27a3"}, "payment_line": {"columns": ["payment_line_id", "file_id", "line", "section", "section_kind", "kind", "code", "creditor_no", "debtor_group", "customer_no", "agreement_no", "reference", "due_date", "payment_date", "booking_date", "amount_minor", "amount_paid_minor", "currency", "reason", "fee_minor", "payer", "text", "bank_reference", "raw_key", "faulty"], "rows": 1, "sha256": "d65c70486260e7cc1aa1279c1cb11b120f44d4e37e211158262e2f922f00bdab"}, "source_file": {"columns": ["file_id", "sha256", "name", "bytes", "lines", "format", "direction", "delivery_no", "delivery_type", "supplier_no", "subsystem", "created_on", "declared", "computed"], "rows": 1, "sha256": "5af395f6c2d9e976bba70405ebfcc777386ed74edafa46c580ce56fbbb764801"}}','def4b8393b7c6872da1ad2b5be8783691f6bd42155ba7d9ec93fc5ca5f0b681d','728dfe47ad7bc1caef4a4136ac9a6dcced63699798fc86a7116babdfb51de5b4');
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
INSERT INTO "audit_row" VALUES(10,1,'delivery',259,'["state"]','027d10405b7b41e5f5643375b30d4a58d30192cba0b8daa7fbe3a76be75c48bb','2423b18a9d87891128f917d74205bd880b1b08e4affa66ca100159ad1deffd98');
INSERT INTO "audit_row" VALUES(11,1,'delivery',259,'["state"]','2423b18a9d87891128f917d74205bd880b1b08e4affa66ca100159ad1deffd98','fa6fb75904ab358a705e02575d6cbe8c5b83116eadbbb346ff97988d376d7ccf');
INSERT INTO "audit_row" VALUES(12,1,'delivery',259,'["received_code", "state"]','4ac0508a6b3da30c5d9eb18af59bb860e21cec182656f602555fe4d3b11a8d4a','902052602cdf97d6a9b33e9bc07f1a82df3f66a80fe68736021b48634814e1bd');
INSERT INTO "audit_row" VALUES(13,1,'delivery',259,'["state", "validated_code"]','130d05ab1c6cd9e1f8c3b2b0494b517fa933dedc72a03b3f2281dba82e9d3061','6ef73efab796b2600f2f23d90f6f1c37f6c69309f72debdbf1311646d36466dc');
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
INSERT INTO "collection_journal" VALUES(163,'BS','2026-10-12','2026-11-01','2026-11-30','[]','ida',NULL,7);
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
INSERT INTO "collection_line" VALUES(164,163,'09999999','00001',25,'100003',56,'100000015',0,'2026-11-02',157375,'DKK','100000003','Faktura F500002                                     1.573,75','paid',NULL,259,6,365,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(165,163,'09999999','00001',26,'100010',57,'100000020',0,'2026-11-02',185900,'DKK','100000011','Faktura F500003                                     1.859,00','paid',NULL,259,11,366,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(166,163,'09999999','00001',27,'100017',58,'100000036',0,'2026-11-02',88730,'DKK','100000020','Faktura F500004                                       887,30','paid',NULL,259,16,367,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(167,163,'09999999','00001',28,'100024',59,'100000055',0,'2026-11-02',37650,'DKK','10000003Y','Faktura F500005                                       376,50','paid',NULL,259,21,368,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(168,163,'09999999','00001',29,'100031',60,'100000080',0,'2026-11-02',129975,'DKK','10000004W','Faktura F500006                                     1.085,25
Faktura F500007                                       214,50','paid',NULL,259,26,369,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(169,163,'09999999','00001',30,'100038',61,'100000092',0,'2026-11-02',107220,'DKK','10000005U','Faktura F500008                                     1.072,20','paid',NULL,259,32,370,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(170,163,'09999999','00001',31,'100045',62,'100000113',0,'2026-11-02',38160,'DKK','10000006S','Faktura F500009                                       381,60','paid',NULL,259,37,371,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(171,163,'09999999','00001',32,'100052',NULL,NULL,0,'2026-11-02',31235,'DKK','10000007Q','Faktura F500010                                       312,35','paid',NULL,259,42,436,'2026-11-06',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(172,163,'09999999','00001',33,'100059',63,'100000150',0,'2026-11-02',58520,'DKK','10000008O','Faktura F500011                                       585,20','rejected',NULL,259,47,NULL,NULL,NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(173,163,'09999999','00001',34,'100066',NULL,NULL,0,'2026-11-02',64765,'DKK','10000009M','Faktura F500012                                       647,65','paid',NULL,259,52,443,'2026-11-23',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(174,163,'09999999','00001',35,'100073',64,'100000179',0,'2026-11-02',43020,'DKK','1000000AK','Faktura F500013                                       430,20','paid',NULL,259,57,373,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(175,163,'09999999','00001',36,'100080',65,'100000189',0,'2026-11-02',18405,'DKK','1000000BI','Faktura F500014                                       184,05','rejected',NULL,259,63,NULL,NULL,NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(176,163,'09999999','00001',37,'100087',66,'100000210',0,'2026-11-02',189190,'DKK','1000000CG','Faktura F500015                                     1.891,90','paid',NULL,259,68,375,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(177,163,'09999999','00001',38,'100094',67,'100000234',0,'2026-11-02',80210,'DKK','1000000DE','Faktura F500016                                       907,65
Kreditnota K500017                                   -105,55','paid',NULL,259,73,376,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(178,163,'09999999','00001',40,'100108',69,'100000258',0,'2026-11-02',118975,'DKK','1000000EC','Faktura F500018                                     1.189,75','paid',NULL,259,79,377,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(179,163,'09999999','00001',41,'100115',70,'100000281',0,'2026-11-02',209170,'DKK','1000000FA','Faktura F500019                                     1.949,75
Faktura F500020                                       141,95','paid',NULL,259,84,378,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(180,163,'09999999','00001',44,'100136',73,'100000333',0,'2026-11-02',81965,'DKK','1000000G8','Faktura F500023                                       819,65','paid',NULL,259,90,379,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(181,163,'09999999','00001',42,'NV100122',71,'100000299',0,'2026-11-02',98735,'DKK','1000000H6','Faktura F500021                                       987,35','paid',NULL,259,95,380,'2026-11-09',NULL,NULL,'[]',7,7);
INSERT INTO "collection_line" VALUES(182,163,'09999999','00001',43,'NV100129',72,'100000307',0,'2026-11-02',10450,'DKK','1000000I4','Faktura F500022                                       104,50','paid',NULL,259,100,381,'2026-11-09',NULL,NULL,'[]',7,7);
CREATE TABLE collection_line_entry (
    collection_line_id INTEGER NOT NULL
        REFERENCES collection_line,
    entry_id INTEGER NOT NULL REFERENCES entry,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (collection_line_id, entry_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "collection_line_entry" VALUES(164,104,157375);
INSERT INTO "collection_line_entry" VALUES(165,105,185900);
INSERT INTO "collection_line_entry" VALUES(166,106,88730);
INSERT INTO "collection_line_entry" VALUES(167,107,37650);
INSERT INTO "collection_line_entry" VALUES(168,108,108525);
INSERT INTO "collection_line_entry" VALUES(168,109,21450);
INSERT INTO "collection_line_entry" VALUES(169,110,107220);
INSERT INTO "collection_line_entry" VALUES(170,111,38160);
INSERT INTO "collection_line_entry" VALUES(171,112,31235);
INSERT INTO "collection_line_entry" VALUES(172,113,58520);
INSERT INTO "collection_line_entry" VALUES(173,114,64765);
INSERT INTO "collection_line_entry" VALUES(174,115,43020);
INSERT INTO "collection_line_entry" VALUES(175,116,18405);
INSERT INTO "collection_line_entry" VALUES(176,117,189190);
INSERT INTO "collection_line_entry" VALUES(177,118,90765);
INSERT INTO "collection_line_entry" VALUES(177,119,-10555);
INSERT INTO "collection_line_entry" VALUES(178,120,118975);
INSERT INTO "collection_line_entry" VALUES(179,121,194975);
INSERT INTO "collection_line_entry" VALUES(179,122,14195);
INSERT INTO "collection_line_entry" VALUES(180,125,81965);
INSERT INTO "collection_line_entry" VALUES(181,123,98735);
INSERT INTO "collection_line_entry" VALUES(182,124,10450);
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
INSERT INTO "collection_register" VALUES(183,164,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(184,165,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(185,166,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(186,167,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(187,168,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(188,169,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(189,170,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(190,171,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(191,172,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(192,173,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(193,174,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(194,175,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(195,176,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(196,177,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(197,178,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(198,179,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(199,180,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(200,181,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(201,182,NULL,'created','2026-10-12','suggested',NULL,'ida',NULL,7);
INSERT INTO "collection_register" VALUES(202,164,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(203,165,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(204,166,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(205,167,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(206,168,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(207,169,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(208,170,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(209,171,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(210,172,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(211,173,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(212,174,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(213,175,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(214,176,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(215,177,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(216,178,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(217,179,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(218,180,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(219,181,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(220,182,'created','valid','2026-10-12',NULL,NULL,'ida',NULL,8);
INSERT INTO "collection_register" VALUES(221,164,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(222,165,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(223,166,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(224,167,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(225,168,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(226,169,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(227,170,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(228,171,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(229,172,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(230,173,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(231,174,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(232,175,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(233,176,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(234,177,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(235,178,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(236,179,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(237,180,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(238,181,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(239,182,'valid','approved','2026-10-12',NULL,NULL,'ida',NULL,9);
INSERT INTO "collection_register" VALUES(261,164,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(262,165,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(263,166,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(264,167,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(265,168,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(266,169,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(267,170,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(268,171,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(269,172,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(270,173,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(271,174,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(272,175,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(273,176,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(274,177,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(275,178,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(276,179,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(277,180,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(278,181,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(279,182,'approved','sent','2026-10-12',NULL,NULL,'ida',NULL,11);
INSERT INTO "collection_register" VALUES(281,164,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(282,165,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(283,166,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(284,167,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(285,168,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(286,169,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(287,170,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(288,171,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(289,172,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(290,173,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(291,174,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(292,175,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(293,176,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(294,177,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(295,178,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(296,179,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(297,180,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(298,181,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(299,182,'sent','in_process','2026-10-13','PN00',NULL,'ida',NULL,12);
INSERT INTO "collection_register" VALUES(400,164,'in_process','paid','2026-12-02',NULL,365,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(401,165,'in_process','paid','2026-12-02',NULL,366,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(402,166,'in_process','paid','2026-12-02',NULL,367,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(403,167,'in_process','paid','2026-12-02',NULL,368,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(404,168,'in_process','paid','2026-12-02',NULL,369,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(405,169,'in_process','paid','2026-12-02',NULL,370,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(406,170,'in_process','paid','2026-12-02',NULL,371,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(407,172,'in_process','rejected','2026-12-02',NULL,372,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(408,174,'in_process','paid','2026-12-02',NULL,373,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(409,175,'in_process','rejected','2026-12-02',NULL,374,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(410,176,'in_process','paid','2026-12-02',NULL,375,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(411,177,'in_process','paid','2026-12-02',NULL,376,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(412,178,'in_process','paid','2026-12-02',NULL,377,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(413,179,'in_process','paid','2026-12-02',NULL,378,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(414,180,'in_process','paid','2026-12-02',NULL,379,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(415,181,'in_process','paid','2026-12-02',NULL,380,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(416,182,'in_process','paid','2026-12-02',NULL,381,'ida',NULL,14);
INSERT INTO "collection_register" VALUES(439,171,'in_process','paid','2026-12-02',NULL,436,'ida',NULL,15);
INSERT INTO "collection_register" VALUES(446,173,'in_process','paid','2026-12-02',NULL,443,'ida',NULL,16);
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
INSERT INTO "collection_system" VALUES('BS','betalingsservice_total','Betalingsservice Total','99999993','KR9',1,0,1,2,'LM+1','+2LM',1);
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
INSERT INTO "creditor" VALUES('09999999','BS','Nordvand Forsyning A/S','DKK','STANDARD','99990000123456','payment_center',19);
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
INSERT INTO "customer" VALUES(25,'100003','00100003',5,'PRIVAT','da',0,NULL,2,2,1,4);
INSERT INTO "customer" VALUES(26,'100010','100010',6,'PRIVAT','da',0,NULL,2,3,1,4);
INSERT INTO "customer" VALUES(27,'100017','100017',7,'PRIVAT','da',0,NULL,2,4,1,4);
INSERT INTO "customer" VALUES(28,'100024','00100024',8,'PRIVAT','da',0,NULL,2,5,1,4);
INSERT INTO "customer" VALUES(29,'100031','00100031',9,'PRIVAT','da',0,NULL,2,6,1,4);
INSERT INTO "customer" VALUES(30,'100038','00100038',10,'PRIVAT','da',0,NULL,2,7,1,4);
INSERT INTO "customer" VALUES(31,'100045','00100045',11,'PRIVAT','da',0,NULL,2,8,1,4);
INSERT INTO "customer" VALUES(32,'100052','100052',12,'PRIVAT','da',0,NULL,2,9,1,4);
INSERT INTO "customer" VALUES(33,'100059','00100059',13,'PRIVAT','da',0,NULL,2,10,1,4);
INSERT INTO "customer" VALUES(34,'100066','00100066',14,'PRIVAT','da',0,NULL,2,11,1,4);
INSERT INTO "customer" VALUES(35,'100073','100073',15,'PRIVAT','da',0,NULL,2,12,1,4);
INSERT INTO "customer" VALUES(36,'100080','00100080',16,'PRIVAT','da',0,NULL,2,13,1,4);
INSERT INTO "customer" VALUES(37,'100087','100087',17,'PRIVAT','da',0,NULL,2,14,1,4);
INSERT INTO "customer" VALUES(38,'100094','00100094',18,'PRIVAT','da',0,NULL,2,15,1,4);
INSERT INTO "customer" VALUES(39,'100101','00100101',19,'PRIVAT','da',0,NULL,2,16,1,4);
INSERT INTO "customer" VALUES(40,'100108','100108',20,'PRIVAT','da',0,NULL,2,17,1,4);
INSERT INTO "customer" VALUES(41,'100115','00100115',21,'PRIVAT','da',0,NULL,2,18,1,4);
INSERT INTO "customer" VALUES(42,'NV100122','NV 100122',22,'PRIVAT','da',0,NULL,2,19,1,4);
INSERT INTO "customer" VALUES(43,'NV100129','NV 100129',23,'PRIVAT','da',0,NULL,2,20,1,4);
INSERT INTO "customer" VALUES(44,'100136','00100136',24,'PRIVAT','da',0,NULL,2,21,1,4);
CREATE TABLE debtor_group (
    creditor_no TEXT NOT NULL REFERENCES creditor,
    debtor_group TEXT NOT NULL CHECK (length(debtor_group) = 5),
    name TEXT NOT NULL,
    main_text TEXT NOT NULL DEFAULT '',
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
    PRIMARY KEY (creditor_no, debtor_group)
) STRICT, WITHOUT ROWID;
INSERT INTO "debtor_group" VALUES('09999999','00001','Forbrugere','Betaling til Nordvand Forsyning A/S',1);
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
INSERT INTO "delivery" VALUES(259,'BS','0000000001','0601',260,'BS0601-0000000001.KR9','2026-10-12',19,1749650,'DKK','accepted','PN00','BS00',5,10);
CREATE TABLE delivery_event (
    delivery_id INTEGER NOT NULL REFERENCES delivery,
    recorded INTEGER NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    file_id INTEGER REFERENCES source_file,
    PRIMARY KEY (delivery_id, recorded, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "delivery_event" VALUES(259,10,1,'sending','written',260);
INSERT INTO "delivery_event" VALUES(259,11,2,'sent','moved to the outbox',NULL);
INSERT INTO "delivery_event" VALUES(259,12,3,'received','PN00 received',280);
INSERT INTO "delivery_event" VALUES(259,13,4,'accepted','BS00 validated',322);
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
INSERT INTO "entry" VALUES(103,33,'invoice','500001','F500001','Vand og spildevand, september 2026','2026-09-10','2026-10-01','2026-10-12',125695,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,2,1,6);
INSERT INTO "entry" VALUES(104,25,'invoice','500002','F500002','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',157375,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,3,1,6);
INSERT INTO "entry" VALUES(105,26,'invoice','500003','F500003','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',185900,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,4,1,6);
INSERT INTO "entry" VALUES(106,27,'invoice','500004','F500004','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',88730,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,5,1,6);
INSERT INTO "entry" VALUES(107,28,'invoice','500005','F500005','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',37650,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,6,1,6);
INSERT INTO "entry" VALUES(108,29,'invoice','500006','F500006','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',108525,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,7,1,6);
INSERT INTO "entry" VALUES(109,29,'invoice','500007','F500007','Målerleje og gebyr, 3. kvartal 2026','2026-10-09','2026-11-02','2026-10-12',21450,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,8,1,6);
INSERT INTO "entry" VALUES(110,30,'invoice','500008','F500008','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',107220,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,9,1,6);
INSERT INTO "entry" VALUES(111,31,'invoice','500009','F500009','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',38160,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,10,1,6);
INSERT INTO "entry" VALUES(112,32,'invoice','500010','F500010','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',31235,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,11,1,6);
INSERT INTO "entry" VALUES(113,33,'invoice','500011','F500011','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',58520,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,12,1,6);
INSERT INTO "entry" VALUES(114,34,'invoice','500012','F500012','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',64765,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,13,1,6);
INSERT INTO "entry" VALUES(115,35,'invoice','500013','F500013','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',43020,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,14,1,6);
INSERT INTO "entry" VALUES(116,36,'invoice','500014','F500014','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',18405,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,15,1,6);
INSERT INTO "entry" VALUES(117,37,'invoice','500015','F500015','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',189190,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,16,1,6);
INSERT INTO "entry" VALUES(118,38,'invoice','500016','F500016','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',90765,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,17,1,6);
INSERT INTO "entry" VALUES(119,38,'credit_note','500017','K500017','Regulering af målt forbrug','2026-10-09','2026-11-02','2026-10-12',-10555,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,18,1,6);
INSERT INTO "entry" VALUES(120,40,'invoice','500018','F500018','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',118975,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,19,1,6);
INSERT INTO "entry" VALUES(121,41,'invoice','500019','F500019','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',194975,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,20,1,6);
INSERT INTO "entry" VALUES(122,41,'invoice','500020','F500020','Målerleje og gebyr, 3. kvartal 2026','2026-10-09','2026-11-02','2026-10-12',14195,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,21,1,6);
INSERT INTO "entry" VALUES(123,42,'invoice','500021','F500021','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',98735,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,22,1,6);
INSERT INTO "entry" VALUES(124,43,'invoice','500022','F500022','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',10450,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,23,1,6);
INSERT INTO "entry" VALUES(125,44,'invoice','500023','F500023','Vand og spildevand, oktober 2026','2026-10-09','2026-11-02','2026-10-12',81965,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VAND"}',0,0,NULL,NULL,102,NULL,100,24,1,6);
INSERT INTO "entry" VALUES(126,25,'invoice','500024','F500024','Årsafregning varme 2026','2026-10-12','2026-12-01','2026-10-12',111985,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VARME"}',0,0,NULL,NULL,102,NULL,100,25,1,6);
INSERT INTO "entry" VALUES(127,32,'invoice','500025','F500025','Årsafregning varme 2026','2026-10-12','2026-12-01','2026-10-12',188615,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VARME"}',0,0,NULL,NULL,102,NULL,100,26,1,6);
INSERT INTO "entry" VALUES(128,38,'invoice','500026','F500026','Årsafregning varme 2026','2026-10-12','2026-12-01','2026-10-12',89030,'DKK',NULL,NULL,NULL,'STANDARD','{"department": "VARME"}',0,0,NULL,NULL,102,NULL,100,27,1,6);
CREATE TABLE entry_vat (
    entry_id INTEGER NOT NULL REFERENCES entry,
    number INTEGER NOT NULL,
    vat_code TEXT NOT NULL,
    rate_basis_points INTEGER NOT NULL,
    base_minor INTEGER NOT NULL,
    vat_minor INTEGER NOT NULL,
    PRIMARY KEY (entry_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "entry_vat" VALUES(103,1,'S25',2500,100556,25139);
INSERT INTO "entry_vat" VALUES(104,1,'S25',2500,125900,31475);
INSERT INTO "entry_vat" VALUES(105,1,'S25',2500,148720,37180);
INSERT INTO "entry_vat" VALUES(106,1,'S25',2500,70984,17746);
INSERT INTO "entry_vat" VALUES(107,1,'S25',2500,30120,7530);
INSERT INTO "entry_vat" VALUES(108,1,'S25',2500,86820,21705);
INSERT INTO "entry_vat" VALUES(109,1,'S25',2500,17160,4290);
INSERT INTO "entry_vat" VALUES(110,1,'S25',2500,85776,21444);
INSERT INTO "entry_vat" VALUES(111,1,'S25',2500,30528,7632);
INSERT INTO "entry_vat" VALUES(112,1,'S25',2500,24988,6247);
INSERT INTO "entry_vat" VALUES(113,1,'S25',2500,46816,11704);
INSERT INTO "entry_vat" VALUES(114,1,'S25',2500,51812,12953);
INSERT INTO "entry_vat" VALUES(115,1,'S25',2500,34416,8604);
INSERT INTO "entry_vat" VALUES(116,1,'S25',2500,14724,3681);
INSERT INTO "entry_vat" VALUES(117,1,'S25',2500,151352,37838);
INSERT INTO "entry_vat" VALUES(118,1,'S25',2500,72612,18153);
INSERT INTO "entry_vat" VALUES(119,1,'S25',2500,-8444,-2111);
INSERT INTO "entry_vat" VALUES(120,1,'S25',2500,95180,23795);
INSERT INTO "entry_vat" VALUES(121,1,'S25',2500,155980,38995);
INSERT INTO "entry_vat" VALUES(122,1,'S25',2500,11356,2839);
INSERT INTO "entry_vat" VALUES(123,1,'S25',2500,78988,19747);
INSERT INTO "entry_vat" VALUES(124,1,'S25',2500,8360,2090);
INSERT INTO "entry_vat" VALUES(125,1,'S25',2500,65572,16393);
INSERT INTO "entry_vat" VALUES(126,1,'S25',2500,89588,22397);
INSERT INTO "entry_vat" VALUES(127,1,'S25',2500,150892,37723);
INSERT INTO "entry_vat" VALUES(128,1,'S25',2500,71224,17806);
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
INSERT INTO "file_attempt" VALUES(3,'1ca41a0f2439a528be1c2e778e822f7614fb863ac428e7bfe0b7506f148f813b','customers.csv','erp_customers','accepted','','[]',4);
INSERT INTO "file_attempt" VALUES(54,'8910d5ebc588690cb8d3652cedd38f405de2505b74c201463fd5f53378be288d','agreements.csv','erp_agreements','accepted','','[]',5);
INSERT INTO "file_attempt" VALUES(101,'fffcae08d6b4ec836513b8306e5a506ede47f8dca17f3e3a7c851d43de6b1431','entries.csv','erp_entries','accepted','','[]',6);
INSERT INTO "file_attempt" VALUES(321,'d938689f1fb62c95b72a7764f55ad2678b6fc7110921ffee626c46bfd2b0b17c','T00000001-601.KR9','payment_center','accepted','clean','[]',12);
INSERT INTO "file_attempt" VALUES(363,'46443d7be3e1bd6767676dcede4bb5e755f8ed09d46e1fb363a9c24e1ac5ccd1','V00000002-601.KR9','payment_center','accepted','clean','[]',13);
INSERT INTO "file_attempt" VALUES(434,'f9747fe8182c03387cd10d9a512c86a62368d6bf66a6887d9dcecd169d02085f','D1000000002-602.KR9','payment_center','accepted','clean','[]',14);
INSERT INTO "file_attempt" VALUES(441,'f028d05832c277990406471f310776e1be394a4b800805dccd653dbabbe8432f','D1000000003-602.KR9','payment_center','accepted','clean','[]',15);
INSERT INTO "file_attempt" VALUES(448,'ec9464c270088bd0d20405a125dc7b62cf0213594710dd2fd948034e76f69d2e','D1000000004-602.KR9','payment_center','accepted','clean','[]',16);
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
INSERT INTO "file_section" VALUES(364,1,'0211','09999999','00001','gross','{"sections": null, "count": 17, "amount_minor": 1576725, "text_count": 0, "address_count": 0}','{"sections": null, "count": 17, "amount_minor": 1576725, "text_count": 0, "address_count": 0}',1);
INSERT INTO "file_section" VALUES(435,1,'0215','09999999','00001','gross','{"sections": null, "count": 1, "amount_minor": 31235, "text_count": 0, "address_count": 0}','{"sections": null, "count": 1, "amount_minor": 31235, "text_count": 0, "address_count": 0}',1);
INSERT INTO "file_section" VALUES(442,1,'0215','09999999','00001','gross','{"sections": null, "count": 1, "amount_minor": 64765, "text_count": 0, "address_count": 0}','{"sections": null, "count": 1, "amount_minor": 64765, "text_count": 0, "address_count": 0}',1);
CREATE TABLE id_sequence (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    next_id INTEGER NOT NULL CHECK (next_id > 0)
) STRICT;
INSERT INTO "id_sequence" VALUES(1,449);
CREATE TABLE journal (
    journal TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('erp', 'customer_payment', 'daily')),
    series TEXT NOT NULL,
    handed_back INTEGER NOT NULL CHECK (handed_back IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO "journal" VALUES('ERP','Entries from the ERP','erp','ERP',0);
INSERT INTO "journal" VALUES('PAYMENTS','Customer payments','customer_payment','PAY',1);
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
INSERT INTO "line_outcome" VALUES(382,365,'matched',NULL,164,NULL,NULL,157375,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(383,366,'matched',NULL,165,NULL,NULL,185900,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(384,367,'matched',NULL,166,NULL,NULL,88730,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(385,368,'matched',NULL,167,NULL,NULL,37650,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(386,369,'matched',NULL,168,NULL,NULL,129975,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(387,370,'matched',NULL,169,NULL,NULL,107220,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(388,371,'matched',NULL,170,NULL,NULL,38160,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(389,372,'rejected',NULL,172,NULL,NULL,0,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(390,373,'matched',NULL,174,NULL,NULL,43020,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(391,374,'rejected',NULL,175,NULL,NULL,0,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(392,375,'matched',NULL,176,NULL,NULL,189190,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(393,376,'matched',NULL,177,NULL,NULL,80210,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(394,377,'matched',NULL,178,NULL,NULL,118975,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(395,378,'matched',NULL,179,NULL,NULL,209170,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(396,379,'matched',NULL,180,NULL,NULL,81965,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(397,380,'matched',NULL,181,NULL,NULL,98735,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(398,381,'matched',NULL,182,NULL,NULL,10450,0,NULL,'our_reference','certain','reference customer amount due_date agreement currency sent debtor_group','',184,NULL,NULL,0,NULL,NULL,'ida',14);
INSERT INTO "line_outcome" VALUES(437,436,'matched',NULL,171,NULL,NULL,31235,0,NULL,'slip_reference','certain','reference customer amount due_date currency sent debtor_group','',174,NULL,NULL,0,NULL,NULL,'ida',15);
INSERT INTO "line_outcome" VALUES(444,443,'matched',NULL,173,NULL,NULL,64765,0,NULL,'slip_reference','certain','reference customer amount due_date currency sent debtor_group','',174,NULL,NULL,0,NULL,NULL,'ida',16);
CREATE TABLE line_posting (
    payment_line_id INTEGER NOT NULL REFERENCES payment_line,
    kind TEXT NOT NULL CHECK (
        kind IN ('payment', 'held', 'release', 'on_account', 'reversal')
    ),
    voucher_id INTEGER NOT NULL REFERENCES voucher,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (payment_line_id, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE match_rules (
    match_rules_id INTEGER NOT NULL PRIMARY KEY,
    run_id INTEGER REFERENCES run,
    file_id INTEGER REFERENCES source_file,
    rules TEXT NOT NULL CHECK (json_valid(rules)),
    recorded INTEGER NOT NULL
) STRICT;
INSERT INTO "match_rules" VALUES(399,NULL,364,'{"criteria": [{"column": "reference", "id": "reference", "label": "Reference", "points": 100}, {"column": "customer_no", "id": "customer", "label": "Customer number", "points": 30}, {"column": "amount_minor", "id": "amount", "label": "Amount to collect", "points": 20}, {"column": "due_date", "id": "due_date", "label": "Due date", "points": 15}, {"column": "agreement_no", "id": "agreement", "label": "Agreement number", "points": 10}, {"column": "currency", "id": "currency", "label": "Currency", "points": 5}, {"column": "sent", "id": "sent", "label": "Was sent", "points": 3}, {"column": "debtor_group", "id": "debtor_group", "label": "Debtor group", "points": 1}], "rules": [{"compatible": [], "confidence": "certain", "confidence_differing": "high", "equal": ["creditor_no", "reference"], "id": "our_reference", "kinds": ["payment_completed", "payment_rejected", "agreement_cancelled", "payment_reversed"], "label": "The whole reference is the collection''s", "names_collection": true, "reference_length": null, "repeated_is_tie": false}, {"compatible": [], "confidence": "certain", "confidence_differing": "high", "equal": ["creditor_no", "reference"], "id": "slip_reference", "kinds": ["slip_paid", "slip_reversed"], "label": "The first 9 characters of the reference are the collection''s", "names_collection": true, "reference_length": 9, "repeated_is_tie": true}, {"compatible": ["agreement_no"], "confidence": "medium", "confidence_differing": "low", "equal": ["creditor_no", "customer_no", "due_date", "amount_minor"], "id": "customer_due_amount", "kinds": ["payment_completed", "slip_paid", "payment_rejected", "agreement_cancelled", "payment_reversed", "slip_reversed"], "label": "Customer, due date and amount are the collection''s", "names_collection": false, "reference_length": null, "repeated_is_tie": false}], "tolerance_minor": 0, "version": 1}',14);
INSERT INTO "match_rules" VALUES(438,NULL,435,'{"criteria": [{"column": "reference", "id": "reference", "label": "Reference", "points": 100}, {"column": "customer_no", "id": "customer", "label": "Customer number", "points": 30}, {"column": "amount_minor", "id": "amount", "label": "Amount to collect", "points": 20}, {"column": "due_date", "id": "due_date", "label": "Due date", "points": 15}, {"column": "agreement_no", "id": "agreement", "label": "Agreement number", "points": 10}, {"column": "currency", "id": "currency", "label": "Currency", "points": 5}, {"column": "sent", "id": "sent", "label": "Was sent", "points": 3}, {"column": "debtor_group", "id": "debtor_group", "label": "Debtor group", "points": 1}], "rules": [{"compatible": [], "confidence": "certain", "confidence_differing": "high", "equal": ["creditor_no", "reference"], "id": "our_reference", "kinds": ["payment_completed", "payment_rejected", "agreement_cancelled", "payment_reversed"], "label": "The whole reference is the collection''s", "names_collection": true, "reference_length": null, "repeated_is_tie": false}, {"compatible": [], "confidence": "certain", "confidence_differing": "high", "equal": ["creditor_no", "reference"], "id": "slip_reference", "kinds": ["slip_paid", "slip_reversed"], "label": "The first 9 characters of the reference are the collection''s", "names_collection": true, "reference_length": 9, "repeated_is_tie": true}, {"compatible": ["agreement_no"], "confidence": "medium", "confidence_differing": "low", "equal": ["creditor_no", "customer_no", "due_date", "amount_minor"], "id": "customer_due_amount", "kinds": ["payment_completed", "slip_paid", "payment_rejected", "agreement_cancelled", "payment_reversed", "slip_reversed"], "label": "Customer, due date and amount are the collection''s", "names_collection": false, "reference_length": null, "repeated_is_tie": false}], "tolerance_minor": 0, "version": 1}',15);
INSERT INTO "match_rules" VALUES(445,NULL,442,'{"criteria": [{"column": "reference", "id": "reference", "label": "Reference", "points": 100}, {"column": "customer_no", "id": "customer", "label": "Customer number", "points": 30}, {"column": "amount_minor", "id": "amount", "label": "Amount to collect", "points": 20}, {"column": "due_date", "id": "due_date", "label": "Due date", "points": 15}, {"column": "agreement_no", "id": "agreement", "label": "Agreement number", "points": 10}, {"column": "currency", "id": "currency", "label": "Currency", "points": 5}, {"column": "sent", "id": "sent", "label": "Was sent", "points": 3}, {"column": "debtor_group", "id": "debtor_group", "label": "Debtor group", "points": 1}], "rules": [{"compatible": [], "confidence": "certain", "confidence_differing": "high", "equal": ["creditor_no", "reference"], "id": "our_reference", "kinds": ["payment_completed", "payment_rejected", "agreement_cancelled", "payment_reversed"], "label": "The whole reference is the collection''s", "names_collection": true, "reference_length": null, "repeated_is_tie": false}, {"compatible": [], "confidence": "certain", "confidence_differing": "high", "equal": ["creditor_no", "reference"], "id": "slip_reference", "kinds": ["slip_paid", "slip_reversed"], "label": "The first 9 characters of the reference are the collection''s", "names_collection": true, "reference_length": 9, "repeated_is_tie": true}, {"compatible": ["agreement_no"], "confidence": "medium", "confidence_differing": "low", "equal": ["creditor_no", "customer_no", "due_date", "amount_minor"], "id": "customer_due_amount", "kinds": ["payment_completed", "slip_paid", "payment_rejected", "agreement_cancelled", "payment_reversed", "slip_reversed"], "label": "Customer, due date and amount are the collection''s", "names_collection": false, "reference_length": null, "repeated_is_tie": false}], "tolerance_minor": 0, "version": 1}',16);
CREATE TABLE number_series (
    series TEXT NOT NULL PRIMARY KEY,
    prefix TEXT NOT NULL,
    digits INTEGER NOT NULL,
    next_number INTEGER NOT NULL CHECK (next_number > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO "number_series" VALUES('ERP','ERP-',6,2);
INSERT INTO "number_series" VALUES('PAY','PAY-',6,1);
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
INSERT INTO "payment_line" VALUES(365,364,3,1,'0211','payment_completed','0236','09999999','00001','100003','100000015','100000003','2026-11-02','2026-11-02','2026-11-03',157375,157375,'DKK',NULL,NULL,NULL,NULL,NULL,5414932572927992069,0,14);
INSERT INTO "payment_line" VALUES(366,364,4,1,'0211','payment_completed','0236','09999999','00001','100010','100000020','100000011','2026-11-02','2026-11-02','2026-11-03',185900,185900,'DKK',NULL,NULL,NULL,NULL,NULL,5811530863955227476,0,14);
INSERT INTO "payment_line" VALUES(367,364,5,1,'0211','payment_completed','0236','09999999','00001','100017','100000036','100000020','2026-11-02','2026-11-02','2026-11-03',88730,88730,'DKK',NULL,NULL,NULL,NULL,NULL,440634107469162012,0,14);
INSERT INTO "payment_line" VALUES(368,364,6,1,'0211','payment_completed','0236','09999999','00001','100024','100000055','10000003Y','2026-11-02','2026-11-02','2026-11-03',37650,37650,'DKK',NULL,NULL,NULL,NULL,NULL,5370910935585894407,0,14);
INSERT INTO "payment_line" VALUES(369,364,7,1,'0211','payment_completed','0236','09999999','00001','100031','100000080','10000004W','2026-11-02','2026-11-02','2026-11-03',129975,129975,'DKK',NULL,NULL,NULL,NULL,NULL,-8442116493404183613,0,14);
INSERT INTO "payment_line" VALUES(370,364,8,1,'0211','payment_completed','0236','09999999','00001','100038','100000092','10000005U','2026-11-02','2026-11-02','2026-11-03',107220,107220,'DKK',NULL,NULL,NULL,NULL,NULL,7721857015638374497,0,14);
INSERT INTO "payment_line" VALUES(371,364,9,1,'0211','payment_completed','0236','09999999','00001','100045','100000113','10000006S','2026-11-02','2026-11-02','2026-11-03',38160,38160,'DKK',NULL,NULL,NULL,NULL,NULL,4120181465124725683,0,14);
INSERT INTO "payment_line" VALUES(372,364,10,1,'0211','payment_rejected','0237','09999999','00001','100059','100000150','10000008O','2026-11-02',NULL,NULL,58520,0,'DKK',NULL,NULL,NULL,NULL,NULL,8056556260517399516,0,14);
INSERT INTO "payment_line" VALUES(373,364,11,1,'0211','payment_completed','0236','09999999','00001','100073','100000179','1000000AK','2026-11-02','2026-11-02','2026-11-03',43020,43020,'DKK',NULL,NULL,NULL,NULL,NULL,-4668503467308850922,0,14);
INSERT INTO "payment_line" VALUES(374,364,12,1,'0211','payment_rejected','0237','09999999','00001','100080','100000189','1000000BI','2026-11-02',NULL,NULL,18405,0,'DKK',NULL,NULL,NULL,NULL,NULL,1512732503991543914,0,14);
INSERT INTO "payment_line" VALUES(375,364,13,1,'0211','payment_completed','0236','09999999','00001','100087','100000210','1000000CG','2026-11-02','2026-11-02','2026-11-03',189190,189190,'DKK',NULL,NULL,NULL,NULL,NULL,1183091391696484474,0,14);
INSERT INTO "payment_line" VALUES(376,364,14,1,'0211','payment_completed','0236','09999999','00001','100094','100000234','1000000DE','2026-11-02','2026-11-02','2026-11-03',80210,80210,'DKK',NULL,NULL,NULL,NULL,NULL,-2501391618488716999,0,14);
INSERT INTO "payment_line" VALUES(377,364,15,1,'0211','payment_completed','0236','09999999','00001','100108','100000258','1000000EC','2026-11-02','2026-11-02','2026-11-03',118975,118975,'DKK',NULL,NULL,NULL,NULL,NULL,7672032302276813841,0,14);
INSERT INTO "payment_line" VALUES(378,364,16,1,'0211','payment_completed','0236','09999999','00001','100115','100000281','1000000FA','2026-11-02','2026-11-02','2026-11-03',209170,209170,'DKK',NULL,NULL,NULL,NULL,NULL,4983184968668552757,0,14);
INSERT INTO "payment_line" VALUES(379,364,17,1,'0211','payment_completed','0236','09999999','00001','100136','100000333','1000000G8','2026-11-02','2026-11-02','2026-11-03',81965,81965,'DKK',NULL,NULL,NULL,NULL,NULL,7573997245618218537,0,14);
INSERT INTO "payment_line" VALUES(380,364,18,1,'0211','payment_completed','0236','09999999','00001','NV100122','100000299','1000000H6','2026-11-02','2026-11-02','2026-11-03',98735,98735,'DKK',NULL,NULL,NULL,NULL,NULL,-5144252892105065896,0,14);
INSERT INTO "payment_line" VALUES(381,364,19,1,'0211','payment_completed','0236','09999999','00001','NV100129','100000307','1000000I4','2026-11-02','2026-11-02','2026-11-03',10450,10450,'DKK',NULL,NULL,NULL,NULL,NULL,-3172296804782321701,0,14);
INSERT INTO "payment_line" VALUES(436,435,3,1,'0215','slip_paid','0297','09999999','00001','100052',NULL,'10000007Q','2026-11-02','2026-11-06','2026-11-09',31235,31235,'DKK',NULL,0,NULL,NULL,'139673003835834171971',2720396149086878694,0,15);
INSERT INTO "payment_line" VALUES(443,442,3,1,'0215','slip_paid','0297','09999999','00001','100066',NULL,'10000009M','2026-11-02','2026-11-23','2026-11-24',64765,64765,'DKK',NULL,0,NULL,NULL,'049836493508962155831',8377873178884752862,0,16);
CREATE TABLE period (
    period_id INTEGER NOT NULL PRIMARY KEY,
    journal TEXT REFERENCES journal,
    first_day TEXT NOT NULL CHECK (length(first_day) = 10),
    last_day TEXT NOT NULL CHECK (length(last_day) = 10 AND last_day >= first_day),
    state TEXT NOT NULL CHECK (state IN ('open', 'soft_closed', 'closed')),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO "period" VALUES(1,NULL,'2025-01-01','2025-01-31','open',1);
INSERT INTO "period" VALUES(2,NULL,'2025-02-01','2025-02-28','open',1);
INSERT INTO "period" VALUES(3,NULL,'2025-03-01','2025-03-31','open',1);
INSERT INTO "period" VALUES(4,NULL,'2025-04-01','2025-04-30','open',1);
INSERT INTO "period" VALUES(5,NULL,'2025-05-01','2025-05-31','open',1);
INSERT INTO "period" VALUES(6,NULL,'2025-06-01','2025-06-30','open',1);
INSERT INTO "period" VALUES(7,NULL,'2025-07-01','2025-07-31','open',1);
INSERT INTO "period" VALUES(8,NULL,'2025-08-01','2025-08-31','open',1);
INSERT INTO "period" VALUES(9,NULL,'2025-09-01','2025-09-30','open',1);
INSERT INTO "period" VALUES(10,NULL,'2025-10-01','2025-10-31','open',1);
INSERT INTO "period" VALUES(11,NULL,'2025-11-01','2025-11-30','open',1);
INSERT INTO "period" VALUES(12,NULL,'2025-12-01','2025-12-31','open',1);
INSERT INTO "period" VALUES(13,NULL,'2026-01-01','2026-01-31','open',1);
INSERT INTO "period" VALUES(14,NULL,'2026-02-01','2026-02-28','open',1);
INSERT INTO "period" VALUES(15,NULL,'2026-03-01','2026-03-31','open',1);
INSERT INTO "period" VALUES(16,NULL,'2026-04-01','2026-04-30','open',1);
INSERT INTO "period" VALUES(17,NULL,'2026-05-01','2026-05-31','open',1);
INSERT INTO "period" VALUES(18,NULL,'2026-06-01','2026-06-30','open',1);
INSERT INTO "period" VALUES(19,NULL,'2026-07-01','2026-07-31','open',1);
INSERT INTO "period" VALUES(20,NULL,'2026-08-01','2026-08-31','open',1);
INSERT INTO "period" VALUES(21,NULL,'2026-09-01','2026-09-30','open',1);
INSERT INTO "period" VALUES(22,NULL,'2026-10-01','2026-10-31','open',1);
INSERT INTO "period" VALUES(23,NULL,'2026-11-01','2026-11-30','open',1);
INSERT INTO "period" VALUES(24,NULL,'2026-12-01','2026-12-31','open',1);
INSERT INTO "period" VALUES(25,NULL,'2027-01-01','2027-01-31','open',1);
INSERT INTO "period" VALUES(26,NULL,'2027-02-01','2027-02-28','open',1);
INSERT INTO "period" VALUES(27,NULL,'2027-03-01','2027-03-31','open',1);
INSERT INTO "period" VALUES(28,NULL,'2027-04-01','2027-04-30','open',1);
INSERT INTO "period" VALUES(29,NULL,'2027-05-01','2027-05-31','open',1);
INSERT INTO "period" VALUES(30,NULL,'2027-06-01','2027-06-30','open',1);
INSERT INTO "period" VALUES(31,NULL,'2027-07-01','2027-07-31','open',1);
INSERT INTO "period" VALUES(32,NULL,'2027-08-01','2027-08-31','open',1);
INSERT INTO "period" VALUES(33,NULL,'2027-09-01','2027-09-30','open',1);
INSERT INTO "period" VALUES(34,NULL,'2027-10-01','2027-10-31','open',1);
INSERT INTO "period" VALUES(35,NULL,'2027-11-01','2027-11-30','open',1);
INSERT INTO "period" VALUES(36,NULL,'2027-12-01','2027-12-31','open',1);
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
INSERT INTO "person" VALUES(5,'Susanne Christensen','["Æbleager 31"]','9900','Frederikshavn','DK',NULL,NULL,NULL,NULL,1);
INSERT INTO "person" VALUES(6,'Jesper Larsen','["Marehalmtoften 128B"]','9850','Hirtshals','DK',NULL,'kunde2@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(7,'Asger Kristensen','["Vibekrogen 173"]','9352','Dybvad','DK',NULL,'kunde3@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(8,'Karen Johansen','["Grævlingeager 8A"]','9700','Brønderslev','DK',NULL,'kunde4@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(9,'Morten Skov Christensen','["Blåmuslingelunden 139B"]','9300','Sæby','DK',NULL,'kunde5@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(10,'Christian Madsen','["Marehalmparken 156"]','9490','Pandrup','DK',NULL,'kunde6@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(11,'Niels Larsen','["Marehalmbakken 94B"]','9300','Sæby','DK',NULL,'kunde7@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(12,'Åse Olsen','["Marehalmtoften 157"]','9800','Hjørring','DK',NULL,'kunde8@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(13,'Niels Krogh Mortensen','["Lærkeengen 66"]','9970','Strandby','DK',NULL,NULL,NULL,NULL,1);
INSERT INTO "person" VALUES(14,'Anna Holm Thomsen','["Grævlingevænget 160"]','9480','Løkken','DK',NULL,'kunde10@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(15,'Søren Christensen','["Mosebakken 117"]','9881','Bindslev','DK',NULL,'kunde11@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(16,'Sofie Olsen','["Klitvej 6", "c/o Jørgen Olsen"]','9490','Pandrup','DK',NULL,'kunde12@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(17,'Karen Thomsen','["Strandvej 57B"]','9881','Bindslev','DK',NULL,'kunde13@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(18,'Christian Kjærgaard','["Marehalmvej 77"]','9881','Bindslev','DK',NULL,NULL,NULL,NULL,1);
INSERT INTO "person" VALUES(19,'Hanne Jørgensen','["Vibestien 107B"]','9490','Pandrup','DK',NULL,'kunde15@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(20,'Kirsten Mortensen','["Lærkeager 160B"]','9850','Hirtshals','DK',NULL,'kunde16@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(21,'Christian Mikkelsen','["Hvedeparken 27A"]','9850','Hirtshals','DK',NULL,'kunde17@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(22,'Dagny Dahl Nygaard','["Åkandevej 145"]','9480','Løkken','DK',NULL,'kunde18@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(23,'Solvej Knudsen','["Hvedestien 125B"]','9990','Skagen','DK',NULL,'kunde19@example.com',NULL,NULL,1);
INSERT INTO "person" VALUES(24,'Karen Lund Knudsen','["Vibevænget 66"]','9850','Hirtshals','DK',NULL,'kunde20@example.com',NULL,NULL,1);
CREATE TABLE person_version (
    person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    version INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    PRIMARY KEY (person_id, version)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "posting" VALUES(129,102,1,'5600','receivable','STANDARD',125695,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500001',33,103,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(130,102,2,'5600','receivable','STANDARD',157375,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500002',25,104,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(131,102,3,'5600','receivable','STANDARD',185900,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500003',26,105,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(132,102,4,'5600','receivable','STANDARD',88730,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500004',27,106,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(133,102,5,'5600','receivable','STANDARD',37650,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500005',28,107,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(134,102,6,'5600','receivable','STANDARD',108525,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500006',29,108,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(135,102,7,'5600','receivable','STANDARD',21450,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500007',29,109,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(136,102,8,'5600','receivable','STANDARD',107220,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500008',30,110,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(137,102,9,'5600','receivable','STANDARD',38160,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500009',31,111,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(138,102,10,'5600','receivable','STANDARD',31235,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500010',32,112,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(139,102,11,'5600','receivable','STANDARD',58520,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500011',33,113,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(140,102,12,'5600','receivable','STANDARD',64765,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500012',34,114,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(141,102,13,'5600','receivable','STANDARD',43020,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500013',35,115,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(142,102,14,'5600','receivable','STANDARD',18405,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500014',36,116,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(143,102,15,'5600','receivable','STANDARD',189190,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500015',37,117,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(144,102,16,'5600','receivable','STANDARD',90765,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500016',38,118,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(145,102,17,'5600','receivable','STANDARD',-10555,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'K500017',38,119,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(146,102,18,'5600','receivable','STANDARD',118975,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500018',40,120,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(147,102,19,'5600','receivable','STANDARD',194975,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500019',41,121,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(148,102,20,'5600','receivable','STANDARD',14195,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500020',41,122,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(149,102,21,'5600','receivable','STANDARD',98735,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500021',42,123,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(150,102,22,'5600','receivable','STANDARD',10450,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500022',43,124,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(151,102,23,'5600','receivable','STANDARD',81965,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500023',44,125,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(152,102,24,'5600','receivable','STANDARD',111985,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500024',25,126,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(153,102,25,'5600','receivable','STANDARD',188615,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500025',32,127,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(154,102,26,'5600','receivable','STANDARD',89030,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'F500026',38,128,NULL,NULL,NULL,'{}',6);
INSERT INTO "posting" VALUES(155,102,27,'5690','erp_transfer','STANDARD',-2264975,'DKK',NULL,NULL,NULL,'2026-10-12',NULL,'Entries from the ERP, 26',NULL,NULL,NULL,NULL,NULL,'{}',6);
CREATE TABLE posting_permission (
    permission_id INTEGER NOT NULL PRIMARY KEY,
    payment_line_id INTEGER NOT NULL REFERENCES payment_line,
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    by_rule TEXT,
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
CREATE TABLE problem_acceptance (
    acceptance_id INTEGER NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    actor TEXT NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
CREATE TABLE profile_account (
    profile TEXT NOT NULL,
    purpose TEXT NOT NULL,
    creditor_no TEXT NOT NULL DEFAULT '',
    currency TEXT NOT NULL DEFAULT '',
    account_no TEXT NOT NULL REFERENCES account,
    PRIMARY KEY (profile, purpose, creditor_no, currency)
) STRICT, WITHOUT ROWID;
INSERT INTO "profile_account" VALUES('STANDARD','bank_clearing','','','5820');
INSERT INTO "profile_account" VALUES('STANDARD','erp_transfer','','','5690');
INSERT INTO "profile_account" VALUES('STANDARD','fee','','','1190');
INSERT INTO "profile_account" VALUES('STANDARD','held','','','5830');
INSERT INTO "profile_account" VALUES('STANDARD','on_account','','','5840');
INSERT INTO "profile_account" VALUES('STANDARD','receivable','','','5600');
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
CREATE TABLE row_version (
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    PRIMARY KEY (table_name, row_id, version)
) STRICT, WITHOUT ROWID;
INSERT INTO "row_version" VALUES('delivery',259,1,10,'{"state": "created"}');
INSERT INTO "row_version" VALUES('delivery',259,2,11,'{"state": "sending"}');
INSERT INTO "row_version" VALUES('delivery',259,3,12,'{"received_code": null, "state": "sent"}');
INSERT INTO "row_version" VALUES('delivery',259,4,13,'{"state": "received", "validated_code": null}');
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
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "setting" VALUES('digest_key','87659747a1a51c0f81decb074853090fcbf1aeccc6540577495893e759e589b0');
INSERT INTO "setting" VALUES('mode','trusting');
INSERT INTO "setting" VALUES('posting_rule','matched_without_residual');
INSERT INTO "setting" VALUES('workspace_id','e1fee60f66b047deb149806033685a1b');
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
INSERT INTO "source_file" VALUES(2,'1ca41a0f2439a528be1c2e778e822f7614fb863ac428e7bfe0b7506f148f813b','customers.csv',1787,21,'erp_customers','in',NULL,NULL,NULL,NULL,NULL,NULL,NULL,4);
INSERT INTO "source_file" VALUES(53,'8910d5ebc588690cb8d3652cedd38f405de2505b74c201463fd5f53378be288d','agreements.csv',709,19,'erp_agreements','in',NULL,NULL,NULL,NULL,NULL,NULL,NULL,5);
INSERT INTO "source_file" VALUES(100,'fffcae08d6b4ec836513b8306e5a506ede47f8dca17f3e3a7c851d43de6b1431','entries.csv',3503,27,'erp_entries','in',NULL,NULL,NULL,NULL,NULL,NULL,NULL,6);
INSERT INTO "source_file" VALUES(260,'fc6503b3db9338eeb6dcdaf06fe8d50d82d328316caee3909f1b7611c932f4f9','BS0601-0000000001.KR9',9012,103,'betalingsservice_0601','out','0000000001','0601','99999993','KR9','2026-10-12','{"sections": 1, "count": 19, "amount_minor": 1749650, "text_count": 22, "address_count": 58}','{"sections": 1, "count": 19, "amount_minor": 1749650, "text_count": 22, "address_count": 58}',10);
INSERT INTO "source_file" VALUES(280,'d938689f1fb62c95b72a7764f55ad2678b6fc7110921ffee626c46bfd2b0b17c','T00000001-601.KR9',62,1,'betalingsservice_receipt','in',NULL,NULL,NULL,'KR9','2026-10-13','{"sections": null, "count": null, "amount_minor": null, "text_count": null, "address_count": null}','{"sections": null, "count": null, "amount_minor": null, "text_count": null, "address_count": null}',12);
INSERT INTO "source_file" VALUES(322,'46443d7be3e1bd6767676dcede4bb5e755f8ed09d46e1fb363a9c24e1ac5ccd1','V00000002-601.KR9',885,11,'betalingsservice_receipt','in',NULL,NULL,'99999993','KR9','2026-10-13','{"sections": 1, "count": 19, "amount_minor": 1749650, "text_count": 22, "address_count": null}','{"sections": null, "count": null, "amount_minor": null, "text_count": null, "address_count": null}',13);
INSERT INTO "source_file" VALUES(364,'f9747fe8182c03387cd10d9a512c86a62368d6bf66a6887d9dcecd169d02085f','D1000000002-602.KR9',2550,21,'betalingsservice_0602','in','1000000002','0602','99999993','KR9','2026-11-03','{"sections": 1, "count": 17, "amount_minor": 1576725, "text_count": 0, "address_count": 0}','{"sections": 1, "count": 17, "amount_minor": 1576725, "text_count": 0, "address_count": 0}',14);
INSERT INTO "source_file" VALUES(435,'f028d05832c277990406471f310776e1be394a4b800805dccd653dbabbe8432f','D1000000003-602.KR9',470,5,'betalingsservice_0602','in','1000000003','0602','99999993','KR9','2026-11-09','{"sections": 1, "count": 1, "amount_minor": 31235, "text_count": 0, "address_count": 0}','{"sections": 1, "count": 1, "amount_minor": 31235, "text_count": 0, "address_count": 0}',15);
INSERT INTO "source_file" VALUES(442,'ec9464c270088bd0d20405a125dc7b62cf0213594710dd2fd948034e76f69d2e','D1000000004-602.KR9',470,5,'betalingsservice_0602','in','1000000004','0602','99999993','KR9','2026-11-24','{"sections": 1, "count": 1, "amount_minor": 64765, "text_count": 0, "address_count": 0}','{"sections": 1, "count": 1, "amount_minor": 64765, "text_count": 0, "address_count": 0}',16);
CREATE TABLE total_adjustment (
    adjustment_id INTEGER NOT NULL PRIMARY KEY,
    file_id INTEGER NOT NULL REFERENCES source_file,
    section INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('no_cash', 'accepted')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    recorded INTEGER NOT NULL
) STRICT;
CREATE TABLE user_account (
    user_id INTEGER NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO "user_account" VALUES(1,'ida','ida',1,1);
CREATE TABLE user_role (
    user_id INTEGER NOT NULL REFERENCES user_account,
    role TEXT NOT NULL CHECK (role IN ('prepare', 'approve', 'post', 'administer')),
    PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;
INSERT INTO "user_role" VALUES(1,'administer');
INSERT INTO "user_role" VALUES(1,'approve');
INSERT INTO "user_role" VALUES(1,'post');
INSERT INTO "user_role" VALUES(1,'prepare');
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
INSERT INTO "voucher" VALUES(102,'ERP','ERP-000001',1,'2026-10-12',NULL,'Entries from the ERP, 26',NULL,NULL,'ida',6);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TRIGGER audit_event_fixed BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit events cannot be changed'); END;
CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'audit events cannot be deleted'); END;
CREATE TRIGGER audit_row_fixed BEFORE UPDATE ON audit_row
BEGIN SELECT RAISE(ABORT, 'audit rows cannot be changed'); END;
CREATE TRIGGER audit_row_kept BEFORE DELETE ON audit_row
BEGIN SELECT RAISE(ABORT, 'audit rows cannot be deleted'); END;
CREATE UNIQUE INDEX source_file_delivery
    ON source_file (direction, format, supplier_no, subsystem, delivery_no)
    WHERE delivery_no IS NOT NULL;
CREATE INDEX file_attempt_sha256 ON file_attempt (sha256);
CREATE TRIGGER source_file_fixed BEFORE UPDATE ON source_file
BEGIN SELECT RAISE(ABORT, 'files that were read or sent cannot be changed'); END;
CREATE TRIGGER source_file_kept BEFORE DELETE ON source_file
BEGIN SELECT RAISE(ABORT, 'files that were read or sent cannot be deleted'); END;
CREATE TRIGGER file_attempt_kept BEFORE DELETE ON file_attempt
BEGIN SELECT RAISE(ABORT, 'attempts cannot be deleted'); END;
CREATE UNIQUE INDEX period_first_day ON period (ifnull(journal, ''), first_day);
CREATE UNIQUE INDEX entry_erp_entry_no ON entry (erp_entry_no) WHERE erp_entry_no IS NOT NULL;
CREATE INDEX entry_customer ON entry (customer_id, due_date);
CREATE INDEX entry_document_no ON entry (document_no);
CREATE INDEX entry_payment_line ON entry (payment_line_id) WHERE payment_line_id IS NOT NULL;
CREATE INDEX posting_payment_line ON posting (payment_line_id)
    WHERE payment_line_id IS NOT NULL;
CREATE INDEX posting_account ON posting (account_no, currency);
CREATE INDEX posting_reverses ON posting (reverses_posting_id)
    WHERE reverses_posting_id IS NOT NULL;
CREATE INDEX application_from ON application (from_entry_id);
CREATE INDEX application_to ON application (to_entry_id);
CREATE UNIQUE INDEX application_reverses ON application (reverses_application_id)
    WHERE reverses_application_id IS NOT NULL;
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
CREATE INDEX agreement_customer ON agreement (customer_id);
CREATE UNIQUE INDEX collection_line_reference ON collection_line (creditor_no, reference)
    WHERE reference IS NOT NULL;
CREATE INDEX collection_line_slip_reference
    ON collection_line (creditor_no, substr(reference, 1, 9)) WHERE reference IS NOT NULL;
CREATE INDEX collection_line_number ON collection_line (creditor_no, customer_no, due_date);
CREATE INDEX collection_line_unsent ON collection_line (status) WHERE delivery_id IS NULL;
CREATE INDEX collection_line_delivery ON collection_line (delivery_id);
CREATE INDEX collection_line_customer ON collection_line (customer_id, due_date);
CREATE INDEX collection_line_entry_entry ON collection_line_entry (entry_id);
CREATE INDEX approval_line ON approval (collection_line_id);
CREATE INDEX payment_line_raw_key ON payment_line (raw_key);
CREATE INDEX line_outcome_payment_line ON line_outcome (payment_line_id);
CREATE INDEX line_outcome_collection ON line_outcome (collection_line_id)
    WHERE collection_line_id IS NOT NULL;
CREATE VIEW current_outcome AS
    SELECT o.* FROM line_outcome AS o
    WHERE NOT EXISTS (
        SELECT 1 FROM line_outcome AS later
        WHERE later.payment_line_id = o.payment_line_id AND later.outcome_id > o.outcome_id
    );
CREATE INDEX posting_permission_line ON posting_permission (payment_line_id);
CREATE INDEX difference_payment ON difference (payment_line_id);
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
CREATE INDEX total_adjustment_file ON total_adjustment (file_id, section);
CREATE INDEX total_adjustment_recorded ON total_adjustment (recorded);
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
COMMIT;
