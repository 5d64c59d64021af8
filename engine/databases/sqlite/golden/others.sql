-- create authors
CREATE TABLE IF NOT EXISTS "authors" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "name" TEXT NOT NULL,
  "email" TEXT,
  "created_at" TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')) NOT NULL,
  "genre" TEXT,
  CONSTRAINT "authors_email_key" UNIQUE ("email"),
  CONSTRAINT "authors_genre_check" CHECK ("genre" IN ('novel', 'it''s verse'))
)

-- create index of authors
CREATE INDEX IF NOT EXISTS "authors_name_idx" ON "authors" ("name")

-- create books
CREATE TABLE IF NOT EXISTS "books" (
  "id" BLOB NOT NULL,
  "author_id" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "price" TEXT COLLATE bridge_decimal DEFAULT '0.00' NOT NULL,
  "details" TEXT,
  "pages" INTEGER DEFAULT 1 NOT NULL,
  "published" TEXT,
  CONSTRAINT "books_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "books_author_id_title_key" UNIQUE ("author_id", "title"),
  CONSTRAINT "books_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "authors" ("id") ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT "books_price_check" CHECK ("price" COLLATE bridge_decimal >= '0'),
  CONSTRAINT "title_is_told" CHECK ("title" <> 'it''s nothing')
)

-- create index of books
CREATE INDEX IF NOT EXISTS "books_title_price_idx" ON "books" ("title" DESC, "price")

-- create index of books
CREATE UNIQUE INDEX IF NOT EXISTS "books_by_lower_title" ON "books" ((lower("title")))

-- create categories
CREATE TABLE IF NOT EXISTS "categories" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "parent_id" INTEGER,
  "label" TEXT NOT NULL,
  CONSTRAINT "categories_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "categories" ("id")
)

-- create shelves
CREATE TABLE IF NOT EXISTS "shelves" (
  "code" TEXT NOT NULL,
  "a_bool" INTEGER,
  "a_int16" INTEGER,
  "a_int32" INTEGER,
  "a_int64" INTEGER,
  "a_float64" REAL,
  "a_decimal" TEXT COLLATE bridge_decimal,
  "a_text" TEXT,
  "a_bytes" BLOB,
  "a_date" TEXT,
  "a_time" TEXT,
  "a_timestamp" TEXT,
  "a_timestamp_utc" TEXT,
  "a_interval" INTEGER,
  "a_uuid" BLOB,
  "a_json" TEXT,
  "a_inet" TEXT,
  "a_array" TEXT,
  CONSTRAINT "shelves_pkey" PRIMARY KEY ("code")
)

-- create loans
CREATE TABLE IF NOT EXISTS "loans" (
  "author_id" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "borrower" INTEGER,
  CONSTRAINT "loans_pkey" PRIMARY KEY ("author_id", "title"),
  CONSTRAINT "loans_author_id_title_fkey" FOREIGN KEY ("author_id", "title") REFERENCES "books" ("author_id", "title"),
  CONSTRAINT "loans_borrower_fkey" FOREIGN KEY ("borrower") REFERENCES "authors" ("id") ON DELETE SET NULL
)

-- create notes
CREATE TABLE IF NOT EXISTS "notes" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "title" TEXT NOT NULL,
  "body" TEXT
)

-- create constants
CREATE TABLE IF NOT EXISTS "constants" (
  "a_bool" INTEGER DEFAULT 1 NOT NULL,
  "an_integer" INTEGER DEFAULT -7 NOT NULL,
  "a_real" REAL DEFAULT 1e-01 NOT NULL,
  "a_decimal" TEXT COLLATE bridge_decimal DEFAULT '-12.30' NOT NULL,
  "a_text" TEXT DEFAULT 'it''s "quoted" \ here' NOT NULL,
  "some_bytes" BLOB DEFAULT X'0127FF' NOT NULL,
  "a_date" TEXT DEFAULT '2022-01-08' NOT NULL,
  "a_time" TEXT DEFAULT '00:00:00.000001' NOT NULL,
  "a_timestamp" TEXT DEFAULT '2023-11-14 22:13:20.123456' NOT NULL,
  "a_utc_timestamp" TEXT DEFAULT '2023-11-14 22:13:20.123456+00:00' NOT NULL,
  "an_interval" INTEGER DEFAULT 172800000003 NOT NULL,
  "a_uuid" BLOB DEFAULT X'01020300000000000000000000000000' NOT NULL,
  "a_json" TEXT DEFAULT '{"a": "it''s"}' NOT NULL,
  "an_address" TEXT DEFAULT '192.0.2.1/24' NOT NULL
)

-- create stock
-- refused, unsupported_feature: SQLite has no schemas, which table stock asks for; put it into a database of its own

-- create index of stock
-- refused, unsupported_feature: SQLite has no NULLS FIRST and NULLS LAST in an index; say it where queries are ordered

-- create places
-- refused, unsupported_feature: SQLite has no unique constraints that are checked when a transaction commits; free a value before another row takes it

-- create guests
CREATE TABLE IF NOT EXISTS "guests" (
  "id" INTEGER NOT NULL,
  "host_id" INTEGER NOT NULL,
  CONSTRAINT "guests_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "guests_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "guests" ("id") DEFERRABLE INITIALLY DEFERRED
)

-- create loans without borrower
CREATE TABLE "loans" (
  "author_id" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "borrower" INTEGER,
  CONSTRAINT "loans_pkey" PRIMARY KEY ("author_id", "title"),
  CONSTRAINT "loans_author_id_title_fkey" FOREIGN KEY ("author_id", "title") REFERENCES "books" ("author_id", "title"),
  CONSTRAINT "loans_borrower_fkey" FOREIGN KEY ("borrower") REFERENCES "authors" ("id") ON DELETE SET NULL
)

-- add postponed foreign key
PRAGMA shrink_memory

-- add foreign key
-- refused, unsupported_feature: SQLite has no foreign keys added to an existing table; name it where the table is created

-- create text index
CREATE VIRTUAL TABLE IF NOT EXISTS "notes_title_body_words" USING fts5("title", "body", content="notes", content_rowid="id", tokenize='porter unicode61 remove_diacritics 0')

-- create text index
CREATE TRIGGER IF NOT EXISTS "notes_title_body_words_inserted" AFTER INSERT ON "notes" BEGIN SELECT RAISE(ABORT, 'the text index cannot be kept') WHERE NOT bridge_text_add('notes_title_body_words', new."id", 'title', new."title", 'body', new."body"); END

-- create text index
CREATE TRIGGER IF NOT EXISTS "notes_title_body_words_deleted" AFTER DELETE ON "notes" BEGIN SELECT RAISE(ABORT, 'the text index cannot be kept') WHERE NOT bridge_text_remove('notes_title_body_words', old."id", 'title', old."title", 'body', old."body"); END

-- create text index
CREATE TRIGGER IF NOT EXISTS "notes_title_body_words_updated" AFTER UPDATE OF "id", "title", "body" ON "notes" BEGIN SELECT RAISE(ABORT, 'the text index cannot be kept') WHERE NOT bridge_text_remove('notes_title_body_words', old."id", 'title', old."title", 'body', old."body"); SELECT RAISE(ABORT, 'the text index cannot be kept') WHERE NOT bridge_text_add('notes_title_body_words', new."id", 'title', new."title", 'body', new."body"); END

-- create text index
INSERT INTO "notes_title_body_words" ("notes_title_body_words") SELECT 'rebuild' WHERE NOT EXISTS (SELECT 1 FROM "notes_title_body_words_docsize") AND EXISTS (SELECT 1 FROM "notes")

-- create text index in a schema
-- refused, unsupported_feature: SQLite has no text index over a table whose primary key is not one whole number; give stock such a key

-- drop text index
DROP TABLE IF EXISTS "notes_title_body_words"

-- drop table
DROP TABLE IF EXISTS "loans"

-- drop table cascade
DROP TABLE "loans"

-- begin default
BEGIN IMMEDIATE

-- begin read uncommitted
BEGIN IMMEDIATE

-- begin read committed
BEGIN IMMEDIATE

-- begin repeatable read
BEGIN IMMEDIATE

-- begin serializable
BEGIN IMMEDIATE

-- begin readonly deferrable
BEGIN DEFERRED

-- begin readonly
BEGIN DEFERRED

-- commit
COMMIT

-- rollback
ROLLBACK

-- savepoint
SAVEPOINT "inner_1"

-- release savepoint
RELEASE SAVEPOINT "inner_1"

-- rollback to savepoint
ROLLBACK TO SAVEPOINT "inner_1"

-- raw
SELECT id FROM books WHERE price > ? AND title = ?

-- raw with a second statement
-- refused, unparameterized_sql: raw SQL holds a second statement

-- raw of names
SELECT "authors"."id" AS id, ? AS total FROM "authors"

-- raw rows joined
SELECT "authors"."id", "totals"."total" FROM "authors" JOIN (SELECT "authors"."id" AS id, ? AS total FROM "authors") AS "totals" ON "authors"."id" = "totals"."id"

-- raw around a query
SELECT count(*) FROM (SELECT "id", "name", "email", "created_at", "genre" FROM "authors" WHERE "id" = ?) AS found

-- explain raw
EXPLAIN QUERY PLAN SELECT "authors"."id" AS id, ? AS total FROM "authors"

-- explain
EXPLAIN QUERY PLAN SELECT "id", "name", "email", "created_at", "genre" FROM "authors" WHERE "id" = ?

-- explain analyze
-- refused, unsupported_feature: SQLite has no explain with analyze

-- explain insert
EXPLAIN QUERY PLAN INSERT INTO "authors" ("name") VALUES (?)

-- explain update
EXPLAIN QUERY PLAN UPDATE "authors" SET "name" = ? WHERE "id" = ? RETURNING "id"

-- explain delete
EXPLAIN QUERY PLAN DELETE FROM "authors" WHERE "id" = ?

